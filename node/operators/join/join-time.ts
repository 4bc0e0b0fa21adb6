/**
 * Everything about time in a join that keeps rows of both sides: which rows may be partners, when
 * pairs come out, how long rows are kept, what is late.
 *
 * Lateness of a stream (`keepLongerMs` of the other side) is how far behind the watermark its rows
 * may still come as corrections. A row is late when rows that it should meet may be gone already.
 *
 * updating  Pairs at once, rows for ever or until `ttl`; event time is lost.
 * interval  Pairs at once; a left row without a partner when none can come any more.
 * window    Everything when the watermark reaches end − 1 ms (a row's event time), then
 *           corrections at once while the window is kept.
 */
import type { JoinCore } from '../../../shared/planning/plan.ts'
import { LEFT, RIGHT, type Side } from './pair-writer.ts'

export class JoinTime {
  readonly kind: 'updating' | 'interval' | 'window'
  watermark = Number.NEGATIVE_INFINITY
  /** Bounds of right − left event time. */
  readonly #lowMs: number
  readonly #highMs: number
  /** Of each side's own stream. */
  readonly #lateness: readonly [number, number]
  /** How long after its event time a row of each side is kept. */
  readonly keepMs: readonly [number, number]
  /** How far the output watermark stays behind. */
  readonly holdMs: number

  constructor(core: JoinCore) {
    const { mode, left, right } = core
    this.kind = mode.kind === 'interval' || mode.kind === 'window' ? mode.kind : 'updating'
    this.#lowMs = mode.kind === 'interval' ? mode.lowMs : 0
    this.#highMs = mode.kind === 'interval' ? mode.highMs : 0
    this.#lateness = [right.keepLongerMs, left.keepLongerMs]
    const [own, other] = this.#lateness
    if (this.kind === 'interval') {
      const leftKeep = Math.max(this.#highMs + other, own, 0)
      const rightKeep = Math.max(-this.#lowMs + own, other, 0)
      this.keepMs = [leftKeep, rightKeep]
      this.holdMs = core.type === 'left' ? leftKeep : 0
    } else {
      const keep = Math.max(own, other)
      this.keepMs = [keep, keep]
      this.holdMs = 0
    }
  }

  /** Whether two rows may be a pair by their event times (interval joins). */
  isPair(side: Side, own: number, other: number): boolean {
    const ahead = side === LEFT ? other - own : own - other
    return ahead >= this.#lowMs && ahead <= this.#highMs
  }

  /** Whether what a row of this event time causes comes out at once. */
  isLive(eventTime: number): boolean {
    return this.kind !== 'window' || eventTime <= this.watermark
  }

  isLate(side: Side, eventTime: number): boolean {
    if (this.kind === 'updating') return false
    const kept = this.kind === 'window' ? this.keepMs[side] : this.#lateness[side]
    return eventTime + kept <= this.watermark
  }

  /** What is stored as a row's time: for updating joins when it was written, by the watermark. */
  ofStored(eventTime: number): number {
    return this.kind === 'updating' ? this.watermark : eventTime
  }

  /** Event time of a row that comes out without a partner. */
  ofRow(stored: number): number {
    return this.kind === 'updating' ? Number.NaN : stored
  }

  /** Event time of a pair: the later of both. */
  ofPair(own: number, stored: number): number {
    if (this.kind === 'updating') return Number.NaN
    return own > stored ? own : stored
  }

  /** Rows of a side below this time have no partner to wait for. */
  keepsFrom(side: Side): number {
    return this.watermark - this.keepMs[side === LEFT ? LEFT : RIGHT] + 1
  }
}
