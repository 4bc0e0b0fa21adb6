/**
 * Reads one answer of a source ahead of its turn, and measures how long it was asked in vain.
 *
 * Owns: the call in flight, the answer that waits, the signal that ends a call, the time of asking.
 *
 * Invariants:
 *   R1. At most one call is in flight, and none while an answer waits.
 *   R2. Time counts as asking from a call until its answer, and on while the answer was `idle`;
 *       waiting for room downstream or for alignment does not count (D13).
 */
import type { Clock } from '../../shared/base/clock.ts'
import type { Source, SourceRead } from '../../shared/spi/connector.ts'

export interface ReadAheadOptions {
  readonly source: Source
  readonly clock: Clock
  /** Called when an answer or a failure has come. */
  readonly wake: () => void
}

export class ReadAhead {
  readonly #options: ReadAheadOptions
  readonly #abort = new AbortController()
  #inFlight: Promise<void> | null = null
  #answer: SourceRead | null = null
  #failure: { readonly cause: unknown } | null = null
  #askedMs = 0
  /** NaN while it is not asking. */
  #askingSince = Number.NaN
  retryAt = Number.NEGATIVE_INFINITY
  /** Whether the last answer was there when it was looked for: no wait is saved by asking early. */
  isPrompt = false
  #hadUnopenedSplits: boolean
  /** As it was when the answer last taken was given: the call after it may have opened the next. */
  hasUnopenedSplits: boolean

  constructor(options: ReadAheadOptions) {
    this.#options = options
    this.#hadUnopenedSplits = options.source.hasUnopenedSplits?.() === true
    this.hasUnopenedSplits = this.#hadUnopenedSplits
  }

  get hasAnswer(): boolean {
    return this.#answer !== null || this.#failure !== null
  }

  get isReading(): boolean {
    return this.#inFlight !== null
  }

  get isAsking(): boolean {
    return !Number.isNaN(this.#askingSince)
  }

  askedMs(now: number): number {
    return this.isAsking ? this.#askedMs + Math.max(0, now - this.#askingSince) : this.#askedMs
  }

  /** Begins a call, unless one is in flight, an answer waits, or it is too early to ask again. */
  ask(now: number): void {
    if (this.#inFlight !== null || this.hasAnswer || now < this.retryAt) return
    if (this.#abort.signal.aborted) return
    if (!this.isAsking) this.#askingSince = now
    this.#inFlight = this.#read()
  }

  /** The answer that waits, or null. Throws what the source threw. */
  take(): SourceRead | null {
    if (this.#failure !== null) throw this.#failure.cause
    const answer = this.#answer
    this.isPrompt = answer !== null
    if (answer === null) return null
    this.#answer = null
    this.hasUnopenedSplits = this.#hadUnopenedSplits
    return answer
  }

  /** Ends the call in flight and all asking; an answer that waits stays. */
  stop(): void {
    this.#abort.abort()
  }

  /** Resolves when no call is in flight any more. */
  async settle(): Promise<void> {
    this.stop()
    await this.#inFlight
  }

  async #read(): Promise<void> {
    const { source, clock, wake } = this.#options
    try {
      const answer = await source.read(this.#abort.signal)
      if (!this.#abort.signal.aborted) this.#onAnswer(answer, clock.now())
    } catch (cause) {
      if (!this.#abort.signal.aborted) this.#failure = { cause }
    }
    this.#inFlight = null
    wake()
  }

  #onAnswer(answer: SourceRead, now: number): void {
    this.#answer = answer
    this.#hadUnopenedSplits = this.#options.source.hasUnopenedSplits?.() === true
    if (answer.kind === 'idle') {
      this.retryAt = now + Math.max(1, answer.retryMs)
      return
    }
    this.#askedMs = this.askedMs(now)
    this.#askingSince = Number.NaN
  }
}
