/** Compiles an aggregate core: lays out its entry and generates its loops (D2). */
import { factoryOf } from '../../../shared/base/generated-code.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import type { StreamError } from '../../../shared/base/errors.ts'
import type { Column } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { dictionaryImage } from '../../../shared/model/key-hash/key-hash-dictionary.ts'
import { compileKeyHash, type KeyHash } from '../../../shared/model/key-hash/key-hash-compile.ts'
import type { AggregateCore } from '../../../shared/planning/plan.ts'
import type { ColumnWriter } from '../../state/column-writer.ts'
import type { EntrySpec } from '../../state/entry-layout.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import { sameBytes, sameValue } from '../../state/same-value.ts'
import { aggregateCode } from './aggregate-code.ts'
import {
  type AggregateOptions,
  type AggregateShape,
  aggregateShape,
  hashedColumns,
  inputSpec,
  refusingSites,
  resultNullables,
} from './aggregate-shape.ts'
import { DictionaryStamps } from './calls/dictionary-stamps.ts'
import { distinctSpec, isNumeric } from './calls/distinct-code.ts'
import { bigintAverage, exactAverage, exactBigint, exactNumber } from './calls/exact-sum.ts'
import { putResult } from './calls/put-result.ts'
import { mergesInPlace } from './merge-code.ts'
import { compareBytes, compareValues } from './calls/value-key.ts'
import { distinctCallCount } from './updating/touched-distinct-code.ts'
import type { TouchedGroups } from './updating/touched-groups.ts'
import type { UpdatingMode } from './updating/updating-mode.ts'

export interface HashLanes {
  a: Int32Array
  b: Int32Array
}

/** The state of one batch that the generated loops read: made once per operator, filled per batch. */
export interface AggregateBatch {
  columns: readonly Column[]
  /** Those of the key, in its order. */
  keyColumns: readonly Column[]
  laneA: Int32Array
  laneB: Int32Array
  /** Lane B of each column that is counted distinct. */
  distinctLanes: Int32Array[]
  /** Lane A of those, which nobody reads. */
  spareLane: Int32Array
  /** Both lanes of each column whose values are counted by their hashes. */
  hashLanes: HashLanes[]
  times: Float64Array
  /** The pane whose rows are added, where the loop is bounded by one. */
  paneStart: number
  paneEnd: number
  kinds: Uint8Array | null
  /** Records read before this batch: the time of records that lost theirs. */
  before: number
  /** Number of this batch, from 1. */
  serial: number
  /** Retractions of keys that are not there. */
  unmatched: number
  /** Rows of this batch that were refused, of which nothing was added. */
  refused: number
  /** A row failed; called before `refused` is read. */
  refuse(row: number, failure: StreamError): void
  /** Called before the first change of an entry in a batch, when the aggregate touches. */
  touch(table: KeyedTable, entry: number, row: number, isFresh: boolean): void
}

/** Where a walk over entries stands: read and written by `fill`. */
export interface FillPlace {
  /** The next entry, and the end of its page. */
  entry: number
  end: number
  /** The next row, and the row to stop at. */
  row: number
  limit: number
  /** Index of the call whose result failed, at `entry`; −1 for none. */
  cause: unknown
}

/** Where the writing of changes stands: read and written by `emitTouched`. */
export interface EmitPlace {
  row: number
  limit: number
  /** Per row its kind, and the row of the batch that has its key. */
  kinds: Uint8Array
  sources: Int32Array
  /** Whether a kind is not INSERT. */
  hasKinds: boolean
  /** Rows of the batch whose groups have no records any more. */
  emptied: number[]
  /** Index of the call whose result failed, at `entry`; −1 for none. */
  cause: number
  entry: number
}

export interface AggregateLoops {
  /**
   * Adds (or, by their kinds, takes back) rows `from` to `to` of the batch, or up to the first one
   * that is not in the batch's pane; answers the row where it stopped.
   */
  accumulate(batch: AggregateBatch, T: KeyedTable, from: number, to: number): number
  /** As accumulate; stops at a row that has no entry or needs more than adding, and answers it. */
  run(batch: AggregateBatch, T: KeyedTable, from: number, to: number): number
  /** Adds a row to an entry; false when it is refused. */
  addRow(batch: AggregateBatch, T: KeyedTable, e: number, i: number): boolean
  /** Takes a row back from an entry that has it; compiled only where rows are taken back. */
  takeRow(batch: AggregateBatch, T: KeyedTable, e: number, i: number): void
  /** Adds entry `f` of S to `e` of T, and takes it out again. */
  merge(T: KeyedTable, e: number, S: KeyedTable, f: number): void
  unmerge(T: KeyedTable, e: number, S: KeyedTable, f: number): void
  /** Adds every entry of S. */
  mergeAll(T: KeyedTable, S: KeyedTable): void
  /** Takes every entry out. Those without rows go, or stay: then it answers how many. */
  unmergeAll(T: KeyedTable, S: KeyedTable): number
  init(T: KeyedTable, e: number): void
  /** Writes rows for entries of a page; see FillPlace. */
  fill(
    T: KeyedTable,
    place: FillPlace,
    keys: readonly ColumnWriter[],
    results: readonly ColumnWriter[],
  ): void
  /** Of updating output in a mode of its own; see touched-run-code.ts and its neighbours. */
  accumulateTouched?(batch: AggregateBatch, G: TouchedGroups, T: KeyedTable, to: number): void
  countDistinct?(batch: AggregateBatch, G: TouchedGroups, T: KeyedTable, to: number): void
  relocateTouched?(batch: AggregateBatch, G: TouchedGroups, T: KeyedTable): void
  emitTouched?(
    G: TouchedGroups,
    T: KeyedTable,
    results: readonly ColumnWriter[],
    place: EmitPlace,
  ): void
  /** Writes the results of all calls; −1, or the index of the call that has none. */
  writeResults(T: KeyedTable, e: number, ws: readonly ColumnWriter[], r: number): number
}

export interface CompiledDistinct {
  readonly column: number
  readonly spec: EntrySpec
  /** Makes the lanes of the column; null where values are numbers. */
  readonly hash: KeyHash | null
}

export interface CompiledAggregate {
  readonly spec: EntrySpec
  readonly loops: AggregateLoops
  readonly keyHash: KeyHash
  /** Whether a batch is opened without lanes: `keyHash.row` makes them for a row. */
  readonly isLaneless: boolean
  readonly distinct: readonly CompiledDistinct[]
  /** Columns whose values are counted by their hashes. */
  readonly hashed: readonly { readonly column: number; readonly hash: KeyHash }[]
  /** Whether calls may refuse a row. */
  readonly refuses: boolean
  /** Index of the word that counts rows; −1 for none. */
  readonly rowsWord: number
  /** Index of the word that numbers entries for distinct counts; −1 for none. */
  readonly idWord: number
  /** Index of the word of the last write; −1 for none. */
  readonly writeWord: number
  /** Index of the first word of a session, or of the operator's own; −1 for none. */
  readonly sessionWord: number
  readonly mode: UpdatingMode
  readonly isFlat: boolean
  readonly savedAt: number
  readonly savedWords: number
  readonly distinctCalls: number
  readonly touchAt: number
  /** Whether panes may be taken out of a merged entry. */
  readonly subtracts: boolean
  /** Whether panes are merged in place: cheaper by far than entry by entry. */
  readonly mergesInPlace: boolean
  readonly code: string
}

export function compileAggregate(
  core: AggregateCore,
  options: AggregateOptions,
): CompiledAggregate {
  const shape = aggregateShape(core, options)
  const code = aggregateCode(shape)
  const keyHash = compileKeyHash(core.key.map((index) => inputSpec(core, index)))
  const loops = factoryOf(['h'], code)(libraryOf(shape, keyHash)) as AggregateLoops
  const { layout } = shape
  return {
    spec: specOf(shape),
    loops,
    keyHash,
    isLaneless: shape.isLaneless,
    distinct: shape.distinct.map((group) => ({
      column: group.column,
      spec: distinctSpec(group),
      hash: isNumeric(group) ? null : compileKeyHash([group.spec]),
    })),
    hashed: hashedColumns(shape).map((column) => ({
      column,
      hash: compileKeyHash([inputSpec(core, column)]),
    })),
    refuses: refusingSites(shape).length > 0,
    mode: shape.mode,
    isFlat: shape.isFlat,
    savedAt: shape.savedAt,
    savedWords: shape.savedWords,
    distinctCalls: distinctCallCount(shape),
    touchAt: shape.touchAt,
    rowsWord: shape.rowsAt < 0 ? -1 : shape.rowsAt - layout.wordsAt,
    idWord: shape.idAt < 0 ? -1 : shape.idAt - layout.wordsAt,
    writeWord: shape.writeAt < 0 ? -1 : shape.writeAt - layout.wordsAt,
    sessionWord: shape.sessionAt < 0 ? -1 : shape.sessionAt - layout.wordsAt,
    subtracts: shape.calls.every(
      ({ chosen }) => chosen.kind !== 'distinct' && chosen.code.unmerge !== null,
    ),
    mergesInPlace: mergesInPlace(shape),
    code,
  }
}

export function aggregateBatch(compiled: CompiledAggregate): AggregateBatch {
  return {
    columns: [],
    keyColumns: [],
    laneA: new Int32Array(BATCH_RECORDS_MAX),
    laneB: new Int32Array(BATCH_RECORDS_MAX),
    spareLane: new Int32Array(BATCH_RECORDS_MAX),
    distinctLanes: compiled.distinct.map(() => new Int32Array(BATCH_RECORDS_MAX)),
    hashLanes: compiled.hashed.map(() => ({
      a: new Int32Array(BATCH_RECORDS_MAX),
      b: new Int32Array(BATCH_RECORDS_MAX),
    })),
    times: new Float64Array(0),
    paneStart: Number.NEGATIVE_INFINITY,
    paneEnd: Number.POSITIVE_INFINITY,
    kinds: null,
    before: 0,
    serial: 0,
    unmatched: 0,
    refused: 0,
    refuse: (_row, failure) => {
      throw failure
    },
    touch: () => {},
  }
}

function specOf(shape: AggregateShape): EntrySpec {
  return {
    key: shape.layout.key.map((slot) => slot.spec),
    value: shape.layout.value.map((slot) => slot.spec),
    words: shape.layout.words,
    nullableMin: resultNullables(shape.core),
    isIndexed: shape.isIndexed || shape.isFlat,
    indexesTexts: shape.isFlat,
    indexesLanes: shape.isLaneIndexed,
    // Timers of sessions name group and tag.
    isHashed: shape.options.gapMs !== undefined,
  }
}

/** What generated lines of calls ask for by name. */
export function libraryOf(shape: AggregateShape, keyHash: KeyHash) {
  return {
    bigintAverage,
    compareBytes,
    compareValues,
    dictionaryImage,
    exactAverage,
    exactBigint,
    exactNumber,
    hashRow: keyHash.row,
    putResult,
    sameBytes,
    sameValue,
    stamps: new DictionaryStamps(),
    valueAt,
    objects: shape.calls.map(({ chosen }) =>
      chosen.kind === 'object' ? chosen.accumulator : null,
    ),
    args: shape.calls.map(({ site }) => site.args.map(() => null)),
  }
}
