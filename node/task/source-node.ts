/**
 * A source in its place: takes what was read ahead, attaches event times, cuts batches where
 * watermarks belong, and says when it is idle or has ended.
 *
 * Owns: the rest of a batch that is being cut, watermarks of its splits, whether it is idle.
 * Does not own: reading (ReadAhead), the judgement of event times (event-times.ts).
 *
 * Invariants:
 *   O1. One batch leaves per step, and only when every output has room.
 *   O2. A watermark follows the records it speaks of; +∞ comes before `end`.
 *   O3. A source without end and without event time is idle from its start: it has no say in time,
 *       and nobody waits for its watermark, which comes with its end only.
 *   O4. After `stop` what was read ahead still leaves, and nothing more is read.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Clock } from '../../shared/base/clock.ts'
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'
import type { Batch, BatchSchema, Column } from '../../shared/model/batch.ts'
import { rowAt } from '../../shared/model/batch-rows.ts'
import { slice } from '../../shared/model/gather.ts'
import { lostTimes } from '../../shared/model/lost-times.ts'
import type { SourceBlock } from '../../shared/planning/plan.ts'
import type { Source, SourceRead } from '../../shared/spi/connector.ts'
import { ACTIVE, END, IDLE } from '../exchange/stream-element.ts'
import type { AlignmentGroup } from './alignment-group.ts'
import type { ComputedEventTimes } from './computed-event-times.ts'
import { judgeEventTimes, rejectedAhead, type JudgedRows } from './event-times.ts'
import type { FailureRouter, RefusedRecord } from './failure-router.ts'
import type { OutputPort, OutputPorts } from './output-port.ts'
import { ReadAhead } from './read-ahead.ts'
import { failureOf } from './run-failure.ts'
import { SplitWatermarks } from './split-watermarks.ts'
import type { StageCounters } from './stage-counters.ts'
import type { TaskNode } from './task-node.ts'

/** `counted` as D13; `every-batch` in tests; `given`: only those the source gives. */
export type WatermarkMode = 'counted' | 'every-batch' | 'given'

/** Records that the subtasks of one source may still read (`--limit`). */
export interface RecordLimit {
  remaining: number
}

/** Index of their column among those delivered, or how they are computed; null for none. */
export type EventTimes = number | ComputedEventTimes | null

export interface SourceNodeOptions {
  readonly block: SourceBlock
  readonly source: Source
  readonly ports: OutputPorts
  readonly counters: StageCounters
  readonly failures: FailureRouter
  readonly clock: Clock
  readonly wake: () => void
  readonly mode: WatermarkMode
  readonly limit: RecordLimit | null
  readonly eventTimes: EventTimes
  /** Indexes of the columns that leave, or null when all do. */
  readonly kept: readonly number[] | null
  readonly alignment: AlignmentGroup | null
}

/** What is left of a batch as it was read: rows are judged when they leave. */
interface Rest {
  readonly split: string
  readonly batch: Batch
}

export class SourceNode implements TaskNode {
  readonly id: string
  readonly #options: SourceNodeOptions
  readonly #reader: ReadAhead
  readonly #watermarks: SplitWatermarks | null
  readonly #main: OutputPort
  readonly #schema: BatchSchema
  readonly #isTimeless: boolean
  /** Records per split that were judged, for the positions of refused ones. */
  readonly #judgedCounts = new Map<string, number>()
  #rest: Rest | null = null
  #sentWatermark = Number.NEGATIVE_INFINITY
  #isIdle = false
  #isStopping = false
  isDone = false
  isBlocked = false
  isPaused = false

  constructor(options: SourceNodeOptions) {
    this.id = options.block.name
    this.#options = options
    const { source, clock, wake, block, ports } = options
    this.#main = ports.output('main')
    this.#schema = { columns: this.#main.columns }
    this.#reader = new ReadAhead({ source, clock, wake })
    const { timeUnread = false } = block
    const watermark = timeUnread ? null : block.watermark
    const isGiven = options.mode === 'given'
    this.#isTimeless = block.eventTime === null && !block.bounded && !isGiven
    this.#watermarks = watermark === null ? null : new SplitWatermarks(watermark)
  }

  get watermark(): number {
    return this.#sentWatermark
  }

  get isIdle(): boolean {
    return this.#isIdle
  }

  /** It will say where it is, though it may not have said so yet. */
  get isAwaited(): boolean {
    return this.#watermarks !== null && !this.#reader.hasUnopenedSplits
  }

  get progress(): ReturnType<Source['progress']> {
    return this.#options.source.progress()
  }

  get wakeAt(): number {
    if (this.isDone || this.#reader.hasAnswer || this.isPaused) return Number.POSITIVE_INFINITY
    const retryAt = this.#reader.isReading ? Number.POSITIVE_INFINITY : this.#reader.retryAt
    return Math.min(retryAt, this.#idleAt())
  }

  /** Drain: what was read ahead still leaves, then the end. */
  stop(): void {
    this.#isStopping = true
    this.#reader.stop()
  }

  step(now: number): boolean {
    if (this.isDone) return false
    const { ports } = this.#options
    if (ports.isFull) {
      this.isBlocked = this.#rest !== null || this.#reader.hasAnswer
      return false
    }
    this.isBlocked = false
    if (this.#isTimeless && this.#setIdle(true)) return true // O3
    if (this.#rest !== null) return this.#emitPart(this.#rest, now)
    this.isPaused = !this.#isStopping && this.#options.alignment?.isAhead(this) === true
    if (this.isPaused) return false
    const answer = this.#take()
    if (answer !== null) {
      if (answer.kind !== 'end' && !this.#reader.isPrompt) this.#reader.ask(now)
      return this.#onAnswer(answer, now)
    }
    if (this.#isStopping) return this.#finish()
    this.#reader.ask(now)
    const hasLetters = this.#options.failures.flush()
    return this.#checkIdle(now) || hasLetters
  }

  /** What answers at once is asked when this batch has gone its way, while it is in the caches. */
  afterTurn(now: number): void {
    if (this.#rest === null && !this.isDone && !this.isPaused) this.#reader.ask(now)
  }

  async close(): Promise<void> {
    await this.#reader.settle()
    await this.#options.source.close()
  }

  #take(): SourceRead | null {
    try {
      return this.#reader.take()
    } catch (cause) {
      throw failureOf(this.id, 'SOURCE_FAILED', cause)
    }
  }

  #onAnswer(answer: SourceRead, now: number): boolean {
    this.#options.failures.flush()
    switch (answer.kind) {
      case 'batch':
        return this.#onBatch(answer.split, answer.batch, now)
      case 'split-end':
        this.#endSplit(answer.split)
        return true
      case 'idle':
        this.#watermarks?.markAll()
        this.#advance()
        this.#checkIdle(now)
        return true
      case 'watermark':
        if (this.#options.mode === 'given') this.#sendWatermark(answer.time)
        return true
      default:
        return this.#finish()
    }
  }

  #onBatch(split: string, batch: Batch, now: number): boolean {
    const { counters, limit } = this.#options
    const allowed =
      limit === null ? batch : slice(batch, 0, Math.min(batch.length, limit.remaining))
    counters.read += allowed.length
    if (limit !== null) {
      limit.remaining -= allowed.length
      if (limit.remaining === 0) this.stop()
    }
    this.#watermarks?.onActive(split, this.#reader.askedMs(now))
    if (!this.#isTimeless) this.#setIdle(false)
    return allowed.length === 0 || this.#emitPart({ split, batch: allowed }, now)
  }

  /** O1: the first part of what is left, up to the next watermark; refused records count there too. */
  #emitPart(rest: Rest, now: number): boolean {
    const { counters, mode, block, failures } = this.#options
    const { split, batch } = rest
    const room = this.#watermarks?.roomOf(split) ?? BATCH_RECORDS_MAX
    const part = slice(batch, 0, Math.min(batch.length, room))
    const isLast = part.length === batch.length
    this.#rest = isLast ? null : { split, batch: slice(batch, part.length, batch.length) }
    const { batch: kept, largest } = this.#judge({ split, batch: part }, now)
    failures.flush()
    counters.passed += kept.length
    if (kept.length > 0) this.#main.emit(this.#pick(kept))
    if (this.#watermarks === null) return true
    const isMark = this.#watermarks.onRecords(split, part.length, largest)
    const isEager = isLast && (mode === 'every-batch' || !block.bounded)
    if (isEager) this.#watermarks.markAll()
    if (isMark || isEager) this.#advance()
    return true
  }

  #judge({ split, batch }: Rest, now: number): Pick<JudgedRows, 'batch' | 'largest'> {
    const { block, eventTimes, failures } = this.#options
    const before = this.#judgedCounts.get(split) ?? 0
    this.#judgedCounts.set(split, before + batch.length)
    if (eventTimes === null) {
      const given = block.timeUnread === true ? untimed(batch) : batch
      return { batch: given, largest: Number.NEGATIVE_INFINITY }
    }
    const maxAheadMs = block.watermark?.maxAheadMs ?? null
    const latest = maxAheadMs === null ? Number.POSITIVE_INFINITY : now + maxAheadMs
    const column =
      typeof eventTimes === 'number' ? batch.columns[eventTimes] : eventTimes.of(batch, now)
    assert(column !== undefined, 'the event time column is in the batch')
    const judged = judgeEventTimes(batch, column, latest)
    for (const row of judged.withoutTime) {
      failures.refuse({
        ...this.#withoutTime(row),
        position: recordPosition(split, before + row),
        payload: () => rowAt(batch, row),
        key: () => undefined,
        ofResult: false,
      })
    }
    if (judged.ahead.length > 0) this.#rejectAhead(batch, judged.ahead)
    return judged
  }

  /** Why a row of the batch that was judged last has no event time. */
  #withoutTime(row: number): Pick<RefusedRecord, 'code' | 'message' | 'error'> {
    const { block, eventTimes } = this.#options
    const isField = typeof eventTimes === 'number' || eventTimes === null
    const error = isField ? null : eventTimes.errorOf(row)
    if (error !== null) {
      const { code, message } = failureOf(this.id, 'EVENT_TIME_NULL', error).failure
      return { code, message, error }
    }
    const what = isField ? (block.eventTime ?? '') : eventTimes.text
    return {
      code: 'EVENT_TIME_NULL',
      message: `the event time \`${what}\` of the record is null`,
      error,
    }
  }

  #rejectAhead(batch: Batch, rows: readonly number[]): void {
    const { counters, ports } = this.#options
    counters.rejected += rows.length
    const port = ports.find('rejected')
    if (port?.isRead === true) port.emit(rejectedAhead(batch, rows, port.columns))
  }

  #pick(batch: Batch): Batch {
    const { kept } = this.#options
    if (kept === null) return batch
    const columns: Column[] = []
    for (let at = 0; at < kept.length; at++) {
      const column = batch.columns[kept[at] ?? -1]
      assert(column !== undefined, 'a column that leaves was read')
      columns.push(column)
    }
    const { length, eventTime, kind } = batch
    return { schema: this.#schema, length, eventTime, kind, columns }
  }

  #endSplit(split: string): void {
    this.#watermarks?.onLast(split)
    this.#advance()
    this.#watermarks?.onEnd(split)
    this.#advance()
  }

  #advance(): void {
    if (this.#watermarks === null || this.#options.mode === 'given') return
    this.#sendWatermark(this.#watermarks.advance(this.#reader.hasUnopenedSplits))
  }

  #sendWatermark(time: number): void {
    if (!(time > this.#sentWatermark)) return
    this.#sentWatermark = time
    this.#options.ports.broadcast({ kind: 'watermark', time })
  }

  #checkIdle(now: number): boolean {
    if (this.#watermarks === null || this.#isStopping) return false
    this.#watermarks.onAsked(this.#reader.askedMs(now))
    this.#advance()
    return this.#setIdle(this.#watermarks.isIdle)
  }

  #setIdle(isIdle: boolean): boolean {
    if (isIdle === this.#isIdle) return false
    this.#isIdle = isIdle
    this.#options.ports.broadcast(isIdle ? IDLE : ACTIVE)
    return true
  }

  #idleAt(): number {
    if (this.#watermarks === null || !this.#reader.isAsking) return Number.POSITIVE_INFINITY
    const now = this.#options.clock.now()
    return now + Math.max(0, this.#watermarks.nextIdleAt() - this.#reader.askedMs(now))
  }

  #finish(): boolean {
    const { ports } = this.#options
    this.#sendWatermark(Number.POSITIVE_INFINITY) // O2
    ports.broadcast(END)
    this.isDone = true
    this.#reader.stop()
    return true
  }
}

/** Rows without event time, since nobody uses it. */
function untimed({ schema, length, kind, columns }: Batch): Batch {
  return { schema, length, eventTime: lostTimes(length), kind, columns }
}

/** Where a record stands that the source could read: its number among those of its split, from 1. */
function recordPosition(split: string, index: number): string {
  return `${split}, record ${index + 1}`
}
