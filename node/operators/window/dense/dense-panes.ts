/**
 * Panes whose accumulators are cells by the number of their key, and their running combination, which
 * goes from window to window: panes that joined are added, those that left are taken out or, where
 * that cannot be, the tiles that they had are combined anew from the others.
 *
 * Owns: the keys, the cells of the panes and of the combination.
 * Invariants (beside W1):
 *   W2. A pane exists exactly while a record of it has arrived and one of its windows still takes
 *       records.
 *   W3. The combination is of exactly the panes that say `isCombined`.
 *   W4. A key without rows in any pane goes once the panes freed since it lost its last ones are one
 *       for every CLOSED_SHARE that stay: asking each costs as much as there are panes.
 */
import { Cells } from '../../../state/dense/cells.ts'
import type { DenseKeys } from '../../../state/dense/dense-keys.ts'
import { PaneList, type PaneSpan } from '../pane-list.ts'
import type { WindowShape } from '../window-arithmetic.ts'
import type { CompiledDense } from './compile-dense.ts'

export interface DensePane extends PaneSpan {
  readonly cells: Cells
  isCombined: boolean
}

const NONE = new Int32Array(0)
/** Panes that stay per pane freed, up to which each of them is asked for its keys. */
const CLOSED_SHARE = 16

export class DensePanes extends PaneList<DensePane> {
  readonly #keys: DenseKeys
  readonly combination: Cells
  readonly #compiled: CompiledDense
  /** Whether cells may be left by all their rows, and then hold what is not quite zero. */
  readonly #retracts: boolean
  /** Those that are in the combination: the list of all panes may be much longer. */
  #combined: DensePane[] = []
  #dead = NONE
  /** Tiles of panes that were freed since keys were last looked for that go, and how many panes. */
  #marks = new Uint8Array(0)
  #closedCount = 0

  // oxlint-disable-next-line max-params -- windows, loops, and the state they work on
  constructor(shape: WindowShape, compiled: CompiledDense, keys: DenseKeys, retracts: boolean) {
    super(shape)
    this.#compiled = compiled
    this.#retracts = retracts
    this.#keys = keys
    this.combination = new Cells(keys.arena, compiled.cells)
  }

  open(start: number): DensePane {
    const pane: DensePane = {
      start,
      end: this.shape.paneEnd(start),
      lastEnd: this.shape.lastEnd(start),
      cells: new Cells(this.#keys.arena, this.#compiled.cells),
      isCombined: false,
    }
    this.insert(pane)
    return pane
  }

  /** Makes the combination that of the panes in [start, end). */
  moveTo(start: number, end: number): void {
    this.leave(this.#combined.filter((pane) => pane.start < start || pane.end > end))
    for (const pane of this.within(start, end)) if (!pane.isCombined) this.#join(pane)
  }

  /** Takes panes out of the combination, those that are in. */
  leave(panes: readonly DensePane[]): void {
    const left = panes.filter((pane) => pane.isCombined)
    if (left.length === 0) return
    for (const pane of left) pane.isCombined = false
    this.#combined = this.#combined.filter((pane) => pane.isCombined)
    if (this.#combined.length === 0) this.combination.clear()
    else if (!this.#compiled.subtracts) this.#combineAnew(left, this.#combined)
    else for (const pane of left) this.#takeOut(pane)
  }

  /** As leave, of a pane that has changed since it was added. */
  forget(pane: DensePane): void {
    pane.isCombined = false
    this.#combined = this.#combined.filter((one) => one.isCombined)
    this.combination.clear()
    for (const one of this.#combined) this.#add(one)
  }

  #join(pane: DensePane): void {
    pane.isCombined = true
    this.#combined.push(pane)
    this.#add(pane)
  }

  #add(pane: DensePane): void {
    this.combination.cover(pane.cells)
    const tiles = this.#reach([this.combination, pane.cells])
    this.#compiled.loops.mergeAll(this.#keys, this.combination, pane.cells, tiles)
  }

  #takeOut(pane: DensePane): void {
    const tiles = this.#reach([this.combination, pane.cells])
    this.#compiled.loops.unmergeAll(this.#keys, this.combination, pane.cells, tiles)
  }

  /** Makes tables long enough for every tile of the keys; answers how many those are. */
  #reach(cells: readonly Cells[]): number {
    const { tileCount } = this.#keys
    for (const one of cells) one.reach(tileCount)
    return tileCount
  }

  #combineAnew(left: readonly DensePane[], rest: readonly DensePane[]): void {
    const { combination } = this
    const keys = this.#keys
    for (let tile = 0; tile < keys.tileCount; tile++) {
      if (!left.some((pane) => pane.cells.has(tile))) continue
      combination.empty(tile)
      for (const { cells } of rest)
        if (cells.has(tile)) this.#compiled.loops.mergeTile(keys, combination, cells, tile)
    }
  }

  /** Frees the first panes, and sometimes the keys that no pane has that stays. */
  close(panes: readonly DensePane[]): void {
    this.drop(panes.length)
    for (const { cells } of panes) {
      this.#markTiles(cells)
      cells.clear()
    }
    this.#closedCount += panes.length
    if (this.#closedCount * CLOSED_SHARE >= this.panes.length) this.#sweep()
  }

  #markTiles(cells: Cells): void {
    const { tileCount } = this.#keys
    if (this.#marks.length < tileCount) {
      const larger = new Uint8Array(tileCount * 2)
      larger.set(this.#marks)
      this.#marks = larger
    }
    for (let tile = 0; tile < tileCount; tile++) if (cells.has(tile)) this.#marks[tile] = 1
  }

  #sweep(): void {
    const { combination, panes } = this
    const keys = this.#keys
    const rest = panes.map((pane) => pane.cells)
    this.#reach(rest)
    if (this.#dead.length < keys.size) this.#dead = new Int32Array(keys.size * 2)
    const tables = Int32Array.from(rest, ({ at }) => at)
    const places = new Int32Array(rest.length)
    const count = this.#compiled.loops.sweep(keys, this.#marks, tables, places, this.#dead)
    this.#marks.fill(0)
    this.#closedCount = 0
    if (this.#retracts) this.#emptyDead(count, rest)
    for (const tile of keys.release(this.#dead, count)) {
      combination.drop(tile)
      for (const one of rest) one.drop(tile)
    }
  }

  /** Sums of what came and went may not be zero to the last bit; their cells are given to new keys. */
  #emptyDead(count: number, cells: readonly Cells[]): void {
    for (let at = 0; at < count; at++) {
      const number = this.#dead[at] as number
      this.combination.emptyCell(number)
      for (const one of cells) one.emptyCell(number)
    }
  }
}
