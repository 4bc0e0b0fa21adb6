/**
 * Strings out of utf8 columns, for generated loops: made only for the rows that need one.
 *
 * A column whose text is ASCII is decoded in one call at the first use, and rows are cut out of
 * that string, at about a tenth of the cost of a call per row. Text with other characters, and
 * columns whose rows lie far apart in their bytes, are decoded row by row.
 */
import type { Utf8Column } from './batch.ts'
import { bufferOf, isAscii, readUtf8 } from './text/utf8.ts'

/** Beyond so many bytes per row, decoding the whole range costs more than single calls. */
const RANGE_BYTES_PER_ROW_MAX = 96

/** The text of one utf8 column of one batch of `length` rows. */
export class ColumnText {
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array
  readonly #buffer: Buffer
  readonly #length: number
  /** The decoded range from `#base` on; null where rows are decoded one by one. */
  #whole: string | null = null
  #base = 0
  #isRead = false

  constructor(column: Utf8Column, length: number) {
    this.#starts = column.starts
    this.#ends = column.ends
    this.#buffer = bufferOf(column.bytes)
    this.#length = length
  }

  at(row: number): string {
    if (!this.#isRead) this.#read()
    const start = this.#starts[row] as number
    const end = this.#ends[row] as number
    if (this.#whole !== null) return this.#whole.substring(start - this.#base, end - this.#base)
    return readUtf8(this.#buffer, start, end)
  }

  #read(): void {
    this.#isRead = true
    let low = Infinity
    let high = 0
    for (let row = 0; row < this.#length; row++) {
      const start = this.#starts[row] as number
      const end = this.#ends[row] as number
      if (start < low) low = start
      if (end > high) high = end
    }
    if (high - low > this.#length * RANGE_BYTES_PER_ROW_MAX) return
    if (low >= high || !isAscii(this.#buffer, low, high)) return
    this.#whole = this.#buffer.toString('latin1', low, high)
    this.#base = low
  }
}

/** Whether a row's bytes are exactly `text`. */
export function equalsBytes(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[start + index] !== text[index]) return false
  }
  return true
}

/** Whether a row has the same text in two columns. */
export function equalsRows(left: Utf8Column, right: Utf8Column, row: number): boolean {
  const leftStart = left.starts[row] as number
  const rightStart = right.starts[row] as number
  const length = (left.ends[row] as number) - leftStart
  if ((right.ends[row] as number) - rightStart !== length) return false
  for (let index = 0; index < length; index++) {
    if (left.bytes[leftStart + index] !== right.bytes[rightStart + index]) return false
  }
  return true
}
