/**
 * Early firings: the rows so far of windows that are still open, by processing time, only where they
 * changed. The row of an early firing is updated by the next one and by the window's own firing.
 *
 * Owns: per open window that fired early, the rows that were emitted last.
 *
 * Invariant: the table of a window holds exactly the rows that downstream has of it.
 */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import type { AggregateCore } from '../../../shared/planning/plan.ts'
import type { EntrySpec } from '../../state/entry-layout.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { Panes } from '../../state/state-store.ts'
import { inputSpec, resultNullables } from '../aggregate/aggregate-shape.ts'
import type { CompiledAggregate } from '../aggregate/compile-aggregate.ts'
import { resultFailure } from '../aggregate/failed-result.ts'
import { ResultWriter } from '../aggregate/result-writer.ts'
import type { RecordFailure } from '../operator.ts'
import type { WindowShape } from './window-arithmetic.ts'

export interface EarlyParts {
  readonly core: AggregateCore
  readonly shape: WindowShape
  readonly compiled: CompiledAggregate
  readonly emitted: Panes
  readonly isRetract: boolean
  readonly fail: (failure: RecordFailure) => void
}

/** Number of the pass that saw the row. */
const SEEN = 0

export function earlySpec(core: AggregateCore): EntrySpec {
  return {
    key: core.key.map((index) => inputSpec(core, index)),
    value: core.output.slice(core.output.length - core.calls.length),
    words: 1,
    nullableMin: resultNullables(core),
  }
}

export class EarlyRows {
  readonly #parts: EarlyParts
  readonly #emitted = new Map<number, KeyedTable>()
  readonly #old: ResultWriter
  #pass = 0

  constructor(parts: EarlyParts) {
    this.#parts = parts
    this.#old = new ResultWriter(parts.core, 1)
  }

  has(end: number): boolean {
    return this.#emitted.has(end)
  }

  /** The changes of a window since it was emitted; pauses while the writer is full. */
  *rows(end: number, table: KeyedTable, out: ResultWriter): Generator<void> {
    const emitted = this.#emitted.get(end) ?? this.#parts.emitted.open()
    this.#emitted.set(end, emitted)
    this.#pass += 1
    const cursor = table.cursor()
    for (let entry = cursor.next(); entry !== 0; entry = cursor.next()) {
      while (out.length + 2 > out.capacity) yield
      this.#emitChange({ end, table, entry, emitted }, out)
    }
    yield* this.#emitGone(end, emitted, out)
  }

  /** The changes at the window's own firing; nothing of it is kept. */
  *lastRows(end: number, table: KeyedTable, out: ResultWriter): Generator<void> {
    yield* this.rows(end, table, out)
    const emitted = this.#emitted.get(end)
    this.#emitted.delete(end)
    if (emitted !== undefined) this.#parts.emitted.close(emitted)
  }

  #emitChange({ end, table, entry, emitted }: EarlyRow, out: ResultWriter): void {
    const { rowsWord } = this.#parts.compiled
    if (rowsWord >= 0 && table.word(entry, rowsWord) <= 0) return
    if (!this.#write(out, table, entry, end)) return
    const group = table.groupOf(entry)
    const known = emitted.locateFrom(group, table, entry)
    const columns = out.results.map((writer) => writer.peek())
    if (known === 0) {
      const made = emitted.insertFrom(group, table, entry)
      emitted.storeValue(made, columns, out.length)
      emitted.setWord(made, SEEN, this.#pass)
      out.advance(timeOf(end), INSERT)
      return
    }
    emitted.setWord(known, SEEN, this.#pass)
    if (emitted.sameValues(known, columns, out.length)) {
      out.clearRow()
      return
    }
    if (this.#parts.isRetract) {
      this.#emitOld(emitted, known, { out, end, kind: UPDATE_BEFORE })
      this.#write(out, table, entry, end)
    }
    const changed = out.results.map((writer) => writer.peek())
    emitted.replaceValue(known, changed, out.length)
    out.advance(timeOf(end), UPDATE_AFTER)
  }

  /** Rows that were emitted and are no more: their records were taken back, or their result fails. */
  *#emitGone(end: number, emitted: KeyedTable, out: ResultWriter): Generator<void> {
    const cursor = emitted.cursor()
    for (let row = cursor.next(); row !== 0; row = cursor.next()) {
      if (emitted.word(row, SEEN) === this.#pass) continue
      while (out.length + 1 > out.capacity) yield
      this.#emitOld(emitted, row, { out, end, kind: DELETE })
    }
    emitted.expire(SEEN, this.#pass - 1)
  }

  #emitOld(emitted: KeyedTable, row: number, { out, end, kind }: OldRow): void {
    const old = this.#old
    old.clearRow()
    emitted.readKey(row, old.keys, 0)
    emitted.readValue(row, old.results, 0)
    old.putBounds(this.#parts.shape.windowStart(end), end)
    out.clearRow()
    out.copyRow(old, 0)
    out.advance(timeOf(end), kind)
    old.reset()
  }

  // oxlint-disable-next-line max-params -- which row goes where
  #write(out: ResultWriter, table: KeyedTable, entry: number, end: number): boolean {
    const { compiled, core, shape, fail } = this.#parts
    const start = shape.windowStart(end)
    table.readKey(entry, out.keys, out.length)
    out.putBounds(start, end)
    let cause: unknown = -1
    try {
      cause = compiled.loops.writeResults(table, entry, out.results, out.length)
    } catch (error) {
      cause = error
    }
    if (cause === -1) return true
    out.clearRow()
    fail(resultFailure({ core, table, entry, start, end, cause }))
    return false
  }
}

interface EarlyRow {
  readonly end: number
  readonly table: KeyedTable
  readonly entry: number
  readonly emitted: KeyedTable
}

interface OldRow {
  readonly out: ResultWriter
  readonly end: number
  readonly kind: number
}

/** Global windows have no event time. */
function timeOf(end: number): number {
  return Number.isFinite(end) ? end - 1 : Number.NaN
}
