/**
 * The rows of one key of a rolling window, in order of event time, and how far each range reaches
 * back from the newest of them.
 *
 * Owns: the rows; through the ranges, the key's accumulators.
 *
 * Invariants:
 *   G1. Rows are sorted by time, equal times in order of arrival.
 *   G2. The accumulator of range r holds exactly the rows from index `from[r]` on, which are those
 *       with time > newest − r.
 */
import type { Batch } from '../../../../shared/model/batch.ts'
import type { OperatorContext } from '../../operator.ts'
import type { OneRow, RollingRange, RollingRow } from './rolling-figures.ts'

export interface RollingParts {
  readonly ranges: readonly RollingRange[]
  readonly oneRow: OneRow
  readonly context: OperatorContext
}

export class RollingRows {
  readonly #parts: RollingParts
  readonly #rows: RollingRow[] = []
  readonly #from: number[]

  constructor(parts: RollingParts) {
    this.#parts = parts
    this.#from = parts.ranges.map(() => 0)
  }

  get lastIndex(): number {
    return this.#rows.length - 1
  }

  get newest(): number {
    return this.#rows.at(-1)?.time ?? Number.NEGATIVE_INFINITY
  }

  /** Puts a row into its place; answers its index. */
  add(row: RollingRow): number {
    const newest = Math.max(this.newest, row.time)
    const index = this.#indexAfter(row.time)
    this.#rows.splice(index, 0, row)
    const batch = this.#open(row)
    for (const [r, range] of this.#parts.ranges.entries()) {
      if (row.time <= newest - range.rangeMs) {
        this.#from[r] = (this.#from[r] as number) + 1
        continue
      }
      if (range.subtracts) {
        range.openRow(batch, this.#parts.context)
        range.add()
      }
    }
    this.#leaveBehind(newest)
    return index
  }

  /** Forgets rows at or before `bound`. */
  forget(bound: number): void {
    let count = 0
    while (count < this.#rows.length && (this.#rows[count] as RollingRow).time <= bound) count += 1
    if (count === 0) return
    for (const [r, range] of this.#parts.ranges.entries()) {
      while ((this.#from[r] as number) < count) this.#takeFirst(r, range)
      this.#from[r] = (this.#from[r] as number) - count
    }
    this.#rows.splice(0, count)
  }

  /**
   * Makes the figures of the row at `index` stand ready in each range: those of the key's newest
   * time in its accumulators, others in its scratch. `see` is called per range.
   */
  figures(index: number, see: (range: RollingRange, ofScratch: boolean) => void): void {
    const row = this.#rows[index] as RollingRow
    const isNewest = index === this.lastIndex
    for (const range of this.#parts.ranges) {
      if (isNewest && range.subtracts) {
        range.openRow(this.#open(row), this.#parts.context)
        see(range, false)
        continue
      }
      for (let at = index; at >= 0; at--) {
        const one = this.#rows[at] as RollingRow
        if (one.time <= row.time - range.rangeMs) break
        range.openRow(this.#open(one), this.#parts.context)
        range.addToScratch()
      }
      see(range, true)
      range.clearScratch()
    }
  }

  #open(row: RollingRow): Batch {
    return this.#parts.oneRow.batch(row)
  }

  /** Rows that the newest time leaves behind. */
  #leaveBehind(newest: number): void {
    for (const [r, range] of this.#parts.ranges.entries()) {
      const bound = newest - range.rangeMs
      for (;;) {
        const row = this.#rows[this.#from[r] as number]
        if (row === undefined || row.time > bound) break
        this.#takeFirst(r, range)
      }
    }
  }

  #takeFirst(r: number, range: RollingRange): void {
    const at = this.#from[r] as number
    this.#from[r] = at + 1
    if (!range.subtracts) return
    range.openRow(this.#open(this.#rows[at] as RollingRow), this.#parts.context)
    range.take()
  }

  /** Index behind the last row with that time or an earlier one. */
  #indexAfter(time: number): number {
    let low = 0
    let high = this.#rows.length
    if (this.newest <= time) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#rows[middle] as RollingRow).time <= time) low = middle + 1
      else high = middle
    }
    return low
  }
}
