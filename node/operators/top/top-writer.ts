/**
 * The rows that `top` emits: kept columns from state, window bounds, rank.
 *
 * Owns: the batch being filled, and full ones that wait because the output is full.
 */
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import { INSERT, type Batch, type BatchSchema, type Column } from '../../../shared/model/batch.ts'
import type { TopCore } from '../../../shared/planning/plan.ts'
import { columnWriter, type ColumnWriter } from '../../state/column-writer.ts'
import type { Output } from '../operator.ts'

export interface TopRow {
  /** Event time of the result; NaN where it is lost. */
  readonly time: number
  readonly start: number
  readonly end: number
}

export class TopWriter {
  readonly writers: readonly ColumnWriter[]
  readonly #schema: BatchSchema
  readonly #hasBounds: boolean
  readonly #isRanked: boolean
  readonly #capacity: number
  readonly #ready: Batch[] = []
  #count = 0
  #hasChanges = false
  #time: Float64Array
  #kind: Uint8Array
  #start: Float64Array
  #end: Float64Array
  #rank: Float64Array

  constructor(core: TopCore, capacity = BATCH_RECORDS_MAX) {
    this.#schema = { columns: core.output }
    this.#isRanked = core.rankAs !== null
    this.#hasBounds = core.output.length - core.kept.length - (this.#isRanked ? 1 : 0) > 0
    this.#capacity = capacity
    this.writers = core.kept.map((_, position) =>
      columnWriter(core.output[position]?.layout ?? 'any', capacity),
    )
    this.#time = new Float64Array(capacity)
    this.#kind = new Uint8Array(capacity)
    this.#start = new Float64Array(capacity)
    this.#end = new Float64Array(capacity)
    this.#rank = new Float64Array(capacity)
  }

  /** Begins a row; the caller writes its kept columns at the answer. */
  add(row: TopRow, rank: number, kind: number): number {
    if (this.#count === this.#capacity) this.finish()
    const at = this.#count++
    this.#time[at] = row.time
    this.#kind[at] = kind
    this.#start[at] = row.start
    this.#end[at] = row.end
    this.#rank[at] = rank
    if (kind !== INSERT) this.#hasChanges = true
    return at
  }

  /** The rows so far are a batch. */
  finish(): void {
    if (this.#count === 0) return
    this.#ready.push(this.#take())
    this.#count = 0
    this.#hasChanges = false
  }

  /** Whether whole batches wait. */
  get isWaiting(): boolean {
    return this.#ready.length > 0
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

  #take(): Batch {
    const count = this.#count
    const columns = this.writers.map((writer) => writer.take(count))
    if (this.#hasBounds) columns.push(bounds(this.#start, count), bounds(this.#end, count))
    if (this.#isRanked) columns.push(numbers(this.#rank.slice(0, count)))
    return {
      schema: this.#schema,
      length: count,
      eventTime: this.#time.slice(0, count),
      kind: this.#hasChanges ? this.#kind.slice(0, count) : null,
      columns,
    }
  }
}

function numbers(values: Float64Array): Column {
  return { layout: 'f64', values, nulls: null }
}

/** Global windows have no bounds: they are null. */
function bounds(source: Float64Array, count: number): Column {
  const values = source.slice(0, count)
  if (values.every((value) => Number.isFinite(value))) return numbers(values)
  const nulls = new Uint8Array(count)
  values.forEach((value, row) => {
    if (Number.isFinite(value)) return
    values[row] = 0
    nulls[row] = 1
  })
  return { layout: 'f64', values, nulls }
}
