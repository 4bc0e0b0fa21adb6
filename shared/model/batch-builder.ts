/**
 * Builds batches row by row from internal values (see ScalarValue). For operators that make rows
 * one at a time; loops over columns are generated (expr/compile).
 *
 * Owns: the arrays of the batch being built. After `finish` they belong to the batch.
 */
import { assert } from '../base/assert.ts'
import { INSERT, type Batch, type BatchSchema } from './batch.ts'
import { COLUMN_ROWS_DEFAULT, columnBuilder, type ColumnBuilder } from './column-builder.ts'

export class BatchBuilder {
  readonly schema: BatchSchema
  readonly #columns: ColumnBuilder[]
  #eventTime: Float64Array
  /** Made when the first row comes that is no insert. */
  #kind: Uint8Array | null = null
  #length = 0

  constructor(schema: BatchSchema, capacity = COLUMN_ROWS_DEFAULT) {
    this.schema = schema
    this.#columns = schema.columns.map((column) => columnBuilder(column.layout, capacity))
    this.#eventTime = new Float64Array(Math.max(capacity, 1))
  }

  get length(): number {
    return this.#length
  }

  /** One value per column of the schema, in order; null for null. */
  append(values: readonly unknown[], eventTime: number, kind: number = INSERT): void {
    assert(values.length === this.#columns.length, 'a row has a value for every column')
    for (let index = 0; index < values.length; index++) this.column(index).append(values[index])
    this.endRow(eventTime, kind)
  }

  /** For callers that append values column by column: one for each, then `endRow`. */
  column(index: number): ColumnBuilder {
    const column = this.#columns[index]
    assert(column !== undefined, `column ${index} exists`)
    return column
  }

  endRow(eventTime: number, kind: number = INSERT): void {
    const row = this.#length
    if (row === this.#eventTime.length) this.#growRows()
    this.#eventTime[row] = eventTime
    if (kind !== INSERT) this.#kind ??= new Uint8Array(this.#eventTime.length)
    if (this.#kind !== null) this.#kind[row] = kind
    this.#length = row + 1
  }

  /** The rows so far as a batch; the builder is empty afterwards and may be used again. */
  finish(): Batch {
    const batch: Batch = {
      schema: this.schema,
      length: this.#length,
      eventTime: this.#eventTime,
      kind: this.#kind,
      columns: this.#columns.map((column) => column.finish()),
    }
    this.#eventTime = new Float64Array(this.#eventTime.length)
    this.#kind = null
    this.#length = 0
    return batch
  }

  #growRows(): void {
    const eventTime = new Float64Array(this.#eventTime.length * 2)
    eventTime.set(this.#eventTime)
    this.#eventTime = eventTime
    if (this.#kind === null) return
    const kind = new Uint8Array(eventTime.length)
    kind.set(this.#kind)
    this.#kind = kind
  }
}

/** A batch of no rows. */
export function emptyBatch(schema: BatchSchema): Batch {
  return new BatchBuilder(schema, 1).finish()
}
