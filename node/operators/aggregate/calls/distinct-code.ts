/**
 * Exact distinct counts through a side table: one entry per (entry of the group, value), in the key
 * group of the group's key. All calls over one column share a table, so that `count_distinct(x)`
 * and its filtered forms cost one probe together.
 *
 * A side entry holds, on append input, one word of bits: which calls have counted the value; on
 * retract input a count per call. The group's entry has a number (its id) that never moves, by which
 * its values are found; the counts themselves are words of the group's entry.
 */
import { GROUP_TEXT } from '../../../../shared/model/key-hash/key-hash.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import { equalBatchCode, memoCode, storeBatchCode } from '../../../state/entry-code.ts'
import { type EntryLayout, entryLayout, type EntrySpec } from '../../../state/entry-layout.ts'
import { functionCode } from '../../../state/keyed-table-code.ts'
import { PAGE_HEADER_WORDS } from '../../../state/page.ts'
import { indent } from './call-code.ts'

export interface DistinctCall {
  readonly index: number
  /** Text that is true when the row counts for the call; null for always. */
  readonly filter: string | null
  /** Offset of its count in the group's entry. */
  word: number
}

export interface DistinctGroup {
  /** Of the core's input. */
  readonly column: number
  readonly spec: ColumnSpec
  readonly calls: DistinctCall[]
}

const ID: ColumnSpec = { path: '$id', type: { kind: 'integer' }, nullable: false, layout: 'f64' }
/** Bits fit the whole part of a double; more calls take counts. */
const BITS_MAX = 31

export function usesCounts(group: DistinctGroup, retracts: boolean): boolean {
  return retracts || group.calls.length > BITS_MAX
}

export function distinctSpec(group: DistinctGroup, retracts: boolean): EntrySpec {
  const words = usesCounts(group, retracts) ? group.calls.length : 1
  return { key: [ID, { ...group.spec, nullable: false }], value: [], words }
}

/** The functions that find and make a side entry; `d` is the number of the group. */
export function distinctFunctions(group: DistinctGroup, d: number, retracts: boolean): string[] {
  const layout = entryLayout(distinctSpec(group, retracts))
  const values = layout.key.slice(1)
  const prefix = `distinct${d}`
  return [
    ...memoCode(values, prefix),
    ...functionCode(`hitDistinct${d}(T, e, cs, i)`, equalBatchCode(values, prefix)),
    ...functionCode(
      `storeDistinct${d}(T, e, cs, i)`,
      storeBatchCode(values, { prefix, replace: false }),
    ),
    ...functionCode(`findDistinct${d}(T, g, b, id, cs, i)`, findLines(layout, d)),
  ]
}

function findLines(layout: EntryLayout, d: number): string[] {
  const idWord = layout.key[0]?.word ?? 1
  return [
    `let d = T.directory[g]`,
    `if (d < 0) d = T.splitPage(d, b)`,
    `const f64 = T.arena.f64, i32 = T.arena.i32`,
    `if (d !== 0) {`,
    `  const mask = (1 << (d & 15)) - 1, first = (d & -16) + ${PAGE_HEADER_WORDS}`,
    `  let s = b & mask`,
    `  for (;;) {`,
    `    const e = first + Math.imul(s, ${layout.entryWords})`,
    `    const tag = i32[e * 2]`,
    `    if (tag === b && f64[e + ${idWord}] === id && hitDistinct${d}(T, e, cs, i)) return e`,
    `    if (tag === 0) break`,
    `    s = (s + 1) & mask`,
    `  }`,
    `}`,
    `return 0`,
  ]
}

/** Lines of the loop for all calls over one column. `back` takes the row back. */
export function distinctLines(
  group: DistinctGroup,
  d: number,
  options: { readonly retracts: boolean; readonly back: boolean; readonly idWord: number },
): string[] {
  const layout = entryLayout(distinctSpec(group, options.retracts))
  const counts = usesCounts(group, options.retracts)
  const filters = group.calls.map(
    (call, k) => `${call.filter === null ? '' : `if (${call.filter}) `}p |= ${1 << k}`,
  )
  const present =
    group.spec.nullable && group.spec.layout !== 'any'
      ? ` && (n${group.column} === null || n${group.column}[i] === 0)`
      : group.spec.layout === 'any'
        ? ` && c${group.column}.values[i] !== null`
        : ''
  const idWord = layout.key[0]?.word ?? 1
  return [
    `{`,
    ...indent([
      `let p = 0`,
      ...filters,
      `if (p !== 0${present}) {`,
      ...indent([
        `const D = T.beside[${d}], id = f64[e + ${options.idWord}], cs = distinct${d}`,
        `let b2 = Math.imul(laneD${d}[i] ^ Math.imul(id, -1640531527), 668265263)`,
        `b2 ^= b2 >>> 15`,
        `if (b2 === 0) b2 = 1`,
        `const g2 = ${GROUP_TEXT}`,
        `let x = findDistinct${d}(D, g2, b2, id, cs, i)`,
        `if (x === 0${options.back ? ' && false' : ''}) {`,
        `  x = D.insertBare(g2, b2)`,
        `  D.arena.f64[x + ${idWord}] = id`,
        `  storeDistinct${d}(D, x, cs, i)`,
        `}`,
        ...(counts ? countLines(group, layout, options.back) : bitLines(group, layout)),
      ]),
      `}`,
    ]),
    `}`,
  ]
}

function bitLines(group: DistinctGroup, layout: EntryLayout): string[] {
  return [
    `const seen = D.arena.f64[x + ${layout.wordsAt}] | 0, fresh = p & ~seen`,
    `if (fresh !== 0) {`,
    `  D.arena.f64[x + ${layout.wordsAt}] = seen | fresh`,
    `  D.markDirty(x)`,
    ...group.calls.map((call, k) => `  if ((fresh & ${1 << k}) !== 0) f64[e + ${call.word}] += 1`),
    `}`,
  ]
}

function countLines(group: DistinctGroup, layout: EntryLayout, back: boolean): string[] {
  const at = (k: number) => `D.arena.f64[x + ${layout.wordsAt + k}]`
  if (!back) {
    return [
      `D.markDirty(x)`,
      ...group.calls.map(
        (call, k) =>
          `if ((p & ${1 << k}) !== 0) { if (${at(k)} === 0) f64[e + ${call.word}] += 1; ${at(k)} += 1 }`,
      ),
    ]
  }
  const all = group.calls.map((_, k) => `${at(k)} === 0`).join(' && ')
  return [
    `if (x !== 0) {`,
    `  D.markDirty(x)`,
    ...group.calls.map(
      (call, k) =>
        `  if ((p & ${1 << k}) !== 0 && ${at(k)} > 0) { ${at(k)} -= 1; if (${at(k)} === 0) f64[e + ${call.word}] -= 1 }`,
    ),
    `  if (${all}) D.remove(x)`,
    `}`,
  ]
}
