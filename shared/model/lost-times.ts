/**
 * The event times of rows that have none: NaN for each, in one array that all batches share.
 *
 * Owns: that array, which nobody writes. Longer ones are made for those who ask; they are not
 * shared.
 */
import { BATCH_RECORDS_MAX } from '../base/limits.ts'

const LOST = new Float64Array(BATCH_RECORDS_MAX).fill(Number.NaN)

/** For at least `length` rows. */
export function lostTimes(length: number): Float64Array {
  return length <= LOST.length ? LOST : new Float64Array(length).fill(Number.NaN)
}

/** The event times of selected rows; those that are lost are so in any selection. */
export function gatherTimes(
  times: Float64Array,
  selection: Int32Array,
  count: number,
): Float64Array {
  if (times === LOST && count <= LOST.length) return times
  const out = new Float64Array(count)
  for (let at = 0; at < count; at++) out[at] = times[selection[at] as number] as number
  return out
}
