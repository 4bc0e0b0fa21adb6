/** Batches that count up: `n` from 0, `dateTime` by the rate. */
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'
import type { Batch, BatchSchema, Column } from '../../shared/model/batch.ts'
import type { SourceContext } from '../../shared/spi/connector.ts'
import type { BatchMaker } from './generator-source.ts'
import { timeOf } from './nexmark/nexmark-rules.ts'

export class SequenceMaker implements BatchMaker {
  readonly #schema: BatchSchema
  readonly #rate: number

  constructor(context: SourceContext, rate: number) {
    this.#schema = { columns: context.columns }
    this.#rate = rate
  }

  make(from: number, end: number): { batch: Batch; next: number } {
    const length = Math.min(end - from, BATCH_RECORDS_MAX)
    const numbers = new Float64Array(length)
    const times = new Float64Array(length)
    for (let row = 0; row < length; row++) {
      numbers[row] = from + row
      times[row] = timeOf(from + row, this.#rate)
    }
    const columns = this.#schema.columns.map((spec): Column => ({
      layout: 'f64',
      values: spec.path === 'n' ? numbers : times,
      nulls: null,
    }))
    const batch: Batch = { schema: this.#schema, length, eventTime: times, kind: null, columns }
    return { batch, next: from + length }
  }
}
