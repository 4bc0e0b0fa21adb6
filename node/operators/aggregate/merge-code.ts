/**
 * The text of the loops that add the entries of one table to those of another, or take them out.
 *
 * Where entries hold only numbers and an index finds them, the loop over a table does both in place;
 * else it calls `merge` per entry.
 */
import { type EntryLayout, SLOT_MASK } from '../../state/entry-layout.ts'
import { mixFromText, sameKeysText, searchText } from '../../state/index/entry-index.ts'
import { PAGE_CAPACITY_LOG2, PAGE_DIRTY, PAGE_GROUP, PAGE_HEADER_WORDS } from '../../state/page.ts'
import { type AggregateShape, callCodeOf } from './aggregate-shape.ts'
import { indent } from './calls/call-code.ts'
import { VIEWS } from './row-code.ts'

const FROM_VIEWS = `let g64 = S.arena.f64, j32 = S.arena.i32`

/** The index of table `t` in constants of the loop: it does not change while nothing is inserted. */
export function openIndex(t: string): string[] {
  return [`const index = ${t}.index.at, shift = ${t}.index.shift, mask = ${t}.index.mask`]
}

/** Marks the page of an entry, which its slot number names. */
export function dirtyEntryText({ entryWords }: EntryLayout, entry: string): string {
  const first = `${entry} - Math.imul(i32[${entry} * 2 + 1] & ${SLOT_MASK}, ${entryWords})`
  return `i32[(${first}) * 2 - ${PAGE_HEADER_WORDS * 2 - PAGE_DIRTY}] = 1`
}

export function mergeLines(shape: AggregateShape): string[] {
  return [VIEWS, FROM_VIEWS, ...addEntryLines(shape)]
}

export function unmergeLines(shape: AggregateShape): string[] {
  return [VIEWS, FROM_VIEWS, ...takeEntryLines(shape)]
}

export function addEntryLines(shape: AggregateShape): string[] {
  const rows = shape.countsRows ? [`f64[e + ${shape.rowsAt}] += g64[f + ${shape.rowsAt}]`] : []
  return [
    ...rows,
    ...shape.calls.flatMap(({ site, chosen }) => callCodeOf(chosen)?.merge(site) ?? []),
  ]
}

export function takeEntryLines(shape: AggregateShape): string[] {
  const rows = shape.countsRows ? [`f64[e + ${shape.rowsAt}] -= g64[f + ${shape.rowsAt}]`] : []
  return [
    ...rows,
    ...shape.calls.flatMap(({ site, chosen }) => callCodeOf(chosen)?.unmerge?.(site) ?? []),
  ]
}

/** Whether entries are numbers that an index finds. */
export function mergesInPlace({ isIndexed, calls }: AggregateShape): boolean {
  return isIndexed && calls.every(({ chosen }) => chosen.kind === 'code' && !chosen.valueSlot)
}

/**
 * Every entry of S into T, or out of it. S and T may share an arena. Answers how many entries of T
 * were left without rows: in place they stay, for the caller to see to.
 */
export function mergeAllLines(shape: AggregateShape, out: boolean): string[] {
  return mergesInPlace(shape) ? mergeInPlaceLines(shape, out) : mergeEachLines(shape, out)
}

/** Over the slots of every page of S; `body` sees the entry `f` and its lane `b`. */
function overEntries(shape: AggregateShape, body: readonly string[]): string[] {
  const { entryWords } = shape.layout
  return [
    `for (const page of S.pages()) {`,
    `  const header = S.arena.i32, group = header[page * 2 + ${PAGE_GROUP}]`,
    `  const end = page + ${PAGE_HEADER_WORDS} + (${entryWords} << header[page * 2 + ${PAGE_CAPACITY_LOG2}])`,
    `  for (let f = page + ${PAGE_HEADER_WORDS}; f < end; f += ${entryWords}) {`,
    ...indent(indent(body)),
    `  }`,
    `}`,
  ]
}

function mergeEachLines(shape: AggregateShape, out: boolean): string[] {
  const absent = out ? [`continue`] : [`e = T.insertFrom(group, S, f)`, `init(T, e)`]
  const gone =
    out && shape.rowsAt >= 0 ? [`if (T.arena.f64[e + ${shape.rowsAt}] === 0) T.remove(e)`] : []
  return overEntries(shape, [
    `const b = S.arena.i32[f * 2]`,
    `if (b === 0) continue`,
    `let e = T.ops.locateFrom(T, group, b, S, f)`,
    `if (e === 0) {`,
    ...indent(absent),
    `}`,
    `${out ? 'unmerge' : 'merge'}(T, e, S, f)`,
    `T.markDirty(e)`,
    ...gone,
  ]).concat(`return 0`)
}

function mergeInPlaceLines(shape: AggregateShape, out: boolean): string[] {
  const { layout, rowsAt } = shape
  const open = [`index = T.index.at, shift = T.index.shift, mask = T.index.mask`]
  const views = [`f64 = T.arena.f64; i32 = T.arena.i32; g64 = S.arena.f64; j32 = S.arena.i32`]
  const absent = out
    ? [`continue`]
    : [`e = T.insertFrom(group, S, f)`, `init(T, e)`, ...open, ...views]
  return [
    VIEWS,
    FROM_VIEWS,
    `let ${open[0]}, emptied = 0`,
    ...overEntries(shape, [
      `if (j32[f * 2] === 0) continue`,
      ...(out || rowsAt < 0 ? [] : [`if (g64[f + ${rowsAt}] <= 0) continue`]),
      `let e = 0`,
      searchText(mixFromText(layout.key)),
      `for (; ; s = (s + 1) & mask) {`,
      `  e = i32[index + s]`,
      `  if (e === 0 || (${sameKeysText(layout.key)})) break`,
      `}`,
      `if (e === 0) {`,
      ...indent(absent),
      `}`,
      ...(out ? takeEntryLines(shape) : addEntryLines(shape)),
      dirtyEntryText(layout, 'e'),
      ...(out && rowsAt >= 0 ? [`if (f64[e + ${rowsAt}] === 0) emptied += 1`] : []),
    ]),
    `return emptied`,
  ]
}
