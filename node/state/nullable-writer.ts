/** What every writer of a column offers, and the nulls that those of most layouts keep. */
import type { Column, Nulls } from '../../shared/model/batch.ts'

export interface ColumnWriter {
  putNull(row: number): void
  /** Before a row is written again. */
  clearNull(row: number): void
  /** The column of the first `length` rows. */
  take(length: number): Column
  /** The rows so far as a column, which is good until the next write. */
  peek(): Column
  /** Forgets all rows; the arrays stay. */
  reset(): void
  /** Writes a row of another writer of the same layout as row `row`. */
  copyRow(from: ColumnWriter, fromRow: number, row: number): void
  /** Whether two rows, of two writers of the same layout, are equal. */
  sameRow(from: ColumnWriter, fromRow: number, row: number): boolean
}

const SMALL_SHARE = 4

export abstract class NullableWriter {
  protected readonly capacity: number
  #nulls: Uint8Array | null = null

  constructor(capacity: number) {
    this.capacity = capacity
  }

  protected markNull(row: number): void {
    this.#nulls ??= new Uint8Array(this.capacity)
    this.#nulls[row] = 1
  }

  /** A row is written again: it may no longer be null. */
  clearNull(row: number): void {
    if (this.#nulls !== null) this.#nulls[row] = 0
  }

  reset(): void {
    this.#nulls?.fill(0)
  }

  protected isNull(row: number): boolean {
    return this.#nulls !== null && this.#nulls[row] === 1
  }

  protected get nulls(): Nulls {
    return this.#nulls
  }

  /** A copy of few rows costs less than new arrays for all. */
  protected isSmall(length: number): boolean {
    return length * SMALL_SHARE < this.capacity
  }

  protected takeNulls(): Nulls {
    const nulls = this.#nulls
    this.#nulls = null
    return nulls
  }
}
