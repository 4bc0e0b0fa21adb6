/**
 * Drops a row if one of its key was kept at most `d` before or after it in event time; the first to
 * arrive is kept.
 *
 * Owns: the event times of the rows kept. One is remembered until the watermark is 2 d behind it:
 * so long may a row come that is not late and within d of it.
 *
 * Late: a row that is d or more behind the watermark; what it would be held against may be
 * forgotten. Nulls: null is a key. Dropped rows are counted as duplicates, late ones as late. End
 * of input: nothing is left to say.
 */
import { assert } from '../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { DedupeCore } from '../../../shared/planning/plan.ts'
import type { KeyedRows } from '../../state/keyed-rows.ts'
import type { StateStore } from '../../state/state-store.ts'
import { KeyedBatch, specsOf } from '../keyed-batch.ts'
import { DONE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { lateBatch } from '../window/late-rows.ts'
import { keptRows } from './kept-rows.ts'

export interface DedupeWithinOptions {
  readonly core: DedupeCore
  readonly store: StateStore
  /** Columns of the `late` output that somebody reads; late rows are only counted without it. */
  readonly late?: readonly ColumnSpec[]
}

export class DedupeWithin implements Operator {
  readonly #options: DedupeWithinOptions
  readonly #withinMs: number
  readonly #key: KeyedBatch
  readonly #kept: KeyedRows
  #selection = new Int32Array(BATCH_RECORDS_MAX)
  #late = new Int32Array(BATCH_RECORDS_MAX)
  #lateCount = 0
  #watermark = Number.NEGATIVE_INFINITY
  #context: OperatorContext | null = null

  constructor(options: DedupeWithinOptions, withinMs: number) {
    const { core, store } = options
    this.#options = options
    this.#withinMs = withinMs
    this.#key = new KeyedBatch(specsOf(core.input), core.key)
    const key = this.#key.specs
    this.#kept = store.rows('kept', { key, value: [], words: 0, expires: true })
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    const context = this.#opened()
    const { counters } = context
    if (batch.length > this.#selection.length) {
      this.#selection = new Int32Array(batch.length)
      this.#late = new Int32Array(batch.length)
    }
    const count = this.#select(batch)
    counters.passed += count
    counters.late += this.#lateCount
    counters.duplicate += batch.length - count - this.#lateCount
    const kept = { selection: this.#selection, count }
    if (count > 0) context.output('main').emit(keptRows(this.#options.core, batch, kept))
    if (this.#lateCount > 0) this.#emitLate(batch)
    return DONE
  }

  onWatermark(watermark: number): Progress {
    this.#watermark = watermark
    this.#kept.expireBefore(watermark - 2 * this.#withinMs + 1)
    return DONE
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    return DONE
  }

  outputWatermark(watermark: number): number {
    return watermark
  }

  close(): void {
    this.#context = null
  }

  #select(batch: Batch): number {
    this.#key.open(batch)
    const { laneA, laneB, columns } = this.#key
    let count = 0
    this.#lateCount = 0
    for (let row = 0; row < batch.length; row++) {
      const time = batch.eventTime[row] as number
      if (time + this.#withinMs <= this.#watermark) {
        this.#late[this.#lateCount++] = row
        continue
      }
      if (this.#hasNear(row, time)) continue
      this.#kept.append(laneA[row] as number, laneB[row] as number, columns, row, [], row, time)
      this.#selection[count++] = row
    }
    return count
  }

  /** At most a handful of times per key: they are more than `d` apart. */
  #hasNear(row: number, time: number): boolean {
    const { laneA, laneB, columns } = this.#key
    let kept = this.#kept.first(laneA[row] as number, laneB[row] as number, columns, row)
    while (kept !== 0) {
      if (Math.abs(this.#kept.time(kept) - time) <= this.#withinMs) return true
      kept = this.#kept.next(kept)
    }
    return false
  }

  #emitLate(batch: Batch): void {
    const { late } = this.#options
    if (late === undefined || late.length === 0) return
    const count = this.#lateCount
    const starts = new Float64Array(count)
    const ends = new Float64Array(count)
    for (let at = 0; at < count; at++) {
      const time = batch.eventTime[this.#late[at] as number] as number
      starts[at] = time - this.#withinMs
      ends[at] = time + this.#withinMs
    }
    const rows = { batch, selection: this.#late, count, watermark: this.#watermark, starts, ends }
    this.#opened().output('late').emit(lateBatch(rows, late))
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }
}
