/**
 * Writes rows of a rolling window: the record's columns and key, then the figures.
 *
 * Owns: the arrays of the batch being written. Rows are written at `length` and kept by `keep`.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../../shared/base/limits.ts'
import type { Batch } from '../../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { AggregateCore } from '../../../../shared/planning/plan.ts'
import { type ColumnWriter, columnWriter } from '../../../state/column-writer.ts'
import { putResult } from '../../aggregate/calls/put-result.ts'
import type { RollingRow } from './rolling-figures.ts'

export class RowWriter {
  readonly #columns: readonly ColumnSpec[]
  readonly #writers: readonly ColumnWriter[]
  #eventTime = new Float64Array(BATCH_RECORDS_MAX)
  length = 0

  constructor(columns: readonly ColumnSpec[]) {
    this.#columns = columns
    this.#writers = columns.map((column) => columnWriter(column.layout, BATCH_RECORDS_MAX))
  }

  get isFull(): boolean {
    return this.length >= BATCH_RECORDS_MAX
  }

  /** Of call `place`. */
  resultWriter({ calls }: AggregateCore, place: number): ColumnWriter {
    const writer = this.#writers[this.#writers.length - calls.length + place]
    assert(writer !== undefined, 'a call has a result column')
    return writer
  }

  /** Writes the record's own columns beside the figures that were written, and keeps the row. */
  keep({ passed, key }: AggregateCore, { time, values }: RollingRow): void {
    for (const [at, index] of [...passed, ...key].entries()) {
      const writer = this.#writers[at]
      assert(writer !== undefined, 'a column that passes is in the output')
      putResult(writer, this.length, values[index])
    }
    this.#eventTime[this.length] = time
    this.length += 1
    if (!this.isFull) this.clearRow()
  }

  clearRow(): void {
    for (const writer of this.#writers) writer.clearNull(this.length)
  }

  take(): Batch {
    const { length } = this
    const batch: Batch = {
      schema: { columns: this.#columns },
      length,
      eventTime: this.#eventTime.slice(0, length),
      kind: null,
      columns: this.#writers.map((writer) => writer.take(length)),
    }
    this.length = 0
    return batch
  }
}
