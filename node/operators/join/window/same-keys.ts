/**
 * Compares two columns row by row, as keys are compared: one zero, one NaN. Clears the byte of rows
 * that differ. Nulls do not come here: rows with a null in their key meet nobody.
 */
import type { BytesColumn, Column, DictColumn, Utf8Column } from '../../../../shared/model/batch.ts'
import { valueAt } from '../../../../shared/model/column-value.ts'
import { sameBytes, sameValue } from '../../../state/same-value.ts'

/** Answers how many rows that had a byte lost it. */
// oxlint-disable-next-line max-params -- two columns, how many rows, and where they are marked
export function unmarkDifferent(
  left: Column,
  right: Column,
  count: number,
  marks: Uint8Array,
): number {
  if (left.layout === 'f64' && right.layout === 'f64') {
    return unmarkNumbers(left.values, right.values, count, marks)
  }
  if (left.layout === 'dict' && right.layout === 'dict') {
    return unmarkCodes(left, right, count, marks)
  }
  if (left.layout === 'utf8' && right.layout === 'utf8') {
    return unmarkBytes(left, right, count, marks)
  }
  if (left.layout === 'bytes' && right.layout === 'bytes') {
    return unmarkBytes(left, right, count, marks)
  }
  return unmarkValues(left, right, count, marks)
}

// oxlint-disable-next-line max-params -- as unmarkDifferent
function unmarkNumbers(
  left: Float64Array,
  right: Float64Array,
  count: number,
  marks: Uint8Array,
): number {
  let lost = 0
  for (let at = 0; at < count; at++) {
    const one = left[at] as number
    const other = right[at] as number
    if (one === other || (Number.isNaN(one) && Number.isNaN(other))) continue
    lost += marks[at] as number
    marks[at] = 0
  }
  return lost
}

/** Codes say all where both have one dictionary, unless a text stands in it twice. */
// oxlint-disable-next-line max-params -- as unmarkDifferent
function unmarkCodes(
  left: DictColumn,
  right: DictColumn,
  count: number,
  marks: Uint8Array,
): number {
  const { values: lefts } = left.dictionary
  const { values: rights } = right.dictionary
  const isShared = lefts === rights
  let lost = 0
  for (let at = 0; at < count; at++) {
    const one = left.codes[at] as number
    const other = right.codes[at] as number
    if ((isShared && one === other) || lefts[one] === rights[other]) continue
    lost += marks[at] as number
    marks[at] = 0
  }
  return lost
}

// oxlint-disable-next-line max-params -- as unmarkDifferent
function unmarkBytes(
  left: Utf8Column | BytesColumn,
  right: Utf8Column | BytesColumn,
  count: number,
  marks: Uint8Array,
): number {
  let lost = 0
  for (let at = 0; at < count; at++) {
    const start = left.starts[at] as number
    const length = (left.ends[at] as number) - start
    const from = right.starts[at] as number
    const isSame =
      length === (right.ends[at] as number) - from &&
      sameBytes(left.bytes, start, right.bytes, from, length)
    if (isSame) continue
    lost += marks[at] as number
    marks[at] = 0
  }
  return lost
}

/** Rare layouts, and text that each side holds in another one. */
// oxlint-disable-next-line max-params -- as unmarkDifferent
function unmarkValues(left: Column, right: Column, count: number, marks: Uint8Array): number {
  let lost = 0
  for (let at = 0; at < count; at++) {
    if (sameValue(valueAt(left, at), valueAt(right, at))) continue
    lost += marks[at] as number
    marks[at] = 0
  }
  return lost
}
