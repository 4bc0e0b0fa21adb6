/**
 * The best row per key of appended rows: `top` with n = 1, and `dedupe keep: last`.
 *
 * One generated loop over a batch (best-row-code.ts) finds the entry of every row and compares it in
 * place. Then, once per key that has a new best row, the net change comes out: the new rows gathered
 * from the batch, those they replace from the batches that are kept.
 *
 * Owns: an entry per key, and by reference the row that it names (kept-batches.ts). Entries depart
 * from D5 as ADR 0010 says: they hold the numbers that decide most comparisons and the number of a
 * row, not its values, so that a row that is replaced a moment later was never copied.
 *
 * Nulls: a null to order by is worse than every value. Ties go by the row's canonical bytes.
 * Late records: there are none, without a window. End of input: everything has come out already.
 *
 * Invariants:
 *   R1. Between batches the row of every entry is retained once, and no other row is.
 *   R2. An entry whose row is of the batch that is worked has a slot of it.
 */
import { assert } from '../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import { INSERT, type Batch, type BatchSchema, type Column } from '../../../shared/model/batch.ts'
import { gatherColumn, gatherF64 } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { type KeptBatches, NO_KEPT_ROW } from '../../state/kept/kept-batches.ts'
import type { EntryRef, KeyedTable } from '../../state/keyed-table.ts'
import type { StateStore } from '../../state/state-store.ts'
import { columnsAt, KeyedBatch } from '../keyed-batch.ts'
import { KeyTtl } from '../key-ttl.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { type BestRowBatch, type BestRowLoops, compileBestRow } from './best-row-code.ts'
import { SEEK_ROWS } from './key-probe-code.ts'
import { KeptRanks } from './kept-ranks.ts'
import { inlineTerms, rankTerms } from './rank-terms.ts'
import { EVENT_TIME, type OrderColumn } from './row-order.ts'

/** Ties that are compared in place too: there is but one row per key to hold their doubles. */
const TIES_INLINE = 1

export interface BestRowOptions {
  readonly store: StateStore
  readonly input: readonly ColumnSpec[]
  readonly key: readonly number[]
  readonly kept: readonly number[]
  readonly order: readonly OrderColumn[]
  /** The kept columns, and a last one for the rank if `isRanked`. */
  readonly output: readonly ColumnSpec[]
  readonly isRanked: boolean
  /** Whether rows keep their event time. */
  readonly keepsTime: boolean
  /** The kind of a row that another replaces; null where the new row alone says it. */
  readonly beforeKind: number | null
  /** The kind of a row that replaces another. */
  readonly afterKind: number
  readonly ttlMs: number | null
}

export class BestRow implements Operator {
  readonly #options: BestRowOptions
  readonly #schema: BatchSchema
  readonly #key: KeyedBatch
  readonly #table: KeyedTable
  readonly #ranks: KeptRanks
  readonly #rows: KeptBatches
  readonly #loops: BestRowLoops
  readonly #ttl: KeyTtl | null
  /** The word of an entry in which its row stands. */
  readonly #rowWord: number
  readonly #batch: BestRowBatch
  #context: OperatorContext | null = null
  /** The rows that come after those that were replaced, while the output is full. */
  #pending: Batch | null = null

  constructor(options: BestRowOptions) {
    const { store, input, key, kept, beforeKind, ttlMs } = options
    this.#options = options
    this.#schema = { columns: options.output }
    this.#key = new KeyedBatch(input, key)
    const terms = rankTerms(options)
    const inline = inlineTerms(terms.slice(0, options.order.length + TIES_INLINE), input)
    const words = inline.length + 1
    this.#table = store.table('best', { key: this.#key.specs, value: [], words })
    const { layout } = this.#table
    this.#rowWord = layout.wordsAt + inline.length
    this.#loops = compileBestRow({ input, layout, key, inline })
    const times = options.keepsTime ? [EVENT_TIME] : []
    const gathered = beforeKind === null ? [] : [...kept, ...times]
    this.#ranks = new KeptRanks(store, { input, terms, gathered })
    this.#rows = this.#ranks.rows
    this.#ttl = ttlMs === null ? null : new KeyTtl(store, this.#key.specs, ttlMs)
    this.#batch = emptyBatch((row, other) => this.#ranks.compare(row, other))
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    this.#openBatch(batch)
    this.#run(batch.length)
    this.#retain()
    this.#opened().counters.absorbed += batch.length
    const before = this.#oldRows()
    const after = this.#batch.slotCount === 0 ? null : this.#newRows(batch)
    this.#release()
    return this.#emit(before, after)
  }

  resume(): Progress {
    const batch = this.#pending
    this.#pending = null
    if (batch !== null) this.#opened().output('main').emit(batch)
    return DONE
  }

  onWatermark(watermark: number): Progress {
    this.#ttl?.expire(watermark, this.#opened().counters, (key) => {
      const { laneA, laneB, columns } = key
      const entry = this.#table.locate(laneA[0] as number, laneB[0] as number, columns, 0)
      if (entry === 0) return
      this.#rows.release(this.#rowOf(entry))
      this.#table.remove(entry)
    })
    return DONE
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  outputWatermark(watermark: number): number {
    return watermark
  }

  close(): void {
    this.#context = null
  }

  #openBatch(batch: Batch): void {
    const x = this.#batch
    const { length } = batch
    if (length > x.best.length) {
      x.best = new Int32Array(length)
      x.before = new Int32Array(length)
      x.elements = new Int32Array(length)
    }
    this.#key.open(batch)
    x.laneA = this.#key.laneA
    x.laneB = this.#key.laneB
    x.keyColumns = this.#key.columns
    x.columns = batch.columns
    x.times = batch.eventTime
    x.length = length
    x.first = this.#ranks.keep(batch)
    x.slotCount = 0
    if (this.#ttl === null) return
    for (let row = 0; row < length; row++) this.#ttl.touch(this.#key, row)
  }

  /** Finds the best row of every key that the batch touches. */
  #run(length: number): void {
    const table = this.#table
    const x = this.#batch
    const { seek, run, admit } = this.#loops
    for (let from = 0; from < length; from += SEEK_ROWS) {
      const to = Math.min(from + SEEK_ROWS, length)
      seek(x, table, from, to)
      let { shape } = table
      for (let row = run(x, table, from, to); row < to; row = run(x, table, row, to)) {
        admit(x, table, row++)
        if (table.shape === shape) continue
        shape = table.shape
        seek(x, table, row, to)
      }
    }
  }

  #retain(): void {
    const { best, first, slotCount } = this.#batch
    for (let slot = 0; slot < slotCount; slot++) this.#rows.retain(first + (best[slot] as number))
    this.#rows.settle()
  }

  /** Lets go of the rows that were replaced (R1). */
  #release(): void {
    const { before, slotCount } = this.#batch
    for (let slot = 0; slot < slotCount; slot++) {
      const row = before[slot] as number
      if (row !== NO_KEPT_ROW) this.#rows.release(row)
    }
    if (this.#rows.needsCompaction) this.#compact()
  }

  #compact(): void {
    const table = this.#table
    this.#rows.compact((move) => {
      const cursor = table.cursor()
      for (let entry = cursor.next(); entry !== 0; entry = cursor.next()) {
        const row = this.#rowOf(entry)
        const moved = move(row)
        if (moved === row) continue
        table.arena.i32[(entry + this.#rowWord) * 2] = moved
        table.markDirty(entry)
      }
    })
  }

  #rowOf(entry: EntryRef): number {
    return this.#table.arena.i32[(entry + this.#rowWord) * 2] as number
  }

  #emit(before: Batch | null, after: Batch | null): Progress {
    const out = this.#opened().output('main')
    if (before !== null) out.emit(before)
    if (after === null) return DONE
    if (before !== null && out.isFull) {
      this.#pending = after
      return MORE
    }
    out.emit(after)
    return DONE
  }

  /** The rows that were replaced, if they come out. */
  #oldRows(): Batch | null {
    const { beforeKind, kept, keepsTime } = this.#options
    const { before, slotCount } = this.#batch
    if (beforeKind === null) return null
    const rows = before.slice(0, slotCount).filter((row) => row !== NO_KEPT_ROW)
    const count = rows.length
    if (count === 0) return null
    const times = keepsTime ? this.#ranks.gather(rows, count, EVENT_TIME) : null
    return this.#outputBatch(
      kept.map((column) => this.#ranks.gather(rows, count, column)),
      times?.layout === 'f64' ? times.values : null,
      new Uint8Array(count).fill(beforeKind),
    )
  }

  #newRows(batch: Batch): Batch {
    const { afterKind, kept, keepsTime } = this.#options
    const { best, before, slotCount } = this.#batch
    const kind = new Uint8Array(slotCount)
    for (let slot = 0; slot < slotCount; slot++)
      kind[slot] = before[slot] === NO_KEPT_ROW ? INSERT : afterKind
    return this.#outputBatch(
      columnsAt(batch, kept).map((column) => gatherColumn(column, best, slotCount)),
      keepsTime ? gatherF64(batch.eventTime, best, slotCount) : null,
      kind,
    )
  }

  #outputBatch(kept: readonly Column[], times: Float64Array | null, kind: Uint8Array): Batch {
    const { length } = kind
    const rank: Column[] = this.#options.isRanked
      ? [{ layout: 'f64', values: new Float64Array(length).fill(1), nulls: null }]
      : []
    return {
      schema: this.#schema,
      length,
      eventTime: times ?? new Float64Array(length).fill(Number.NaN),
      kind: kind.every((one) => one === INSERT) ? null : kind,
      columns: [...kept, ...rank],
    }
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }
}

function emptyBatch(compare: BestRowBatch['compare']): BestRowBatch {
  return {
    laneA: new Int32Array(0),
    laneB: new Int32Array(0),
    elements: new Int32Array(BATCH_RECORDS_MAX),
    seen: 0,
    columns: [],
    keyColumns: [],
    times: new Float64Array(0),
    length: 0,
    first: 0,
    slotCount: 0,
    best: new Int32Array(BATCH_RECORDS_MAX),
    before: new Int32Array(BATCH_RECORDS_MAX),
    compare,
  }
}
