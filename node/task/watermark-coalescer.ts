/**
 * The watermark of an operator: the minimum over its channels (D13).
 *
 * Owns: watermark, idleness and end of every channel. Does not own the channels.
 *
 * Invariants:
 *   W1. The watermark never goes back, also when an idle channel that is behind becomes active.
 *   W2. Idle and ended channels are not waited for; while every open channel is idle it stands.
 *   W3. It is +∞ once every channel has ended, and not before: an idle one may still bring records
 *       when all others have ended, so that then it stands.
 */
import { assert } from '../../shared/base/assert.ts'

const OPEN = 0
const PAUSED = 1
const ENDED = 2

export class WatermarkCoalescer {
  readonly #watermarks: Float64Array
  readonly #states: Uint8Array
  #current = Number.NEGATIVE_INFINITY

  constructor(channelCount: number) {
    this.#watermarks = new Float64Array(channelCount).fill(Number.NEGATIVE_INFINITY)
    this.#states = new Uint8Array(channelCount)
  }

  get current(): number {
    return this.#current
  }

  /** Every channel that has not ended is idle, and there is one. */
  get isIdle(): boolean {
    let idleCount = 0
    for (const state of this.#states) {
      if (state === OPEN) return false
      if (state === PAUSED) idleCount++
    }
    return idleCount > 0
  }

  /** Each answers whether the watermark grew. */
  onWatermark(channel: number, time: number): boolean {
    const known = this.#watermarks[channel]
    assert(known !== undefined, `channel ${channel} exists`)
    if (time > known) this.#watermarks[channel] = time
    return this.#recompute()
  }

  onIdle(channel: number): boolean {
    this.#move(channel, PAUSED)
    return this.#recompute()
  }

  onActive(channel: number): boolean {
    this.#move(channel, OPEN)
    return this.#recompute()
  }

  onEnd(channel: number): boolean {
    this.#move(channel, ENDED)
    return this.#recompute()
  }

  #move(channel: number, state: number): void {
    assert(this.#states[channel] !== ENDED, `channel ${channel} has not ended`)
    this.#states[channel] = state
  }

  #recompute(): boolean {
    let smallest = Number.POSITIVE_INFINITY
    let openCount = 0
    let idleCount = 0
    for (let channel = 0; channel < this.#states.length; channel++) {
      const state = this.#states[channel]
      if (state === PAUSED) idleCount++
      const time = this.#watermarks[channel] ?? Number.POSITIVE_INFINITY
      if (state !== OPEN || time === Number.POSITIVE_INFINITY) continue
      openCount++
      smallest = Math.min(smallest, time)
    }
    if (openCount === 0 && idleCount > 0) return false // W2
    if (smallest <= this.#current) return false // W1
    this.#current = smallest
    return true
  }
}
