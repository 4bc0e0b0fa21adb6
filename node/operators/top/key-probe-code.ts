/**
 * Lines of generated loops that find the entries of many rows: `seek` reads the pages of a stretch of
 * rows ahead, so that the misses of their memory overlap, and the loop then probes from there.
 *
 * Names: `x` the probe (KeyProbe), `T` the table, `ks` the key columns, `i` the row. What `seek`
 * found is good until the shape of the table changes (GroupPages.shape).
 */
import { GROUP_TEXT } from '../../../shared/model/key-hash/key-hash.ts'
import { equalBatchCode, memoCode, setNull } from '../../state/entry-code.ts'
import { isText } from '../../state/entry-layout.ts'
import { functionCode } from '../../state/keyed-table-code.ts'
import { PAGE_COUNT, PAGE_DIRTY, PAGE_HEADER_WORDS, PAGE_VERSION } from '../../state/page.ts'
import { indent } from '../aggregate/calls/call-code.ts'
import { hitText, type KeyShape } from '../aggregate/key-code.ts'

/** Rows that are sought ahead: their entries stay in the nearest cache until the loop comes. */
export const SEEK_ROWS = 256

/** What loops over keyed rows read of a batch. */
export interface KeyProbe {
  laneA: Int32Array
  laneB: Int32Array
  /** By row: the element of the directory. */
  elements: Int32Array
  /** Keeps the reads of `seek` from being left out. */
  seen: number
}

/** The functions `hitKey` and `seek(x, T, from, to)`. */
export function seekFunctions({ layout }: KeyShape): string[] {
  return [
    ...memoCode(layout.key, 'key'),
    ...functionCode('hitKey(T, e, cs, i)', equalBatchCode(layout.key, 'key')),
    ...functionCode('seek(x, T, from, to)', [
      `const laneA = x.laneA, laneB = x.laneB, elements = x.elements`,
      `const directory = T.directory, splits = T.splits, i32 = T.arena.i32`,
      `let seen = 0`,
      `for (let i = from; i < to; i++) {`,
      `  const a = laneA[i], b = laneB[i]`,
      `  let d = directory[${GROUP_TEXT}]`,
      `  if (d < 0) {`,
      `    const table = splits[-1 - d]`,
      `    d = table[b >>> (Math.clz32(table.length) + 1)]`,
      `  }`,
      `  elements[i] = d`,
      `  const home = (d & -16) + ${PAGE_HEADER_WORDS} + Math.imul(b & ((1 << (d & 15)) - 1), ${layout.entryWords})`,
      `  seen ^= i32[home * 2] ^ i32[(home + ${layout.entryWords - 1}) * 2]`,
      `}`,
      `x.seen = seen`,
    ]),
  ]
}

/** Lines that define `page` and `e`, the entry of row i or 0, in a loop over sought rows. */
export function probeLines(shape: KeyShape): string[] {
  return [
    `const b = laneB[i], d = elements[i], page = d & -16`,
    `let e = 0`,
    `if (d !== 0) {`,
    ...indent(probeLoop(shape, [`break`])),
    `}`,
  ]
}

/** Whether the loop may make entries itself: their keys are numbers, which need no other room. */
export function canInsert({ layout }: KeyShape): boolean {
  return layout.key.every(({ spec }) => !isText(spec) && spec.layout !== 'any')
}

/**
 * As probeLines, but a row without an entry gets one, and `isNew` says so; the loop stops at row i
 * where its page has no room. Only for tables without an index. As KeyedTable.insert otherwise.
 */
export function probeOrInsertLines(shape: KeyShape): string[] {
  const insert = [
    `const used = i32[page * 2 + ${PAGE_COUNT}] + 1`,
    `if (used * 4 > (mask + 1) * 3) return i`,
    `i32[page * 2 + ${PAGE_COUNT}] = used`,
    `i32[page * 2 + ${PAGE_VERSION}] += 1`,
    `i32[page * 2 + ${PAGE_DIRTY}] = 1`,
    `i32[at * 2] = b`,
    `i32[at * 2 + 1] = s`,
    `T.size += 1`,
    `isNew = true`,
    `e = at`,
    ...storeKeyLines(shape),
    `break`,
  ]
  return [
    `const b = laneB[i], d = elements[i], page = d & -16`,
    `if (d === 0) return i`,
    `let e = 0, isNew = false`,
    ...probeLoop(shape, insert),
  ]
}

function probeLoop(shape: KeyShape, absent: readonly string[]): string[] {
  return [
    `const mask = (1 << (d & 15)) - 1`,
    `let s = b & mask`,
    `for (;;) {`,
    ...indent([
      `const at = page + ${PAGE_HEADER_WORDS} + Math.imul(s, ${shape.layout.entryWords})`,
      `const tag = i32[at * 2]`,
      `if (tag === b && ${hitText(shape)}) { e = at; break }`,
      `if (tag === 0) {`,
      ...indent(absent),
      `}`,
      `s = (s + 1) & mask`,
    ]),
    `}`,
  ]
}

/** The words of an unused entry are zeros. */
function storeKeyLines({ layout, core }: KeyShape): string[] {
  return layout.key.map((slot, index) => {
    const column = core.key[index] ?? 0
    const store =
      slot.spec.layout === 'f64'
        ? `f64[e + ${slot.word}] = v${column}[i] + 0`
        : `i32[(e + ${slot.word}) * 2] = v${column}[i]`
    if (slot.nullBit < 0) return store
    return `if (n${column} !== null && n${column}[i] === 1) ${setNull(slot)}; else ${store}`
  })
}
