/**
 * Folds a stream of changes to the rows that are left at its end: for tests, previews and files
 * that are written once. Holds every row in memory.
 *
 * With a key the newest row per key counts, and a delete removes its key (update-before rows say
 * nothing there). Without one rows are a multiset: insert and update-after add, update-before and
 * delete remove an equal row, of several the one with the same event time.
 *
 * Invariant: without a key no row is removed that was not there; `unmatchedCount` counts those
 * that tried.
 */
import { DELETE, INSERT, UPDATE_BEFORE, type Batch } from '../batch.ts'
import { canonicalRow } from '../canonical/canonical-text.ts'
import { valueAt } from '../column-value.ts'

export interface FinalRow {
  /** One internal value per column. */
  readonly values: readonly unknown[]
  readonly eventTime: number
}

export class FinalRows {
  readonly #key: readonly number[] | null
  readonly #held = new Map<string, FinalRow[]>()
  unmatchedCount = 0

  /** `key`: positions of the columns of the unique key, or null. */
  constructor(key: readonly number[] | null) {
    this.#key = key
  }

  addBatch(batch: Batch): void {
    for (let row = 0; row < batch.length; row++) {
      const values = batch.columns.map((column) => valueAt(column, row))
      const eventTime = batch.eventTime[row] ?? Number.NaN
      this.add({ values, eventTime }, batch.kind?.[row] ?? INSERT)
    }
  }

  add(row: FinalRow, kind: number): void {
    if (this.#key === null) this.#count(row, kind)
    else this.#replace(canonicalRow(row.values, this.#key), row, kind)
  }

  /** In the order in which the rows (or their keys) first came. */
  rows(): FinalRow[] {
    return [...this.#held.values()].flat()
  }

  #replace(key: string, row: FinalRow, kind: number): void {
    if (kind === UPDATE_BEFORE) return
    if (kind !== DELETE) this.#held.set(key, [row])
    else if (!this.#held.delete(key)) this.unmatchedCount++
  }

  #count(row: FinalRow, kind: number): void {
    const text = canonicalRow(row.values)
    const held = this.#held.get(text)
    if (kind === UPDATE_BEFORE || kind === DELETE) this.#remove(text, held, row.eventTime)
    else if (held === undefined) this.#held.set(text, [row])
    else held.push(row)
  }

  #remove(text: string, held: FinalRow[] | undefined, eventTime: number): void {
    if (held === undefined) {
      this.unmatchedCount++
      return
    }
    const at = held.findLastIndex((row) => Object.is(row.eventTime, eventTime))
    held.splice(at < 0 ? held.length - 1 : at, 1)
    if (held.length === 0) this.#held.delete(text)
  }
}
