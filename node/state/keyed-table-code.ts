/**
 * The generated part of a keyed table: finding, comparing and moving keys and values is compiled per
 * layout, making room for entries is the same for all.
 */
import { factoryOf } from '../../shared/base/generated-code.ts'
import type { Column } from '../../shared/model/batch.ts'
import { GROUP_TEXT, hashBytes, SEED_TEXT, textHash } from '../../shared/model/key-hash/key-hash.ts'
import { dictionaryImage } from '../../shared/model/key-hash/key-hash-dictionary.ts'
import type { ColumnWriter } from './column-writer.ts'
import {
  copyEntryCode,
  ENTRY_LIBRARY_NAMES,
  equalBatchCode,
  equalEntryCode,
  memoCode,
  openImage,
  readEntryCode,
  storeBatchCode,
} from './entry-code.ts'
import {
  findFromCode,
  findLaneCode,
  findRowCode,
  isIndexable,
  sameKeysText,
} from './index/entry-index.ts'
import {
  laneMix,
  mixCode,
  placeAllCode,
  placeCode,
  unplaceCode,
  valueMix,
} from './index/index-code.ts'
import type { IndexOps } from './index/table-index.ts'
import { type EntryLayout, entryLayout, type EntrySlot, type EntrySpec } from './entry-layout.ts'
import { PAGE_HEADER_WORDS } from './page.ts'
import type { Pages } from './pages.ts'
import { sameBytes, sameValue } from './same-value.ts'

/** What an index does (IndexOps) is there only for tables that have one. */
export interface TableOps extends IndexOps<Pages> {
  locate(T: Pages, a: number, b: number, cs: readonly Column[], i: number): number
  locateFrom(T: Pages, group: number, b: number, S: Pages, f: number): number
  storeKey(T: Pages, e: number, cs: readonly Column[], i: number): void
  storeValue(T: Pages, e: number, cs: readonly Column[], i: number): void
  replaceValue(T: Pages, e: number, cs: readonly Column[], i: number): void
  sameValues(T: Pages, e: number, cs: readonly Column[], i: number): boolean
  copyKey(T: Pages, e: number, S: Pages, f: number): void
  copyValue(T: Pages, e: number, S: Pages, f: number): void
  readKey(T: Pages, e: number, ws: readonly ColumnWriter[], r: number): void
  readValue(T: Pages, e: number, ws: readonly ColumnWriter[], r: number): void
}

/** A layout with its compiled code; all tables of one state share it. */
export interface CompiledTable {
  readonly layout: EntryLayout
  readonly ops: TableOps
  /** Whether its tables have an index in front of their pages. */
  readonly isIndexed: boolean
  /** Whether its tables are placed by the hash of their keys, index or not. */
  readonly isHashed: boolean
}

export function compileKeyedTable(spec: EntrySpec): CompiledTable {
  const layout = entryLayout(spec)
  const byValues = spec.isIndexed === true && isIndexable(spec.key, spec.indexesTexts === true)
  const byLanes = !byValues && spec.indexesLanes === true
  const isIndexed = byValues || byLanes
  const make = factoryOf(['lib'], tableCode(layout, { byValues, byLanes }))
  const ops = make({ dictionaryImage, laneOfText, sameBytes, sameValue }) as TableOps
  return { layout, ops, isIndexed, isHashed: !isIndexed || spec.isHashed === true }
}

/** Lane A of the text of a cell: what an index of its table mixes. */
// oxlint-disable-next-line max-params -- called by generated code, where an object would cost
function laneOfText(table: Pages, entry: number, word: number): number {
  const start = table.textStart(entry, word)
  const length = table.arena.i32[word * 2 + 1] as number
  hashBytes(SEED_TEXT, table.arena.u8, start, start + length)
  return textHash.a
}

interface IndexKind {
  readonly byValues: boolean
  readonly byLanes: boolean
}

function tableCode(layout: EntryLayout, { byValues, byLanes }: IndexKind): string {
  const { key, value } = layout
  const mix = byValues ? valueMix(key) : laneMix
  const isWhole = isIndexable(key.map((slot) => slot.spec))
  const probe = (group: string, hit: string): string[] =>
    byLanes ? findLaneCode(hit) : probeCode(layout, group, hit)
  return [
    `const { ${ENTRY_LIBRARY_NAMES}, laneOfText } = lib`,
    ...memoCode(key, 'key'),
    ...memoCode(value, 'value'),
    ...(byValues ? laneCode(key) : []),
    ...functionCode('hitKey(T, e, cs, i)', equalBatchCode(key, 'key')),
    ...functionCode('hitFrom(T, e, S, f)', equalEntryCode(key)),
    ...functionCode(
      'locate(T, a, b, cs, i)',
      byValues ? findRowCode(key, 'hitKey(T, e, cs, i)') : probe(GROUP_TEXT, 'hitKey(T, e, cs, i)'),
    ),
    ...functionCode(
      'locateFrom(T, group, b, S, f)',
      byValues
        ? findFromCode(key, isWhole ? `(${sameKeysText(key)})` : 'hitFrom(T, e, S, f)')
        : probe('group', 'hitFrom(T, e, S, f)'),
    ),
    ...functionCode(
      'storeKey(T, e, cs, i)',
      storeBatchCode(key, { prefix: 'key', replace: false }),
    ),
    ...functionCode(
      'storeValue(T, e, cs, i)',
      storeBatchCode(value, { prefix: 'value', replace: false }),
    ),
    ...functionCode(
      'replaceValue(T, e, cs, i)',
      storeBatchCode(value, { prefix: 'value', replace: true }),
    ),
    ...functionCode('sameValues(T, e, cs, i)', equalBatchCode(value, 'value')),
    ...functionCode('copyKey(T, e, S, f)', copyEntryCode(key)),
    ...functionCode('copyValue(T, e, S, f)', copyEntryCode(value)),
    ...functionCode('readKey(T, e, ws, r)', readEntryCode(key)),
    ...functionCode('readValue(T, e, ws, r)', readEntryCode(value)),
    ...functionCode('mix(T, e)', mixCode(mix)),
    ...functionCode('place(T, e)', placeCode(mix)),
    ...functionCode('placeAll(T, pages)', placeAllCode(mix, layout.entryWords)),
    ...functionCode('unplace(T, e)', unplaceCode(mix)),
    `return { locate, locateFrom, storeKey, storeValue, replaceValue, sameValues, copyKey, copyValue, readKey, readValue, mix, place, placeAll, unplace }`,
  ].join('\n')
}

/** Functions that answer lane A of a text of a key column, which its dictionary remembers. */
function laneCode(key: readonly EntrySlot[]): string[] {
  return key.flatMap((slot, index) =>
    slot.spec.layout === 'dict'
      ? functionCode(`keyLane${index}(c, i)`, [
          ...openImage(index, 'key'),
          `return keyImage${index}.hashA[code]`,
        ])
      : [],
  )
}

export function functionCode(signature: string, body: readonly string[]): string[] {
  return [`function ${signature} {`, ...body.map((line) => `  ${line}`), `}`]
}

function probeCode(layout: EntryLayout, group: string, hit: string): string[] {
  return [
    `let d = T.directory[${group}]`,
    `if (d < 0) d = T.splitPage(d, b)`,
    `if (d === 0) return 0`,
    `const mask = (1 << (d & 15)) - 1, first = (d & -16) + ${PAGE_HEADER_WORDS}`,
    `const i32 = T.arena.i32`,
    `let s = b & mask`,
    `for (;;) {`,
    `  const e = first + Math.imul(s, ${layout.entryWords})`,
    `  const tag = i32[e * 2]`,
    `  if (tag === b && ${hit}) return e`,
    `  if (tag === 0) return 0`,
    `  s = (s + 1) & mask`,
    `}`,
  ]
}
