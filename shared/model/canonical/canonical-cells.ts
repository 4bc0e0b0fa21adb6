/**
 * The canonical order (canonical-order.ts) of values as they lie in columns: texts are compared byte
 * by byte where they are, without a string of them.
 */
import { unreachable } from '../../base/assert.ts'
import type { BytesColumn, Column, DictColumn, Utf8Column } from '../batch.ts'
import { valueAt } from '../column-value.ts'
import { compareCanonical, compareText } from './canonical-order.ts'

/** Negative when the value of `a` comes first. Neither is null, and both are of one type. */
// oxlint-disable-next-line max-params -- two rows of two columns
export function compareCells(a: Column, rowA: number, b: Column, rowB: number): number {
  switch (a.layout) {
    case 'f64':
    case 'i32':
    case 'bool':
      if (b.layout !== a.layout) break
      return compareNumbers(a.values[rowA] as number, b.values[rowB] as number)
    case 'utf8':
    case 'bytes':
      if (b.layout !== a.layout) break
      return compareBytes(a, rowA, b, rowB)
    case 'dict':
      if (b.layout !== 'dict') break
      return compareCodes(a, rowA, b, rowB)
    case 'any':
      break
    default:
      return unreachable(a)
  }
  return compareCanonical(valueAt(a, rowA), valueAt(b, rowB))
}

/** One zero; NaN after every number. */
function compareNumbers(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

type Texts = Utf8Column | BytesColumn

// oxlint-disable-next-line max-params -- two rows of two columns
function compareBytes(a: Texts, rowA: number, b: Texts, rowB: number): number {
  const startA = a.starts[rowA] as number
  const startB = b.starts[rowB] as number
  const lengthA = (a.ends[rowA] as number) - startA
  const lengthB = (b.ends[rowB] as number) - startB
  const bytesA = a.bytes
  const bytesB = b.bytes
  if (bytesA === bytesB && startA === startB && lengthA === lengthB) return 0
  const length = Math.min(lengthA, lengthB)
  for (let at = 0; at < length; at++) {
    const order = (bytesA[startA + at] as number) - (bytesB[startB + at] as number)
    if (order !== 0) return order
  }
  return lengthA - lengthB
}

// oxlint-disable-next-line max-params -- two rows of two columns
function compareCodes(a: DictColumn, rowA: number, b: DictColumn, rowB: number): number {
  const codeA = a.codes[rowA] as number
  const codeB = b.codes[rowB] as number
  if (a.dictionary === b.dictionary && codeA === codeB) return 0
  return compareText(a.dictionary.values[codeA] ?? '', b.dictionary.values[codeB] ?? '')
}
