/**
 * The best n rows per key of appended rows, without ties and windows: `top` with n > 1.
 *
 * One generated loop over a batch (best-rows-code.ts) finds the entry of every row, rejects most rows
 * by one comparison with the n-th best, and puts the others into the sorted block of their key. Then
 * the net change of every key with new rows comes out (best-rows-output.ts).
 *
 * Owns: an entry and a block per key, and by reference the rows they name (kept-batches.ts). Both
 * depart from D5 as ADR 0011 says: they hold the numbers that decide most comparisons and the
 * numbers of rows; the blocks lie beside the pages, in the same arena.
 *
 * Nulls: a null to order by is worse than every value; null is a key. Ties go by the row's canonical
 * bytes. Late records: there are none. End of input: everything has come out already.
 *
 * Invariants:
 *   R1. Between batches every row of a block is retained once, and no other row is.
 *   R2. The rows of a block are sorted, best first; equal ones in the order they came.
 *   R3. Between batches no block has a slot.
 */
import { assert } from '../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { KeptBatches } from '../../state/kept/kept-batches.ts'
import type { EntryRef, KeyedTable } from '../../state/keyed-table.ts'
import { KeyedBatch, specsOf } from '../keyed-batch.ts'
import { KeyTtl } from '../key-ttl.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { type BestRowsBatch, type BestRowsLoops, compileBestRows } from './best-rows-code.ts'
import { BestRowsOutput } from './best-rows-output.ts'
import { PROBED, SEEK_ROWS } from './key-probe-code.ts'
import { KeptRanks } from './kept-ranks.ts'
import { RankBlocks } from './rank-blocks.ts'
import { inlineTerms, rankTerms, worstDouble } from './rank-terms.ts'
import { topIdentity } from './top-changes.ts'
import type { TopOptions } from './top-n.ts'

/** Doubles beside every row of a key: more would make blocks long for ties that are rare. */
const INLINE_MAX = 2

export class BestRows implements Operator {
  readonly #key: KeyedBatch
  readonly #table: KeyedTable
  readonly #blocks: RankBlocks
  readonly #ranks: KeptRanks
  readonly #rows: KeptBatches
  readonly #loops: BestRowsLoops
  readonly #output: BestRowsOutput
  readonly #ttl: KeyTtl | null
  readonly #batch: BestRowsBatch
  #context: OperatorContext | null = null

  constructor(options: TopOptions) {
    const { core, store, ttlMs } = options
    const { key, kept, order, n } = core
    const input = specsOf(core.input)
    const terms = rankTerms({ order, key, kept })
    const inline = inlineTerms(terms.slice(0, Math.min(order.length, INLINE_MAX)), input)
    const [first] = inline
    this.#key = new KeyedBatch(input, key)
    this.#table = store.table('best', {
      key: this.#key.specs,
      value: [],
      words: first === undefined ? 1 : 2,
      ...PROBED,
    })
    const { layout } = this.#table
    const worst = first === undefined ? 0 : worstDouble(first)
    this.#blocks = new RankBlocks(this.#table, { n, inlineCount: inline.length, worst })
    this.#ranks = new KeptRanks(store, { input, terms, gathered: kept })
    this.#rows = this.#ranks.rows
    this.#output = new BestRowsOutput({
      core,
      identity: topIdentity(core, options.edge, options.uniqueKey),
      table: this.#table,
      blocks: this.#blocks,
      ranks: this.#ranks,
      batchRows: options.batchRows,
    })
    const { notesOld } = this.#output
    this.#loops = compileBestRows({ input, layout, key, inline, n, notesOld })
    this.#ttl = ttlMs === null ? null : new KeyTtl(store, this.#key.specs, ttlMs)
    this.#batch = emptyBatch(this.#ranks, this.#output)
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    this.#openBatch(batch)
    this.#run(batch.length)
    this.#settle()
    this.#opened().counters.absorbed += batch.length
    return this.resume()
  }

  resume(): Progress {
    if (!this.#output.emit(this.#batch, this.#opened().output('main'))) return MORE
    this.#release()
    return DONE
  }

  onWatermark(watermark: number): Progress {
    this.#ttl?.expire(watermark, this.#opened().counters, (key) => {
      const { laneA, laneB, columns } = key
      const entry = this.#table.locate(laneA[0] as number, laneB[0] as number, columns, 0)
      if (entry !== 0) this.#forget(entry)
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
    if (length > x.homes.length) Object.assign(x, slotArrays(length))
    this.#key.open(batch)
    x.laneA = this.#key.laneA
    x.laneB = this.#key.laneB
    x.keyColumns = this.#key.columns
    x.columns = batch.columns
    x.times = batch.eventTime
    x.length = length
    this.#ranks.open(batch)
    x.first = this.#ranks.keepAll(length)
    x.slotCount = 0
    x.goneCount = 0
    if (this.#ttl === null) return
    for (let row = 0; row < length; row++) this.#ttl.touch(this.#key, row)
  }

  /** Puts every row where it belongs. */
  #run(length: number): void {
    const table = this.#table
    const x = this.#batch
    const { seek, run } = this.#loops
    for (let from = 0; from < length; from += SEEK_ROWS) {
      const to = Math.min(from + SEEK_ROWS, length)
      seek(x, table, from, to)
      for (let row = run(x, table, from, to); row < to; row = run(x, table, row, to)) {
        const at = table.index?.at
        this.#makeRoom(row)
        if (table.index?.at !== at) seek(x, table, row, to)
      }
    }
  }

  /** An entry for the key of a row, or a larger block if it has one. */
  #makeRoom(row: number): void {
    const x = this.#batch
    const a = x.laneA[row] as number
    const b = x.laneB[row] as number
    const entry = this.#table.locate(a, b, x.keyColumns, row)
    if (entry === 0) {
      this.#blocks.open(this.#table.insert(a, b, x.keyColumns, row))
      return
    }
    const block = this.#blocks.grow(entry)
    const slot = (this.#table.arena.i32[block * 2 + 1] as number) - 1
    if (slot >= 0) x.blocks[slot] = block
  }

  /** Retains the rows of the batch that are among the best (R1), and ends the slots (R3). */
  #settle(): void {
    const { blocks, changed, counts, first, length, slotCount } = this.#batch
    const { i32 } = this.#table.arena
    for (let slot = 0; slot < slotCount; slot++) {
      const block = blocks[slot] as number
      i32[block * 2 + 1] = 0
      const rows = this.#blocks.rowsAt(block)
      const end = rows + (counts[slot] as number)
      for (let at = rows + (changed[slot] as number); at < end; at++) {
        const row = i32[at] as number
        if ((row - first) >>> 0 < length) this.#rows.retain(row)
      }
    }
    this.#rows.settle()
  }

  #release(): void {
    const { gone, goneCount } = this.#batch
    for (let at = 0; at < goneCount; at++) this.#rows.release(gone[at] as number)
    this.#batch.goneCount = 0
    if (this.#rows.needsCompaction) this.#compact()
  }

  #compact(): void {
    const { arena } = this.#table
    this.#rows.compact((move) => {
      const cursor = this.#table.cursor()
      for (let entry = cursor.next(); entry !== 0; entry = cursor.next()) {
        const rows = this.#blocks.rowsAt(this.#blocks.blockOf(entry))
        const end = rows + this.#blocks.countOf(entry)
        for (let at = rows; at < end; at++) arena.i32[at] = move(arena.i32[at] as number)
        this.#table.markDirty(entry)
      }
    })
  }

  #forget(entry: EntryRef): void {
    const { i32 } = this.#table.arena
    const rows = this.#blocks.rowsAt(this.#blocks.blockOf(entry))
    const end = rows + this.#blocks.countOf(entry)
    for (let at = rows; at < end; at++) this.#rows.release(i32[at] as number)
    this.#blocks.free(entry)
    this.#table.remove(entry)
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }
}

function emptyBatch(ranks: KeptRanks, output: BestRowsOutput): BestRowsBatch {
  return {
    laneA: new Int32Array(0),
    laneB: new Int32Array(0),
    seen: 0,
    columns: [],
    keyColumns: [],
    times: new Float64Array(0),
    length: 0,
    first: 0,
    slotCount: 0,
    goneCount: 0,
    ...slotArrays(BATCH_RECORDS_MAX),
    compare: (row, other) => ranks.compare(row, other),
    noteOld: (i32, rows, count) => output.noteOld(i32, rows, count),
  }
}

/** Arrays that are as long as the longest batch. */
function slotArrays(rows: number) {
  return {
    homes: new Int32Array(rows),
    blocks: new Int32Array(rows),
    oldCounts: new Int32Array(rows),
    counts: new Int32Array(rows),
    changed: new Int32Array(rows),
    gone: new Int32Array(rows),
  }
}
