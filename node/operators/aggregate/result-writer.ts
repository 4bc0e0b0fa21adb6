/**
 * Writes result rows of an aggregate: key columns, window bounds, results, event time, kind.
 *
 * Owns: the arrays of the batch being written. Rows are written at `length` and kept by `advance`;
 * a row that is not kept is overwritten by the next one.
 */
import { assert } from '../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import { type Batch, type BatchSchema, type Column, INSERT } from '../../../shared/model/batch.ts'
import type { AggregateCore } from '../../../shared/planning/plan.ts'
import { type ColumnWriter, columnWriter, F64Writer } from '../../state/column-writer.ts'
import { OneWindow } from './one-window.ts'

export class ResultWriter {
  readonly keys: readonly ColumnWriter[]
  readonly results: readonly ColumnWriter[]
  /** `window_start` and `window_end`; none without a window. */
  readonly bounds: readonly F64Writer[]
  readonly capacity: number
  length = 0
  readonly #schema: BatchSchema
  readonly #writers: readonly ColumnWriter[]
  #eventTime: Float64Array
  #kinds: Uint8Array | null = null
  /** The window of all rows, whose bounds are not written; null once they differ. */
  #window: OneWindow | null = null
  /** Its columns serve every batch of the window. */
  #lastWindow: OneWindow | null = null

  constructor(core: AggregateCore, capacity = BATCH_RECORDS_MAX) {
    this.#schema = { columns: core.output }
    this.capacity = capacity
    this.#writers = core.output.map((column) => columnWriter(column.layout, capacity))
    const keyCount = core.key.length
    const resultsAt = this.#writers.length - core.calls.length
    this.keys = this.#writers.slice(0, keyCount)
    this.results = this.#writers.slice(resultsAt)
    this.bounds = this.#writers.slice(keyCount, resultsAt).map((writer) => {
      assert(writer instanceof F64Writer, 'bounds of windows are timestamps')
      return writer
    })
    this.#eventTime = new Float64Array(capacity)
  }

  get isFull(): boolean {
    return this.length >= this.capacity
  }

  /** Keeps the row that was written. */
  advance(eventTime: number, kind: number): void {
    const row = this.length
    if (this.#window !== null) this.#writeBounds(row)
    this.#eventTime[row] = eventTime
    if (kind !== INSERT) this.#kinds ??= new Uint8Array(this.capacity)
    if (this.#kinds !== null) this.#kinds[row] = kind
    this.length = row + 1
    if (this.length < this.capacity) this.clearRow()
  }

  /** Event times, for a loop that writes rows of many windows itself: then `keepUntil`. */
  get times(): Float64Array {
    assert(this.#window === null, 'rows of many windows have bounds of their own')
    return this.#eventTime
  }

  /** Keeps rows that a loop wrote, all of them INSERT, up to `length`. */
  keepUntil(length: number): void {
    this.#kinds?.fill(INSERT, this.length, length)
    this.length = length
  }

  /** Forgets all rows; the arrays stay. */
  reset(): void {
    for (const writer of this.#writers) writer.reset()
    this.length = 0
    this.#window = null
  }

  /**
   * Bounds and event time of rows from `first` on: those of one window are written at once, or not at
   * all where all rows of a batch are of one window.
   */
  fillBounds(first: number, start: number, end: number): void {
    if (this.length === first) return
    const isBounded = Number.isFinite(end)
    const isOne = isBounded && (first === 0 || this.#window?.isOf(start, end) === true)
    if (isOne && this.#kinds === null) {
      if (this.#lastWindow?.isOf(start, end) !== true)
        this.#lastWindow = new OneWindow(start, end, this.capacity)
      this.#window = this.#lastWindow
      return
    }
    if (this.#window !== null) this.#writeBounds(first)
    this.#eventTime.fill(isBounded ? end - 1 : Number.NaN, first, this.length)
    if (this.#kinds !== null) this.#kinds.fill(INSERT, first, this.length)
    const [starts, ends] = this.bounds
    if (!isBounded) {
      for (let row = first; row < this.length; row++)
        for (const one of this.bounds) one.putNull(row)
      return
    }
    starts?.values.fill(start, first, this.length)
    ends?.values.fill(end, first, this.length)
  }

  /** Another window comes: the rows so far get their bounds. */
  #writeBounds(rows: number): void {
    const { start, end } = this.#window ?? { start: Number.NaN, end: Number.NaN }
    this.#window = null
    this.#eventTime.fill(end - 1, 0, rows)
    const [starts, ends] = this.bounds
    starts?.values.fill(start, 0, rows)
    ends?.values.fill(end, 0, rows)
  }

  /** Bounds of the row being written; NaN is null (global windows). */
  putBounds(start: number, end: number): void {
    const [starts, ends] = this.bounds
    if (this.#window !== null) this.#writeBounds(this.length)
    if (starts === undefined || ends === undefined) return
    putTime(starts, this.length, start)
    putTime(ends, this.length, end)
  }

  /** A row that was given up may have left nulls behind. */
  clearRow(): void {
    for (const writer of this.#writers) writer.clearNull(this.length)
  }

  /** Copies a whole row of another writer of the same core into the row being written. */
  copyRow(from: ResultWriter, row: number): void {
    if (this.#window !== null) this.#writeBounds(this.length)
    for (const [index, writer] of this.#writers.entries()) {
      writer.copyRow(from.#writer(index), row, this.length)
    }
  }

  /** Whether the results of the row being written equal those of a row of another writer. */
  sameResults(from: ResultWriter, row: number): boolean {
    return this.results.every((writer, index) => {
      const other = from.results[index]
      return other !== undefined && writer.sameRow(other, row, this.length)
    })
  }

  /** The rows as a batch; the writer is empty afterwards. */
  take(): Batch {
    const { length } = this
    const window = length === 0 ? null : this.#window
    const batch: Batch = {
      schema: this.#schema,
      length,
      eventTime: window === null ? this.#takeTimes() : window.times(length),
      kind: this.#kinds,
      columns: this.#writers.map((writer) => {
        const bound = window === null ? -1 : this.bounds.findIndex((one) => one === writer)
        return bound < 0 ? writer.take(length) : (window as OneWindow).bound(bound, length)
      }),
    }
    this.#window = null
    this.#kinds = null
    this.length = 0
    return batch
  }

  #takeTimes(): Float64Array {
    const times = this.#eventTime
    if (this.length * 4 < this.capacity) return times.slice(0, this.length)
    this.#eventTime = new Float64Array(this.capacity)
    return times
  }

  /**
   * The first `length` results as a batch with keys of their own, written elsewhere; the writer is
   * empty afterwards. Rows have no event time.
   */
  takeRows(length: number, keys: readonly Column[], kind: Uint8Array | null): Batch {
    return {
      schema: this.#schema,
      length,
      eventTime: new Float64Array(length).fill(Number.NaN),
      kind,
      columns: [...keys, ...this.results.map((writer) => writer.take(length))],
    }
  }

  #writer(index: number): ColumnWriter {
    const writer = this.#writers[index]
    assert(writer !== undefined, 'writers of one core have the same columns')
    return writer
  }
}

function putTime(writer: F64Writer, row: number, time: number): void {
  if (Number.isFinite(time)) writer.values[row] = time
  else writer.putNull(row)
}
