/**
 * The best row per key of appended rows: `top` with n = 1, and `dedupe keep: last`.
 *
 * One generated loop over a batch (best-row-code.ts) finds the entry of every row and compares it in
 * place. Then, once per key that has a new best row, the net change comes out: the new rows gathered
 * from the batch, those they replace from what is kept. What is kept are the columns that come out.
 *
 * Owns: an entry per key, and by reference the row that it names (kept-batches.ts). Entries depart
 * from D5 as ADR 0011 says: they hold the numbers that decide most comparisons and the number of a
 * row, not its values, so that a row that is replaced a moment later was never copied.
 *
 * Nulls: a null to order by is worse than every value. Ties go by the row's canonical bytes.
 * Late records: there are none, without a window. End of input: everything has come out already.
 *
 * Invariants:
 *   R1. Between batches the row of every entry is retained once, and no other row is.
 *   R2. Between batches no entry has a slot. While a batch is worked, an entry has one if the batch
 *       has a better row than before.
 */
import { assert } from '../../../shared/base/assert.ts'
import { INSERT, type Batch, type BatchSchema, type Column } from '../../../shared/model/batch.ts'
import { gatherColumn, gatherF64, slice } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { KEPT_BATCH_ROWS, type KeptBatches, NO_KEPT_ROW } from '../../state/kept/kept-batches.ts'
import type { EntryRef, KeyedTable } from '../../state/keyed-table.ts'
import type { StateStore } from '../../state/state-store.ts'
import { columnsAt, KeyedBatch } from '../keyed-batch.ts'
import { KeyTtl } from '../key-ttl.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { type BestRowBatch, type BestRowLoops, compileBestRow } from './best-row-code.ts'
import { PROBED, SEEK_ROWS } from './key-probe-code.ts'
import { KeptRanks } from './kept-ranks.ts'
import { inlineTerms, rankTerms } from './rank-terms.ts'
import { EVENT_TIME, type OrderColumn } from './row-order.ts'

/** Ties that are compared in place too: there is but one row per key to hold their doubles. */
const TIES_INLINE = 1
/** What is kept was gathered to come out, so that it is no larger than its rows. */
const COPIED_ROWS_MAX = 64

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
  /** What comes out, while the output is full. */
  readonly #pending: Batch[] = []

  constructor(options: BestRowOptions) {
    const { store, input, key, kept, beforeKind, ttlMs } = options
    this.#options = options
    this.#schema = { columns: options.output }
    this.#key = new KeyedBatch(input, key)
    const terms = rankTerms(options)
    const inline = inlineTerms(terms.slice(0, options.order.length + TIES_INLINE), input)
    const words = inline.length + 1
    this.#table = store.table('best', { key: this.#key.specs, value: [], words, ...PROBED })
    const { layout } = this.#table
    this.#rowWord = layout.wordsAt + inline.length
    this.#loops = compileBestRow({ input, layout, key, inline })
    const times = options.keepsTime ? [EVENT_TIME] : []
    const gathered = beforeKind === null ? [] : [...kept, ...times]
    this.#ranks = new KeptRanks(store, {
      input,
      terms,
      gathered,
      copiedRowsMax: COPIED_ROWS_MAX,
    })
    this.#rows = this.#ranks.rows
    this.#ttl = ttlMs === null ? null : new KeyTtl(store, this.#key.specs, ttlMs)
    this.#batch = emptyBatch(this.#ranks)
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    for (let start = 0; start < batch.length; start += KEPT_BATCH_ROWS) {
      const end = Math.min(start + KEPT_BATCH_ROWS, batch.length)
      this.#take(slice(batch, start, end))
    }
    this.#opened().counters.absorbed += batch.length
    return this.resume()
  }

  resume(): Progress {
    const output = this.#opened().output('main')
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      output.emit(next)
      if (output.isFull && this.#pending.length > 0) return MORE
    }
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

  /** Takes rows into the state, and lists what comes out. */
  #take(batch: Batch): void {
    const x = this.#batch
    this.#open(batch)
    this.#run(batch.length)
    if (x.slotCount === 0) return
    this.#keep()
    const before = this.#oldRows()
    if (before !== null) this.#pending.push(before)
    this.#pending.push(this.#newRows(batch))
    this.#release()
  }

  #open(batch: Batch): void {
    const x = this.#batch
    this.#key.open(batch)
    x.laneA = this.#key.laneA
    x.laneB = this.#key.laneB
    x.keyColumns = this.#key.columns
    x.columns = batch.columns
    x.times = batch.eventTime
    x.slotCount = 0
    this.#ranks.open(batch)
    if (this.#ttl === null) return
    for (let row = 0; row < batch.length; row++) this.#ttl.touch(this.#key, row)
  }

  /** Finds the best row of every key that the batch touches. */
  #run(length: number): void {
    const table = this.#table
    const x = this.#batch
    const { seek, run, admit } = this.#loops
    for (let from = 0; from < length; from += SEEK_ROWS) {
      const to = Math.min(from + SEEK_ROWS, length)
      seek(x, table, from, to)
      for (let row = run(x, table, from, to); row < to; row = run(x, table, row, to)) {
        const at = table.index?.at
        admit(x, table, row++)
        if (table.index?.at !== at) seek(x, table, row, to)
      }
    }
  }

  /** The best rows are kept, and their entries name them (R1, R2). */
  #keep(): void {
    const { best, entries, slotCount } = this.#batch
    const first = this.#ranks.keepSome(best, slotCount)
    const { i32 } = this.#table.arena
    for (let slot = 0; slot < slotCount; slot++) {
      i32[((entries[slot] as number) + this.#rowWord) * 2] = first + slot
    }
    this.#rows.retainAll(first, slotCount)
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
      columnsAt(batch, kept).map(
        (column, at) =>
          this.#ranks.keptColumn(kept[at] as number) ?? gatherColumn(column, best, slotCount),
      ),
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

function emptyBatch(ranks: KeptRanks): BestRowBatch {
  return {
    laneA: new Int32Array(0),
    laneB: new Int32Array(0),
    homes: new Int32Array(KEPT_BATCH_ROWS),
    seen: 0,
    columns: [],
    keyColumns: [],
    times: new Float64Array(0),
    slotCount: 0,
    best: new Int32Array(KEPT_BATCH_ROWS),
    before: new Int32Array(KEPT_BATCH_ROWS),
    entries: new Int32Array(KEPT_BATCH_ROWS),
    compareRows: (row, other) => ranks.compareRows(row, other),
    compareKept: (row, other) => ranks.compareKept(row, other),
  }
}
