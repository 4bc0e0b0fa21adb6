/**
 * The front of a window: a value of the first order column that n of its rows have or exceed. Of
 * appended rows without a key those below it are never among the best, so that most batches are seen
 * off by one loop over two columns.
 *
 * Owns: the front of the window that was asked about last, as a word of the order (larger is better).
 */
import type { Batch } from '../../../shared/model/batch.ts'
import { EVENT_TIME, type OrderColumn } from './row-order.ts'

/** With more rows to keep than this, looking for the n-th best word costs more than it saves. */
export const FRONT_ROWS_MAX = 64
const NO_ROWS = new Int32Array(0)

type Numbers = Float64Array | Int32Array | Uint8Array

/** Times of a window: from `start` to before `end`. */
export interface FrontTimes {
  readonly start: number
  readonly end: number
}

export class WindowFront {
  readonly #order: OrderColumn
  readonly #n: number
  /** End of its window; NaN without a front. */
  end = Number.NaN
  #least = Number.NEGATIVE_INFINITY

  /** `order`: the first column of the order, which has a word; `n` at most FRONT_ROWS_MAX. */
  constructor(order: OrderColumn, n: number) {
    this.#order = order
    this.#n = n
  }

  /** Whether all rows of a batch lie in the window and below its front. */
  isAbove(batch: Batch, { start, end }: FrontTimes): boolean {
    const values = this.#valuesOf(batch)
    if (values === null) return false
    const { eventTime, length } = batch
    const sign = this.#order.descending ? 1 : -1
    const least = this.#least
    for (let row = 0; row < length; row++) {
      const time = eventTime[row] as number
      const word = sign * (values[row] as number)
      if (!(word < least && time >= start && time < end)) return false
    }
    return true
  }

  /**
   * Rows of the window, by their words: those that may be among the best by the first column of the
   * order alone. Null where it does not tell.
   */
  rowsOf(words: Float64Array, length: number, end: number): Int32Array | null {
    const n = this.#n
    if (length <= n) return null
    const least = end === this.end ? this.#least : Number.NEGATIVE_INFINITY
    const front = frontOf(words, { length, n, least })
    if (front === null) return null
    this.end = end
    this.#least = front.least
    return front.rows
  }

  #valuesOf(batch: Batch): Numbers | null {
    const { column } = this.#order
    if (column === EVENT_TIME) return batch.eventTime
    const found = batch.columns[column]
    if (found?.layout !== 'f64' && found?.layout !== 'i32' && found?.layout !== 'bool') return null
    return found.nulls === null ? found.values : null
  }
}

/**
 * The rows whose word is among the n best or equals the n-th, where n rows before have `least` or
 * more; with them the next `least`. Null where a word is not a number.
 */
function frontOf(
  words: Float64Array,
  { length, n, least: before }: { length: number; n: number; least: number },
): { rows: Int32Array; least: number } | null {
  const best = new Float64Array(n).fill(before)
  let least = before
  let isHit = false
  for (let row = 0; row < length; row++) {
    const word = words[row] as number
    if (word < least) continue
    if (word !== word) return null
    isHit = true
    if (word === least) continue
    let at = n - 1
    for (; at > 0 && (best[at - 1] as number) < word; at--) best[at] = best[at - 1] as number
    best[at] = word
    least = best[n - 1] as number
  }
  if (!isHit) return { rows: NO_ROWS, least }
  const rows = new Int32Array(length)
  let count = 0
  for (let row = 0; row < length; row++) if ((words[row] as number) >= least) rows[count++] = row
  return { rows: rows.subarray(0, count), least }
}
