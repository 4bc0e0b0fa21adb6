/**
 * The text of an aggregate's loops: probe, accumulate, merge, write results. See call-code.ts for
 * the names that stand in it.
 */
import { equalBatchCode, equalEntryCode, memoCode, readEntryCode } from '../../state/entry-code.ts'
import { textKeyFunctions } from '../../state/insert-code.ts'
import { functionCode } from '../../state/keyed-table-code.ts'
import { type AggregateShape, callCodeOf } from './aggregate-shape.ts'
import { indent } from './calls/call-code.ts'
import { distinctFunctions } from './calls/distinct-code.ts'
import { valueCallFunctions } from './calls/value-calls.ts'
import { loneRunLines } from './lone-run-code.ts'
import { mergeAllLines, mergeLines, unmergeLines } from './merge-code.ts'
import { addLines, openColumns, refusalLines, timeLines, VIEWS } from './row-code.ts'
import { initLines, makesEntries } from './new-key-code.ts'
import { accumulateLines, runLines } from './run-code.ts'
import { touchedDistinctFunctions } from './updating/touched-distinct-code.ts'
import { touchedEmitFunctions } from './updating/touched-emit-code.ts'
import { touchedRunFunctions } from './updating/touched-run-code.ts'

export function aggregateCode(shape: AggregateShape): string {
  const { core, layout, distinct } = shape
  const valueCalls = shape.calls.filter(({ chosen }) => chosen.kind === 'code' && chosen.valueSlot)
  return [
    `const { dictionaryImage, sameBytes, sameValue } = h`,
    ...memoCode(layout.key, 'key'),
    ...functionCode('hitKey(T, e, cs, i)', equalBatchCode(layout.key, 'key')),
    ...functionCode('hitFrom(T, e, S, f)', equalEntryCode(layout.key)),
    ...(makesEntries(shape) ? textKeyFunctions(layout) : []),
    ...valueCalls.flatMap(({ site }) => valueCallFunctions(site)),
    ...distinct.flatMap((group, d) => distinctFunctions(group, d)),
    ...functionCode('init(T, e)', [VIEWS, ...initLines(shape)]),
    ...(shape.mode === 'general' ? [] : touchedFunctions(shape)),
    ...functionCode(
      'run(batch, T, from, to)',
      shape.isLone ? loneRunLines(shape) : runLines(shape),
    ),
    ...functionCode('admit(batch, T, i)', admitLines(shape)),
    ...functionCode('accumulate(batch, T, from, to)', accumulateLines(shape)),
    ...functionCode('addRow(batch, T, e, i)', addRowLines(shape)),
    ...functionCode('takeRow(batch, T, e, i)', takeRowLines(shape)),
    ...functionCode('merge(T, e, S, f)', mergeLines(shape)),
    ...functionCode('unmerge(T, e, S, f)', unmergeLines(shape)),
    ...functionCode('mergeAll(T, S)', mergeAllLines(shape, false)),
    ...functionCode('unmergeAll(T, S)', mergeAllLines(shape, true)),
    ...functionCode('writeResults(T, e, ws, r)', resultLines(shape)),
    ...functionCode('fill(T, place, kws, ws)', fillLines(shape)),
    `return { ${shape.mode === 'general' ? '' : TOUCHED_NAMES}init, run, accumulate, addRow, takeRow, fill, merge, unmerge, mergeAll, unmergeAll, writeResults }`,
    `// key: ${core.key.map((index) => `c${index}`).join(', ') || 'none'}`,
  ].join('\n')
}

const TOUCHED_NAMES = 'accumulateTouched, countDistinct, relocateTouched, emitTouched, '

function touchedFunctions(shape: AggregateShape): string[] {
  return [
    ...touchedRunFunctions(shape),
    ...touchedDistinctFunctions(shape),
    ...touchedEmitFunctions(shape),
  ]
}

/** Adds row i to an entry that is there already; false when it is refused. */
function addRowLines(shape: AggregateShape): string[] {
  return [
    `const laneA = batch.laneA, times = batch.times, columns = batch.columns`,
    `const a = laneA[i]`,
    ...openColumns(shape),
    VIEWS,
    ...timeLines(shape),
    ...refusalLines(shape, 'return false'),
    ...addLines(shape, false),
    `T.markDirty(e)`,
    `return true`,
  ]
}

/** Takes row i back from an entry that has it; only where rows are taken back. */
function takeRowLines(shape: AggregateShape): string[] {
  if (!shape.options.retracts) return []
  return [
    `const a = batch.laneA[i], times = batch.times, columns = batch.columns`,
    ...openColumns(shape),
    VIEWS,
    ...timeLines(shape),
    ...addLines(shape, true),
    `T.markDirty(e)`,
  ]
}

/** Makes the entry of row i be there and touched; false for a retraction of what is not there. */
function admitLines(shape: AggregateShape): string[] {
  const { retracts } = shape.options
  const touch =
    shape.touchAt < 0
      ? []
      : [`T.arena.f64[e + ${shape.touchAt}] = batch.serial`, `batch.touch(T, e, i, isFresh)`]
  return [
    `const ks = batch.keyColumns`,
    ...(shape.isLaneless ? [`h.hashRow(ks, i, batch.laneA, batch.laneB)`] : []),
    `const a = batch.laneA[i], b = batch.laneB[i]`,
    `let e = ${shape.touchAt < 0 ? '0' : 'T.locate(a, b, ks, i)'}`,
    `const isFresh = e === 0`,
    ...(retracts
      ? [`if (isFresh && batch.kinds !== null && (batch.kinds[i] & 1) === 1) return false`]
      : []),
    `if (isFresh) {`,
    `  e = T.insert(a, b, ks, i)`,
    `  init(T, e)`,
    `}`,
    ...touch,
    `return true`,
  ]
}

function resultLines(shape: AggregateShape): string[] {
  return [
    `const f64 = T.arena.f64, i32 = T.arena.i32`,
    ...shape.calls.flatMap(({ site, chosen }) => {
      const code = callCodeOf(chosen)
      const lines = code?.result(site) ?? [`${site.writer}.values[r] = ${site.word(0)}`]
      return [`{`, ...indent(lines), `}`]
    }),
    `return -1`,
  ]
}

/**
 * Writes rows for the entries of a page from `place.entry` on, until the page ends, the row limit is
 * reached, or a result fails (its cause and entry are then in `place`).
 */
function fillLines(shape: AggregateShape): string[] {
  const { entryWords, key } = shape.layout
  const hasObjects = shape.calls.some(({ chosen }) => chosen.kind === 'object')
  const readKey = readEntryCode(key)
    .slice(1)
    .map((line) => line.replaceAll('ws[', 'kws['))
  const save = [`place.entry = e`, `place.row = r`]
  return [
    `const f64 = T.arena.f64, i32 = T.arena.i32, end = place.end, limit = place.limit`,
    `let e = place.entry, r = place.row`,
    `for (; e < end && r < limit; e += ${entryWords}) {`,
    `  if (i32[e * 2] === 0) continue`,
    ...(shape.rowsAt < 0 ? [] : [`  if (f64[e + ${shape.rowsAt}] <= 0) continue`]),
    ...indent(readKey),
    // An accumulator may throw: then the place must say where.
    ...(hasObjects ? indent(save) : []),
    `  const cause = writeResults(T, e, ws, r)`,
    `  if (cause !== -1) { place.cause = cause; break }`,
    `  r += 1`,
    `}`,
    ...save,
  ]
}
