/**
 * Writes the result row of one key of a window, combined from its panes at that moment.
 *
 * Owns: a scratch table for keys that lie in several panes; it is empty between two calls.
 */
import type { AggregateCore } from '../../../shared/planning/plan.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { CompiledAggregate } from '../aggregate/compile-aggregate.ts'
import { resultFailure } from '../aggregate/failed-result.ts'
import type { ResultWriter } from '../aggregate/result-writer.ts'
import type { RecordFailure } from '../operator.ts'
import { combineKey } from './combined-panes.ts'
import type { WindowPanes } from './window-panes.ts'
import type { WindowShape } from './window-arithmetic.ts'

export interface WindowRowsParts {
  readonly core: AggregateCore
  readonly compiled: CompiledAggregate
  readonly shape: WindowShape
  readonly panes: WindowPanes
  readonly fail: (failure: RecordFailure) => void
}

export interface KeyInTable {
  readonly table: KeyedTable
  readonly entry: number
  /** Whether a result that cannot be told is a failure now (of an old row it was told before). */
  readonly isResult?: boolean
}

interface Bounds {
  readonly start: number
  readonly end: number
}

export class WindowRows {
  readonly core: AggregateCore
  readonly #parts: WindowRowsParts
  readonly #scratch: KeyedTable

  constructor(parts: WindowRowsParts) {
    this.core = parts.core
    this.#parts = parts
    this.#scratch = parts.panes.openTable()
  }

  /** Writes the row of a key of a window, with its bounds; false when there is none. */
  writeKey(out: ResultWriter, end: number, key: KeyInTable): boolean {
    const { shape, panes, compiled } = this.#parts
    const start = shape.windowStart(end)
    const place = { from: key.table, key: key.entry, group: key.table.groupOf(key.entry) }
    // A window of one pane is not combined: what is counted distinct lies beside its table.
    if (shape.isSingle) {
      const table = panes.find(start)?.table
      const entry = table?.locateFrom(place.group, place.from, place.key) ?? 0
      return table !== undefined && this.#writeResult(out, { start, end }, { ...key, table, entry })
    }
    const table = this.#scratch
    const entry = combineKey(table, place, panes.within(start, end), compiled)
    const isWritten = this.#writeResult(out, { start, end }, { ...key, table, entry })
    table.clear()
    return isWritten
  }

  #writeResult(out: ResultWriter, bounds: Bounds, { table, entry, isResult }: KeyInTable): boolean {
    if (entry === 0 || !this.#hasRows(table, entry)) return false
    const cause = this.#write(out, table, entry)
    if (cause === -1) {
      out.putBounds(bounds.start, bounds.end)
      return true
    }
    if (isResult === true) this.fail(table, entry, bounds.end, cause)
    out.clearRow()
    return false
  }

  #hasRows(table: KeyedTable, entry: number): boolean {
    const { rowsWord } = this.#parts.compiled
    return rowsWord < 0 || table.word(entry, rowsWord) > 0
  }

  #write(out: ResultWriter, table: KeyedTable, entry: number): unknown {
    const { loops } = this.#parts.compiled
    table.readKey(entry, out.keys, out.length)
    try {
      return loops.writeResults(table, entry, out.results, out.length)
    } catch (error) {
      return error
    }
  }

  // oxlint-disable-next-line max-params -- which row failed, and why
  fail(table: KeyedTable, entry: number, end: number, cause: unknown): void {
    const { core, shape, fail } = this.#parts
    const start = shape.windowStart(end)
    fail(resultFailure({ core, table, entry, start, end, cause }))
  }
}
