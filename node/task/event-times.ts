/**
 * Event times of a source's batch: taken from their column, judged row by row (D13).
 * A row without event time fails by `on_error`; one too far ahead of the clock is rejected.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Batch, Column } from '../../shared/model/batch.ts'
import { gather } from '../../shared/model/gather.ts'

const DAY_MS = 86_400_000

export interface JudgedRows {
  /** The rows that stay. */
  readonly batch: Batch
  /** Row indexes of the batch as it came. */
  readonly withoutTime: readonly number[]
  readonly ahead: readonly number[]
}

const NONE: readonly number[] = []

/** `latest`: event times above it are rejected; +∞ for none. */
export function judgeEventTimes(batch: Batch, column: number, latest: number): JudgedRows {
  const values = batch.columns[column]
  assert(values !== undefined, 'the event time column is in the batch')
  const eventTime = timesOf(values, batch.length)
  const timed: Batch = { ...batch, eventTime }
  if (!hasFailure(eventTime, values.nulls, batch.length, latest)) {
    return { batch: timed, withoutTime: NONE, ahead: NONE }
  }
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
  return { batch: gather(timed, kept, keptCount), withoutTime, ahead }
}

export function largestEventTime({ eventTime, length }: Batch): number {
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

function hasFailure(
  times: Float64Array,
  nulls: Uint8Array | null,
  length: number,
  latest: number,
): boolean {
  for (let row = 0; row < length; row++) {
    // Negated, so that NaN fails too.
    if (!((times[row] as number) <= latest)) return true
  }
  if (nulls === null) return false
  for (let row = 0; row < length; row++) if (nulls[row] === 1) return true
  return false
}
