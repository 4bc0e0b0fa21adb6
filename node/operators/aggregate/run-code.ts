/** The text of the loop that adds the rows of a batch to their entries. */
import { GROUP_TEXT } from '../../../shared/model/key-hash/key-hash.ts'
import { searchText } from '../../state/index/entry-index.ts'
import { PAGE_DIRTY, PAGE_HEADER_WORDS } from '../../state/page.ts'
import {
  type AggregateShape,
  SESSION_END,
  SESSION_REACH,
  SESSION_START,
} from './aggregate-shape.ts'
import { indent } from './calls/call-code.ts'
import { hitText, rowMixText, sameKeyText } from './key-code.ts'
import { dirtyEntryText, openIndex } from './merge-code.ts'
import { newKeyLines, openNewKeys } from './new-key-code.ts'
import { addLines, openColumns, refusalLines, storesText, timeLines, VIEWS } from './row-code.ts'

/**
 * The loop itself makes no call that could change the arena: it stops at a record whose entry is
 * missing and takes memory, or is not yet touched, and `admit` sees to that one. So the views are
 * constants of the loop, and the compiler keeps their addresses in registers (measured: half the time
 * per record).
 */
export function accumulateLines(shape: AggregateShape): string[] {
  const { isBounded } = shape.options
  return [
    ...(isBounded ? [`const times = batch.times, lo = batch.paneStart, hi = batch.paneEnd`] : []),
    `for (let i = run(batch, T, from, to); i < to; i = run(batch, T, i, to)) {`,
    ...(isBounded ? [`  if (!(times[i] >= lo && times[i] < hi)) return i`] : []),
    `  if (!admit(batch, T, i)) {`,
    `    batch.unmatched += 1`,
    `    i += 1`,
    `  }`,
    `}`,
    `return to`,
  ]
}

/** Accumulates from row `from` on; the row where it stopped. */
export function runLines(shape: AggregateShape): string[] {
  return [
    `const laneA = batch.laneA, laneB = batch.laneB, times = batch.times, kinds = batch.kinds`,
    `const columns = batch.columns, ks = batch.keyColumns, serial = batch.serial`,
    ...openColumns(shape),
    storesText(shape) ? VIEWS : VIEWS.replace('let', 'const'),
    ...(shape.options.isBounded ? [`const lo = batch.paneStart, hi = batch.paneEnd`] : []),
    ...openPlaces(shape),
    `for (let i = from; i < to; i++) {`,
    ...indent([
      ...(shape.options.isBounded ? [`if (!(times[i] >= lo && times[i] < hi)) return i`] : []),
      ...placeLines(shape),
      ...(shape.touchAt < 0 ? [] : [`if (f64[e + ${shape.touchAt}] !== serial) return i`]),
      ...sessionTest(shape),
      ...timeLines(shape),
      ...refusalLines(shape, 'continue'),
      ...sessionLines(shape),
      ...(shape.options.retracts ? backLines(shape) : []),
      ...addLines(shape, false),
      dirtyText(shape),
    ]),
    `}`,
    `return to`,
  ]
}

/** Whether the row extends the key's session, and that is all there is to do (session-aggregate.ts). */
function sessionTest({ sessionAt, options }: AggregateShape): string[] {
  const { gapMs } = options
  if (gapMs === undefined) return []
  const word = (index: number) => `f64[e + ${sessionAt + index}]`
  return [
    `const when = times[i]`,
    `if (!(when <= ${word(SESSION_REACH)} && when >= ${word(SESSION_START)} - ${gapMs})) return i`,
  ]
}

function sessionLines({ sessionAt, options }: AggregateShape): string[] {
  const { gapMs } = options
  if (gapMs === undefined) return []
  const word = (index: number) => `f64[e + ${sessionAt + index}]`
  return [
    `if (when < ${word(SESSION_START)}) ${word(SESSION_START)} = when`,
    `if (when + ${gapMs} > ${word(SESSION_END)}) ${word(SESSION_REACH)} = ${word(SESSION_END)} = when + ${gapMs}`,
  ]
}

function openPlaces(shape: AggregateShape): string[] {
  const making = makesInRun(shape) ? openNewKeys(shape) : []
  if (shape.isIndexed) return [...openIndex('T'), ...making]
  if (!shape.isLaneIndexed) return openDirectory(shape)
  return [...openIndex('T'), ...making, ...(sameKeyText(shape) === null ? [] : [`let e = 0`])]
}

/** Updating output is told of every new key. */
function makesInRun(shape: AggregateShape): boolean {
  return shape.touchAt < 0
}

/** Leaves the entry of row i in `e`, or stops. */
function placeLines(shape: AggregateShape): string[] {
  const absent = makesInRun(shape) ? newKeyLines(shape, [`return i`]) : [`return i`]
  const stop = [`if (e === 0) {`, ...indent(absent), `}`]
  if (shape.isIndexed) return [...findLines(shape), ...stop]
  if (shape.isLaneIndexed) return findLaneLines(shape, stop)
  return [...probeLines(shape), `if (e === 0) return i`]
}

export function openDirectory(shape: AggregateShape): string[] {
  return [
    `const directory = T.directory, splits = T.splits`,
    ...(sameKeyText(shape) === null ? [] : [`let e = 0, page = 0`]),
  ]
}

/** Finds the entry by the index in front of the pages, without lanes. */
function findLines(shape: AggregateShape): string[] {
  return [
    // A filter of distinct values lies in the key group of its key.
    ...(shape.distinct.length > 0 ? [`const a = laneA[i]`] : []),
    `let at = 0`,
    searchText(rowMixText(shape)),
    `for (; ; s = (s + 1) & mask) {`,
    `  at = i32[index + s]`,
    `  if (at === 0 || (${hitText(shape)})) break`,
    `}`,
    `let e = at`,
  ]
}

/** Finds the entry by an index of lanes; `stop` comes where it looked for one. */
function findLaneLines(shape: AggregateShape, stop: readonly string[]): string[] {
  const same = sameKeyText(shape)
  const find = [
    `${same === null ? 'let ' : ''}e = 0`,
    searchText('b'),
    `for (; ; s = (s + 1) & mask) {`,
    `  const at = i32[index + s]`,
    `  if (at === 0) break`,
    `  if (i32[at * 2] === b && ${hitText(shape)}) { e = at; break }`,
    `}`,
    ...stop,
  ]
  const open = `const a = laneA[i], b = laneB[i]`
  return same === null ? [open, ...find] : [open, `if (!(${same})) {`, ...indent(find), `}`]
}

/** Marks the page of entry `e`, which a probe has found and an index has not. */
function dirtyText({ isIndexed, isLaneIndexed, layout }: AggregateShape): string {
  return isIndexed || isLaneIndexed
    ? dirtyEntryText(layout, 'e')
    : `i32[page * 2 + ${PAGE_DIRTY}] = 1`
}

export function probeLines(shape: AggregateShape): string[] {
  const { entryWords } = shape.layout
  const same = sameKeyText(shape)
  const probe = [
    `let d = directory[${GROUP_TEXT}]`,
    `if (d < 0) {`,
    `  const table = splits[-1 - d]`,
    `  d = table[b >>> (Math.clz32(table.length) + 1)]`,
    `}`,
    `${same === null ? 'const ' : ''}page = d & -16`,
    ...(same === null ? [`let e = 0`] : [`e = 0`]),
    `if (d !== 0) {`,
    `  const mask = (1 << (d & 15)) - 1`,
    `  let s = b & mask`,
    `  for (;;) {`,
    `    const at = page + ${PAGE_HEADER_WORDS} + Math.imul(s, ${entryWords})`,
    `    const tag = i32[at * 2]`,
    `    if (tag === b && ${hitText(shape)}) { e = at; break }`,
    `    if (tag === 0) break`,
    `    s = (s + 1) & mask`,
    `  }`,
    `}`,
  ]
  const open = `const a = laneA[i], b = laneB[i]`
  return same === null ? [open, ...probe] : [open, `if (!(${same})) {`, ...indent(probe), `}`]
}

/** A row that takes back: update-before (1) and delete (3). */
function backLines(shape: AggregateShape): string[] {
  return [
    `if (kinds !== null && (kinds[i] & 1) === 1) {`,
    ...indent([
      `if (f64[e + ${shape.rowsAt}] <= 0) { batch.unmatched += 1; continue }`,
      ...addLines(shape, true),
      dirtyText(shape),
      `continue`,
    ]),
    `}`,
  ]
}
