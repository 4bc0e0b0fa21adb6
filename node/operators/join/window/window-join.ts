/**
 * Window joins of two streams that only append, without corrections: every row of a window has come
 * when the watermark reaches its event time (end − 1 ms), so both sides only collect rows until
 * then. A firing makes an index over the fewer due rows, finds the partners of the others in it,
 * and lets go of all of them.
 *
 * What takes rows back, and windows that are kept for late rows, go to keyed-join.ts; both emit the
 * same rows, this one those without a partner after the pairs.
 *
 * Owns: the rows of both sides, the firing in progress. Can stop after any emitted batch.
 * Nulls: a null in a key meets nothing; such a row still comes out alone where its side does.
 * Late: rows whose window has fired are counted and take no part.
 * End of input: the watermark +∞ fires every window.
 */
import { assert } from '../../../../shared/base/assert.ts'
import type { Batch } from '../../../../shared/model/batch.ts'
import type { JoinCore } from '../../../../shared/planning/plan.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../../operator.ts'
import type { JoinOptions } from '../join-options.ts'
import { isEmittedAlone, joinRules, type JoinRules } from '../join-rules.ts'
import { LEFT, RIGHT, type Side } from '../pair-writer.ts'
import { DueIndex } from './due-index.ts'
import { WindowOutput } from './window-output.ts'
import { WindowPairs } from './window-pairs.ts'
import { WindowSide } from './window-side.ts'

/** Whether a join is one of those. */
export function collectsWindows({ mode, left, right }: JoinCore): boolean {
  if (mode.kind !== 'window' || left.edge !== 'append' || right.edge !== 'append') return false
  return left.keepLongerMs === 0 && right.keepLongerMs === 0
}

type Phase = 'idle' | 'pairs' | 'left' | 'right'

export class WindowJoin implements Operator {
  readonly #core: JoinCore
  readonly #rules: JoinRules
  readonly #sides: readonly [WindowSide, WindowSide]
  readonly #pairs: WindowPairs
  readonly #index = new DueIndex()
  #running: Running | null = null
  #watermark = Number.NEGATIVE_INFINITY
  #phase: Phase = 'idle'
  /** The side that is looked up in the other, its next row, and the next candidate + 1; 0: the first. */
  #probe: Side = LEFT
  #at = 0
  #candidate = 0

  constructor({ core, store, predicate, batchRows }: JoinOptions) {
    assert(collectsWindows(core), 'windows are collected')
    this.#core = core
    this.#rules = joinRules(core.type)
    const side = (of: Side): WindowSide =>
      new WindowSide({ core, side: of, store, storesNullKeys: isEmittedAlone(this.#rules, of, 0) })
    this.#sides = [side(LEFT), side(RIGHT)]
    this.#pairs = new WindowPairs(core, this.#sides, { predicate, capacity: batchRows })
  }

  open(context: OperatorContext): void {
    const output = new WindowOutput(this.#core, context.output('main'), this.#sides)
    this.#running = { context, output }
  }

  onBatch(input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    const side = this.#sides[input === LEFT ? LEFT : RIGHT]
    side.take(batch, this.#watermark, this.#run().context.counters)
    return DONE
  }

  onWatermark(watermark: number): Progress {
    this.#watermark = watermark
    const [left, right] = this.#sides
    if (left.nextTime > watermark && right.nextTime > watermark) return DONE
    left.moveDue(watermark)
    right.moveDue(watermark)
    // Left rows are looked up unless they are the fewer ones.
    this.#probe = left.due.count < right.due.count ? RIGHT : LEFT
    this.#index.build(this.#sides[this.#probe === LEFT ? RIGHT : LEFT].due)
    this.#phase = 'pairs'
    this.#at = 0
    this.#candidate = 0
    return this.#fire()
  }

  resume(): Progress {
    return this.#fire()
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  outputWatermark(watermark: number): number {
    return watermark
  }

  close(): void {
    this.#running = null
    for (const side of this.#sides) side.close()
  }

  #run(): Running {
    assert(this.#running !== null, 'the operator is open')
    return this.#running
  }

  #fire(): Progress {
    if (this.#phase === 'pairs') {
      if (!this.#firePairs()) return MORE
      this.#enter('left')
    }
    if (this.#phase === 'left') {
      if (!this.#fireAlone(LEFT)) return MORE
      this.#enter('right')
    }
    if (this.#phase === 'right') {
      if (!this.#fireAlone(RIGHT)) return MORE
      for (const side of this.#sides) side.releaseDue()
      this.#enter('idle')
    }
    return DONE
  }

  #enter(phase: Phase): void {
    this.#phase = phase
    this.#at = 0
  }

  /** False when it stopped because the output is full. */
  #firePairs(): boolean {
    const { context, output } = this.#run()
    const pairs = this.#pairs
    const { due } = this.#sides[this.#probe]
    while (this.#at < due.count) {
      this.#collect()
      if (pairs.count === 0) continue
      pairs.check(context)
      this.#markMet()
      if (!this.#rules.emitsPairs || pairs.count === 0) continue
      if (output.emitPairs(pairs)) return false
    }
    return true
  }

  /** Fills the candidate pairs, as many as fit, from the place where it stopped. */
  #collect(): void {
    const pairs = this.#pairs
    const { capacity } = pairs
    const isLeft = this.#probe === LEFT
    const own = isLeft ? pairs.lefts : pairs.rights
    const others = isLeft ? pairs.rights : pairs.lefts
    const { laneA, laneB, count: dueCount } = this.#sides[this.#probe].due
    const index = this.#index
    const { next } = index
    let at = this.#at
    let candidate = this.#candidate
    let count = 0
    while (at < dueCount) {
      if (candidate === 0) candidate = index.first(laneA[at] as number, laneB[at] as number)
      while (candidate !== 0 && count < capacity) {
        own[count] = at
        others[count++] = candidate - 1
        candidate = next[candidate - 1] as number
      }
      if (candidate !== 0) break
      at += 1
    }
    this.#at = at
    this.#candidate = candidate
    pairs.count = count
  }

  #markMet(): void {
    const { lefts, rights, count } = this.#pairs
    const [left, right] = this.#sides
    if (this.#rules.counts[LEFT]) {
      const { met } = left.due
      for (let at = 0; at < count; at++) met[lefts[at] as number] = 1
    }
    if (this.#rules.counts[RIGHT]) {
      const { met } = right.due
      for (let at = 0; at < count; at++) met[rights[at] as number] = 1
    }
  }

  /** Rows that come out by themselves. False when it stopped because the output is full. */
  #fireAlone(side: Side): boolean {
    const rules = this.#rules
    if (!rules.counts[side]) return true
    const { output } = this.#run()
    const { capacity } = this.#pairs
    const { due } = this.#sides[side]
    while (this.#at < due.count) {
      const rows = new Int32Array(capacity)
      const times = new Float64Array(capacity)
      let count = 0
      for (; this.#at < due.count && count < capacity; this.#at++) {
        const at = this.#at
        if (!isEmittedAlone(rules, side, due.met[at] as number)) continue
        rows[count] = due.rows[at] as number
        times[count++] = due.times[at] as number
      }
      if (count > 0 && output.emitAlone(side, { rows, times, count })) return false
    }
    return true
  }
}

interface Running {
  readonly context: OperatorContext
  readonly output: WindowOutput
}
