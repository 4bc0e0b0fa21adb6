/**
 * Lays out the entry of an aggregate core: which calls have which accumulators and where they lie.
 *
 * Entry: key columns, value slots of the calls, then words: touched (serial of the batch that
 * touched it last, for updating output), rows (how many records are in it, where records or panes
 * are taken out again), id (where values are counted distinct), written (watermark of the last write,
 * with ttl), the words of a session (see below), which text a column of the key holds, then the words
 * of each call; calls that keep the same (a count and the count of an average) share them.
 */
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { AggregateCore, EdgeKind } from '../../../shared/planning/plan.ts'
import { entryLayout, type EntryLayout, nullableCount } from '../../state/entry-layout.ts'
import { isIndexable } from '../../state/index/entry-index.ts'
import type { CallCode, CallSite } from './calls/call-code.ts'
import { type CallOptions, chooseCall, type ChosenCall } from './calls/choose-calls.ts'
import { DISTINCT_CALLS_MAX, type DistinctGroup } from './calls/distinct-code.ts'
import { type UpdatingMode, updatingMode } from './updating/updating-mode.ts'

export interface AggregateOptions extends CallOptions {
  /** Whether output is updating: entries remember which batch touched them. */
  readonly touches: boolean
  /** Whether entries count their rows although nothing retracts (panes are taken out). */
  readonly countsRows: boolean
  /** Whether entries remember when they were last written (ttl). */
  readonly expires: boolean
  /** Entries are sessions with this gap: see SESSION_WORDS. */
  readonly gapMs?: number
  /** Words of the operator's own, where those of a session would be. */
  readonly ownWords?: number
  /** The loop stops at a row whose time is not in the pane of the batch. */
  readonly isBounded?: boolean
  /** Whoever reads lanes of a row asks for them first, so that most are never made. */
  readonly asksLanes?: boolean
  /** Whether an index finds entries by lanes where it cannot by values. */
  readonly indexesLanes?: boolean
  /** Of updating output. */
  readonly edge?: EdgeKind
  /** Whether changes are found out the general way although another would do; for tests. */
  readonly isGeneral?: boolean
}

/**
 * Words of a session: its first time; its end (last time + gap); the time up to which the loop may
 * extend it by itself (its end, or −∞); the time of its timer; its row before this batch (1 + index;
 * 0 for none), and whether its row is in force downstream.
 */
export const SESSION_START = 0
export const SESSION_END = 1
export const SESSION_REACH = 2
export const SESSION_TIMER = 3
export const SESSION_BEFORE = 4
export const SESSION_IS_EMITTED = 5
const SESSION_WORDS = 6

/** What the code generator works from. */
export interface AggregateShape {
  readonly core: AggregateCore
  readonly options: AggregateOptions
  readonly layout: EntryLayout
  /** Whether an index finds the entries, without lanes. */
  readonly isIndexed: boolean
  /** Whether an index finds them by lanes. */
  readonly isLaneIndexed: boolean
  /** Whether lanes are made only for rows that ask for them. */
  readonly isLaneless: boolean
  /** Whether there is one entry, whose words stand in variables (lone-run-code.ts). */
  readonly isLone: boolean
  /** Offsets in the entry; −1 for none. */
  readonly touchAt: number
  readonly rowsAt: number
  /** Whether rows are counted in a word of their own: a call that counts them all serves as well. */
  readonly countsRows: boolean
  readonly idAt: number
  readonly writeAt: number
  readonly sessionAt: number
  /** Of each column of the key, the word that says which text it holds (dictionary-stamps.ts). */
  readonly hints: readonly number[]
  /** Words of the calls. */
  readonly savedAt: number
  readonly savedWords: number
  /** How updating output finds out what changed. */
  readonly mode: UpdatingMode
  /** Whether the index finds entries of that output, also by texts of dictionaries. */
  readonly isFlat: boolean
  readonly calls: readonly { readonly site: CallSite; readonly chosen: ChosenCall }[]
  readonly distinct: readonly DistinctGroup[]
}

// oxlint-disable-next-line max-lines-per-function -- a list of the words in their order
export function aggregateShape(core: AggregateCore, options: AggregateOptions): AggregateShape {
  const chosen = core.calls.map((call) =>
    chooseCall(
      call,
      call.args.map((arg) => inputSpec(core, arg)),
      options,
    ),
  )
  const distinct = distinctGroups(core, chosen, options.retracts)
  let words = 0
  const touchWord = options.touches ? words++ : -1
  // A record may fail after its entry was made: entries without rows are told apart.
  const mayFail = chosen.some(
    (one) => one.kind === 'object' && one.accumulator.tryAdd !== undefined,
  )
  const needsRows = options.retracts || options.countsRows || mayFail
  const counting = mayFail ? -1 : chosen.findIndex((_, index) => countsAll(core, index))
  let rowsWord = needsRows && counting < 0 ? words++ : -1
  const countsRows = rowsWord >= 0
  const idWord = distinct.length > 0 ? words++ : -1
  const writeWord = options.expires ? words++ : -1
  const ownWords = options.gapMs === undefined ? (options.ownWords ?? 0) : SESSION_WORDS
  const sessionWord = ownWords === 0 ? -1 : words
  words += ownWords
  const hintWords = core.key.map((index) =>
    options.touches && inputSpec(core, index).layout === 'dict' ? words++ : -1,
  )
  const savedWord = words
  const { callWords, end } = wordsOfCalls(core, chosen, words)
  words = end
  if (needsRows && counting >= 0) rowsWord = callWords[counting]?.[0]?.word ?? -1
  const layout = entryLayout({
    key: core.key.map((index) => inputSpec(core, index)),
    value: chosen.flatMap((one) => (one.kind === 'distinct' ? [] : one.code.slots)),
    words,
    nullableMin: resultNullables(core),
  })
  let slot = 0
  const calls = chosen.map((one, index) => {
    const count = one.kind === 'distinct' ? 0 : one.code.slots.length
    const slots = layout.value.slice(slot, slot + count)
    slot += count
    return {
      chosen: one,
      site: siteOf(core, index, wordsFrom(callWords[index] ?? [], layout.wordsAt), slots),
    }
  })
  for (const group of distinct) {
    for (const call of group.calls) {
      call.word = layout.wordsAt + (callWords[call.index]?.[0]?.word ?? 0)
    }
  }
  const place = (word: number) => (word < 0 ? -1 : layout.wordsAt + word)
  const keys = layout.key.map((one) => one.spec)
  const isIndexed = isIndexable(keys)
  const indexesLanes = options.indexesLanes === true && keys.length > 0 && distinct.length === 0
  const mode = updatingMode(core, options, calls)
  const isFlat = mode !== 'general' && isIndexable(keys, true)
  const isLone = isLoneEntry(core, options, chosen)
  const asksLanes = options.asksLanes === true && distinct.length === 0
  return {
    core,
    options,
    layout,
    isIndexed,
    isLaneIndexed: indexesLanes && !isIndexed,
    isLaneless: isFlat || (asksLanes && (isIndexed || isLone)),
    isLone,
    countsRows,
    touchAt: place(touchWord),
    rowsAt: place(rowsWord),
    idAt: place(idWord),
    writeAt: place(writeWord),
    sessionAt: place(sessionWord),
    hints: hintWords.map(place),
    savedAt: place(savedWord),
    savedWords: mode === 'values' ? end - savedWord : 0,
    mode,
    isFlat,
    calls,
    distinct,
  }
}

/** Of rows without a key that only come, and calls of which all is words. */
function isLoneEntry(
  core: AggregateCore,
  { retracts, touches, gapMs }: AggregateOptions,
  chosen: readonly ChosenCall[],
): boolean {
  const isPlain = core.key.length === 0 && !retracts && !touches && gapMs === undefined
  return isPlain && chosen.every((one) => one.kind === 'code' && !one.valueSlot)
}

/** Whether a call counts every row of its entry. */
function countsAll(core: AggregateCore, index: number): boolean {
  const call = core.calls[index]
  return call?.fn === 'count' && call.user === null && call.args.length === 0 && call.where === null
}

interface CallWord {
  readonly word: number
  /** Whether no call before has it. */
  readonly isOwn: boolean
}

/** Places the words of every call from `first` on; those of one name and filter once. */
function wordsOfCalls(
  core: AggregateCore,
  chosen: readonly ChosenCall[],
  first: number,
): { readonly callWords: readonly (readonly CallWord[])[]; readonly end: number } {
  const known = new Map<string, number>()
  let end = first
  const callWords = core.calls.map((call, index) => {
    const code = chosen[index] === undefined ? null : callCodeOf(chosen[index])
    const args = call.args.map((arg) => inputSpec(core, arg))
    const names = code?.names?.(call, args) ?? []
    return Array.from({ length: code?.words ?? 1 }, (_, k) => {
      const name = names[k] === undefined ? null : `${call.where} ${names[k]}`
      const shared = name === null ? undefined : known.get(name)
      if (shared !== undefined) return { word: shared, isOwn: false }
      if (name !== null) known.set(name, end)
      return { word: end++, isOwn: true }
    })
  })
  return { callWords, end }
}

function wordsFrom(words: readonly CallWord[], first: number): CallWord[] {
  return words.map(({ word, isOwn }) => ({ word: first + word, isOwn }))
}

// oxlint-disable-next-line max-params -- the four facts of a site
function siteOf(
  core: AggregateCore,
  index: number,
  words: readonly CallWord[],
  slots: CallSite['slots'],
): CallSite {
  const call = core.calls[index]
  if (call === undefined) throw new TypeError(`call ${index} exists`)
  const args = call.args.map((column) => ({ column, spec: inputSpec(core, column) }))
  return {
    call,
    index,
    args,
    slots,
    at: (k) => words[k]?.word ?? -1,
    word: (k) => `f64[e + ${words[k]?.word}]`,
    fromWord: (k) => `g64[f + ${words[k]?.word}]`,
    owns: (k) => words[k]?.isOwn === true,
    present: (k) => presentText(args[k]),
    writer: `ws[${index}]`,
  }
}

function presentText(arg: { column: number; spec: ColumnSpec } | undefined): string | null {
  if (arg === undefined || !arg.spec.nullable) return null
  if (arg.spec.layout === 'any') return `c${arg.column}.values[i] !== null`
  return `(n${arg.column} === null || n${arg.column}[i] === 0)`
}

function distinctGroups(
  core: AggregateCore,
  chosen: readonly ChosenCall[],
  retracts: boolean,
): DistinctGroup[] {
  const groups: DistinctGroup[] = []
  for (const [index, call] of core.calls.entries()) {
    const [column] = call.args
    if (chosen[index]?.kind !== 'distinct' || column === undefined) continue
    let group = groups.find((one) => one.column === column && one.calls.length < DISTINCT_CALLS_MAX)
    if (group === undefined) {
      group = { column, spec: inputSpec(core, column), calls: [], retracts }
      groups.push(group)
    }
    group.calls.push({ index, filter: call.where === null ? null : `v${call.where}[i]`, word: 0 })
  }
  return groups
}

/** Null bits of an entry with the same key and the results as values: see early-rows.ts. */
export function resultNullables(core: AggregateCore): number {
  const key = core.key.map((index) => inputSpec(core, index))
  const results = core.output.slice(core.output.length - core.calls.length)
  return core.window?.earlyMs == null ? 0 : nullableCount([...key, ...results])
}

export function inputSpec(core: AggregateCore, index: number): ColumnSpec {
  const column = core.input[index]
  if (column === undefined) throw new TypeError(`input column ${index} exists`)
  return column.spec
}

export function callCodeOf(chosen: ChosenCall): CallCode | null {
  return chosen.kind === 'distinct' ? null : chosen.code
}

/** Calls whose accumulator may refuse a row: those of the author. */
export function refusingSites({ calls }: AggregateShape): CallSite[] {
  return calls.flatMap(({ site, chosen }) =>
    chosen.kind === 'object' && chosen.accumulator.tryAdd !== undefined ? [site] : [],
  )
}

/** Columns whose values are counted by their hashes. */
export function hashedColumns({ calls }: AggregateShape): number[] {
  const columns = calls.flatMap(({ site, chosen }) =>
    chosen.kind === 'object' && chosen.accumulator.addHash !== undefined
      ? (site.args[0]?.column ?? [])
      : [],
  )
  return [...new Set(columns)]
}
