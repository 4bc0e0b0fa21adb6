/**
 * The combination of the panes of one window, carried on from window to window: the panes that
 * joined are added and those that left are taken out, so that a firing costs the keys that changed
 * and not size ÷ slide times all keys.
 *
 * What cannot be taken out (min, max, last, …) is combined anew from the remaining panes: all of it
 * where that is a fast loop over few panes, else for the keys of the pane that left only.
 *
 * Owns: the running table. Invariant: it is the combination of exactly the panes that say
 * `isCombined`. Entries of it without rows are counted, or gone.
 */
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { CompiledAggregate } from '../aggregate/compile-aggregate.ts'
import type { Pane, WindowPanes } from './window-panes.ts'

/** Entries that are added in place in the time that one is combined by itself. */
const ANEW_PER_KEY = 16

export class CombinedPanes {
  readonly table: KeyedTable
  readonly #panes: WindowPanes
  readonly #compiled: CompiledAggregate
  #combined: Pane[] = []
  /** Entries of the table without rows. */
  #emptied = 0

  /** `isFlat`: nobody asks for the key group of an entry. */
  constructor(panes: WindowPanes, compiled: CompiledAggregate, isFlat: boolean) {
    this.#panes = panes
    this.#compiled = compiled
    this.table = isFlat && compiled.mergesInPlace ? panes.openFlat() : panes.openTable()
  }

  /** Makes the table the combination of the panes in [start, end). */
  moveTo(start: number, end: number): void {
    this.leave(this.#combined.filter((pane) => pane.start < start || pane.end > end))
    for (const pane of this.#panes.within(start, end)) {
      if (!pane.isCombined) this.#add(pane)
    }
  }

  /** Takes panes out, those that are in; before they are freed. */
  leave(panes: readonly Pane[]): void {
    const left = panes.filter((pane) => pane.isCombined)
    if (left.length === 0) return
    for (const pane of left) pane.isCombined = false
    this.#combined = this.#combined.filter((pane) => pane.isCombined)
    if (this.#combined.length === 0 || this.#isAnewCheaper(left)) this.#combineAll()
    else for (const pane of left) this.#takeOut(pane)
    if (this.#emptied * 2 > this.table.size) this.#combineAll()
  }

  /** As leave, of a pane that has changed since it was added. */
  forget(pane: Pane): void {
    pane.isCombined = false
    this.#combined = this.#combined.filter((one) => one.isCombined)
    this.#combineAll()
  }

  #add(pane: Pane): void {
    this.#compiled.loops.mergeAll(this.table, pane.table)
    pane.isCombined = true
    this.#combined.push(pane)
  }

  /** Where nothing can be taken out, key by key is dear: unless there is very much to add again. */
  #isAnewCheaper(left: readonly Pane[]): boolean {
    const { subtracts, mergesInPlace } = this.#compiled
    if (subtracts || !mergesInPlace) return false
    return sizeOf(this.#combined) < sizeOf(left) * ANEW_PER_KEY
  }

  #combineAll(): void {
    this.table.clear()
    this.#emptied = 0
    for (const pane of this.#combined) this.#compiled.loops.mergeAll(this.table, pane.table)
  }

  #takeOut(pane: Pane): void {
    const { subtracts, loops } = this.#compiled
    if (subtracts) this.#emptied += loops.unmergeAll(this.table, pane.table)
    else this.#combineAnew(pane)
  }

  #combineAnew(gone: Pane): void {
    const { table } = this
    const cursor = gone.table.cursor()
    for (let key = cursor.next(); key !== 0; key = cursor.next()) {
      const group = gone.table.groupOf(key)
      const old = table.locateFrom(group, gone.table, key)
      if (old !== 0) table.remove(old)
      combineKey(table, { from: gone.table, key, group }, this.#combined, this.#compiled)
    }
  }
}

function sizeOf(panes: readonly Pane[]): number {
  return panes.reduce((size, pane) => size + pane.table.size, 0)
}

export interface KeyPlace {
  /** A table and an entry of it that has the key. */
  readonly from: KeyedTable
  readonly key: number
  readonly group: number
}

/** Combines the entries of one key in several panes into a new entry of `table`; 0 for none. */
// oxlint-disable-next-line max-params -- the key, whence and whereto
export function combineKey(
  table: KeyedTable,
  { from, key, group }: KeyPlace,
  panes: readonly Pane[],
  { loops }: CompiledAggregate,
): number {
  let entry = 0
  for (const pane of panes) {
    const part = pane.table.locateFrom(group, from, key)
    if (part === 0) continue
    if (entry === 0) {
      entry = table.insertFrom(group, from, key)
      loops.init(table, entry)
    }
    loops.merge(table, entry, pane.table, part)
  }
  return entry
}
