/**
 * The text of an aggregate's loops: probe, accumulate, merge, write results. See call-code.ts for
 * the names that stand in it.
 */
import { GROUP_TEXT } from '../../../shared/model/key-hash/key-hash.ts'
import { isText } from '../../state/entry-layout.ts'
import { equalBatchCode, equalEntryCode, memoCode, readEntryCode } from '../../state/entry-code.ts'
import { functionCode } from '../../state/keyed-table-code.ts'
import { PAGE_CAPACITY_LOG2, PAGE_DIRTY, PAGE_GROUP, PAGE_HEADER_WORDS } from '../../state/page.ts'
import { indent } from './calls/call-code.ts'
import { tryLines } from './calls/object-calls.ts'
import {
  type AggregateShape,
  callCodeOf,
  hashedColumns,
  inputSpec,
  refusingSites,
  SESSION_END,
  SESSION_REACH,
  SESSION_START,
} from './aggregate-shape.ts'
import { distinctFunctions, distinctLines } from './calls/distinct-code.ts'
import { valueCallFunctions } from './calls/value-calls.ts'
import { hitText, sameKeyText } from './key-code.ts'

export function aggregateCode(shape: AggregateShape): string {
  const { core, layout, distinct, options } = shape
  const valueCalls = shape.calls.filter(({ chosen }) => chosen.kind === 'code' && chosen.valueSlot)
  return [
    `const { dictionaryImage, sameBytes, sameValue } = h`,
    ...memoCode(layout.key, 'key'),
    ...functionCode('hitKey(T, e, cs, i)', equalBatchCode(layout.key, 'key')),
    ...functionCode('hitFrom(T, e, S, f)', equalEntryCode(layout.key)),
    ...valueCalls.flatMap(({ site }) => valueCallFunctions(site)),
    ...distinct.flatMap((group, d) => distinctFunctions(group, d, options.retracts)),
    ...functionCode('init(T, e)', initLines(shape)),
    ...functionCode('run(batch, T, from, to)', runLines(shape)),
    ...functionCode('admit(batch, T, i)', admitLines(shape)),
    ...functionCode('accumulate(batch, T, from, to)', accumulateLines()),
    ...functionCode('addRow(batch, T, e, i)', addRowLines(shape)),
    ...functionCode('takeRow(batch, T, e, i)', takeRowLines(shape)),
    ...functionCode('merge(T, e, S, f)', mergeLines(shape)),
    ...functionCode('unmerge(T, e, S, f)', unmergeLines(shape)),
    ...functionCode('mergeAll(T, S)', mergeAllLines(shape, false)),
    ...functionCode('unmergeAll(T, S)', mergeAllLines(shape, true)),
    ...functionCode('writeResults(T, e, ws, r)', resultLines(shape)),
    ...functionCode('fill(T, place, kws, ws)', fillLines(shape)),
    `return { init, run, accumulate, addRow, takeRow, fill, merge, unmerge, mergeAll, unmergeAll, writeResults }`,
    `// key: ${core.key.map((index) => `c${index}`).join(', ') || 'none'}`,
  ].join('\n')
}

const VIEWS = `let f64 = T.arena.f64, i32 = T.arena.i32`

function initLines(shape: AggregateShape): string[] {
  return [
    VIEWS,
    ...(shape.idAt < 0 ? [] : [`f64[e + ${shape.idAt}] = T.nextId++`]),
    ...shape.calls.flatMap(({ site, chosen }) => callCodeOf(chosen)?.init(site) ?? []),
  ]
}

/**
 * The loop itself makes no call that could change the arena: it stops at a record whose entry is
 * missing or not yet touched, and `admit` sees to that one. So the views are constants of the loop,
 * and the compiler keeps their addresses in registers (measured: half the time per record).
 */
function accumulateLines(): string[] {
  return [
    `for (let i = run(batch, T, from, to); i < to; i = run(batch, T, i, to)) {`,
    `  if (!admit(batch, T, i)) {`,
    `    batch.unmatched += 1`,
    `    i += 1`,
    `  }`,
    `}`,
  ]
}

/** Accumulates from row `from` on; the row where it stopped. */
function runLines(shape: AggregateShape): string[] {
  return [
    `const laneA = batch.laneA, laneB = batch.laneB, times = batch.times, kinds = batch.kinds`,
    `const columns = batch.columns, ks = batch.keyColumns, serial = batch.serial`,
    ...openColumns(shape),
    `const directory = T.directory, splits = T.splits`,
    storesText(shape) ? VIEWS : VIEWS.replace('let', 'const'),
    ...(sameKeyText(shape) === null ? [] : [`let e = 0, page = 0`]),
    `for (let i = from; i < to; i++) {`,
    ...indent([
      ...probeLines(shape),
      `if (e === 0) return i`,
      ...(shape.touchAt < 0 ? [] : [`if (f64[e + ${shape.touchAt}] !== serial) return i`]),
      ...sessionTest(shape),
      ...timeLines(shape),
      ...refusalLines(shape, 'continue'),
      ...sessionLines(shape),
      ...(shape.options.retracts ? backLines(shape) : []),
      ...addLines(shape, false),
      `i32[page * 2 + ${PAGE_DIRTY}] = 1`,
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
    `const at = times[i]`,
    `if (!(at <= ${word(SESSION_REACH)} && at >= ${word(SESSION_START)} - ${gapMs})) return i`,
  ]
}

function sessionLines({ sessionAt, options }: AggregateShape): string[] {
  const { gapMs } = options
  if (gapMs === undefined) return []
  const word = (index: number) => `f64[e + ${sessionAt + index}]`
  return [
    `if (at < ${word(SESSION_START)}) ${word(SESSION_START)} = at`,
    `if (at + ${gapMs} > ${word(SESSION_END)}) ${word(SESSION_REACH)} = ${word(SESSION_END)} = at + ${gapMs}`,
  ]
}

/** First of all the calls that may refuse the row: then nothing of it is added. */
function refusalLines(shape: AggregateShape, otherwise: string): string[] {
  const sites = refusingSites(shape)
  if (sites.length === 0) return []
  return [
    ...tryLines(sites),
    `if (failure !== null) {`,
    `  batch.refuse(i, failure)`,
    `  ${otherwise}`,
    `}`,
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
    `const a = batch.laneA[i], b = batch.laneB[i], ks = batch.keyColumns`,
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

/** Whether a call keeps texts, so that the arena may grow in the loop. */
function storesText(shape: AggregateShape): boolean {
  return shape.layout.value.some((slot) => isText(slot.spec))
}

/** Names of the input columns that the loop reads. */
function openColumns(shape: AggregateShape): string[] {
  const { core, distinct } = shape
  const read = new Set<number>()
  for (const call of core.calls) {
    for (const arg of call.args) read.add(arg)
    if (call.where !== null) read.add(call.where)
  }
  for (const index of core.key) read.add(index)
  const lines = [...read]
    .toSorted((left, right) => left - right)
    .flatMap((index) => {
      const { layout } = inputSpec(core, index)
      const hasValues = layout === 'f64' || layout === 'i32' || layout === 'bool'
      return [
        `const c${index} = columns[${index}], n${index} = c${index}.nulls`,
        ...(hasValues ? [`const v${index} = c${index}.values`] : []),
      ]
    })
  const lanes = distinct.map(
    (group, d) => `const laneD${d} = batch.distinctLanes[${d}], distinct${d} = [c${group.column}]`,
  )
  const hashes = hashedColumns(shape).map(
    (column, k) =>
      `const hashA${column} = batch.hashLanes[${k}].a, hashB${column} = batch.hashLanes[${k}].b`,
  )
  return [...lines, ...lanes, ...hashes]
}

function probeLines(shape: AggregateShape): string[] {
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

function timeLines(shape: AggregateShape): string[] {
  const ordered = shape.calls.some(
    ({ chosen }) => chosen.kind === 'object' || (chosen.kind === 'code' && chosen.valueSlot),
  )
  if (!ordered) return []
  return [
    `const eventTime = times[i], time = eventTime === eventTime ? eventTime : batch.before + i`,
  ]
}

/** A row that takes back: update-before (1) and delete (3). */
function backLines(shape: AggregateShape): string[] {
  return [
    `if (kinds !== null && (kinds[i] & 1) === 1) {`,
    ...indent([
      `if (f64[e + ${shape.rowsAt}] <= 0) { batch.unmatched += 1; continue }`,
      ...addLines(shape, true),
      `i32[page * 2 + ${PAGE_DIRTY}] = 1`,
      `continue`,
    ]),
    `}`,
  ]
}

function addLines(shape: AggregateShape, back: boolean): string[] {
  const rows = shape.rowsAt < 0 ? [] : [`f64[e + ${shape.rowsAt}] ${back ? '-=' : '+='} 1`]
  const calls = shape.calls.flatMap(({ site, chosen }) => {
    if (chosen.kind === 'distinct') return []
    if (chosen.kind === 'object' && chosen.accumulator.tryAdd !== undefined) return []
    const lines = back ? (chosen.code.subtract?.(site) ?? []) : chosen.code.add(site)
    if (site.call.where === null) return lines
    return [`if (v${site.call.where}[i] === 1) {`, ...indent(lines), `}`]
  })
  const { retracts } = shape.options
  const distinct = shape.distinct.flatMap((group, d) =>
    distinctLines(group, d, { retracts, back, idWord: shape.idAt }),
  )
  return [...rows, ...calls, ...distinct]
}

const MERGE_VIEWS = [VIEWS, `let g64 = S.arena.f64, j32 = S.arena.i32`]

function mergeLines(shape: AggregateShape): string[] {
  const rows = shape.rowsAt < 0 ? [] : [`f64[e + ${shape.rowsAt}] += g64[f + ${shape.rowsAt}]`]
  return [
    ...MERGE_VIEWS,
    ...rows,
    ...shape.calls.flatMap(({ site, chosen }) => callCodeOf(chosen)?.merge(site) ?? []),
  ]
}

function unmergeLines(shape: AggregateShape): string[] {
  const rows = shape.rowsAt < 0 ? [] : [`f64[e + ${shape.rowsAt}] -= g64[f + ${shape.rowsAt}]`]
  return [
    ...MERGE_VIEWS,
    ...rows,
    ...shape.calls.flatMap(({ site, chosen }) => callCodeOf(chosen)?.unmerge?.(site) ?? []),
  ]
}

/** Every entry of S into T, or out of it. S and T may share an arena. */
function mergeAllLines(shape: AggregateShape, out: boolean): string[] {
  const { entryWords } = shape.layout
  const absent = out ? [`continue`] : [`e = T.insertFrom(group, S, f)`, `init(T, e)`]
  const gone =
    out && shape.rowsAt >= 0 ? [`if (T.arena.f64[e + ${shape.rowsAt}] === 0) T.remove(e)`] : []
  return [
    `for (const page of S.pages()) {`,
    `  const header = S.arena.i32, group = header[page * 2 + ${PAGE_GROUP}]`,
    `  const end = page + ${PAGE_HEADER_WORDS} + (${entryWords} << header[page * 2 + ${PAGE_CAPACITY_LOG2}])`,
    `  for (let f = page + ${PAGE_HEADER_WORDS}; f < end; f += ${entryWords}) {`,
    `    const b = S.arena.i32[f * 2]`,
    `    if (b === 0) continue`,
    `    let e = T.ops.locateFrom(T, group, b, S, f)`,
    `    if (e === 0) {`,
    ...absent.map((line) => `      ${line}`),
    `    }`,
    `    ${out ? 'unmerge' : 'merge'}(T, e, S, f)`,
    `    T.markDirty(e)`,
    ...indent(indent(gone)),
    `  }`,
    `}`,
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
