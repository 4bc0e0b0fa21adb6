/**
 * The order that decides ties (`top`, `keep: last`, `min_by`, `max_by`, `first`, `last`): by the
 * canonical bytes of the values, column by column, smaller first. It depends on the values alone,
 * never on arrival, so that results are equal at any parallelism.
 *
 * Null comes before every value; numbers (and dates, timestamps, decimals) go by size; false before
 * true; strings and bytes by their bytes, strings in UTF-8; anything else by its canonical text.
 */
import { canonicalText } from './canonical-text.ts'

/** Negative when `a` comes first. Both are internal values of the same type. */
export function compareCanonical(a: unknown, b: unknown): number {
  if (a === b) return 0
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : -1
  if (b === null || b === undefined) return 1
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b)
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : 1
  if (typeof a === 'boolean' && typeof b === 'boolean') return a ? 1 : -1
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  return compareText(canonicalText(a), canonicalText(b))
}

export function compareCanonicalRows(a: readonly unknown[], b: readonly unknown[]): number {
  for (let index = 0; index < a.length; index++) {
    const order = compareCanonical(a[index], b[index])
    if (order !== 0) return order
  }
  return 0
}

/** One zero; NaN after every number. */
function compareNumbers(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

/** As UTF-8 bytes would: surrogate pairs come after the rest of the first plane. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const one = a.charCodeAt(at)
    const other = b.charCodeAt(at)
    if (one !== other) return byteOrder(one) - byteOrder(other)
  }
  return a.length - b.length
}

function byteOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
