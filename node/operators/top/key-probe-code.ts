/**
 * Lines of generated loops that find the entries of many rows: `seek` reads the index and the entries
 * of a stretch of rows ahead, so that the misses of their memory overlap, and the loop probes from there.
 *
 * Names: `x` the probe (KeyProbe), `T` the table, `ks` the key columns, `i` the row. What `seek`
 * found is good until the index of the table grows (TableIndex.at).
 */
import { equalBatchCode, memoCode } from '../../state/entry-code.ts'
import type { EntrySpec } from '../../state/entry-layout.ts'
import { isIndexable, mixText, searchText } from '../../state/index/entry-index.ts'
import { canInsert, insertText, OPEN_INSERT, textKeyFunctions } from '../../state/insert-code.ts'
import { functionCode } from '../../state/keyed-table-code.ts'
import { indent } from '../aggregate/calls/call-code.ts'
import { hitText, type KeyShape, nullText } from '../aggregate/key-code.ts'
import { dirtyEntryText, openIndex } from '../aggregate/merge-code.ts'

/** Rows that are sought ahead: their entries stay in the nearest cache until the loop comes. */
export const SEEK_ROWS = 256

/** What a table needs for these loops: an index by values, or by hashes where values do not serve. */
export const PROBED: Pick<EntrySpec, 'isIndexed' | 'indexesLanes'> = {
  isIndexed: true,
  indexesLanes: true,
}

/** What loops over keyed rows read of a batch. */
export interface KeyProbe {
  laneA: Int32Array
  laneB: Int32Array
  /** By row: the slot of the index where its key may stand first. */
  homes: Int32Array
  /** Keeps the reads of `seek` from being left out. */
  seen: number
}

/** The functions `hitKey` and `seek(x, T, from, to)`; `open` defines the columns of the key. */
export function seekFunctions(shape: KeyShape, open: readonly string[]): string[] {
  const { key, entryWords } = shape.layout
  return [
    ...memoCode(key, 'key'),
    ...functionCode('hitKey(T, e, cs, i)', equalBatchCode(key, 'key')),
    ...functionCode('seek(x, T, from, to)', [
      ...(byValues(shape) ? open : [`const laneB = x.laneB`]),
      ...openIndex('T'),
      `const homes = x.homes, i32 = T.arena.i32`,
      `let seen = 0`,
      `for (let i = from; i < to; i++) {`,
      `  ${searchText(mixOf(shape))}`,
      `  homes[i] = s`,
      `  const e = i32[index + s]`,
      `  seen ^= i32[e * 2] ^ i32[(e + ${entryWords - 1}) * 2]`,
      `}`,
      `x.seen = seen`,
    ]),
    ...textKeyFunctions(shape.layout),
  ]
}

/** In front of a loop over sought rows. */
export const OPEN_PROBES = [
  ...openIndex('T'),
  OPEN_INSERT,
  `const laneA = x.laneA, laneB = x.laneB, homes = x.homes`,
]

/** Lines that define `e`, the entry of row i or 0, in a loop over sought rows. */
export function probeLines(shape: KeyShape): string[] {
  const hit = hitText(shape)
  return [
    `let e = 0, s = homes[i]`,
    `for (; ; s = (s + 1) & mask) {`,
    `  const at = i32[index + s]`,
    `  if (at === 0) break`,
    `  if (${byValues(shape) ? hit : `i32[at * 2] === laneB[i] && ${hit}`}) { e = at; break }`,
    `}`,
  ]
}

/**
 * As probeLines, but a row without an entry gets one, and then comes `made`; the loop stops at row i
 * where that takes memory.
 */
export function probeOrInsertLines(shape: KeyShape, made: readonly string[]): string[] {
  const stop = [`return i`]
  return [
    ...probeLines(shape),
    `if (e === 0) {`,
    ...indent(canInsert(shape.layout) ? [...makeLines(shape, stop), ...made] : stop),
    `}`,
  ]
}

function makeLines(shape: KeyShape, stop: readonly string[]): string[] {
  const column = (index: number): number => shape.core.key[index] ?? 0
  const lanes = [`const a = laneA[i], b = laneB[i]`]
  const hasLanes = !byValues(shape)
  return [
    ...(hasLanes ? lanes : []),
    ...insertText({
      layout: shape.layout,
      lanes,
      hasLanes,
      value: (_, index) => `v${column(index)}[i]`,
      isNull: (_, index) => nullText(column(index)),
      otherwise: stop,
    }),
  ]
}

/** The page of entry `e` has changed. */
export function dirtyLine({ layout }: KeyShape): string {
  return dirtyEntryText(layout, 'e')
}

function byValues({ layout }: KeyShape): boolean {
  return isIndexable(layout.key.map(({ spec }) => spec))
}

function mixOf(shape: KeyShape): string {
  if (!byValues(shape)) return `laneB[i]`
  const column = (index: number): number => shape.core.key[index] ?? 0
  return mixText(
    shape.layout.key,
    (_, index) => `v${column(index)}[i]`,
    (_, index) => nullText(column(index)),
  )
}
