/**
 * Event times of a source's batch: taken from their column, judged row by row (D13).
 * A row without event time fails by `on_error`; one too far ahead of the clock is rejected.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Batch, Column } from '../../shared/model/batch.ts'
import { gather } from '../../shared/model/gather.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'

const RULE_PATH = '_rule'
const DAY_MS = 86_400_000

export interface JudgedRows {
  /** The rows that stay. */
  readonly batch: Batch
  /** Row indexes of the batch as it came. */
  readonly withoutTime: readonly number[]
  readonly ahead: readonly number[]
  /** Largest event time of the rows that stay; −∞ for none. */
  readonly largest: number
}

const NONE: readonly number[] = []

/** `values`: an event time per row. `latest`: those above it are rejected; +∞ for none. */
export function judgeEventTimes(batch: Batch, values: Column, latest: number): JudgedRows {
  const eventTime = timesOf(values, batch.length)
  const { schema, length, kind, columns } = batch
  const timed: Batch = { schema, length, eventTime, kind, columns }
  const largest = judgedLargest(eventTime, values.nulls, batch.length)
  // NaN answers false too.
  if (largest <= latest) return { batch: timed, withoutTime: NONE, ahead: NONE, largest }
  const withoutTime: number[] = []
  const ahead: number[] = []
  const kept = new Int32Array(batch.length)
  let keptCount = 0
  for (let row = 0; row < batch.length; row++) {
    const time = eventTime[row] ?? Number.NaN
    if (values.nulls?.[row] === 1 || Number.isNaN(time)) withoutTime.push(row)
    else if (time > latest) ahead.push(row)
    else kept[keptCount++] = row
  }
  const rest = gather(timed, kept, keptCount)
  return { batch: rest, withoutTime, ahead, largest: largestEventTime(rest) }
}

/** Rows that are too far ahead, as rows of the source's `rejected` output. */
export function rejectedAhead(
  batch: Batch,
  rows: readonly number[],
  columns: readonly ColumnSpec[],
): Batch {
  const kept = gather(batch, Int32Array.from(rows), rows.length)
  const found = columns.map(({ path }): Column => {
    const index = batch.schema.columns.findIndex((one) => one.path === path)
    const column = kept.columns[index]
    if (column !== undefined) return column
    assert(path === RULE_PATH, `the column ${path} of a rejected row is read`)
    return { layout: 'any', values: rows.map(() => ['max_ahead']), nulls: null }
  })
  return { ...kept, schema: { columns }, columns: found }
}

function largestEventTime({ eventTime, length }: Batch): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let row = 0; row < length; row++) {
    const time = eventTime[row] as number
    if (time > largest) largest = time
  }
  return largest
}

function timesOf(column: Column, length: number): Float64Array {
  if (column.layout === 'f64') return column.values
  assert(column.layout === 'i32', 'an event time is a timestamp or a date')
  const times = new Float64Array(length)
  for (let row = 0; row < length; row++) times[row] = (column.values[row] as number) * DAY_MS
  return times
}

/** One pass: the largest event time, or NaN when a row has none. */
function judgedLargest(times: Float64Array, nulls: Uint8Array | null, length: number): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let row = 0; row < length; row++) {
    const time = times[row] as number
    if (time > largest) largest = time
    else if (time !== time) return Number.NaN
  }
  if (nulls === null) return largest
  for (let row = 0; row < length; row++) if (nulls[row] === 1) return Number.NaN
  return largest
}
