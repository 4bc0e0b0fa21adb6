/**
 * The panes of a windowed aggregate: found by time, kept in order, freed when their last window
 * takes no more records.
 *
 * Owns: the tables of the panes.
 * Invariants (beside W1):
 *   W2. A pane exists exactly while a record of it has arrived and one of its windows still takes
 *       records.
 */
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { Panes } from '../../state/state-store.ts'
import { PaneList, type PaneSpan } from './pane-list.ts'
import type { WindowShape } from './window-arithmetic.ts'

export interface Pane extends PaneSpan {
  readonly table: KeyedTable
  /** Whether it is in the running combination (combined-panes.ts). */
  isCombined: boolean
}

export class WindowPanes extends PaneList<Pane> {
  readonly #tables: Panes
  readonly #sides: readonly Panes[]
  readonly #isFlat: boolean
  /** Entries of the pane that was freed last. */
  #sizeLast = 0

  /** `isFlat`: nobody asks for the key group of an entry of a pane. */
  // oxlint-disable-next-line max-params -- the states of panes and their kind
  constructor(shape: WindowShape, tables: Panes, sides: readonly Panes[], isFlat = false) {
    super(shape)
    this.#isFlat = isFlat && tables.compiled.isIndexed && sides.length === 0
    this.#tables = tables
    this.#sides = sides
  }

  open(start: number): Pane {
    const pane: Pane = {
      start,
      end: this.shape.paneEnd(start),
      lastEnd: this.shape.lastEnd(start),
      table: this.#openPane(this.#expectedSize(start)),
      isCombined: false,
    }
    this.insert(pane)
    return pane
  }

  /** A pane will have about as many entries as the one before it, or as the last one that is gone. */
  #expectedSize(start: number): number {
    return Math.max(this.#sizeLast, this.before(start)?.table.size ?? 0)
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

  /** Frees the first panes. */
  close(panes: readonly Pane[]): void {
    this.#sizeLast = panes.at(-1)?.table.size ?? 0
    for (const pane of panes) this.closeTable(pane.table)
    this.drop(panes.length)
  }
}
