/**
 * The best row per key of appended rows: `top` with n = 1, and `dedupe keep: last`.
 *
 * A batch is first only compared: each key it touches remembers the batch's best row. Then, once
 * per touched key, the state is written and the net change comes out; the new rows are gathered
 * from the batch, so that no text is copied to the output.
 *
 * Owns: one row per key. Words of an entry: the order's, then event time, then a stamp that names
 * the slot of the key in the current batch.
 *
 * Nulls: a null to order by is worse than every value. Ties go by the row's canonical bytes.
 * Late records: there are none, without a window. End of input: everything has come out already.
 */
import { assert } from '../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import { INSERT, type Batch, type BatchSchema, type Column } from '../../../shared/model/batch.ts'
import { gatherColumn, gatherF64 } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnWriter, type ColumnWriter } from '../../state/column-writer.ts'
import type { EntryRef, KeyedTable } from '../../state/keyed-table.ts'
import type { StateStore } from '../../state/state-store.ts'
import { columnsAt, KeyedBatch } from '../keyed-batch.ts'
import { KeyTtl } from '../key-ttl.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { storedReader, type StoredReader } from '../stored-reader.ts'
import { compareTies, type OrderColumn, RowOrder } from './row-order.ts'
import { BatchRow, EntryRow, type RowValues } from './row-values.ts'

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
  readonly #order: RowOrder
  readonly #table: KeyedTable
  readonly #ttl: KeyTtl | null
  /** Input columns that are stored: the kept ones, then those that only the order reads. */
  readonly #stored: readonly number[]
  readonly #restPositions: readonly number[]
  readonly #readKept: StoredReader
  /** Kept columns that the key does not make equal anyway. */
  readonly #tiePositions: readonly number[]
  readonly #one = new BatchRow()
  readonly #other = new BatchRow()
  readonly #inState: EntryRow
  readonly #timeWord: number
  readonly #stampWord: number
  /** Order words of the batch's rows. */
  #words: readonly Float64Array[]
  /** By slot: the first row of its key in the batch, the best one, its entry, whether it is new. */
  #firstRow = new Int32Array(BATCH_RECORDS_MAX)
  #bestRow = new Int32Array(BATCH_RECORDS_MAX)
  #entry = new Int32Array(BATCH_RECORDS_MAX)
  #isNew = new Uint8Array(BATCH_RECORDS_MAX)
  #slotCount = 0
  /** Stamps of this batch are `#stampBase + slot`. Grows; 0 is a stamp of no batch. */
  #stampBase = 1
  #context: OperatorContext | null = null
  /** The rows that come after those that were replaced, while the output is full. */
  #pending: Batch | null = null

  constructor(options: BestRowOptions) {
    const { store, input, key, kept, order, ttlMs } = options
    this.#options = options
    this.#key = new KeyedBatch(input, key)
    this.#order = new RowOrder(order, input)
    this.#stored = [...new Set([...kept, ...this.#order.restColumns])]
    this.#restPositions = this.#order.restColumns.map((index) => this.#stored.indexOf(index))
    this.#timeWord = this.#order.wordCount
    this.#stampWord = this.#timeWord + 1
    this.#table = store.table('best', {
      key: this.#key.specs,
      value: this.#stored.map((index) => input[index] as ColumnSpec),
      words: this.#order.wordCount + 2,
    })
    this.#ttl = ttlMs === null ? null : new KeyTtl(store, this.#key.specs, ttlMs)
    this.#readKept = storedReader(
      this.#table,
      kept.map((_, position) => position),
    )
    this.#tiePositions = kept.flatMap((index, position) => (key.includes(index) ? [] : [position]))
    this.#inState = new EntryRow(this.#table)
    this.#words = Array.from(
      { length: this.#order.wordCount },
      () => new Float64Array(BATCH_RECORDS_MAX),
    )
    this.#schema = { columns: options.output }
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    this.#makeRoom(batch.length)
    this.#key.open(batch)
    this.#order.fillWords(batch, this.#words)
    const columns = columnsAt(batch, this.#stored)
    const { shape } = this.#table
    this.#compareRows(batch, columns)
    const before = this.#apply(batch, columns, this.#table.shape !== shape)
    this.#opened().counters.absorbed += batch.length
    this.#stampBase += this.#slotCount
    return this.#emit(batch, before)
  }

  resume(): Progress {
    const batch = this.#pending
    this.#pending = null
    if (batch !== null) this.#opened().output('main').emit(batch)
    return DONE
  }

  onWatermark(watermark: number): Progress {
    this.#ttl?.expire(watermark, this.#opened().counters, (key) => {
      const entry = this.#table.locate(
        key.laneA[0] as number,
        key.laneB[0] as number,
        key.columns,
        0,
      )
      if (entry !== 0) this.#table.remove(entry)
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

  /** Finds the best row of every key that the batch touches. */
  #compareRows(batch: Batch, columns: readonly Column[]): void {
    const { laneA, laneB, columns: keyColumns } = this.#key
    const table = this.#table
    const stamp = this.#stampWord
    this.#slotCount = 0
    for (let row = 0; row < batch.length; row++) {
      this.#ttl?.touch(this.#key, row)
      const a = laneA[row] as number
      const b = laneB[row] as number
      const entry = table.locate(a, b, keyColumns, row)
      if (entry === 0) {
        this.#openSlot(row, table.insert(a, b, keyColumns, row), true)
        continue
      }
      const slot = table.word(entry, stamp) - this.#stampBase
      if (slot < 0) {
        if (this.#isBetterThanStored(columns, row, entry)) this.#openSlot(row, entry, false)
      } else if (this.#isBetterRow(columns, row, this.#bestRow[slot] as number)) {
        this.#bestRow[slot] = row
      }
    }
  }

  #openSlot(row: number, entry: EntryRef, isNew: boolean): void {
    const slot = this.#slotCount++
    this.#firstRow[slot] = row
    this.#bestRow[slot] = row
    this.#entry[slot] = entry
    this.#isNew[slot] = isNew ? 1 : 0
    this.#table.setWord(entry, this.#stampWord, this.#stampBase + slot)
  }

  #isBetterThanStored(columns: readonly Column[], row: number, entry: EntryRef): boolean {
    for (let word = 0; word < this.#timeWord; word++) {
      const own = (this.#words[word] as Float64Array)[row] as number
      const stored = this.#table.word(entry, word)
      if (own !== stored) return own > stored
    }
    return this.#winsTie(this.#one.at(columns, row), this.#inState.at(entry))
  }

  #isBetterRow(columns: readonly Column[], row: number, best: number): boolean {
    for (const words of this.#words) {
      const own = words[row] as number
      const other = words[best] as number
      if (own !== other) return own > other
    }
    return this.#winsTie(this.#one.at(columns, row), this.#other.at(columns, best))
  }

  #winsTie(a: RowValues, b: RowValues): boolean {
    const rest = this.#order.compareRest(a, b, this.#restPositions)
    return rest === 0 ? compareTies(a, b, this.#tiePositions) < 0 : rest < 0
  }

  /** Writes the state; answers the rows that were replaced, if they come out. */
  #apply(batch: Batch, columns: readonly Column[], isMoved: boolean): Batch | null {
    const { beforeKind, kept } = this.#options
    const writers = beforeKind === null ? null : this.#writers(kept, this.#slotCount)
    const times = new Float64Array(writers === null ? 0 : this.#slotCount)
    let count = 0
    for (let slot = 0; slot < this.#slotCount; slot++) {
      const entry = isMoved ? this.#locate(slot) : (this.#entry[slot] as number)
      const row = this.#bestRow[slot] as number
      const isNew = this.#isNew[slot] === 1
      if (writers !== null && !isNew) {
        this.#readKept(this.#table, entry, writers, count)
        times[count++] = this.#table.word(entry, this.#timeWord)
      }
      this.#write(entry, { batch, columns, row, isNew })
    }
    if (writers === null || count === 0) return null
    return this.#outputBatch(
      writers.map((writer) => writer.take(count)),
      times,
      new Uint8Array(count).fill(beforeKind ?? INSERT),
    )
  }

  #write(
    entry: EntryRef,
    of: { batch: Batch; columns: readonly Column[]; row: number; isNew: boolean },
  ): void {
    const { batch, columns, row, isNew } = of
    if (isNew) this.#table.storeValue(entry, columns, row)
    else this.#table.replaceValue(entry, columns, row)
    for (let word = 0; word < this.#timeWord; word++)
      this.#table.setWord(entry, word, (this.#words[word] as Float64Array)[row] as number)
    this.#table.setWord(entry, this.#timeWord, batch.eventTime[row] as number)
  }

  #locate(slot: number): EntryRef {
    const row = this.#firstRow[slot] as number
    const { laneA, laneB, columns } = this.#key
    return this.#table.locate(laneA[row] as number, laneB[row] as number, columns, row)
  }

  #emit(batch: Batch, before: Batch | null): Progress {
    const out = this.#opened().output('main')
    if (before !== null) out.emit(before)
    const after = this.#slotCount === 0 ? null : this.#newRows(batch)
    if (after === null) return DONE
    if (before !== null && out.isFull) {
      this.#pending = after
      return MORE
    }
    out.emit(after)
    return DONE
  }

  #newRows(batch: Batch): Batch {
    const count = this.#slotCount
    const kind = new Uint8Array(count)
    for (let slot = 0; slot < count; slot++)
      kind[slot] = this.#isNew[slot] === 1 ? INSERT : this.#options.afterKind
    return this.#outputBatch(
      columnsAt(batch, this.#options.kept).map((column) =>
        gatherColumn(column, this.#bestRow, count),
      ),
      gatherF64(batch.eventTime, this.#bestRow, count),
      kind,
    )
  }

  #outputBatch(kept: readonly Column[], times: Float64Array, kind: Uint8Array): Batch {
    const { output, isRanked, keepsTime } = this.#options
    const { length } = kind
    const rank: Column = { layout: 'f64', values: new Float64Array(length).fill(1), nulls: null }
    return {
      schema: this.#schema,
      length,
      eventTime: keepsTime ? times : new Float64Array(length).fill(Number.NaN),
      kind: kind.every((one) => one === INSERT) ? null : kind,
      columns: isRanked ? [...kept, rank] : kept.slice(0, output.length),
    }
  }

  #writers(indexes: readonly number[], capacity: number): ColumnWriter[] {
    return indexes.map((index) =>
      columnWriter(this.#options.input[index]?.layout ?? 'any', Math.max(capacity, 1)),
    )
  }

  /** The arrays of slots and words are as long as the longest batch. */
  #makeRoom(rows: number): void {
    if (rows <= this.#firstRow.length) return
    this.#words = this.#words.map(() => new Float64Array(rows))
    this.#firstRow = new Int32Array(rows)
    this.#bestRow = new Int32Array(rows)
    this.#entry = new Int32Array(rows)
    this.#isNew = new Uint8Array(rows)
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }
}
