/**
 * The panes of a windowed aggregate: found by time, kept in order, freed when their last window
 * takes no more records.
 *
 * Owns: the tables of the panes.
 * Invariants:
 *   W1. Panes do not overlap; `panes` is sorted by start.
 *   W2. A pane exists exactly while a record of it has arrived and one of its windows still takes
 *       records.
 */
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { Panes } from '../../state/state-store.ts'
import type { WindowShape } from './window-arithmetic.ts'

export interface Pane {
  readonly start: number
  readonly end: number
  /** Of the last window that holds it. */
  readonly lastEnd: number
  readonly table: KeyedTable
  /** Whether it is in the running combination (combined-panes.ts). */
  isCombined: boolean
}

const NONE: readonly Pane[] = []

export class WindowPanes {
  readonly panes: Pane[] = []
  readonly #shape: WindowShape
  readonly #tables: Panes
  readonly #sides: readonly Panes[]
  readonly #isFlat: boolean
  /** Panes before it have only windows that fired: where the search for the next firing begins. */
  #firstUnfired = 0
  /** Entries of the pane that was freed last. */
  #sizeLast = 0

  /** `isFlat`: nobody asks for the key group of an entry of a pane. */
  // oxlint-disable-next-line max-params -- the states of panes and their kind
  constructor(shape: WindowShape, tables: Panes, sides: readonly Panes[], isFlat = false) {
    this.#shape = shape
    this.#isFlat = isFlat && tables.compiled.isIndexed && sides.length === 0
    this.#tables = tables
    this.#sides = sides
  }

  /** The pane that starts at `start`, or null. */
  find(start: number): Pane | null {
    const pane = this.panes[this.#indexOf(start)]
    return pane !== undefined && pane.start === start ? pane : null
  }

  open(start: number): Pane {
    const index = this.#indexOf(start)
    const pane: Pane = {
      start,
      end: this.#shape.paneEnd(start),
      lastEnd: this.#shape.lastEnd(start),
      table: this.#openPane(this.#expectedSize(start)),
      isCombined: false,
    }
    this.panes.splice(index, 0, pane)
    this.#firstUnfired = Math.min(this.#firstUnfired, index)
    return pane
  }

  /** A pane will have about as many entries as the one before it, or as the last one that is gone. */
  #expectedSize(start: number): number {
    const before = this.panes[this.#indexOf(start) - 1]
    return Math.max(this.#sizeLast, before?.table.size ?? 0)
  }

  #openPane(expectedSize: number): KeyedTable {
    return this.#isFlat ? this.#tables.openFlat(expectedSize) : this.openTable(expectedSize)
  }

  openTable(expectedSize = 0): KeyedTable {
    const table = this.#tables.open(expectedSize)
    for (const side of this.#sides) table.beside.push(side.open())
    return table
  }

  /** A table for what is computed from panes. */
  openFlat(): KeyedTable {
    return this.#tables.openFlat()
  }

  closeTable(table: KeyedTable): void {
    for (const [index, side] of this.#sides.entries()) {
      const beside = table.beside[index]
      if (beside !== undefined) side.close(beside)
    }
    table.beside.length = 0
    this.#tables.close(table)
  }

  /** Panes whose last window ends at or before `end`: they may be freed. */
  closable(end: number): readonly Pane[] {
    let count = 0
    while (count < this.panes.length && (this.panes[count] as Pane).lastEnd <= end) count += 1
    return count === 0 ? NONE : this.panes.slice(0, count)
  }

  /** Frees the first panes. */
  close(panes: readonly Pane[]): void {
    this.#sizeLast = panes.at(-1)?.table.size ?? 0
    for (const pane of panes) this.closeTable(pane.table)
    this.panes.splice(0, panes.length)
    this.#firstUnfired = Math.max(0, this.#firstUnfired - panes.length)
  }

  /** End of the first window that holds a pane and ends after `fired`; NaN when there is none. */
  nextEnd(fired: number): number {
    const { panes } = this
    while (this.#firstUnfired < panes.length) {
      const pane = panes[this.#firstUnfired] as Pane
      if (pane.lastEnd > fired) return this.#shape.endAfter(pane.start, fired)
      this.#firstUnfired += 1
    }
    return Number.NaN
  }

  /** As nextEnd, leaving alone where the next firing is looked for. */
  windowAfter(end: number): number {
    for (const pane of this.panes) {
      if (pane.lastEnd > end) return this.#shape.endAfter(pane.start, end)
    }
    return Number.NaN
  }

  /** Panes of the window [start, end). */
  within(start: number, end: number): Pane[] {
    const found: Pane[] = []
    for (let index = this.#indexOf(start); index < this.panes.length; index++) {
      const pane = this.panes[index] as Pane
      if (pane.end > end) break
      found.push(pane)
    }
    return found
  }

  /** Index of the first pane that starts at or after `start`. */
  #indexOf(start: number): number {
    const { panes } = this
    let high = panes.length
    if (high > 0 && (panes[high - 1] as Pane).start < start) return high
    let low = 0
    while (low < high) {
      const middle = (low + high) >> 1
      if ((panes[middle] as Pane).start < start) low = middle + 1
      else high = middle
    }
    return low
  }
}
