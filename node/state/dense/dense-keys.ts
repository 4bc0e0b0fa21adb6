/**
 * The keys of a state that lies in several blocks of cells (cells.ts): every key has a number, and its
 * accumulators lie in each block at that number. Keys are of whole numbers, found by an index over
 * their values. A number is given again once its key is gone.
 *
 * Entry of a key, in words: number + 1 (0: free) and null bits as two i32, then the columns of the key.
 * Entries lie in tiles of TILE_KEYS and do not move; a tile without keys is given back.
 *
 * Owns: tiles, index, and the table of tiles, all in the arena that it shares with its cells.
 *
 * Invariants (beside I1–I2):
 *   N1. A number has at most one key, and its entry lies in tile `number >> TILE_LOG2`.
 *   N2. A tile has a block exactly while it has keys, or is the one that new keys go to.
 *   N3. `freeEntry` is a free entry of that tile with number `freeNumber`, or `freeEnd`.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { Arena } from '../arena.ts'
import type { ColumnWriter } from '../column-writer.ts'
import { EntryIndex } from '../index/entry-index.ts'

export const TILE_LOG2 = 6
export const TILE_KEYS = 1 << TILE_LOG2
export const TILE_MASK = TILE_KEYS - 1
/** Per tile: its block, and how many keys it has. */
export const TILE_HALVES = 2
/** A tile takes new keys again once it has so many at most: else they would lie far apart. */
const REFILL_KEYS = (TILE_KEYS * 3) >> 2
const TILES_FIRST = 16
/** Taking a key out of the index costs as much as putting so many into it, one after the other. */
const REBUILD_SHARE = 12
/** Slots per key above which an index is too large. */
const SLOTS_MAX = 16

const NONE: readonly number[] = []

/** Generated per key (dense-code.ts). */
export interface KeyOps {
  find(K: DenseKeys, cs: readonly Column[], i: number): number
  mix(K: DenseKeys, e: number): number
  storeKey(K: DenseKeys, e: number, cs: readonly Column[], i: number): void
  readKey(K: DenseKeys, e: number, ws: readonly ColumnWriter[], r: number): void
  /** Takes the keys of these numbers out of the index. */
  unindex(K: DenseKeys, numbers: Int32Array, count: number): void
  /** Makes the entries of these numbers free. */
  wipe(K: DenseKeys, numbers: Int32Array, count: number): void
  /** Fills the index anew with every key. */
  reindex(K: DenseKeys): void
}

export class DenseKeys {
  readonly arena: Arena
  readonly index: EntryIndex
  size = 0
  /** The table of tiles as i32; 0 until there is one. */
  tilesAt = 0
  /** Numbers in use are below this many tiles. */
  tileCount = 0
  freeEntry = 0
  freeEnd = 0
  freeNumber = 0
  /** The tile that new keys go to; −1 at first. */
  #current = -1
  readonly #entryWords: number
  readonly #ops: KeyOps
  #tileCapacity = 0
  /** Tiles below `tileCount` without a block. */
  readonly #unused: number[] = []
  /** Tiles with room; a tile may have been filled or given back since. */
  #withRoom: number[] = []

  constructor(arena: Arena, entryWords: number, ops: KeyOps) {
    this.arena = arena
    this.#entryWords = entryWords
    this.#ops = ops
    this.index = new EntryIndex(this, 0)
  }

  mix(entry: number): number {
    return this.#ops.mix(this, entry)
  }

  readKey(entry: number, writers: readonly ColumnWriter[], row: number): void {
    this.#ops.readKey(this, entry, writers, row)
  }

  /** The entry of the key at row i, or 0. */
  find(keyColumns: readonly Column[], i: number): number {
    return this.#ops.find(this, keyColumns, i)
  }

  numberOf(entry: number): number {
    return (this.arena.i32[entry * 2] as number) - 1
  }

  /** The entry of a key that is not there. Views of the arena may have changed. */
  insert(keyColumns: readonly Column[], i: number): number {
    if (this.freeEntry === this.freeEnd) this.#openTile()
    const entry = this.freeEntry
    const number = this.freeNumber
    this.arena.i32[entry * 2] = number + 1
    this.#ops.storeKey(this, entry, keyColumns, i)
    this.#setKeys(number >> TILE_LOG2, this.#keysOf(number >> TILE_LOG2) + 1)
    this.size += 1
    this.#findFree(entry, number)
    this.index.put(entry)
    return entry
  }

  /** A loop gave `count` free entries of the tile to keys, and put them into the index. */
  took(count: number, freeEntry: number, freeNumber: number): void {
    const tile = (freeNumber - 1) >> TILE_LOG2
    this.#setKeys(tile, this.#keysOf(tile) + count)
    this.size += count
    this.index.placed(count)
    this.freeEntry = freeEntry
    this.freeNumber = freeNumber
  }

  /**
   * Forgets keys, by their numbers, those of a tile side by side; answers the tiles that are given back.
   * Many keys at once make the index anew, which costs less than taking each out.
   */
  release(numbers: Int32Array, count: number): readonly number[] {
    const unusedBefore = this.#unused.length
    const isAnew = count * REBUILD_SHARE > this.size - count
    if (!isAnew) this.#unindex(numbers, count)
    this.#ops.wipe(this, numbers, count)
    this.#leaveTiles(numbers, count)
    this.size -= count
    if (this.index.slots > SLOTS_MAX * Math.max(TILE_KEYS, this.size)) this.#shrinkIndex()
    else if (isAnew) this.#reindex(count)
    return this.#unused.length === unusedBefore ? NONE : this.#unused.slice(unusedBefore)
  }

  #unindex(numbers: Int32Array, count: number): void {
    this.#ops.unindex(this, numbers, count)
    this.index.placed(-count)
  }

  #reindex(gone: number): void {
    this.#ops.reindex(this)
    this.index.placed(-gone)
  }

  #leaveTiles(numbers: Int32Array, count: number): void {
    for (let at = 0; at < count;) {
      const first = at
      const tile = (numbers[at] as number) >> TILE_LOG2
      while (at < count && (numbers[at] as number) >> TILE_LOG2 === tile) at += 1
      this.#leaveTile(tile, at - first)
    }
  }

  #leaveTile(tile: number, count: number): void {
    const before = this.#keysOf(tile)
    const keys = before - count
    this.#setKeys(tile, keys)
    if (this.#isCurrent(tile)) return
    if (keys === 0) this.#freeTile(tile)
    else if (keys <= REFILL_KEYS && before > REFILL_KEYS) this.#withRoom.push(tile)
  }

  /** After a rush of keys: a smaller one takes its place. */
  #shrinkIndex(): void {
    this.index.clear(this.size)
    for (let tile = 0; tile < this.tileCount; tile++) {
      const block = this.#blockOf(tile)
      if (block === 0) continue
      const end = block + TILE_KEYS * this.#entryWords
      for (let entry = block; entry < end; entry += this.#entryWords)
        if (this.arena.i32[entry * 2] !== 0) this.index.put(entry)
    }
  }

  /** The tile that new keys go to is full: another one takes its place. */
  #openTile(): void {
    const tile = this.#tileWithRoom() ?? this.#makeTile()
    this.freeEntry = this.#blockOf(tile)
    this.freeEnd = this.freeEntry + TILE_KEYS * this.#entryWords
    this.freeNumber = tile << TILE_LOG2
    if (this.arena.i32[this.freeEntry * 2] !== 0) this.#findFree(this.freeEntry, this.freeNumber)
    const before = this.#current
    this.#current = tile
    if (before < 0) return
    const keys = this.#keysOf(before)
    if (keys === 0) this.#freeTile(before)
    else if (keys <= REFILL_KEYS) this.#withRoom.push(before)
  }

  #isCurrent(tile: number): boolean {
    return tile === this.#current
  }

  #tileWithRoom(): number | null {
    for (let tile = this.#withRoom.pop(); tile !== undefined; tile = this.#withRoom.pop()) {
      const keys = this.#keysOf(tile)
      if (this.#blockOf(tile) !== 0 && !this.#isCurrent(tile) && keys <= REFILL_KEYS) return tile
    }
    return null
  }

  #makeTile(): number {
    const tile = this.#unused.pop() ?? this.tileCount++
    if (this.tileCount > this.#tileCapacity) this.#growTable()
    const block = this.arena.allocate(TILE_KEYS * this.#entryWords)
    this.arena.i32[this.tilesAt + tile * TILE_HALVES] = block
    return tile
  }

  #freeTile(tile: number): void {
    this.arena.free(this.#blockOf(tile), TILE_KEYS * this.#entryWords)
    this.arena.i32[this.tilesAt + tile * TILE_HALVES] = 0
    this.#unused.push(tile)
    if (this.#withRoom.length > this.tileCount) this.#withRoom = []
  }

  #growTable(): void {
    const capacity = Math.max(TILES_FIRST, this.#tileCapacity * 2)
    const { arena, tilesAt } = this
    this.tilesAt = growHalves(arena, tilesAt, {
      from: this.#tileCapacity * TILE_HALVES,
      to: capacity * TILE_HALVES,
    })
    this.#tileCapacity = capacity
  }

  #blockOf(tile: number): number {
    return this.arena.i32[this.tilesAt + tile * TILE_HALVES] as number
  }

  #keysOf(tile: number): number {
    return this.arena.i32[this.tilesAt + tile * TILE_HALVES + 1] as number
  }

  #setKeys(tile: number, keys: number): void {
    this.arena.i32[this.tilesAt + tile * TILE_HALVES + 1] = keys
  }

  /** The first free entry after one of the tile. */
  #findFree(entry: number, number: number): void {
    const { i32 } = this.arena
    let next = entry
    let count = 0
    do {
      next += this.#entryWords
      count += 1
    } while (next < this.freeEnd && i32[next * 2] !== 0)
    this.freeEntry = next
    this.freeNumber = number + count
  }

  /** For checks: the numbers of all keys, each found where it should be. */
  assertHolds(): number[] {
    const numbers: number[] = []
    const entries: number[] = []
    for (let tile = 0; tile < this.tileCount; tile++) {
      const block = this.#blockOf(tile)
      assert(block !== 0 || this.#keysOf(tile) === 0, 'N2: keys lie in a block')
      let keys = 0
      const slots = block === 0 ? 0 : TILE_KEYS
      for (let at = 0; at < slots; at++) {
        const entry = block + at * this.#entryWords
        if (this.arena.i32[entry * 2] === 0) continue
        keys += 1
        entries.push(entry)
        numbers.push(this.numberOf(entry))
        assert(this.numberOf(entry) === (tile << TILE_LOG2) + at, 'N1: an entry has its number')
      }
      assert(keys === this.#keysOf(tile), 'N2: a tile counts its keys')
      assert(keys > 0 || block === 0 || this.#isCurrent(tile), 'N2: no tile is without keys')
    }
    assert(numbers.length === this.size, 'keys are counted')
    this.index.assertHolds(entries)
    return numbers
  }
}

/** A larger block of i32 with what was in the one before, which is given back; its place as i32. */
export function growHalves(
  arena: Arena,
  at: number,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const made = arena.allocate(to / 2) * 2
  if (from === 0) return made
  arena.i32.copyWithin(made, at, at + from)
  arena.free(at / 2, from / 2)
  return made
}
