/**
 * The loop that adds the rows of a batch to groups that live without a window, and notes which
 * groups it touches. A group's entry holds the number it has in the batch (touched-groups.ts), so
 * that one load says whether the group was touched and where its notes are.
 *
 * The loop stops at a row whose group is expired, or is missing and takes memory: `admit` sees to that
 * one. Groups in `refs` are looked up again when entries moved meanwhile.
 */
import { SLOT_MASK } from '../../../state/entry-layout.ts'
import { functionCode } from '../../../state/keyed-table-code.ts'
import { PAGE_DIRTY, PAGE_GROUP, PAGE_HEADER_WORDS } from '../../../state/page.ts'
import type { AggregateShape } from '../aggregate-shape.ts'
import { indent } from '../calls/call-code.ts'
import { makesEntries, newKeyLines, openNewKeys } from '../new-key-code.ts'
import { addLines, openColumns, storesText, timeLines, VIEWS } from '../row-code.ts'
import { openDirectory, probeLines } from '../run-code.ts'
import {
  findTouchedLines,
  hintLines,
  openDictionariesLines,
  openTouchedKey,
  touchedKeyFunctions,
} from './touched-key-code.ts'

export function touchedRunFunctions(shape: AggregateShape): string[] {
  return [
    ...(shape.isFlat ? touchedKeyFunctions(shape) : []),
    ...functionCode('runTouched(batch, G, T, from, to)', runLines(shape)),
    ...functionCode('admitTouched(batch, G, T, i)', admitLines(shape)),
    ...functionCode('accumulateTouched(batch, G, T, to)', accumulateLines(shape)),
    ...functionCode('relocateTouched(batch, G, T)', relocateLines(shape)),
  ]
}

function accumulateLines(shape: AggregateShape): string[] {
  const skip = shape.distinct.length > 0 ? [`    G.numbers[i] = -1`] : []
  return [
    ...(shape.isFlat ? openDictionariesLines(shape) : []),
    `for (let i = runTouched(batch, G, T, 0, to); i < to; i = runTouched(batch, G, T, i, to)) {`,
    `  if (!admitTouched(batch, G, T, i)) {`,
    `    batch.unmatched += 1`,
    ...skip,
    `    i += 1`,
    `  }`,
    `}`,
  ]
}

/** Makes the group of row i be there and touched; false for a retraction of what is not there. */
function admitLines(shape: AggregateShape): string[] {
  const { retracts } = shape.options
  const isBack = `batch.kinds !== null && (batch.kinds[i] & 1) === 1`
  return [
    `const isFresh = G.found === 0`,
    ...(retracts ? [`if (isFresh && ${isBack}) return false`] : []),
    `let e = G.found`,
    `if (isFresh) {`,
    `  const ks = batch.keyColumns`,
    ...(shape.isLaneless ? [`  h.hashRow(ks, i, batch.laneA, batch.laneB)`] : []),
    `  e = T.insert(batch.laneA[i], batch.laneB[i], ks, i)`,
    `  init(T, e)`,
    `}`,
    `batch.touch(T, e, i, isFresh)`,
    `return true`,
  ]
}

function openRun(shape: AggregateShape): string[] {
  return [
    `const laneA = batch.laneA, laneB = batch.laneB, times = batch.times, kinds = batch.kinds`,
    `const columns = batch.columns, ks = batch.keyColumns`,
    ...openColumns(shape),
    storesText(shape) ? VIEWS : VIEWS.replace('let', 'const'),
    ...(shape.isFlat ? [...openTouchedKey(shape), ...openNewKeys(shape)] : openDirectory(shape)),
  ]
}

function runLines(shape: AggregateShape): string[] {
  const hasDistinct = shape.distinct.length > 0
  return [
    ...openRun(shape),
    `const base = G.base, rows = G.rows, refs = G.refs, was = G.was, saved = G.saved`,
    ...(hasDistinct ? [`const numbers = G.numbers, ids = G.ids, keyGroups = G.keyGroups`] : []),
    ...(shape.writeAt < 0 ? [] : [`const bound = G.bound, now = G.now`]),
    `let n = G.count`,
    `for (let i = from; i < to; i++) {`,
    ...indent([
      ...(shape.isFlat ? findTouchedLines(shape) : probeLines(shape)),
      `let t = 0`,
      `if (e === 0) {`,
      ...indent(shape.isFlat ? newGroupLines(shape) : ABSENT),
      `} else {`,
      `  t = f64[e + ${shape.touchAt}] - base`,
      `  if (t < 0) {`,
      ...indent(indent(touchLines(shape))),
      `  }`,
      `}`,
      ...(hasDistinct ? [`numbers[i] = t`] : []),
      ...timeLines(shape),
      ...(shape.options.retracts ? backLines(shape) : []),
      ...addLines(shape, false, false),
    ]),
    `}`,
    `G.count = n`,
    `return to`,
  ]
}

/** Stops at a row whose group is missing. */
const ABSENT = [`G.count = n`, `G.found = 0`, `return i`]

/** Makes the group of row i, which is its first. */
function newGroupLines(shape: AggregateShape): string[] {
  if (!makesEntries(shape)) return ABSENT
  return [
    ...newKeyLines(shape, ABSENT),
    ...hintLines(shape),
    ...(shape.writeAt < 0 ? [] : [`f64[e + ${shape.writeAt}] = now`]),
    ...noteLines(shape, 0),
    ...(shape.distinct.length > 0
      ? [`ids[t] = f64[e + ${shape.idAt}]`, `keyGroups[t] = group`]
      : []),
  ]
}

/** Notes group `e` as one that row i touches first. */
function noteLines(shape: AggregateShape, wasThere: 0 | 1): string[] {
  return [
    `t = n++`,
    `f64[e + ${shape.touchAt}] = base + t`,
    `rows[t] = i`,
    `refs[t] = e`,
    `was[t] = ${wasThere}`,
  ]
}

/** The first row of the batch for a group that was there before. */
function touchLines(shape: AggregateShape): string[] {
  const expired =
    shape.writeAt < 0
      ? []
      : [
          `if (f64[e + ${shape.writeAt}] <= bound) {`,
          `  G.count = n`,
          `  G.found = e`,
          `  return i`,
          `}`,
          `f64[e + ${shape.writeAt}] = now`,
        ]
  const saved = Array.from(
    { length: shape.savedWords },
    (_, k) => `saved[o + ${k}] = f64[e + ${shape.savedAt + k}]`,
  )
  const page = shape.isFlat
    ? [`const page = e - ${PAGE_HEADER_WORDS} - Math.imul(i32[e * 2 + 1] & ${SLOT_MASK}, ${shape.layout.entryWords})`] // prettier-ignore
    : []
  const distinct = [
    `ids[t] = f64[e + ${shape.idAt}]`,
    `keyGroups[t] = i32[page * 2 + ${PAGE_GROUP}]`,
  ]
  return [
    ...expired,
    ...noteLines(shape, 1),
    ...page,
    `i32[page * 2 + ${PAGE_DIRTY}] = 1`,
    ...(shape.distinct.length > 0 ? distinct : []),
    ...(saved.length === 0 ? [] : [`const o = t * ${shape.savedWords}`, ...saved]),
  ]
}

/** A row that takes back: update-before (1) and delete (3). */
function backLines(shape: AggregateShape): string[] {
  const skip = shape.distinct.length > 0 ? `numbers[i] = -1; ` : ''
  return [
    `if (kinds !== null && (kinds[i] & 1) === 1) {`,
    ...indent([
      `if (f64[e + ${shape.rowsAt}] <= 0) { ${skip}batch.unmatched += 1; continue }`,
      ...addLines(shape, true, false),
      `continue`,
    ]),
    `}`,
  ]
}

/** Finds the entries of all touched groups again. */
function relocateLines(shape: AggregateShape): string[] {
  return [
    ...openRun(shape),
    `const from = 0x7fffffff`, // no row is the one before
    `for (let t = 0; t < G.count; t++) {`,
    ...indent([
      `const i = G.rows[t]`,
      ...(shape.isFlat ? findTouchedLines(shape) : probeLines(shape)),
      `G.refs[t] = e`,
    ]),
    `}`,
  ]
}
