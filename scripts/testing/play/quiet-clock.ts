/**
 * The clock of a test: it stands until the test moves it, and tells when a run has come to rest.
 *
 * Owns: processing time, and a count of everything by which a run shows that it is not at rest. A
 * run at rest waits for its sources; it then neither yields nor asks for another sleep.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Clock } from '../../../shared/base/clock.ts'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'

/** Passes of the event loop without a sign of life. */
const QUIET_PASSES = 2

export class QuietClock implements Clock {
  readonly #clock: VirtualClock
  readonly #wakes: number[] = []
  #signs = 0

  constructor(startMs: number) {
    this.#clock = new VirtualClock({ startMs })
  }

  now(): number {
    return this.#clock.now()
  }

  monotonic(): number {
    return this.#clock.monotonic()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#signs++
    this.#wakes.push(this.now() + Math.max(0, Math.ceil(ms)))
    return this.#clock.sleep(ms, signal)
  }

  yield(): Promise<void> {
    this.#signs++
    return this.#clock.yield()
  }

  /** The run says that nothing in it can go on. */
  onQuiet(): void {
    this.#signs++
  }

  /** Resolves when the run is at rest. */
  async rest(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_PASSES;) {
      const before = this.#signs
      await this.#clock.yield()
      quiet = this.#signs === before ? quiet + 1 : 0
    }
  }

  /** Moves time, with a rest at every moment at which somebody wanted to wake. */
  async advance(ms: number): Promise<void> {
    assert(ms >= 0, 'time never goes back')
    const target = this.now() + ms
    for (;;) {
      const next = this.#nextWake()
      if (next === null || next > target) break
      await this.#clock.advance(next - this.now())
      await this.rest()
    }
    await this.#clock.advance(target - this.now())
    await this.rest()
  }

  /** Sleeps that were aborted are still in the list: resting there once more costs nothing. */
  #nextWake(): number | null {
    const now = this.now()
    const coming = this.#wakes.filter((time) => time > now)
    this.#wakes.splice(0, this.#wakes.length, ...coming)
    return coming.length === 0 ? null : Math.min(...coming)
  }
}
