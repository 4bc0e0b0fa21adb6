/** Rows for the `late` output: the columns of the row as it came, and `_late`. */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { gatherBytes, gatherColumn, gatherF64 } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'

export interface LateRows {
  readonly batch: Batch
  readonly selection: Int32Array
  readonly count: number
  readonly watermark: number
  /** Of the last window that would have taken row `selection[n]`; NaN for none. */
  readonly starts: Float64Array
  readonly ends: Float64Array
}

export function lateBatch(rows: LateRows, columns: readonly ColumnSpec[]): Batch {
  const { batch, selection, count } = rows
  const eventTime = gatherF64(batch.eventTime, selection, count)
  const byPath = new Map(batch.schema.columns.map((spec, index) => [spec.path, index]))
  return {
    schema: { columns },
    length: count,
    eventTime,
    kind: gatherBytes(batch.kind, selection, count),
    columns: columns.map((spec): Column => {
      const own = lateColumn(spec.path, rows, eventTime)
      if (own !== null) return own
      const source = batch.columns[byPath.get(spec.path) ?? -1]
      assert(source !== undefined, `late rows have ${spec.path}`)
      return gatherColumn(source, selection, count)
    }),
  }
}

function lateColumn(path: string, rows: LateRows, eventTime: Float64Array): Column | null {
  const { count, watermark } = rows
  switch (path) {
    case '_late.by':
      return numbers(eventTime.map((time) => watermark - time))
    case '_late.watermark':
      return numbers(new Float64Array(count).fill(watermark))
    case '_late.window_start':
      return numbers(rows.starts.slice(0, count))
    case '_late.window_end':
      return numbers(rows.ends.slice(0, count))
    default:
      return null
  }
}

function numbers(values: Float64Array): Column {
  return { layout: 'f64', values, nulls: null }
}
