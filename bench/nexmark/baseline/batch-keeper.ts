/**
 * Rows that outlive their batch, by reference: batches are immutable, so a row is a number that
 * names its batch and its place in it, and no text is copied.
 */
import type { Batch } from '../../../shared/model/batch.ts'

const ROW_BITS = 16
const ROW_MASK = (1 << ROW_BITS) - 1

export class BatchKeeper {
  readonly #batches: Batch[] = []

  /** What is added to a row's place in the batch to name it. */
  keep(batch: Batch): number {
    this.#batches.push(batch)
    return (this.#batches.length - 1) << ROW_BITS
  }

  batchOf(row: number): Batch {
    const batch = this.#batches[row >> ROW_BITS]
    if (batch === undefined) throw new RangeError(`row ${row} was kept`)
    return batch
  }
}

export function placeOf(row: number): number {
  return row & ROW_MASK
}
