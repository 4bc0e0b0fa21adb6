/**
 * The bounds and the event time of rows that all lie in one window: columns of one value each, made
 * once and shared by the batches of the window. Batches are immutable, so that nobody can tell.
 *
 * Owns: those columns.
 */
import type { Column } from '../../../shared/model/batch.ts'

const NONE = new Float64Array(0)

export class OneWindow {
  readonly start: number
  readonly end: number
  readonly #capacity: number
  #times = NONE
  #starts = NONE
  #ends = NONE

  constructor(start: number, end: number, capacity: number) {
    this.start = start
    this.end = end
    this.#capacity = capacity
  }

  isOf(start: number, end: number): boolean {
    return this.start === start && this.end === end
  }

  /** Rows of a window have the time before its end. */
  times(length: number): Float64Array {
    this.#times = this.#filled(this.#times, this.end - 1, length)
    return this.#times
  }

  /** Column 0 holds starts, column 1 ends. */
  bound(index: number, length: number): Column {
    if (index === 0) this.#starts = this.#filled(this.#starts, this.start, length)
    else this.#ends = this.#filled(this.#ends, this.end, length)
    return { layout: 'f64', values: index === 0 ? this.#starts : this.#ends, nulls: null }
  }

  /** A few rows get a few values; many take an array for every batch to come. */
  #filled(known: Float64Array<ArrayBuffer>, value: number, length: number) {
    if (known.length >= length) return known
    const isSmall = length * 4 < this.#capacity
    return new Float64Array(isSmall ? length : this.#capacity).fill(value)
  }
}
