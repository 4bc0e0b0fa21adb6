/**
 * Batches of rows that are read from state one by one.
 *
 * Owns: the batch being filled, and full ones that wait because the output is full.
 */
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'
import { INSERT, type Batch } from '../../shared/model/batch.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import { columnWriter, type ColumnWriter } from '../state/column-writer.ts'
import type { Output } from './operator.ts'

export class StateBatches {
  readonly writers: readonly ColumnWriter[]
  readonly #columns: readonly ColumnSpec[]
  readonly #capacity: number
  readonly #ready: Batch[] = []
  readonly #time: Float64Array
  readonly #kind: Uint8Array
  #count = 0
  #hasChanges = false

  constructor(columns: readonly ColumnSpec[], capacity = BATCH_RECORDS_MAX) {
    this.#columns = columns
    this.#capacity = capacity
    this.writers = columns.map((spec) => columnWriter(spec.layout, capacity))
    this.#time = new Float64Array(capacity)
    this.#kind = new Uint8Array(capacity)
  }

  /** Begins a row; the caller writes its columns at the answer. */
  add(eventTime: number, kind: number): number {
    if (this.#count === this.#capacity) this.finish()
    const at = this.#count++
    this.#time[at] = eventTime
    this.#kind[at] = kind
    if (kind !== INSERT) this.#hasChanges = true
    return at
  }

  /** The rows so far are a batch. */
  finish(): void {
    const count = this.#count
    if (count === 0) return
    this.#ready.push({
      schema: { columns: this.#columns },
      length: count,
      eventTime: this.#time.slice(0, count),
      kind: this.#hasChanges ? this.#kind.slice(0, count) : null,
      columns: this.writers.map((writer) => writer.take(count)),
    })
    this.#count = 0
    this.#hasChanges = false
  }

  /** Emits what is ready; false when something is left because the output is full. */
  drain(output: Output): boolean {
    let batch = this.#ready.shift()
    while (batch !== undefined) {
      output.emit(batch)
      if (output.isFull) return this.#ready.length === 0
      batch = this.#ready.shift()
    }
    return true
  }
}
