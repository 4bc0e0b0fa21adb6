/**
 * Keeps the first row of every key, for ever or until `ttl` after it was kept.
 *
 * Owns: the keys seen. First is first to arrive. Null is a key. Nothing is late. Dropped rows are
 * counted as duplicates; they only read, so that they do not prolong the life of their key. End of
 * input: nothing is left to say.
 */
import { assert } from '../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { DedupeCore } from '../../../shared/planning/plan.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { StateStore } from '../../state/state-store.ts'
import { KeyedBatch, specsOf } from '../keyed-batch.ts'
import { KeyTtl } from '../key-ttl.ts'
import { DONE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { keptRows } from './kept-rows.ts'

export interface DedupeFirstOptions {
  readonly core: DedupeCore
  readonly store: StateStore
  readonly ttlMs: number | null
}

export class DedupeFirst implements Operator {
  readonly #core: DedupeCore
  readonly #key: KeyedBatch
  readonly #seen: KeyedTable
  readonly #ttl: KeyTtl | null
  #selection = new Int32Array(BATCH_RECORDS_MAX)
  #context: OperatorContext | null = null

  constructor({ core, store, ttlMs }: DedupeFirstOptions) {
    this.#core = core
    this.#key = new KeyedBatch(specsOf(core.input), core.key)
    this.#seen = store.table('seen', { key: this.#key.specs, value: [], words: 0 })
    this.#ttl = ttlMs === null ? null : new KeyTtl(store, this.#key.specs, ttlMs)
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    const context = this.#opened()
    const { counters } = context
    if (batch.length > this.#selection.length) this.#selection = new Int32Array(batch.length)
    const count = this.#select(batch)
    counters.passed += count
    counters.duplicate += batch.length - count
    if (count > 0) context.output('main').emit(keptRows(this.#core, batch, this.#kept(count)))
    return DONE
  }

  onWatermark(watermark: number): Progress {
    this.#ttl?.expire(watermark, this.#opened().counters, (key) => {
      const entry = this.#seen.locate(
        key.laneA[0] as number,
        key.laneB[0] as number,
        key.columns,
        0,
      )
      if (entry !== 0) this.#seen.remove(entry)
    })
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
    for (let row = 0; row < batch.length; row++) {
      const a = laneA[row] as number
      const b = laneB[row] as number
      if (this.#seen.locate(a, b, columns, row) !== 0) continue
      this.#seen.insert(a, b, columns, row)
      this.#ttl?.touch(this.#key, row)
      this.#selection[count++] = row
    }
    return count
  }

  #kept(count: number): { selection: Int32Array; count: number } {
    return { selection: this.#selection, count }
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }
}
