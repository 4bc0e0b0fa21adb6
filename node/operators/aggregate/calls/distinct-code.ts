/**
 * Exact distinct counts through a side table: one entry per (entry of the group, value), in the key
 * group of the group's key. All calls over one column share a table, so that `count_distinct(x)`
 * and its filtered forms cost one probe together.
 *
 * A side entry holds, on append input, bits: which calls have counted the value; on retract input a
 * count per call. The group's entry has a number (its id) that never moves, by which its values are
 * found; the counts themselves are words of the group's entry.
 *
 * Values that are numbers lie as doubles and are found by an index; bits then lie beside the slot
 * number, where other entries have null bits. Other values are found by lane B of their key hash,
 * mixed with the id. Data that outlives the process: tags of side entries are these mixes, or mixes of
 * numbers with fractions.
 */
import { GROUP_TEXT } from '../../../../shared/model/key-hash/key-hash.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import { equalBatchCode, memoCode, storeBatchCode } from '../../../state/entry-code.ts'
import {
  type EntryLayout,
  entryLayout,
  type EntrySpec,
  SLOT_BITS,
} from '../../../state/entry-layout.ts'
import { FLAT_TAG } from '../../../state/index/flat-table.ts'
import { isIndexable, mixText, searchText } from '../../../state/index/entry-index.ts'
import { functionCode } from '../../../state/keyed-table-code.ts'
import { PAGE_HEADER_WORDS } from '../../../state/page.ts'
import { indent } from './call-code.ts'

export interface DistinctCall {
  readonly index: number
  /** Text that is 1 when the row counts for the call, else 0; null for always. */
  readonly filter: string | null
  /** Offset of its count in the group's entry. */
  word: number
}

export interface DistinctGroup {
  /** Of the core's input. */
  readonly column: number
  readonly spec: ColumnSpec
  /** At most DISTINCT_CALLS_MAX. */
  readonly calls: DistinctCall[]
  readonly retracts: boolean
}

/** There are so many bits beside a slot number. */
export const DISTINCT_CALLS_MAX = 32 - SLOT_BITS

const ID: ColumnSpec = { path: '$id', type: { kind: 'integer' }, nullable: false, layout: 'f64' }

export function isNumeric({ spec }: DistinctGroup): boolean {
  return spec.layout === 'f64' || spec.layout === 'i32' || spec.layout === 'bool'
}

export function distinctSpec(group: DistinctGroup): EntrySpec {
  const value: ColumnSpec = { ...group.spec, nullable: false }
  if (!isNumeric(group)) {
    return { key: [ID, value], value: [], words: group.retracts ? group.calls.length : 1 }
  }
  const words = group.retracts ? group.calls.length : 0
  const key: ColumnSpec[] = [{ ...value, layout: 'f64' }, ID]
  return { key, value: [], words, isIndexed: true, indexesLanes: true }
}

/** Text that is false where the value is null at row i; null when it never is. */
export function presentDistinct({ spec, column }: DistinctGroup): string | null {
  if (spec.layout === 'any') return `c${column}.values[i] !== null`
  return spec.nullable ? `(n${column} === null || n${column}[i] === 0)` : null
}

/** Text of the bits of the calls that count row i. */
export function bitsText({ calls }: DistinctGroup): string {
  const bits = calls.map(({ filter }, k) => {
    if (filter === null) return String(1 << k)
    return k === 0 ? filter : `(${filter} << ${k})`
  })
  return bits.join(' | ')
}

/** Text of the value at row i: whole and other numbers with one zero. */
export function numberText({ spec, column }: DistinctGroup): string {
  return spec.layout === 'f64' ? `v${column}[i] + 0` : `v${column}[i]`
}

/** Text of the equality of two numbers. */
export function sameNumberText({ spec }: DistinctGroup, own: string, value: string): string {
  const equal = `${own} === ${value}`
  if (spec.type.kind !== 'number') return equal
  return `(${equal} || (${value} !== ${value} && ${own} !== ${own}))`
}

/**
 * The functions of group `d`: `addDistinct` counts a value for the calls of its bits and answers the
 * bits of those that had not counted it; `takeDistinct` takes it back and answers the bits of those
 * that no longer count it.
 */
export function distinctFunctions(group: DistinctGroup, d: number): string[] {
  return isNumeric(group) ? numberFunctions(group, d) : valueFunctions(group, d)
}

/** Lines of a loop over entries `e` for all calls over one column. `back` takes the row back. */
export function distinctLines(
  group: DistinctGroup,
  d: number,
  options: { readonly back: boolean; readonly idWord: number },
): string[] {
  const groupText = `(${GROUP_TEXT})`
  const changed = distinctCall(group, d, {
    back: options.back,
    group: groupText,
    id: `f64[e + ${options.idWord}]`,
    table: `T.beside[${d}]`,
  })
  const sign = options.back ? '-' : '+'
  const present = presentDistinct(group)
  const lines = [
    `const changed = ${changed}`,
    `if (changed !== 0) {`,
    ...group.calls.map(
      (call, k) => `  if ((changed & ${1 << k}) !== 0) f64[e + ${call.word}] ${sign}= 1`,
    ),
    `}`,
  ]
  return [`{`, `  const p = ${bitsText(group)}`, ...indent(whenText(group, present, lines)), `}`]
}

function whenText(group: DistinctGroup, present: string | null, lines: string[]): string[] {
  const isAlways = group.calls.some((call) => call.filter === null)
  const tests = [...(isAlways ? [] : [`p !== 0`]), ...(present === null ? [] : [present])]
  return tests.length === 0 ? lines : [`if (${tests.join(' && ')}) {`, ...indent(lines), `}`]
}

/** Text of the call that adds row i or takes it back, with the bits `p`. */
export function distinctCall(
  group: DistinctGroup,
  d: number,
  place: {
    readonly back: boolean
    readonly group: string
    readonly id: string
    readonly table: string
  },
): string {
  const name = place.back ? `takeDistinct${d}` : `addDistinct${d}`
  const value = isNumeric(group) ? numberText(group) : `laneD${d}[i], distinct${d}, i`
  return `${name}(${place.table}, ${place.group}, ${place.id}, p, ${value})`
}

const STEP_ID = 0x9e3779b1 | 0
const STEP_HIGH = 0x85ebca6b | 0
const STEP_VALUE = 0xc2b2ae35 | 0
const STEP_LAST = 0x27d4eb2f

/** Whether an index goes by the numbers themselves: then nobody needs their mix as a tag. */
export function isWhole(group: DistinctGroup): boolean {
  return isIndexable(entryLayout(distinctSpec(group)).key.map(({ spec }) => spec))
}

/** The mix of an id and a number with fractions; never 0. */
function mixFunction(d: number): string[] {
  return [
    `const float${d} = new Float64Array(1), halves${d} = new Int32Array(float${d}.buffer)`,
    ...functionCode(`mixDistinct${d}(id, v)`, [
      `float${d}[0] = v`,
      `const word = v === v ? halves${d}[0] ^ Math.imul(halves${d}[1], ${STEP_HIGH}) : 1`,
      `let b = Math.imul(word ^ Math.imul(id | 0, ${STEP_ID}), ${STEP_VALUE})`,
      `b = Math.imul(b ^ (b >>> 15), ${STEP_LAST})`,
      `b ^= b >>> 13`,
      `return b === 0 ? 1 : b`,
    ]),
  ]
}

function numberFunctions(group: DistinctGroup, d: number): string[] {
  const layout = entryLayout(distinctSpec(group))
  return [
    ...(isWhole(group) ? [] : mixFunction(d)),
    ...functionCode(`insertDistinct${d}(D, g, id, v)`, [
      `const x = D.insertBare(g, ${isWhole(group) ? FLAT_TAG : `mixDistinct${d}(id, v)`}), f64 = D.arena.f64`,
      `f64[x + ${idAt(layout)}] = id`,
      `f64[x + ${valueAt(layout)}] = v`,
      `D.index.put(x)`,
      `return x`,
    ]),
    ...functionCode(`findDistinct${d}(D, g, id, v)`, [
      `const f64 = D.arena.f64, i32 = D.arena.i32`,
      `const { at, mask, shift } = D.index`,
      `for (${searchText(mixNumberText(group, d))}; ; s = (s + 1) & mask) {`,
      `  const x = i32[at + s]`,
      `  if (x === 0 || (${hitNumberText(group, layout)})) return x`,
      `}`,
    ]),
    ...functionCode(`addDistinct${d}(D, g, id, p, v)`, [
      `let x = findDistinct${d}(D, g, id, v)`,
      `if (x === 0) x = insertDistinct${d}(D, g, id, v)`,
      ...addBitsLines(group, layout),
    ]),
    ...takeFunction(group, layout, {
      signature: `takeDistinct${d}(D, g, id, p, v)`,
      find: `findDistinct${d}(D, g, id, v)`,
    }),
  ]
}

/** Text of the mix by which the index finds the value `v` of group `id`: as that of the entry. */
export function mixNumberText(group: DistinctGroup, d: number): string {
  if (!isWhole(group)) return `mixDistinct${d}(id, v)`
  const { key } = entryLayout(distinctSpec(group))
  return mixText(
    key,
    ({ spec }) => (spec === ID ? 'id' : 'v'),
    () => 'false',
  )
}

/** Text that is true for the side entry `x` of `id` and `v`. */
export function hitNumberText(group: DistinctGroup, layout: EntryLayout): string {
  const isValue = sameNumberText(group, `f64[x + ${valueAt(layout)}]`, 'v')
  return `${isValue} && f64[x + ${idAt(layout)}] === id`
}

export function idAt({ key }: EntryLayout): number {
  return key.find(({ spec }) => spec === ID)?.word ?? 1
}

export function valueAt({ key }: EntryLayout): number {
  return key.find(({ spec }) => spec !== ID)?.word ?? 2
}

function valueFunctions(group: DistinctGroup, d: number): string[] {
  const layout = entryLayout(distinctSpec(group))
  const values = layout.key.slice(1)
  const prefix = `distinct${d}`
  const hit = `f64[x + ${idAt(layout)}] === id && hitDistinct${d}(D, x, cs, i)`
  return [
    ...memoCode(values, prefix),
    ...functionCode(`hitDistinct${d}(T, e, cs, i)`, equalBatchCode(values, prefix)),
    ...functionCode(
      `storeDistinct${d}(T, e, cs, i)`,
      storeBatchCode(values, { prefix, replace: false }),
    ),
    ...functionCode(`mixDistinct${d}(id, lane)`, [
      `let b = Math.imul(lane ^ Math.imul(id, ${STEP_ID}), 668265263)`,
      `b ^= b >>> 15`,
      `return b === 0 ? 1 : b`,
    ]),
    ...functionCode(`findDistinct${d}(D, g, id, lane, cs, i)`, [
      `const b = mixDistinct${d}(id, lane)`,
      ...probeLines(layout, hit),
    ]),
    ...functionCode(`addDistinct${d}(D, g, id, p, lane, cs, i)`, [
      `let x = findDistinct${d}(D, g, id, lane, cs, i)`,
      `if (x === 0) {`,
      `  x = D.insertBare(g, mixDistinct${d}(id, lane))`,
      `  D.arena.f64[x + ${idAt(layout)}] = id`,
      `  storeDistinct${d}(D, x, cs, i)`,
      `}`,
      ...addBitsLines(group, layout),
    ]),
    ...takeFunction(group, layout, {
      signature: `takeDistinct${d}(D, g, id, p, lane, cs, i)`,
      find: `findDistinct${d}(D, g, id, lane, cs, i)`,
    }),
  ]
}

/** Answers the entry with tag `b` in key group `g` for which `hit` is true, or 0. */
function probeLines(layout: EntryLayout, hit: string): string[] {
  return [
    `let d = D.directory[g]`,
    `if (d < 0) d = D.splitPage(d, b)`,
    `if (d === 0) return 0`,
    `const f64 = D.arena.f64, i32 = D.arena.i32`,
    `const mask = (1 << (d & 15)) - 1, first = (d & -16) + ${PAGE_HEADER_WORDS}`,
    `let s = b & mask`,
    `for (;;) {`,
    `  const x = first + Math.imul(s, ${layout.entryWords})`,
    `  const tag = i32[x * 2]`,
    `  if (tag === b && ${hit}) return x`,
    `  if (tag === 0) return 0`,
    `  s = (s + 1) & mask`,
    `}`,
  ]
}

/** Where the bits of a side entry lie: in a word of their own, or beside its slot number. */
function addBitsLines(group: DistinctGroup, layout: EntryLayout): string[] {
  if (group.retracts) {
    const open = [`const f64 = D.arena.f64`, `D.markDirty(x)`]
    return [...open, ...addCountLines(group, layout, 'x'), `return changed`]
  }
  const word = `f64[x + ${layout.wordsAt}]`
  const seen = isNumeric(group) ? SEEN : word
  return [
    isNumeric(group) ? `const i32 = D.arena.i32` : `const f64 = D.arena.f64`,
    `const changed = p & ~${seen}`,
    `if (changed !== 0) {`,
    `  ${isNumeric(group) ? SEE : `${word} += changed`}`,
    `  D.markDirty(x)`,
    `}`,
    `return changed`,
  ]
}

/** Bits of the calls that have counted the number of side entry `x`; the line that adds those of `changed`. */
export const SEEN = `(i32[x * 2 + 1] >> ${SLOT_BITS})`
export const SEE = `i32[x * 2 + 1] |= changed << ${SLOT_BITS}`

/** Lines that count for the calls of `p` and leave in `changed` which count the value for the first time. */
export function addCountLines(group: DistinctGroup, layout: EntryLayout, x: string): string[] {
  return [
    `let changed = 0`,
    ...group.calls.map((_, k) => {
      const count = `f64[${x} + ${layout.wordsAt + k}]`
      return `if ((p & ${1 << k}) !== 0) { if (${count} === 0) changed |= ${1 << k}; ${count} += 1 }`
    }),
  ]
}

function takeFunction(
  group: DistinctGroup,
  layout: EntryLayout,
  { signature, find }: { readonly signature: string; readonly find: string },
): string[] {
  if (!group.retracts) return []
  const counts = group.calls.map((_, k) => `f64[x + ${layout.wordsAt + k}]`)
  return functionCode(signature, [
    `const x = ${find}`,
    `if (x === 0) return 0`,
    `const f64 = D.arena.f64`,
    `let changed = 0`,
    ...counts.map(
      (count, k) =>
        `if ((p & ${1 << k}) !== 0 && ${count} > 0) { ${count} -= 1; if (${count} === 0) changed |= ${1 << k} }`,
    ),
    `D.markDirty(x)`,
    `if (${counts.map((count) => `${count} === 0`).join(' && ')}) D.remove(x)`,
    `return changed`,
  ])
}
