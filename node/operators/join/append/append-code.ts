/**
 * The loop that takes rows of one side into an append join: finds the key's entry, walks the list of
 * the other side, and puts the row at the head of the list of its own. One function per side.
 *
 * The loop makes no call that could change the arena of the keys: it stops at a row whose key is
 * missing, and the caller makes it. Names: `J` what is being worked (AppendRows), `T` the keys.
 */
import type { Column } from '../../../../shared/model/batch.ts'
import { factoryOf } from '../../../../shared/base/generated-code.ts'
import type { KeyedTable } from '../../../state/keyed-table.ts'
import { type EntryLayout, SLOT_MASK } from '../../../state/entry-layout.ts'
import { mixText, searchText } from '../../../state/index/entry-index.ts'
import type { KeptBatches } from '../../../state/kept/kept-batches.ts'
import { PAGE_DIRTY, PAGE_HEADER_WORDS } from '../../../state/page.ts'
import { LEFT, type Side } from '../pair-writer.ts'

/** The rows being worked, and the pairs that were found. */
export interface AppendRows {
  keys: readonly Column[]
  length: number
  laneA: Int32Array
  laneB: Int32Array
  times: Float64Array
  /** The number of row 0 among the kept ones of its side. */
  first: number
  own: KeptBatches
  other: KeptBatches
  /** Pairs: a row being worked, and a kept one of the other side. */
  rows: Int32Array
  refs: Int32Array
  count: number
  /** The loop stops between two rows once there are so many. */
  capacity: number
  /** Whether it stopped because a key is missing. */
  isMissing: boolean
  /** Larger arrays for pairs. */
  grow(): void
}

/** Works rows from `from` on; answers where it stopped. */
export type AppendLoop = (J: AppendRows, T: KeyedTable, from: number) => number

export interface AppendShape {
  readonly keys: KeyedTable
  readonly side: Side
  /** Bounds of right − left event time; null where any two rows may be a pair. */
  readonly bounds: { readonly lowMs: number; readonly highMs: number } | null
}

/** Heads of both lists, as two i32 of the entry's first word. */
export const HEAD_WORD = 0

export function compileAppendLoop(shape: AppendShape): AppendLoop {
  return factoryOf(['ops'], `return ${loopText(shape)}`)(shape.keys.ops) as AppendLoop
}

function loopText(shape: AppendShape): string {
  const { layout } = shape.keys
  const isIndexed = shape.keys.index !== null
  const own = `(e + ${layout.wordsAt + HEAD_WORD}) * 2 + ${shape.side === LEFT ? 0 : 1}`
  const other = `(e + ${layout.wordsAt + HEAD_WORD}) * 2 + ${shape.side === LEFT ? 1 : 0}`
  const isTimed = shape.bounds !== null
  return [
    `function appendRows(J, T, from) {`,
    `  const { length, first, own, other, times, capacity, keys } = J`,
    `  const f64 = T.arena.f64, i32 = T.arena.i32`,
    `  const ownMask = own.rowMask, ownBefore = own.before`,
    `  const otherMask = other.rowMask, otherBefore = other.before`,
    ...(isTimed
      ? [`  const otherTimes = other.times, ownFirst = own.first, otherFirst = other.first`]
      : []),
    `  let rows = J.rows, refs = J.refs, count = J.count, room = rows.length`,
    ...openKeys(layout, isIndexed),
    `  for (let i = from; i < length; i++) {`,
    ...findKey(layout, isIndexed).map((line) => `    ${line}`),
    `    if (e === 0) {`,
    `      J.count = count`,
    `      J.isMissing = true`,
    `      return i`,
    `    }`,
    `    const start = count`,
    ...(isTimed ? [`    const time = times[i]`] : []),
    `    let ref = i32[${other}]`,
    `    while (ref !== 0${isTimed ? ` && ((ref - otherFirst) | 0) >= 0` : ''}) {`,
    ...(isTimed ? timeTest(shape) : []),
    `      if (count === room) {`,
    `        J.grow()`,
    `        rows = J.rows`,
    `        refs = J.refs`,
    `        room = rows.length`,
    `      }`,
    `      rows[count] = i`,
    `      refs[count++] = ref`,
    ...(isTimed ? [`      }`] : []),
    `      ref = otherBefore[ref & otherMask]`,
    `    }`,
    // The list leads from the newest row to the oldest; pairs come out the other way round.
    `    for (let low = start, high = count - 1; low < high; low++, high--) {`,
    `      const swapped = refs[low]`,
    `      refs[low] = refs[high]`,
    `      refs[high] = swapped`,
    `    }`,
    `    const row = first + i, head = i32[${own}]`,
    isTimed
      ? `    ownBefore[row & ownMask] = ((head - ownFirst) | 0) >= 0 ? head : 0`
      : `    ownBefore[row & ownMask] = head`,
    `    i32[${own}] = row`,
    `    ${dirtyText(layout)}`,
    `    if (count >= capacity) {`,
    `      J.count = count`,
    `      return i + 1`,
    `    }`,
    `  }`,
    `  J.count = count`,
    `  return length`,
    `}`,
  ].join('\n')
}

function timeTest({ bounds, side }: AppendShape): string[] {
  const other = `otherTimes[ref & otherMask]`
  const ahead = side === LEFT ? `${other} - time` : `time - ${other}`
  return [
    `      const ahead = ${ahead}`,
    `      if (ahead >= ${bounds?.lowMs} && ahead <= ${bounds?.highMs}) {`,
  ]
}

function openKeys(layout: EntryLayout, isIndexed: boolean): string[] {
  if (!isIndexed) return [`  const { laneA, laneB } = J`]
  return [
    ...layout.key.map((_, index) => `  const k${index} = keys[${index}].values`),
    `  const index = T.index.at, shift = T.index.shift, mask = T.index.mask`,
  ]
}

/** No row being worked has a null in its key. */
function findKey(layout: EntryLayout, isIndexed: boolean): string[] {
  if (!isIndexed) return [`const e = ops.locate(T, laneA[i], laneB[i], keys, i)`]
  const hits = layout.key.map(({ spec, word }, index) =>
    spec.layout === 'f64'
      ? `f64[e + ${word}] === k${index}[i]`
      : `i32[(e + ${word}) * 2] === k${index}[i]`,
  )
  const mix = mixText(
    layout.key,
    (_, index) => `k${index}[i]`,
    () => 'false',
  )
  return [
    `let e = 0`,
    `for (${searchText(mix)}; ; s = (s + 1) & mask) {`,
    `  e = i32[index + s]`,
    `  if (e === 0 || (${hits.join(' && ')})) break`,
    `}`,
  ]
}

function dirtyText({ entryWords }: EntryLayout): string {
  const first = `e - Math.imul(i32[e * 2 + 1] & ${SLOT_MASK}, ${entryWords})`
  return `i32[(${first}) * 2 - ${PAGE_HEADER_WORDS * 2 - PAGE_DIRTY}] = 1`
}
