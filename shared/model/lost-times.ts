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

/** Whether these are the array that is shared. */
export function areLost(times: Float64Array): boolean {
  return times === LOST
}
