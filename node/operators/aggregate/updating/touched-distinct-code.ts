/**
 * The loops that count the distinct values of a batch, one per column, after the loop that found the
 * groups: rows know their group by its number, so that nothing here depends on where entries lie.
 * What a batch adds to a count is gathered in `deltas` and added when the group is emitted.
 *
 * Numbers are found and put in place, without calls: the loop stops only where a page or the index has
 * no room.
 * Side tables are mostly larger than caches: some rows ahead, a loop of loads alone makes the
 * processor fetch the places of many values at once.
 */
import { entryLayout, SLOT_MASK } from '../../../state/entry-layout.ts'
import { FLAT_TAG } from '../../../state/index/flat-table.ts'
import { functionCode } from '../../../state/keyed-table-code.ts'
import { insertText } from '../../../state/insert-code.ts'
import { searchText } from '../../../state/index/entry-index.ts'
import { PAGE_DIRTY, PAGE_HEADER_WORDS } from '../../../state/page.ts'
import type { AggregateShape } from '../aggregate-shape.ts'
import { indent } from '../calls/call-code.ts'
import {
  addCountLines,
  bitsText,
  distinctCall,
  type DistinctGroup,
  distinctSpec,
  hitNumberText,
  idAt,
  isWhole,
  isNumeric,
  mixNumberText,
  numberText,
  presentDistinct,
  SEE,
  SEEN,
} from '../calls/distinct-code.ts'
import { openIndex } from '../merge-code.ts'
import { openColumns } from '../row-code.ts'

/** Number of a group's first count among the deltas of a touched group. */
export function deltaOf(shape: AggregateShape, d: number): number {
  return shape.distinct.slice(0, d).reduce((sum, group) => sum + group.calls.length, 0)
}

export function distinctCallCount(shape: AggregateShape): number {
  return deltaOf(shape, shape.distinct.length)
}

export function touchedDistinctFunctions(shape: AggregateShape): string[] {
  const { distinct } = shape
  return [
    ...distinct.flatMap((group, d) =>
      functionCode(
        `runDistinct${d}(batch, G, D, from, to)`,
        isNumeric(group) ? numberLines(shape, group, d) : valueLines(shape, group, d),
      ),
    ),
    ...functionCode(
      'countDistinct(batch, G, T, to)',
      distinct.flatMap((group, d) => [
        `G.ready = 0`,
        `for (let i = runDistinct${d}(batch, G, T.beside[${d}], 0, to); i < to; i = runDistinct${d}(batch, G, T.beside[${d}], i, to)) {`,
        ...(isNumeric(group) ? indent(growLines(shape, group, d)) : []),
        `}`,
      ]),
    ),
  ]
}

/** Row i has a new value, and its page or the index has no room: an entry that no call counts. */
function growLines(shape: AggregateShape, group: DistinctGroup, d: number): string[] {
  return [
    `const t = G.numbers[i], c${group.column} = batch.columns[${group.column}]`,
    `const v${group.column} = c${group.column}.values`,
    `insertDistinct${d}(T.beside[${d}], G.keyGroups[t], G.ids[t], ${numberText(group)})`,
  ]
}

function openLines(shape: AggregateShape): string[] {
  return [
    `const columns = batch.columns, kinds = batch.kinds`,
    ...openColumns(shape),
    `const numbers = G.numbers, ids = G.ids, keyGroups = G.keyGroups, deltas = G.deltas`,
  ]
}

/** Leaves the bits of row i in `p`, its group's id in `id`; passes over rows that count nothing. */
function rowLines(shape: AggregateShape, group: DistinctGroup): string[] {
  const present = presentDistinct(group)
  const isAlways = group.calls.some((call) => call.filter === null)
  return [
    `const t = numbers[i]`,
    ...(shape.options.retracts ? [`if (t < 0) continue`] : []),
    ...(present === null ? [] : [`if (!${present}) continue`]),
    `const p = ${bitsText(group)}`,
    ...(isAlways ? [] : [`if (p === 0) continue`]),
    `const id = ids[t]`,
  ]
}

/** What a call per row needs to find the side entry. */
const PLACE = { group: 'keyGroups[t]', id: 'id', table: 'D' } as const

/** A row that takes back. */
function backLines(shape: AggregateShape, group: DistinctGroup, d: number): string[] {
  if (!shape.options.retracts) return []
  return [
    `if (${IS_BACK}) {`,
    ...indent([
      `const changed = ${distinctCall(group, d, { ...PLACE, back: true })}`,
      ...changedLines(shape, d, '-'),
      `continue`,
    ]),
    `}`,
  ]
}

const IS_BACK = `kinds !== null && (kinds[i] & 1) === 1`

/** Adds the bits of `changed` to the group's deltas. */
function changedLines(shape: AggregateShape, d: number, sign: '+' | '-'): string[] {
  const group = shape.distinct[d]
  const first = deltaOf(shape, d)
  return [
    `const o = t * ${distinctCallCount(shape)} + ${first}`,
    ...(group?.calls ?? []).map(
      (_, k) => `deltas[o + ${k}] ${sign}= ${k === 0 ? 'changed & 1' : `(changed >> ${k}) & 1`}`,
    ),
  ]
}

/** Values that are no numbers: a call per row. */
function valueLines(shape: AggregateShape, group: DistinctGroup, d: number): string[] {
  return [
    ...openLines(shape),
    `for (let i = from; i < to; i++) {`,
    ...indent([
      ...rowLines(shape, group),
      ...backLines(shape, group, d),
      `const changed = ${distinctCall(group, d, { ...PLACE, back: false })}`,
      ...changedLines(shape, d, '+'),
    ]),
    `}`,
    `return to`,
  ]
}

function numberLines(shape: AggregateShape, group: DistinctGroup, d: number): string[] {
  return [
    ...openLines(shape),
    `const f64 = D.arena.f64, i32 = D.arena.i32`,
    ...openIndex('D'),
    `const T = D, firsts = D.firsts, places = D.index, tags = G.tags`,
    `let ready = G.ready, sum = 0`,
    `for (let i = from; i < to; i++) {`,
    ...indent([
      ...fetchLines(group, d),
      ...rowLines(shape, group),
      `const v = ${numberText(group)}`,
      ...backLines(shape, group, d),
      ...probeLines(group),
      ...countLines(shape, group, d),
    ]),
    `}`,
    ...leaveLines('to'),
  ]
}

function leaveLines(row: string): string[] {
  return [
    `G.ready = ready`,
    `G.sum = sum`, // so that the loads are not left out
    `return ${row}`,
  ]
}

const ROWS_AHEAD = 128

/** The mixes of the next rows, and a load of the first place of each and of the entry that stands there. */
function fetchLines(group: DistinctGroup, d: number): string[] {
  const layout = entryLayout(distinctSpec(group))
  return [
    `if (i >= ready) {`,
    ...indent([
      `ready = Math.min(i + ${ROWS_AHEAD}, to)`,
      `for (let j = i; j < ready; j++) {`,
      ...indent([
        `const id = ids[Math.max(numbers[j], 0)], v = ${numberText(group).replaceAll('[i]', '[j]')}`,
        searchText(mixNumberText(group, d)).replace('let ', 'const '),
        `tags[j] = mixed`,
        `const x = i32[index + s]`,
        // It may lie across two cache lines.
        `sum ^= i32[x * 2] ^ i32[x * 2 + ${layout.entryWords * 2 - 1}]`,
      ]),
      `}`,
    ]),
    `}`,
  ]
}

/** Leaves the side entry of (id, v) in `x`, a new one where there is room; else leaves the loop. */
function probeLines(group: DistinctGroup): string[] {
  const layout = entryLayout(distinctSpec(group))
  return [
    `let x = 0`,
    searchText('tags[i]'),
    `for (; ; s = (s + 1) & mask) {`,
    ...indent([`x = i32[index + s]`, `if (x === 0 || (${hitNumberText(group, layout)})) break`]),
    `}`,
    `if (x === 0) {`,
    ...indent([
      `let e = 0`,
      ...insertText({
        layout,
        known: { group: PLACE.group, tag: isWhole(group) ? String(FLAT_TAG) : 'mixed' },
        lanes: [],
        hasLanes: false,
        value: ({ word }) => (word === idAt(layout) ? 'id' : 'v'),
        isNull: () => 'false',
        otherwise: leaveLines('i'),
      }),
      `x = e`,
    ]),
    `}`,
  ]
}

function countLines(shape: AggregateShape, group: DistinctGroup, d: number): string[] {
  const layout = entryLayout(distinctSpec(group))
  const page = `(x - ${PAGE_HEADER_WORDS} - Math.imul(i32[x * 2 + 1] & ${SLOT_MASK}, ${layout.entryWords}))`
  const dirty = `i32[${page} * 2 + ${PAGE_DIRTY}] = 1`
  if (group.retracts) {
    return [dirty, ...addCountLines(group, layout, 'x'), ...changedLines(shape, d, '+')]
  }
  return [
    `const changed = p & ~${SEEN}`,
    `if (changed !== 0) {`,
    ...indent([SEE, dirty, ...changedLines(shape, d, '+')]),
    `}`,
  ]
}
