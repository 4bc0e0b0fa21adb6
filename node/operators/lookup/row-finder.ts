/**
 * Finds rows of a table by their key, for a whole batch at a time. One kind of finder per kind of
 * key: numbers, texts, anything else.
 *
 * Who calls: LookupIndex. `add` for the rows of a table from the last to the first, once per row
 * whose key has no null; then `find` for any number of batches.
 */
import type { Column } from '../../../shared/model/batch.ts'

/** No row, or no further one. */
export const NO_MATCH = -1

export interface RowFinder {
  /** Puts a row in front of those that have its key; the row that was in front, or NO_MATCH. */
  add(row: number): number
  /**
   * The first row of the table for each row of a batch, or NO_MATCH; `keys` are the batch's key
   * columns. Answers how many rows found one.
   */
  find(keys: readonly Column[], length: number, first: Int32Array): number
}

/** A null is equal to nothing. Answers how many rows with a null had found something. */
export function withoutNulls(column: Column, length: number, first: Int32Array): number {
  const { nulls } = column
  if (nulls === null) return 0
  let gone = 0
  for (let row = 0; row < length; row++) {
    if (nulls[row] === 0 || first[row] === NO_MATCH) continue
    first[row] = NO_MATCH
    gone++
  }
  return gone
}

/** Slots of an open table that is at most half full: a power of two. */
export function slotsFor(rowCount: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(rowCount, 8) * 2))
}
