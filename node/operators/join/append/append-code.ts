/**
 * The loop that takes rows of one side into an append join: finds the key, walks the list of the
 * other side, and puts the row at the head of the list of its own. One function per side and kind of
 * keys (append-keys.ts), which gives the text that finds a key.
 *
 * The loop makes no call that could change where keys lie: it stops at a row whose key has no place,
 * and the caller makes one. Names: `J` what is being worked (AppendRows), `T` the keys.
 */
import { factoryOf } from '../../../../shared/base/generated-code.ts'
import type { ConditionText } from '../../../../shared/expr/compile/condition-text.ts'
import { rt } from '../../../../shared/expr/runtime.ts'
import type { Column } from '../../../../shared/model/batch.ts'
import type { KeptBatches } from '../../../state/kept/kept-batches.ts'
import { LEFT, type Side } from '../pair-writer.ts'

/** The rows being worked, and the pairs that were found. */
export interface AppendRows {
  keys: readonly Column[]
  length: number
  /** Hashes of the keys, where they are found by them. */
  laneA: Int32Array
  laneB: Int32Array
  times: Float64Array
  /** The number of row 0 among the kept ones of its side. */
  first: number
  own: KeptBatches
  other: KeptBatches
  /** Columns that the condition reads: of the rows being worked, and of kept ones by `row & mask`. */
  readonly values: Float64Array[]
  /** Pairs: a row being worked, and a kept one of the other side. */
  rows: Int32Array
  refs: Int32Array
  count: number
  /** The loop stops between two rows once there are so many. */
  capacity: number
  /** Whether it stopped because a key has no place. */
  isStopped: boolean
  /** Larger arrays for pairs. */
  grow(): void
}

/** Works rows from `from` on; answers where it stopped. */
export type AppendLoop<T> = (J: AppendRows, T: T, from: number) => number

export interface AppendShape {
  readonly side: Side
  /** Bounds of right − left event time; null where any two rows may be a pair. */
  readonly bounds: { readonly lowMs: number; readonly highMs: number } | null
  /** Reads columns at row `i` and `ref & otherMask`; null where there is none, or it is for later. */
  readonly condition: ConditionText | null
}

/** How the keys of some kind are found. */
export interface KeyText {
  /** In front of the rows. */
  readonly open: readonly string[]
  /**
   * Of row `i`: leaves in `place` where in `i32` the heads of both lists stand, the left one first,
   * and −1 where the key has no place.
   */
  readonly find: readonly string[]
  /** The heads at `place` are others. */
  readonly changed: readonly string[]
  /** Before the loop ends. */
  readonly close: readonly string[]
}

/** `names` are those of `values`, which the text of keys refers to. */
export interface KeyValues {
  readonly names: readonly string[]
  readonly values: readonly unknown[]
}

export function compileAppendLoop<T>(
  shape: AppendShape,
  text: KeyText,
  refers: KeyValues = { names: [], values: [] },
): AppendLoop<T> {
  const { condition } = shape
  const code = [...(condition?.declarations ?? []), `return ${loopText(shape, text)}`].join('\n')
  const make = factoryOf(['constants', 'rt', ...refers.names], code)
  return make(condition?.constants ?? [], rt, ...refers.values) as AppendLoop<T>
}

function loopText(shape: AppendShape, { open, find, changed, close }: KeyText): string {
  const own = shape.side === LEFT ? `place` : `place + 1`
  const other = shape.side === LEFT ? `place + 1` : `place`
  const isTimed = shape.bounds !== null
  const stop = (lines: readonly string[]): string[] => [`J.count = count`, ...close, ...lines]
  return [
    `function appendRows(J, T, from) {`,
    `  const { length, first, own, other, times, capacity, keys, values } = J`,
    `  const ownMask = own.rowMask, ownBefore = own.before`,
    `  const otherMask = other.rowMask, otherBefore = other.before`,
    ...(isTimed
      ? [`  const otherTimes = other.times, ownFirst = own.first, otherFirst = other.first`]
      : []),
    `  let rows = J.rows, refs = J.refs, count = J.count, room = rows.length`,
    ...(shape.condition === null ? [] : valueLines(shape.condition)),
    ...open.map((line) => `  ${line}`),
    `  for (let i = from; i < length; i++) {`,
    ...find.map((line) => `    ${line}`),
    `    if (place < 0) {`,
    ...stop([`J.isStopped = true`, `return i`]).map((line) => `      ${line}`),
    `    }`,
    `    const start = count`,
    ...(isTimed ? [`    const time = times[i]`] : []),
    `    const head = i32[${own}]`,
    `    let ref = i32[${other}]`,
    `    while (ref !== 0${isTimed ? ` && ((ref - otherFirst) | 0) >= 0` : ''}) {`,
    ...pairLines(shape).map((line) => `      ${line}`),
    `      ref = otherBefore[ref & otherMask]`,
    `    }`,
    // The list leads from the newest row to the oldest; pairs come out the other way round.
    `    for (let low = start, high = count - 1; low < high; low++, high--) {`,
    `      const swapped = refs[low]`,
    `      refs[low] = refs[high]`,
    `      refs[high] = swapped`,
    `    }`,
    `    const row = first + i`,
    isTimed
      ? `    ownBefore[row & ownMask] = ((head - ownFirst) | 0) >= 0 ? head : 0`
      : `    ownBefore[row & ownMask] = head`,
    `    i32[${own}] = row`,
    ...changed.map((line) => `    ${line}`),
    `    if (count >= capacity) {`,
    ...stop([`return i + 1`]).map((line) => `      ${line}`),
    `    }`,
    `  }`,
    ...stop([`return length`]).map((line) => `  ${line}`),
    `}`,
  ].join('\n')
}

/** The pair of row `i` and `ref`, if it is one. */
function pairLines({ bounds, side, condition }: AppendShape): string[] {
  let lines = [
    `if (count === room) {`,
    `  J.grow()`,
    `  rows = J.rows`,
    `  refs = J.refs`,
    `  room = rows.length`,
    `}`,
    `rows[count] = i`,
    `refs[count++] = ref`,
  ]
  const within = (test: string): string[] => [
    `if (${test}) {`,
    ...lines.map((line) => `  ${line}`),
    `}`,
  ]
  if (condition !== null) lines = [...condition.lines, ...within(condition.truth)]
  if (bounds === null) return lines
  const other = `otherTimes[ref & otherMask]`
  const ahead = side === LEFT ? `${other} - time` : `time - ${other}`
  lines = within(`ahead >= ${bounds.lowMs} && ahead <= ${bounds.highMs}`)
  return [`const ahead = ${ahead}`, ...lines]
}

/** The name of a column that a condition reads. */
export function valuesName(index: number): string {
  return `values${index}`
}

function valueLines({ columns }: ConditionText): string[] {
  return columns.map((index) => `  const ${valuesName(index)} = values[${index}]`)
}
