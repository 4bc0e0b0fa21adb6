/**
 * Text that makes the entry of a key that is absent inside the loop that looked for it, as
 * KeyedTable.insert would: it takes a place (R1–R4), writes the key and puts the entry into the index.
 * Where that takes memory, it stops before it has changed anything, so that the views of a loop stay.
 *
 * Names in the text: `T` a table that is not hashed, `i` the row, `f64`, `i32`, `index`, `mask` its
 * views and index, `s` the slot of the index at which the search ended, `e` the entry that is made;
 * for keys with texts `ks` the columns of the key, and the functions of `textKeyFunctions`.
 */
import { GROUP_TEXT } from '../../shared/model/key-hash/key-hash.ts'
import { bytesCode, setNull, storeBatchCode } from './entry-code.ts'
import { type EntryLayout, type EntrySlot, isText } from './entry-layout.ts'
import { FLAT_TAG } from './index/flat-table.ts'
import { functionCode } from './keyed-table-code.ts'
import {
  PAGE_AREA_BYTES,
  PAGE_AREA_USED,
  PAGE_CAPACITY_LOG2,
  PAGE_COUNT,
  PAGE_DIRTY,
  PAGE_FREE_HEAD,
  PAGE_HEADER_WORDS,
  PAGE_NEXT,
  PAGE_SLOTS_USED,
  PAGE_VERSION,
} from './page.ts'

export interface NewKey {
  readonly layout: EntryLayout
  /** Texts of the key group and the tag, where both are known; instead of lanes. */
  readonly known?: { readonly group: string; readonly tag: string }
  /** Lines that leave the lanes of the key in `a` and `b`; no flat table asks for them. */
  readonly lanes: readonly string[]
  /** Whether the index goes by lanes: then `a` and `b` are there, and flat tables have tags. */
  readonly hasLanes: boolean
  /** Texts of the value of a column of the key at row i, and of whether it is null. */
  readonly value: (slot: EntrySlot, index: number) => string
  readonly isNull: (slot: EntrySlot, index: number) => string
  /** Instead, where there is no room. */
  readonly otherwise: readonly string[]
}

/** Whether a loop can make entries: their keys have no objects. */
export function canInsert({ key }: EntryLayout): boolean {
  return key.every(({ spec }) => spec.layout !== 'any')
}

/** What a loop calls for a key with texts, beside the memos of its columns (memoCode). */
export function textKeyFunctions(layout: EntryLayout): string[] {
  const { key } = layout
  if (!hasTexts(layout)) return []
  return [
    ...functionCode('keyBytes(cs, i)', bytesCode(key, 'key')),
    ...functionCode(
      'storeKey(T, e, cs, i)',
      storeBatchCode(key, { prefix: 'key', replace: false }),
    ),
  ]
}

/** In front of the loop. */
export const OPEN_INSERT = `const firsts = T.firsts, places = T.index, isFlat = T.isFlat`

/** Leaves the new entry in `e`. Who writes more of it finds zeros. */
export function insertText(key: NewKey): string[] {
  const { layout } = key
  return [
    ...groupLines(key),
    `const page = firsts[group], header = page * 2`,
    `const used = i32[header + ${PAGE_COUNT}] + 1, capacity = 1 << i32[header + ${PAGE_CAPACITY_LOG2}]`,
    ...(hasTexts(layout)
      ? [
          `const area = i32[header + ${PAGE_AREA_USED}] + keyBytes(ks, i)`,
          `if (page === 0 || used > capacity || places.room === 0 || area > i32[header + ${PAGE_AREA_BYTES}]) {`,
        ]
      : [`if (page === 0 || used > capacity || places.room === 0) {`]),
    ...key.otherwise.map((line) => `  ${line}`),
    `}`,
    `const free = i32[header + ${PAGE_FREE_HEAD}]`,
    `let place = free - 1`,
    `if (free === 0) {`,
    `  place = i32[header + ${PAGE_SLOTS_USED}]`,
    `  i32[header + ${PAGE_SLOTS_USED}] = place + 1`,
    `}`,
    `e = page + ${PAGE_HEADER_WORDS} + Math.imul(place, ${layout.entryWords})`,
    `if (free !== 0) i32[header + ${PAGE_FREE_HEAD}] = i32[e * 2 + 1]`,
    `i32[e * 2] = tag`,
    `i32[e * 2 + 1] = place`,
    `i32[header + ${PAGE_COUNT}] = used`,
    `i32[header + ${PAGE_VERSION}] += 1`,
    `i32[header + ${PAGE_DIRTY}] = 1`,
    `if (used === capacity) firsts[group] = i32[header + ${PAGE_NEXT}]`,
    `T.size += 1`,
    ...storeText(key),
    `places.room -= 1`,
    `i32[index + s] = e`,
  ]
}

function groupLines({ known, lanes, hasLanes }: NewKey): string[] {
  if (known !== undefined) return [`const group = ${known.group}, tag = ${known.tag}`]
  if (hasLanes) return [`const tag = b, group = isFlat ? 0 : ${GROUP_TEXT}`]
  return [
    `let group = 0, tag = ${FLAT_TAG}`,
    `if (!isFlat) {`,
    ...lanes.map((line) => `  ${line}`),
    `  group = ${GROUP_TEXT}`,
    `  tag = b`,
    `}`,
  ]
}

function storeText(key: NewKey): string[] {
  if (hasTexts(key.layout)) return [`storeKey(T, e, ks, i)`]
  return key.layout.key.flatMap((slot, index) => storeLines(key, slot, index))
}

function storeLines(key: NewKey, slot: EntrySlot, index: number): string[] {
  const value = key.value(slot, index)
  const store =
    slot.spec.layout === 'f64'
      ? `f64[e + ${slot.word}] = ${value} + 0`
      : `i32[(e + ${slot.word}) * 2] = ${value}`
  if (slot.nullBit < 0) return [store]
  return [`if (${key.isNull(slot, index)}) ${setNull(slot)}`, `else ${store}`]
}

function hasTexts({ key }: EntryLayout): boolean {
  return key.some(({ spec }) => isText(spec))
}
