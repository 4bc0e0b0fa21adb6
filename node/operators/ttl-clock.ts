/**
 * Which time `ttl` counts by: the watermark of the block, or processing time where none of its
 * sources has event time, so that no watermark ever comes (D5).
 */
import { assert } from '../../shared/base/assert.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { Plan, TransformBlock } from '../../shared/planning/plan.ts'
import { DONE, type Operator, type OperatorContext, type Progress } from './operator.ts'

export function countsByProcessingTime(plan: Plan, block: TransformBlock): boolean {
  const blocks = new Map(plan.blocks.map((one) => [one.name, one]))
  const waiting = [block.name]
  const seen = new Set(waiting)
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const one = blocks.get(name)
    if (one?.kind === 'source' && one.eventTime !== null) return false
    for (const input of one?.inputs ?? []) {
      if (seen.has(input.block)) continue
      seen.add(input.block)
      waiting.push(input.block)
    }
  }
  return true
}

/** Where aggregates forget the keys that nobody touches: a part of them so often per `ttl`. */
const SLICES = 60

/**
 * How the operator forgets: `at-once` what is due at the watermark; `in-slices` it knows the time
 * itself for the keys it touches, and each watermark sweeps a part of the others.
 */
export type Sweep = 'at-once' | 'in-slices'

/**
 * Gives processing time in place of the watermark to an operator whose watermark before the end
 * only forgets keys and emits nothing.
 *
 * Owns: when it looks next. It wakes for as long after the last batch as anything may be due.
 */
export class ProcessingTimeTtl implements Operator {
  readonly #operator: Operator
  readonly #ttlMs: number
  readonly #sweep: Sweep
  #context: OperatorContext | null = null
  #time = Number.NEGATIVE_INFINITY
  #lastBatchAt = Number.NEGATIVE_INFINITY
  #isWaking = false

  constructor(operator: Operator, ttlMs: number, sweep: Sweep) {
    this.#operator = operator
    this.#ttlMs = ttlMs
    this.#sweep = sweep
  }

  open(context: OperatorContext): void {
    this.#context = context
    this.#operator.open(context)
  }

  onBatch(input: number, batch: Batch): Progress {
    const now = this.#opened().now()
    if (this.#sweep === 'at-once') this.#advance(now)
    this.#lastBatchAt = now
    this.#wakeAfter(now)
    return this.#operator.onBatch(input, batch)
  }

  /** Of sources without event time only the end comes. */
  onWatermark(watermark: number): Progress {
    return watermark === Number.POSITIVE_INFINITY ? this.#operator.onWatermark(watermark) : DONE
  }

  onProcessingTime(now: number): Progress {
    this.#isWaking = false
    this.#advance(now)
    const rounds = this.#sweep === 'at-once' ? 1 : 2 // one more, since a slice is seen once a round
    if (now - this.#lastBatchAt < rounds * this.#ttlMs) this.#wakeAfter(now)
    return DONE
  }

  onEnd(input: number): Progress {
    return this.#operator.onEnd(input)
  }

  resume(): Progress {
    return this.#operator.resume()
  }

  outputWatermark(watermark: number): number {
    return this.#operator.outputWatermark(watermark)
  }

  close(): void {
    this.#operator.close()
  }

  /** A clock that jumps back forgets nothing. */
  #advance(now: number): void {
    if (!(now > this.#time)) return
    this.#time = now
    const progress = this.#operator.onWatermark(now)
    assert(progress === DONE, 'forgetting keys emits nothing')
  }

  #wakeAfter(now: number): void {
    if (this.#isWaking) return
    this.#isWaking = true
    const afterMs = this.#sweep === 'at-once' ? this.#ttlMs : this.#ttlMs / SLICES
    this.#opened().wakeAt(now + Math.max(1, Math.ceil(afterMs)))
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }
}
