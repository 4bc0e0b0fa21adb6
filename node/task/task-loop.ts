/**
 * The loop of a thread: gives every subtask its turns until all are done.
 *
 * Owns: whose turn it is, the wait when nobody can go on, the sleep for the earliest deadline.
 * Does not own: what the nodes hold; starting and ending a run (scripts/embedded).
 *
 * Invariants:
 *   T1. Turns of different subtasks never nest, and no turn awaits.
 *   T2. The event loop passes at least every LOOP_SLICE_MS while there is work, and whenever
 *       there is none.
 *   T3. Whoever completes something in the background calls `wake`.
 */
import type { Clock } from '../../shared/base/clock.ts'
import { LOOP_SLICE_MS, LOOP_SLICE_ROUNDS } from '../../shared/base/limits.ts'
import type { Subtask } from './subtask.ts'

const SETTLED = Promise.resolve()

export interface TaskLoopOptions {
  readonly subtasks: readonly Subtask[]
  readonly clock: Clock
  /** Called now and then, between turns; answers when it wants to be called again. */
  readonly onPause?: (now: number) => number
  /** Called when no subtask can go on by itself (tests give their next input then). */
  readonly onQuiet?: () => void
}

export class TaskLoop {
  readonly #options: TaskLoopOptions
  #active: Subtask[]
  #isCancelled = false
  #isWoken = false
  #wakeUp: (() => void) | null = null
  #pauseAt = Number.NEGATIVE_INFINITY
  #sleepUntil = Number.POSITIVE_INFINITY
  #sleepAbort: AbortController | null = null

  constructor(options: TaskLoopOptions) {
    this.#options = options
    this.#active = [...options.subtasks]
  }

  /** Something came from the background. */
  wake(): void {
    this.#isWoken = true
    this.#wakeUp?.()
    this.#wakeUp = null
  }

  /** Ends `run` before its next turn. */
  cancel(): void {
    this.#isCancelled = true
    this.wake()
  }

  /** Resolves when every subtask is done or the loop was cancelled; throws what a turn threw. */
  async run(): Promise<'done' | 'cancelled'> {
    const { clock } = this.#options
    let sliceEnd = clock.monotonic() + LOOP_SLICE_MS
    let rounds = 0
    try {
      while (this.#active.length > 0) {
        if (this.#isCancelled) return 'cancelled'
        const hasProgress = this.#round(clock.now())
        if (++rounds >= LOOP_SLICE_ROUNDS || clock.monotonic() >= sliceEnd) {
          this.#pause(clock.now())
          await clock.yield()
          sliceEnd = clock.monotonic() + LOOP_SLICE_MS
          rounds = 0
        } else if (hasProgress) {
          // What a source or sink answers at once comes before the next round, else that is empty.
          await SETTLED
        } else await this.#wait()
      }
      return 'done'
    } finally {
      this.#sleepAbort?.abort()
    }
  }

  #round(now: number): boolean {
    this.#isWoken = false
    let hasProgress = false
    let hasEnded = false
    for (let at = 0; at < this.#active.length; at++) {
      const subtask = this.#active[at]
      if (subtask === undefined) continue
      if (subtask.turn(now)) hasProgress = true
      if (subtask.isDone) hasEnded = true
    }
    if (hasEnded) this.#active = this.#active.filter((subtask) => !subtask.isDone)
    return hasProgress || hasEnded
  }

  #pause(now: number): void {
    const { onPause } = this.#options
    if (onPause !== undefined && now >= this.#pauseAt) this.#pauseAt = onPause(now)
  }

  /** Until somebody wakes the loop or the earliest deadline has come. */
  async #wait(): Promise<void> {
    if (this.#isWoken) return
    this.#pause(this.#options.clock.now())
    this.#options.onQuiet?.()
    const woken = new Promise<void>((resolve) => {
      this.#wakeUp = resolve
    })
    // A wake between here and the promise above is impossible but for `onQuiet`, which may call it.
    if (this.#isWoken) return
    this.#sleep(this.#deadline())
    await woken
  }

  #deadline(): number {
    let earliest = this.#options.onPause === undefined ? Number.POSITIVE_INFINITY : this.#pauseAt
    for (const subtask of this.#active) earliest = Math.min(earliest, subtask.wakeAt)
    return earliest
  }

  /** A sleep that ends no later than needed is kept: a needless wake costs one round. */
  #sleep(until: number): void {
    if (until === Number.POSITIVE_INFINITY || this.#sleepUntil <= until) return
    this.#sleepAbort?.abort()
    const abort = new AbortController()
    this.#sleepAbort = abort
    this.#sleepUntil = until
    void this.#sleepThrough(until, abort)
  }

  async #sleepThrough(until: number, abort: AbortController): Promise<void> {
    const { clock } = this.#options
    await clock.sleep(Math.max(0, until - clock.now()), abort.signal)
    if (this.#sleepAbort !== abort) return
    this.#sleepUntil = Number.POSITIVE_INFINITY
    this.#sleepAbort = null
    this.wake()
  }
}
