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
  recordCount: number
  largest: number
  marked: number
  /** Time spent asking when its last record came; for idleness. */
  askedMs: number
  isIdle: boolean
  isEnded: boolean
}

export interface SplitWatermarkOptions {
  readonly outOfOrdernessMs: number
  readonly idleAfterMs: number | null
}

export class SplitWatermarks {
  readonly #options: SplitWatermarkOptions
  readonly #splits = new Map<string, SplitState>()
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
    let openCount = 0
    for (const split of this.#splits.values()) {
      if (split.isEnded) continue
      if (!split.isIdle) return false
      openCount++
    }
    return openCount > 0 || this.#isQuiet
  }

  /** How many more records of this split may be in one batch. */
  roomOf(split: string): number {
    const count = this.#splits.get(split)?.recordCount ?? 0
    return BATCH_RECORDS_MAX - (count % BATCH_RECORDS_MAX)
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
    for (const state of this.#splits.values()) if (!state.isEnded) this.#mark(state)
  }

  /** Marks the last records; `onEnd` follows when that watermark was sent. */
  onLast(split: string): void {
    this.#mark(this.#stateOf(split))
  }

  onEnd(split: string): void {
    this.#stateOf(split).isEnded = true
  }

  /** `askedMs`: time in all that the source was asked and had not answered with records. */
  onAsked(askedMs: number): void {
    const { idleAfterMs } = this.#options
    if (idleAfterMs === null) return
    for (const state of this.#splits.values()) {
      if (!state.isEnded && askedMs - state.askedMs >= idleAfterMs) state.isIdle = true
    }
    if (this.#splits.size === 0 && askedMs >= idleAfterMs) this.#isQuiet = true
  }

  /** Time of asking at which the next split becomes idle. */
  nextIdleAt(): number {
    const { idleAfterMs } = this.#options
    if (idleAfterMs === null) return Number.POSITIVE_INFINITY
    if (this.#splits.size === 0) return this.#isQuiet ? Number.POSITIVE_INFINITY : idleAfterMs
    let next = Number.POSITIVE_INFINITY
    for (const state of this.#splits.values()) {
      if (!state.isEnded && !state.isIdle) next = Math.min(next, state.askedMs + idleAfterMs)
    }
    return next
  }

  /** The watermark of the subtask now; it grew if it is above what `current` was before. */
  advance(hasUnopenedSplits: boolean): number {
    if (hasUnopenedSplits) return this.#current
    let smallest = Number.POSITIVE_INFINITY
    for (const split of this.#splits.values()) {
      if (!split.isEnded && !split.isIdle) smallest = Math.min(smallest, split.marked)
    }
    if (smallest < Number.POSITIVE_INFINITY && smallest > this.#current) this.#current = smallest
    return this.#current
  }

  #mark(state: SplitState): void {
    state.marked = Math.max(state.marked, state.largest - this.#options.outOfOrdernessMs - 1)
  }

  #stateOf(split: string): SplitState {
    const known = this.#splits.get(split)
    if (known !== undefined) return known
    const made: SplitState = {
      recordCount: 0,
      largest: Number.NEGATIVE_INFINITY,
      marked: Number.NEGATIVE_INFINITY,
      askedMs: 0,
      isIdle: false,
      isEnded: false,
    }
    this.#splits.set(split, made)
    return made
  }
}
