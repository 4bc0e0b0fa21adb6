/**
 * `top`: the best n rows per key, or per key and window.
 *
 * Without a window the net change of every key that a batch touched comes out at its end. With one,
 * the best rows come out when the window fires (its end − 1 ms, with `emit: final` later by the
 * allowed lateness), then corrections like without a window, until the window is closed.
 *
 * Nulls: a null to order by is worse than every value; null is a key. Ties: by canonical bytes; with
 * `ties: true` rows equal to the n-th stay, and equal rows share a rank. Late: no window takes the
 * record any more. Changes: see top-rows.ts for what is kept. End of input: +∞ fires every window.
 */
import { assert } from '../../../shared/base/assert.ts'
import {
  DELETE,
  INSERT,
  UPDATE_BEFORE,
  type Batch,
  type Column,
} from '../../../shared/model/batch.ts'
import { gather } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { EdgeKind, TopCore } from '../../../shared/planning/plan.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { RowRef } from '../../state/keyed-rows.ts'
import type { StateStore } from '../../state/state-store.ts'
import { TimeQueue } from '../../state/time-queue.ts'
import { columnsAt, KeyedBatch, specsOf } from '../keyed-batch.ts'
import { KeyTtl } from '../key-ttl.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { lateBatch } from '../window/late-rows.ts'
import { topChanges, topIdentity, type Placed, type TopIdentity } from './top-changes.ts'
import { TopRows } from './top-rows.ts'
import { NO_END, TopWindows, type Windowed } from './top-windows.ts'
import { TopWriter } from './top-writer.ts'

export interface TopOptions {
  readonly core: TopCore
  readonly store: StateStore
  readonly ttlMs: number | null
  /** Of the main output. */
  readonly edge: EdgeKind
  readonly uniqueKey: readonly string[] | null
  /** Columns of the `late` output that somebody reads; late rows are only counted without it. */
  readonly late?: readonly ColumnSpec[]
  /** Rows of emitted batches, at most; for tests. */
  readonly batchRows?: number
}

const END: ColumnSpec = {
  path: '$end',
  type: { kind: 'timestamp' },
  nullable: false,
  layout: 'f64',
}

export class TopN implements Operator {
  readonly #options: TopOptions
  readonly #identity: TopIdentity
  readonly #windows: TopWindows | null
  readonly #key: KeyedBatch
  readonly #rows: TopRows
  /** The keys of the batch that is worked; word 0 is the place in `#chains`. */
  readonly #touched: KeyedTable
  readonly #ttl: KeyTtl | null
  readonly #writer: TopWriter
  /** Fired rows that corrections may still touch, by time. */
  readonly #kept = new TimeQueue()
  #isFiring = false
  #context: OperatorContext | null = null

  constructor(options: TopOptions) {
    const { core, store, ttlMs, edge, uniqueKey } = options
    this.#options = options
    this.#identity = topIdentity(core, edge, uniqueKey)
    this.#windows = core.window === null ? null : new TopWindows(core.window)
    const input = specsOf(core.input)
    this.#key =
      this.#windows === null
        ? new KeyedBatch(input, core.key)
        : new KeyedBatch([...input, END], [...core.key, input.length])
    const { specs } = this.#key
    this.#rows = new TopRows(core, store, specs, this.#windows !== null)
    this.#touched = store.table('touched', { key: specs, value: [], words: 1 })
    this.#ttl = ttlMs === null || this.#windows !== null ? null : new KeyTtl(store, specs, ttlMs)
    this.#writer = new TopWriter(core, options.batchRows)
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    const context = this.#opened()
    if (this.#isBelowFront(batch)) {
      context.counters.absorbed += batch.length
      return this.#drain()
    }
    const windowed = this.#windows?.assign(batch, context.now()) ?? null
    const late = windowed?.lateCount ?? 0
    context.counters.late += late
    context.counters.absorbed += batch.length - late
    if (windowed !== null && late > 0) this.#emitLate(batch, windowed)
    const work = windowed?.batch ?? batch
    if (work.length > 0 && windowed === null) this.#take(work, null)
    else if (windowed !== null && work.length > 0) this.#takeFront(work, windowed)
    this.#writer.finish()
    this.#wake(windowed)
    return this.#drain()
  }

  onWatermark(watermark: number): Progress {
    this.#ttl?.expire(watermark, this.#opened().counters, (key) => {
      for (let row = this.#rows.first(key, 0); row !== 0; row = this.#rows.first(key, 0))
        this.#rows.rows.remove(row)
    })
    if (this.#windows === null) return DONE
    const { clock } = this.#windows
    if (clock.isProcessing && watermark !== Number.POSITIVE_INFINITY) return DONE
    clock.advance(watermark)
    this.#isFiring = true
    return this.#fire(this.#windows)
  }

  onProcessingTime(now: number): Progress {
    if (this.#windows === null || !this.#windows.clock.isProcessing) return DONE
    this.#windows.clock.advance(now - 1)
    this.#isFiring = true
    return this.#fire(this.#windows)
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    if (this.#isFiring && this.#windows !== null) return this.#fire(this.#windows)
    return this.#drain()
  }

  outputWatermark(watermark: number): number {
    return watermark - (this.#windows?.clock.holdMs ?? 0)
  }

  close(): void {
    this.#context = null
  }

  #drain(): Progress {
    return this.#writer.drain(this.#opened().output('main')) ? DONE : MORE
  }

  /** Takes the rows of a batch into the state, key by key. */
  #take(batch: Batch, ends: Float64Array | null): void {
    const columns = columnsAt(batch, this.#options.core.key)
    const end: Column[] = ends === null ? [] : [{ layout: 'f64', values: ends, nulls: null }]
    this.#key.openColumns([...columns, ...end], batch.length)
    this.#rows.open(batch)
    for (const rows of this.#rowsByKey(batch.length)) this.#takeKey(batch, rows, ends)
  }

  /** Whether all rows belong to the window whose front is known, and are worse than its best. */
  #isBelowFront(batch: Batch): boolean {
    const front = this.#rows.windowFront
    const times = front === null ? null : (this.#windows?.timesOf(front.end) ?? null)
    return times !== null && front?.isAbove(batch, times) === true
  }

  /** Of appended rows of one window without a key, most are worse than others of that window. */
  #takeFront(batch: Batch, { end, ends }: Windowed): void {
    const hasFront = this.#rows.windowFront !== null && end !== undefined
    if (hasFront) this.#rows.open(batch)
    const front = hasFront ? this.#rows.front(batch.length, end) : null
    if (front === null || front.length === batch.length) this.#take(batch, ends)
    else if (front.length > 0)
      this.#take(gather(batch, front, front.length), ends.subarray(0, front.length))
  }

  /** The rows of each key, in order of arrival. */
  #rowsByKey(length: number): number[][] {
    const { laneA, laneB, columns } = this.#key
    const chains: number[][] = []
    for (let row = 0; row < length; row++) {
      this.#ttl?.touch(this.#key, row)
      const a = laneA[row] as number
      const b = laneB[row] as number
      const entry = this.#touched.locateOrInsert(a, b, columns, row)
      const chain = this.#touched.word(entry, 0) - 1
      if (chain >= 0) chains[chain]?.push(row)
      else this.#touched.setWord(entry, 0, chains.push([row]))
    }
    this.#touched.clear()
    return chains
  }

  #takeKey(batch: Batch, rows: number[], ends: Float64Array | null): void {
    const first = rows[0] as number
    const end = ends === null ? Number.NaN : (ends[first] as number)
    const isLive = this.#windows === null || this.#windows.clock.hasFired(end)
    const time = ends === null ? 0 : end === NO_END ? NO_END : end - 1
    if (this.#options.core.edge === 'append') {
      const better = this.#rows.betterThanWorst(this.#key, rows)
      if (better.length === 0) return
      for (const row of this.#rows.bestOfBatch(better)) this.#append(row, time, isLive)
    } else this.#change(batch, rows, { time, isLive })
    if (isLive) this.#settle(first, end)
    else if (this.#options.core.edge === 'append') this.#prune(this.#rows.first(this.#key, first))
    else this.#removeGone(this.#rows.first(this.#key, first))
  }

  #append(row: number, time: number, isLive: boolean): void {
    const ref = this.#rows.append(this.#key, row, time)
    if (isLive) this.#rows.setFired(ref)
  }

  #change(batch: Batch, rows: readonly number[], at: { time: number; isLive: boolean }): void {
    for (const row of rows) {
      const kind = batch.kind === null ? INSERT : (batch.kind[row] as number)
      if (kind === DELETE || kind === UPDATE_BEFORE) {
        if (!this.#rows.takeBack(this.#key, row)) this.#opened().counters.unmatchedRetractions++
      } else if (!this.#rows.bringBack(this.#key, row)) this.#append(row, at.time, at.isLive)
    }
  }

  /** Says what changed among the best rows of a key. */
  #settle(keyRow: number, end: number): void {
    const first = this.#rows.first(this.#key, keyRow)
    const before: Placed[] = []
    for (let ref = first; ref !== 0; ref = this.#rows.rows.next(ref)) {
      const rank = this.#rows.rankOf(ref)
      if (rank > 0) before.push({ ref, rank })
    }
    before.sort((a, b) => a.rank - b.rank)
    const best = this.#rows.bestOf(first)
    const ranks = this.#rows.ranksOf(best)
    const after = best.map((ref, at) => ({ ref, rank: ranks[at] as number }))
    for (const change of topChanges(this.#options.core, this.#identity, { before, after }))
      this.#write(change, end, change.kind)
    for (const { ref } of before) this.#rows.setRank(ref, 0)
    for (const { ref, rank } of after) this.#rows.setRank(ref, rank)
    if (this.#options.core.edge === 'append') this.#removeAllBut(first, new Set(best))
    else this.#removeGone(first)
  }

  #write({ ref, rank }: Placed, end: number, kind: number): void {
    const isTimed = this.#windows !== null && end !== NO_END
    const start = this.#windows?.startOf(end) ?? Number.NaN
    const shownEnd = end === NO_END ? Number.POSITIVE_INFINITY : end
    const row = { time: isTimed ? end - 1 : Number.NaN, start, end: shownEnd }
    this.#rows.readKept(ref, this.#writer.writers, this.#writer.add(row, rank, kind))
  }

  #prune(first: RowRef): void {
    if (!this.#isLonger(first)) return
    this.#removeAllBut(first, new Set(this.#rows.bestOf(first)))
  }

  #isLonger(first: RowRef): boolean {
    let count = 0
    for (let ref = first; ref !== 0; ref = this.#rows.rows.next(ref))
      if (++count > this.#options.core.n) return true
    return false
  }

  #removeAllBut(first: RowRef, best: ReadonlySet<RowRef>): void {
    const { rows } = this.#rows
    let ref = first
    while (ref !== 0) {
      const next = rows.next(ref)
      if (!best.has(ref)) rows.remove(ref)
      ref = next
    }
  }

  #removeGone(first: RowRef): void {
    const { rows } = this.#rows
    let ref = first
    while (ref !== 0) {
      const next = rows.next(ref)
      if (this.#rows.isGone(ref)) rows.remove(ref)
      ref = next
    }
  }

  /** Fires the windows that are due, key by key, as far as the output takes it. */
  #fire(windows: TopWindows): Progress {
    const { rows } = this.#rows
    for (;;) {
      if (this.#writer.isWaiting) {
        this.#drain()
        if (this.#opened().output('main').isFull) return MORE
      }
      const row = rows.popBefore(windows.clock.firedEnd)
      if (row === 0) break
      this.#fireKey(windows, row)
    }
    this.#forget(windows)
    this.#writer.finish()
    const progress = this.#drain()
    this.#isFiring = false
    return progress
  }

  #fireKey(windows: TopWindows, row: RowRef): void {
    const { rows } = this.#rows
    const time = rows.time(row)
    const end = time === NO_END ? NO_END : time + 1
    const first = rows.firstOfKey(rows.keyOf(row))
    if (!this.#rows.hasFired(row)) {
      const best = this.#rows.bestOf(first)
      const ranks = this.#rows.ranksOf(best)
      best.forEach((ref, at) => {
        this.#write({ ref, rank: ranks[at] as number }, end, INSERT)
        this.#rows.setRank(ref, ranks[at] as number)
      })
      for (let ref = first; ref !== 0; ref = rows.next(ref)) this.#rows.setFired(ref)
    }
    if (windows.clock.isClosed(end)) this.#removeAllBut(first, NONE)
    else this.#kept.push(time, row)
  }

  #forget(windows: TopWindows): void {
    for (;;) {
      const row = this.#kept.popBelow(windows.clock.closedEnd)
      if (row < 0) return
      if (this.#rows.rows.isAt(row, this.#kept.poppedTime)) this.#rows.rows.remove(row)
    }
  }

  #wake(windowed: Windowed | null): void {
    if (windowed === null || this.#windows?.clock.isProcessing !== true) return
    for (const end of windowed.ends) if (end !== NO_END) this.#opened().wakeAt(end)
  }

  #emitLate(batch: Batch, windowed: Windowed): void {
    const { late } = this.#options
    if (late === undefined || late.length === 0 || this.#windows === null) return
    const count = windowed.lateCount
    const ends = windowed.lateEnds.slice(0, count)
    const starts = ends.map((end) => this.#windows?.startOf(end) ?? Number.NaN)
    const { watermark } = this.#windows.clock
    const rows = { batch, selection: windowed.late, count, watermark, starts, ends }
    this.#opened().output('late').emit(lateBatch(rows, late))
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }
}

const NONE: ReadonlySet<RowRef> = new Set()
