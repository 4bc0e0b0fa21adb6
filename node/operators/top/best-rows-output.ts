/**
 * What BestRows says after a batch: per key with new rows the net change, as lists of rows that are
 * then gathered column by column.
 *
 * A place that has another row than before is said anew; from the first new place on all have. Rows
 * of a key that stay are in the order they were in, so that those that are gone are its last ones.
 *
 * Owns: the list being emitted, and how far.
 */
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import {
  type Batch,
  type BatchSchema,
  type Column,
  DELETE,
  INSERT,
  UPDATE_AFTER,
  UPDATE_BEFORE,
} from '../../../shared/model/batch.ts'
import type { TopCore } from '../../../shared/planning/plan.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { Output } from '../operator.ts'
import type { BestRowsBatch } from './best-rows-code.ts'
import type { KeptRanks } from './kept-ranks.ts'
import type { RankBlocks } from './rank-blocks.ts'
import type { TopIdentity } from './top-changes.ts'

export interface BestRowsOutputOptions {
  readonly core: TopCore
  readonly identity: TopIdentity
  readonly table: KeyedTable
  readonly blocks: RankBlocks
  readonly ranks: KeptRanks
  /** Rows of a batch, at most. */
  readonly batchRows: number | undefined
}

export class BestRowsOutput {
  readonly #options: BestRowsOutputOptions
  readonly #schema: BatchSchema
  readonly #batchRows: number
  /** By slot: where its rows before the batch begin in `#old`. */
  #oldAt = new Int32Array(BATCH_RECORDS_MAX)
  #old = new Int32Array(BATCH_RECORDS_MAX)
  #oldCount = 0
  #noted = 0
  /** The list: its end, what was emitted, and the slot that comes next. */
  #count = 0
  #from = 0
  #slot = 0
  #rows = new Int32Array(BATCH_RECORDS_MAX)
  #place = new Int32Array(BATCH_RECORDS_MAX)
  #kind = new Uint8Array(BATCH_RECORDS_MAX)

  constructor(options: BestRowsOutputOptions) {
    this.#options = options
    this.#schema = { columns: options.core.output }
    this.#batchRows = options.batchRows ?? BATCH_RECORDS_MAX
  }

  /** Whether the rows of a key before the batch have to be known. */
  get notesOld(): boolean {
    return this.#options.identity !== 'rank'
  }

  noteOld(i32: Int32Array, rows: number, count: number): void {
    if (this.#noted === this.#oldAt.length) this.#oldAt = larger(this.#oldAt, this.#noted + 1)
    this.#oldAt[this.#noted++] = this.#oldCount
    if (this.#oldCount + count > this.#old.length) {
      this.#old = larger(this.#old, this.#oldCount + count)
    }
    for (let place = 0; place < count; place++) {
      this.#old[this.#oldCount++] = i32[rows + place] as number
    }
  }

  /** Emits what the batch changed; false when something is left because the output is full. */
  emit(x: BestRowsBatch, output: Output): boolean {
    for (;;) {
      if (this.#from < this.#count) {
        output.emit(this.#nextBatch())
        const isDone = this.#from === this.#count && this.#slot === x.slotCount
        if (output.isFull && !isDone) return false
      } else if (this.#slot < x.slotCount) this.#fill(x)
      else break
    }
    this.#slot = 0
    this.#from = 0
    this.#count = 0
    this.#noted = 0
    this.#oldCount = 0
    return true
  }

  /** Lists the changes of slots until there is a batch of them. */
  #fill(x: BestRowsBatch): void {
    const { core, identity } = this.#options
    this.#count = 0
    this.#from = 0
    while (this.#slot < x.slotCount && this.#count < this.#batchRows) {
      const slot = this.#slot++
      const rows = this.#options.blocks.rowsAt(x.blocks[slot] as number)
      this.#makeRoom((x.counts[slot] as number) + (x.oldCounts[slot] as number))
      if (core.rankAs === null) this.#addUnranked(x, slot, rows)
      else if (identity === 'row') this.#addMoved(x, slot, rows)
      else this.#addPlaces(x, slot, rows)
    }
  }

  /** Every place from the first new one on; in full what stood there is taken back before. */
  #addPlaces(x: BestRowsBatch, slot: number, rows: number): void {
    const { i32 } = this.#options.table.arena
    const oldCount = x.oldCounts[slot] as number
    const changed = x.changed[slot] as number
    const count = x.counts[slot] as number
    if (this.#options.identity === 'full') {
      const old = this.#oldAt[slot] as number
      for (let place = changed; place < oldCount; place++)
        this.#add(this.#old[old + place] as number, place, UPDATE_BEFORE)
    }
    for (let place = changed; place < count; place++)
      this.#add(i32[rows + place] as number, place, place < oldCount ? UPDATE_AFTER : INSERT)
  }

  /** Rows by their own key: those that are gone, those that are new and those that moved. */
  #addMoved(x: BestRowsBatch, slot: number, rows: number): void {
    const { i32 } = this.#options.table.arena
    this.#addGone(x, slot, rows)
    const count = x.counts[slot] as number
    for (let place = x.changed[slot] as number; place < count; place++) {
      const row = i32[rows + place] as number
      this.#add(row, place, isOfBatch(x, row) ? INSERT : UPDATE_AFTER)
    }
  }

  #addUnranked(x: BestRowsBatch, slot: number, rows: number): void {
    const { i32 } = this.#options.table.arena
    this.#addGone(x, slot, rows)
    const count = x.counts[slot] as number
    for (let place = x.changed[slot] as number; place < count; place++) {
      const row = i32[rows + place] as number
      if (isOfBatch(x, row)) this.#add(row, place, INSERT)
    }
  }

  #addGone(x: BestRowsBatch, slot: number, rows: number): void {
    const { i32 } = this.#options.table.arena
    const old = this.#oldAt[slot] as number
    const count = x.counts[slot] as number
    let stayed = x.changed[slot] as number
    for (let place = stayed; place < count; place++)
      if (!isOfBatch(x, i32[rows + place] as number)) stayed++
    for (let place = stayed; place < (x.oldCounts[slot] as number); place++)
      this.#add(this.#old[old + place] as number, place, DELETE)
  }

  #add(row: number, place: number, kind: number): void {
    const at = this.#count++
    this.#rows[at] = row
    this.#place[at] = place
    this.#kind[at] = kind
  }

  #makeRoom(more: number): void {
    const needed = this.#count + more
    if (needed <= this.#rows.length) return
    this.#rows = larger(this.#rows, needed)
    this.#place = larger(this.#place, needed)
    const kind = new Uint8Array(this.#rows.length)
    kind.set(this.#kind)
    this.#kind = kind
  }

  #nextBatch(): Batch {
    const { core, ranks } = this.#options
    const from = this.#from
    const to = Math.min(from + this.#batchRows, this.#count)
    this.#from = to
    const length = to - from
    const rows = this.#rows.subarray(from, to)
    const columns = core.kept.map((column) => ranks.gather(rows, length, column))
    if (core.rankAs !== null) columns.push(rankColumn(this.#place, from, to))
    const kind = this.#kind.slice(from, to)
    return {
      schema: this.#schema,
      length,
      eventTime: new Float64Array(length).fill(Number.NaN),
      kind: kind.every((one) => one === INSERT) ? null : kind,
      columns,
    }
  }
}

function isOfBatch(x: BestRowsBatch, row: number): boolean {
  return (row - x.first) >>> 0 < x.length
}

/** Ranks count from 1. */
function rankColumn(places: Int32Array, from: number, to: number): Column {
  const values = new Float64Array(to - from)
  for (let at = from; at < to; at++) values[at - from] = (places[at] as number) + 1
  return { layout: 'f64', values, nulls: null }
}

function larger(values: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(Math.max(needed, values.length * 2))
  made.set(values)
  return made
}
