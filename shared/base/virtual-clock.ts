/**
 * The Clock port for tests and simulation: time moves only when it is told to, or, with
 * `autoAdvance`, when everything that runs waits for it.
 *
 * Owns: the current time and the sleepers. Invariants:
 *   V1. Time never goes back.
 *   V2. Sleepers wake in order of their time, those of one time in order of their call.
 */
import { assert } from './assert.ts'
import type { Clock } from './clock.ts'

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

export interface VirtualClockOptions {
  /** Milliseconds since 1970 at the start; default 0. */
  readonly startMs?: number
  /** Jump to the next sleeper once the event loop has nothing else to do; default false. */
  readonly autoAdvance?: boolean
}

/** Passes of the event loop without a new sleeper before time jumps, so that I/O had its turn. */
const QUIET_PASSES = 3

export class VirtualClock implements Clock {
  #now: number
  readonly #start: number
  readonly #autoAdvance: boolean
  readonly #sleepers: Sleeper[] = []
  #isWatching = false
  #activity = 0

  constructor(options: VirtualClockOptions = {}) {
    this.#start = options.startMs ?? 0
    this.#now = this.#start
    this.#autoAdvance = options.autoAdvance ?? false
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now - this.#start
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true || ms <= 0) return this.yield()
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', drop)
        resolve()
      }
      const sleeper: Sleeper = { until: this.#now + Math.ceil(ms), wake }
      const drop = (): void => {
        const at = this.#sleepers.indexOf(sleeper)
        if (at >= 0) this.#sleepers.splice(at, 1)
        resolve()
      }
      signal?.addEventListener('abort', drop, { once: true })
      this.#insert(sleeper)
      if (this.#autoAdvance) void this.#watch()
    })
  }

  yield(): Promise<void> {
    this.#activity++
    return passOfEventLoop()
  }

  /** Moves time by `ms`, waking every sleeper on the way at its own time. */
  async advance(ms: number): Promise<void> {
    assert(ms >= 0, 'V1: time never goes back')
    const target = this.#now + ms
    for (;;) {
      const [next] = this.#sleepers
      if (next === undefined || next.until > target) break
      this.#wakeFirst(next)
      await passOfEventLoop()
    }
    this.#now = target
    await passOfEventLoop()
  }

  #insert(sleeper: Sleeper): void {
    this.#activity++
    const after = this.#sleepers.findIndex((other) => other.until > sleeper.until)
    this.#sleepers.splice(after < 0 ? this.#sleepers.length : after, 0, sleeper)
  }

  #wakeFirst(sleeper: Sleeper): void {
    this.#sleepers.shift()
    this.#now = Math.max(this.#now, sleeper.until)
    sleeper.wake()
  }

  async #watch(): Promise<void> {
    if (this.#isWatching) return
    this.#isWatching = true
    let quiet = 0
    while (this.#sleepers.length > 0) {
      const before = this.#activity
      await passOfEventLoop()
      quiet = this.#activity === before ? quiet + 1 : 0
      if (quiet < QUIET_PASSES) continue
      quiet = 0
      const [next] = this.#sleepers
      if (next !== undefined) this.#wakeFirst(next)
    }
    this.#isWatching = false
  }
}

function passOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
