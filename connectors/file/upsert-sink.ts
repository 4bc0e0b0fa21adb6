/**
 * Folds changes and writes the final rows at the end, sorted by key. Holds one row per key.
 *
 * Order: numbers by value, texts by code units, false before true, null first; column by column of
 * the key.
 */
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'
import type { Batch } from '../../shared/model/batch.ts'
import { BatchBuilder } from '../../shared/model/batch-builder.ts'
import { FinalRows, type FinalRow } from '../../shared/model/rows/final-rows.ts'
import type { Sink, SinkContext, SinkReport } from '../../shared/spi/connector.ts'

export class UpsertSink implements Sink {
  readonly #context: SinkContext
  readonly #sink: Sink
  readonly #rows: FinalRows
  readonly #order: readonly number[]

  constructor(context: SinkContext, sink: Sink) {
    this.#context = context
    this.#sink = sink
    const paths = context.columns.map((column) => column.path)
    const key = context.key?.map((path) => paths.indexOf(path)) ?? null
    this.#rows = new FinalRows(key)
    this.#order = key ?? paths.map((_, index) => index)
  }

  write(batch: Batch): Promise<void> {
    this.#rows.addBatch(batch)
    return Promise.resolve()
  }

  async finish(): Promise<SinkReport> {
    const rows = this.#rows.rows().toSorted((left, right) => this.#compare(left, right))
    const builder = new BatchBuilder({ columns: this.#context.columns }, BATCH_RECORDS_MAX)
    for (const row of rows) {
      builder.append(row.values, row.eventTime)
      if (builder.length === BATCH_RECORDS_MAX) await this.#sink.write(builder.finish())
    }
    if (builder.length > 0) await this.#sink.write(builder.finish())
    return this.#sink.finish()
  }

  abort(): Promise<void> {
    return this.#sink.abort()
  }

  close(): Promise<void> {
    return this.#sink.close()
  }

  #compare(left: FinalRow, right: FinalRow): number {
    for (const index of this.#order) {
      const order = compareValues(left.values[index], right.values[index])
      if (order !== 0) return order
    }
    return 0
  }
}

function compareValues(left: unknown, right: unknown): number {
  if (left === right) return 0
  if (left === null || left === undefined) return -1
  if (right === null || right === undefined) return 1
  if (isOrdered(left) && isOrdered(right)) return left < right ? -1 : left > right ? 1 : 0
  const leftText = JSON.stringify(left)
  const rightText = JSON.stringify(right)
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0
}

function isOrdered(value: unknown): value is number | string | bigint {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint'
}
