/**
 * The accumulators of one pane, or of several panes together, by the numbers of their keys
 * (dense-keys.ts): `words` f64 per number, in tiles that are made when their first key comes.
 *
 * `at` is the table of tiles in the arena's i32: per tile the place of its first cell less `bias`, so
 * that `f64[place + bias + k]` is word k; 0 where there is none.
 *
 * Owns: its tiles and their table.
 * Invariant: a cell that no record went into is as `init` leaves it.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Arena } from '../arena.ts'
import { TILE_KEYS, TILE_LOG2, TILE_MASK, growHalves } from './dense-keys.ts'

const TILES_FIRST = 32

export interface CellLayout {
  readonly words: number
  readonly bias: number
  /** Makes zeroed cells from a place on empty; null where zeros are. */
  readonly init: ((arena: Arena, place: number, count: number) => void) | null
}

export class Cells {
  at = 0
  readonly arena: Arena
  readonly #layout: CellLayout
  #capacity = 0

  constructor(arena: Arena, layout: CellLayout) {
    assert(layout.bias < TILE_KEYS / 4, 'a biased place is not 0')
    this.arena = arena
    this.#layout = layout
  }

  /** Makes the table long enough. Views of the arena may have changed. */
  reach(tileCount: number): void {
    if (tileCount <= this.#capacity) return
    const capacity = Math.max(TILES_FIRST, this.#capacity * 2, (tileCount + 1) & ~1)
    this.at = growHalves(this.arena, this.at, { from: this.#capacity, to: capacity })
    this.#capacity = capacity
  }

  has(tile: number): boolean {
    return tile < this.#capacity && this.arena.i32[this.at + tile] !== 0
  }

  /** Views of the arena may have changed. */
  make(tile: number): void {
    this.reach(tile + 1)
    const place = this.arena.allocate(TILE_KEYS * this.#layout.words) - this.#layout.bias
    this.arena.i32[this.at + tile] = place
    this.#layout.init?.(this.arena, place, TILE_KEYS)
  }

  /** Makes the tiles that another one has. */
  cover(other: Cells): void {
    for (let tile = 0; tile < other.#capacity; tile++)
      if (other.has(tile) && !this.has(tile)) this.make(tile)
  }

  drop(tile: number): void {
    if (!this.has(tile)) return
    const place = this.arena.i32[this.at + tile] as number
    this.arena.free(place + this.#layout.bias, TILE_KEYS * this.#layout.words)
    this.arena.i32[this.at + tile] = 0
  }

  /** Makes the cells of a tile empty. */
  empty(tile: number): void {
    this.#empty(tile, 0, TILE_KEYS)
  }

  emptyCell(number: number): void {
    this.#empty(number >> TILE_LOG2, number & TILE_MASK, 1)
  }

  #empty(tile: number, first: number, count: number): void {
    if (!this.has(tile)) return
    const { words, bias, init } = this.#layout
    const place = (this.arena.i32[this.at + tile] as number) + first * words
    this.arena.f64.fill(0, place + bias, place + bias + count * words)
    init?.(this.arena, place, count)
  }

  /** Gives everything back. */
  clear(): void {
    for (let tile = 0; tile < this.#capacity; tile++) this.drop(tile)
    if (this.#capacity > 0) this.arena.free(this.at / 2, this.#capacity / 2)
    this.at = 0
    this.#capacity = 0
  }
}
