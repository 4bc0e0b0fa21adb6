/**
 * Which groups of an aggregate are expired by its `ttl`: by the vertex's watermark, or by
 * processing time where no source has event time (D5).
 *
 * Owns: the watermark, and the first one: what was written before it counts as written at it.
 */
import { KEY_GROUPS } from '../../../shared/base/limits.ts'
import type { OperatorContext } from '../operator.ts'
import type { AggregateSetup } from './aggregate-setup.ts'

/** Key groups that one sweep visits: it goes once round in 60 watermarks. */
export const SWEEP_GROUPS = KEY_GROUPS / 60

export class GroupExpiry {
  readonly #ttlMs: number | null
  readonly #isByProcessingTime: boolean
  #watermark = Number.NEGATIVE_INFINITY
  #firstWatermark = Number.POSITIVE_INFINITY

  constructor({ ttlMs, ttlByProcessingTime }: AggregateSetup) {
    this.#ttlMs = ttlMs
    this.#isByProcessingTime = ttlByProcessingTime === true
  }

  advance(watermark: number): void {
    this.#watermark = watermark
    this.#firstWatermark = Math.min(this.#firstWatermark, watermark)
  }

  /** What a group that is written now says of it. */
  now(context: OperatorContext): number {
    return this.#isByProcessingTime ? context.now() : this.#watermark
  }

  /** Groups last written at or before it are expired; −∞ when none can be. */
  bound(context: OperatorContext): number {
    const now = this.now(context)
    if (this.#ttlMs === null || !Number.isFinite(now)) return Number.NEGATIVE_INFINITY
    const bound = now - this.#ttlMs
    if (this.#isByProcessingTime) return bound
    return bound < this.#firstWatermark ? Number.NEGATIVE_INFINITY : bound
  }
}
