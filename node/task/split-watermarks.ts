/**
 * The watermark of one source subtask, from the event times of its splits (D13).
 *
 * Owns: largest event time, record count and idleness per split.
 *
 * Invariants:
 *   S1. A split's watermark is its largest event time − out-of-orderness − 1 at its last mark: after
 *       every 4,096th record counted from its start, when the source has nothing now, at its end.
 *   S2. The subtask's watermark is the minimum over open splits that are not idle, never going back;
 *       it is −∞ while splits that may hold older records are not opened.
 *   S3. It depends on the order of records only, not on how a reader cut them into batches.
 */
import { assert } from '../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'

interface SplitState {
  readonly name: string
  recordCount: number
  largest: number
  marked: number
  /** Time spent asking when its last record came; for idleness. */
  askedMs: number
  isIdle: boolean
}

export interface SplitWatermarkOptions {
  readonly outOfOrdernessMs: number
  readonly idleAfterMs: number | null
}

export class SplitWatermarks {
  readonly #options: SplitWatermarkOptions
  readonly #splits = new Map<string, SplitState>()
  /** Those that have not ended, in the order in which they came. */
  #open: SplitState[] = []
  /** The split that was asked for last. */
  #last: SplitState | null = null
  #current = Number.NEGATIVE_INFINITY
  /** Of the start: a source without any split is idle after a while too. */
  #isQuiet = false

  constructor(options: SplitWatermarkOptions) {
    this.#options = options
  }

  get current(): number {
    return this.#current
  }

  /** There is nothing to wait for: every open split is idle, or none ever came. */
  get isIdle(): boolean {
    const open = this.#open
    for (let at = 0; at < open.length; at++) if (open[at]?.isIdle === false) return false
    return open.length > 0 || this.#isQuiet
  }

  /** How many more records of this split may be in one batch. */
  roomOf(split: string): number {
    return BATCH_RECORDS_MAX - (this.#stateOf(split).recordCount % BATCH_RECORDS_MAX)
  }

  /** The records of one batch, which ends at a mark at the latest. Answers whether it ends there. */
  onRecords(split: string, count: number, largest: number): boolean {
    const state = this.#stateOf(split)
    assert(count <= this.roomOf(split), 'a batch ends where its split emits a watermark')
    state.recordCount += count
    if (largest > state.largest) state.largest = largest
    const isMark = state.recordCount % BATCH_RECORDS_MAX === 0
    if (isMark) this.#mark(state)
    return isMark
  }

  /** The split has records again; `askedMs` as in `onAsked`. */
  onActive(split: string, askedMs: number): void {
    const state = this.#stateOf(split)
    state.isIdle = false
    state.askedMs = askedMs
    this.#isQuiet = false
  }

  /** The source has nothing now, or every batch shall move the watermark. */
  markAll(): void {
    for (const state of this.#open) this.#mark(state)
  }

  /** Marks the last records; `onEnd` follows when that watermark was sent. */
  onLast(split: string): void {
    this.#mark(this.#stateOf(split))
  }

  onEnd(split: string): void {
    const ended = this.#stateOf(split)
    this.#open = this.#open.filter((state) => state !== ended)
  }

  /** `askedMs`: time in all that the source was asked and had not answered with records. */
  onAsked(askedMs: number): void {
    const { idleAfterMs } = this.#options
    if (idleAfterMs === null) return
    for (const state of this.#open) {
      if (askedMs - state.askedMs >= idleAfterMs) state.isIdle = true
    }
    if (this.#splits.size === 0 && askedMs >= idleAfterMs) this.#isQuiet = true
  }

  /** Time of asking at which the next split becomes idle. */
  nextIdleAt(): number {
    const { idleAfterMs } = this.#options
    if (idleAfterMs === null) return Number.POSITIVE_INFINITY
    if (this.#splits.size === 0) return this.#isQuiet ? Number.POSITIVE_INFINITY : idleAfterMs
    let next = Number.POSITIVE_INFINITY
    for (const state of this.#open) {
      if (!state.isIdle) next = Math.min(next, state.askedMs + idleAfterMs)
    }
    return next
  }

  /** The watermark of the subtask now; it grew if it is above what `current` was before. */
  advance(hasUnopenedSplits: boolean): number {
    if (hasUnopenedSplits) return this.#current
    let smallest = Number.POSITIVE_INFINITY
    const open = this.#open
    for (let at = 0; at < open.length; at++) {
      const split = open[at]
      if (split?.isIdle === false && split.marked < smallest) smallest = split.marked
    }
    if (smallest < Number.POSITIVE_INFINITY && smallest > this.#current) this.#current = smallest
    return this.#current
  }

  #mark(state: SplitState): void {
    state.marked = Math.max(state.marked, state.largest - this.#options.outOfOrdernessMs - 1)
  }

  #stateOf(split: string): SplitState {
    if (this.#last?.name === split) return this.#last
    this.#last = this.#splits.get(split) ?? this.#made(split)
    return this.#last
  }

  #made(name: string): SplitState {
    const made: SplitState = {
      name,
      recordCount: 0,
      largest: Number.NEGATIVE_INFINITY,
      marked: Number.NEGATIVE_INFINITY,
      askedMs: 0,
      isIdle: false,
    }
    this.#splits.set(name, made)
    this.#open.push(made)
    return made
  }
}
