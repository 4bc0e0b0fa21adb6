/**
 * Lines of generated loops that find the entries of many rows: `seek` reads the pages of a stretch of
 * rows ahead, so that the misses of their memory overlap, and the loop then probes from there.
 *
 * Names: `x` the probe (KeyProbe), `T` the table, `ks` the key columns, `i` the row. What `seek`
 * found is good until the shape of the table changes (PageDirectory.shape).
 */
import { GROUP_TEXT } from '../../../shared/model/key-hash/key-hash.ts'
import { equalBatchCode, memoCode } from '../../state/entry-code.ts'
import { functionCode } from '../../state/keyed-table-code.ts'
import { PAGE_HEADER_WORDS } from '../../state/page.ts'
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
    ...indent([
      `const mask = (1 << (d & 15)) - 1`,
      `let s = b & mask`,
      `for (;;) {`,
      ...indent([
        `const at = page + ${PAGE_HEADER_WORDS} + Math.imul(s, ${shape.layout.entryWords})`,
        `const tag = i32[at * 2]`,
        `if (tag === b && ${hitText(shape)}) { e = at; break }`,
        `if (tag === 0) break`,
        `s = (s + 1) & mask`,
      ]),
      `}`,
    ]),
    `}`,
  ]
}
