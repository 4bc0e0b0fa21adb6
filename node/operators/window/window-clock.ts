/**
 * What a windowed operator takes for time: event times and watermarks, or for processing-time
 * windows the clock, whose "watermark" is the millisecond before now.
 */
import type { WindowPlan } from '../../../shared/planning/plan.ts'

export class WindowClock {
  readonly isProcessing: boolean
  /** A window fires when `watermark` ≥ end − 1 + this. */
  readonly holdMs: number
  /** A window takes corrections while `watermark` < end − 1 + this. */
  readonly latenessMs: number
  watermark = Number.NEGATIVE_INFINITY

  constructor(plan: WindowPlan) {
    this.isProcessing = plan.time === 'processing'
    this.latenessMs = this.isProcessing ? 0 : plan.allowedLatenessMs
    this.holdMs = plan.emit === 'final' ? this.latenessMs : 0
  }

  hasFired(end: number): boolean {
    return this.watermark >= end - 1 + this.holdMs
  }

  /** Whether the window takes no more records. */
  isClosed(end: number): boolean {
    return this.watermark >= end - 1 + this.latenessMs
  }

  /** The end up to which windows have fired. */
  get firedEnd(): number {
    return this.watermark + 1 - this.holdMs
  }

  /** The end up to which windows are closed. */
  get closedEnd(): number {
    return this.watermark + 1 - this.latenessMs
  }

  advance(watermark: number): void {
    if (watermark > this.watermark) this.watermark = watermark
  }

  /**
   * Times of records that come now, in processing time. A clock that jumped back stands until it has
   * caught up: windows that fired stay closed.
   */
  stamps(now: number, length: number): Float64Array {
    const time = Math.max(now, this.watermark + 1)
    this.advance(time - 1)
    return new Float64Array(length).fill(time)
  }
}
