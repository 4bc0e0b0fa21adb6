/**
 * How an entry of a page lies in memory, in words of 8 bytes:
 *
 *   word 0            tag (lane B; 0 = empty) as i32; slot number in its page (12 bits) and null
 *                     bits 0–19 as i32, the caller's where no column can be null
 *   more null words   only with more than 20 nullable columns
 *   key words         one per key column
 *   value words       one per value column
 *   extra words       mutable f64, the caller's
 *
 * A value word holds a number (f64), an i32 (i32, bool), offset and length in the byte area of the
 * page as two i32 (utf8, dict, bytes), or the handle of an object as i32 (any).
 */
import type { ColumnSpec } from '../../shared/model/layout.ts'

export interface EntrySlot {
  readonly spec: ColumnSpec
  /** Offset in the entry. */
  readonly word: number
  /** Index of its null bit; -1 when it cannot be null. */
  readonly nullBit: number
}

export interface EntryLayout {
  readonly key: readonly EntrySlot[]
  readonly value: readonly EntrySlot[]
  /** Offset of the extra words, and how many. */
  readonly wordsAt: number
  readonly words: number
  readonly entryWords: number
  readonly hasStrings: boolean
  readonly hasObjects: boolean
}

export interface EntrySpec {
  readonly key: readonly ColumnSpec[]
  readonly value: readonly ColumnSpec[]
  readonly words: number
  /** Null bits to make room for at least, so that the keys of two layouts lie at the same place. */
  readonly nullableMin?: number
  /** Whether entries are found by an index in front of the pages, where the key allows it. */
  readonly isIndexed?: boolean
  /** Whether that index also serves keys with texts of dictionaries. */
  readonly indexesTexts?: boolean
  /** Whether an index goes by lane B of the key's hash where it cannot go by values. */
  readonly indexesLanes?: boolean
  /** Whether entries are placed by their hash although an index finds them: for `entryOfTag`. */
  readonly isHashed?: boolean
}

/** An entry names its slot, so that its page is found without a pointer. */
export const SLOT_BITS = 12
export const SLOT_MASK = (1 << SLOT_BITS) - 1
const NULL_BITS_FIRST = 32 - SLOT_BITS
const NULL_BITS_PER_WORD = 64

export function entryLayout(spec: EntrySpec): EntryLayout {
  const columns = [...spec.key, ...spec.value]
  const hasStrings = columns.some((column) => isText(column))
  const nullable = Math.max(nullableCount(columns), spec.nullableMin ?? 0)
  const nullWords = Math.ceil(Math.max(0, nullable - NULL_BITS_FIRST) / NULL_BITS_PER_WORD)
  let word = 1 + nullWords
  let nullBit = 0
  const place = (column: ColumnSpec): EntrySlot => ({
    spec: column,
    word: word++,
    nullBit: canBeNull(column) ? nullBit++ : -1,
  })
  const key = spec.key.map(place)
  const value = spec.value.map(place)
  return {
    key,
    value,
    wordsAt: word,
    words: spec.words,
    entryWords: word + spec.words,
    hasStrings,
    hasObjects: columns.some((column) => column.layout === 'any'),
  }
}

export function nullableCount(columns: readonly ColumnSpec[]): number {
  return columns.filter((column) => canBeNull(column)).length
}

export function isText(column: ColumnSpec): boolean {
  return column.layout === 'utf8' || column.layout === 'dict' || column.layout === 'bytes'
}

/** A null in an `any` column is the object null. */
function canBeNull(column: ColumnSpec): boolean {
  return column.nullable && column.layout !== 'any'
}

/** Where a null bit lies: index into the entry as i32, and the mask. */
export function nullPlace(bit: number): { readonly half: number; readonly mask: number } {
  if (bit < NULL_BITS_FIRST) return { half: 1, mask: 1 << (bit + SLOT_BITS) }
  const beyond = bit - NULL_BITS_FIRST
  return { half: 2 + (beyond >> 5), mask: 1 << (beyond & 31) }
}
