/**
 * `ttl`: which keys were not written for so long that they are forgotten, by the watermark (D5).
 *
 * Owns: one row per key with the watermark at its last write. Its order is by the time at which a
 * key was last looked at, so that a write is one store and a key is moved once per `ttl`.
 *
 * Before the first watermark there is no time to count from: what was written then counts as
 * written at the first one. At +∞ nothing is forgotten, since nothing comes any more.
 */
import type { ColumnSpec } from '../../shared/model/layout.ts'
import { columnWriter, type ColumnWriter } from '../state/column-writer.ts'
import type { KeyedRows, RowRef } from '../state/keyed-rows.ts'
import type { StateStore } from '../state/state-store.ts'
import { KeyedBatch } from './keyed-batch.ts'
import type { OperatorCounters } from './operator.ts'

const LAST_WRITE = 0

/** Key columns of a batch, and their hash. */
type Lanes = Pick<KeyedBatch, 'columns' | 'laneA' | 'laneB'>

export class KeyTtl {
  readonly #rows: KeyedRows
  readonly #ttlMs: number
  readonly #key: KeyedBatch
  readonly #specs: readonly ColumnSpec[]
  #watermark = Number.NEGATIVE_INFINITY
  #firstWatermark = Number.POSITIVE_INFINITY

  constructor(store: StateStore, key: readonly ColumnSpec[], ttlMs: number) {
    this.#rows = store.rows('ttl', { key, value: [], words: 1, expires: true })
    this.#ttlMs = ttlMs
    this.#specs = key
    this.#key = new KeyedBatch(
      key,
      key.map((_, index) => index),
    )
  }

  /** The key of row i is written: now, or at a time ahead of the watermark. */
  touch(batch: Lanes, i: number, at: number = this.#watermark): void {
    const a = batch.laneA[i] as number
    const b = batch.laneB[i] as number
    let row = this.#rows.first(a, b, batch.columns, i)
    if (row === 0) row = this.#rows.append(a, b, batch.columns, i, [], i, at)
    else if (this.#rows.word(row, LAST_WRITE) >= at) return
    this.#rows.setWord(row, LAST_WRITE, at)
  }

  /** Calls `forget` for each key that is due; the key is row 0 of what it gets. */
  expire(watermark: number, counters: OperatorCounters, forget: (key: KeyedBatch) => void): void {
    this.#watermark = watermark
    if (watermark === Number.POSITIVE_INFINITY) return
    this.#firstWatermark = Math.min(this.#firstWatermark, watermark)
    const due = watermark - this.#ttlMs
    if (due < this.#firstWatermark) return
    for (let row = this.#rows.popBefore(due + 1); row !== 0; row = this.#rows.popBefore(due + 1)) {
      const written = this.#rows.word(row, LAST_WRITE)
      if (written > due) {
        this.#rows.setTime(row, written)
        continue
      }
      forget(this.#keyOf(row))
      this.#rows.remove(row)
      counters.expiredKeys++
    }
  }

  #keyOf(row: RowRef): KeyedBatch {
    const writers: ColumnWriter[] = this.#specs.map((spec) => columnWriter(spec.layout, 1))
    this.#rows.readKey(row, writers, 0)
    this.#key.openColumns(
      writers.map((writer) => writer.take(1)),
      1,
    )
    return this.#key
  }
}
