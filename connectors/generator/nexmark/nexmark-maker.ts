/** Batches of the auction benchmark with the columns that are asked for. */
import type { Batch, BatchSchema } from '../../../shared/model/batch.ts'
import type { SourceContext } from '../../../shared/spi/connector.ts'
import type { BatchMaker } from '../generator-source.ts'
import { EventBlock } from './event-block.ts'
import { NexmarkColumns } from './nexmark-columns.ts'
import type { NexmarkEntity } from './nexmark-fields.ts'
import { timeOf, type NexmarkRules } from './nexmark-rules.ts'

export class NexmarkMaker implements BatchMaker {
  readonly #block: EventBlock
  readonly #columns: NexmarkColumns
  readonly #schema: BatchSchema
  readonly #timeIndex: number

  constructor(context: SourceContext, entity: NexmarkEntity, rules: NexmarkRules) {
    this.#block = new EventBlock(entity, rules)
    this.#columns = new NexmarkColumns(rules.seed)
    this.#schema = { columns: context.columns }
    this.#timeIndex = context.columns.findIndex((spec) => spec.path === 'dateTime')
  }

  make(from: number, end: number): { batch: Batch | null; next: number } {
    const block = this.#block
    const next = block.fill(from, end)
    if (block.count === 0) return { batch: null, next }
    const columns = this.#schema.columns.map((spec) => this.#columns.column(spec, block))
    const time = columns[this.#timeIndex]
    const eventTime = time?.layout === 'f64' ? time.values : this.#times()
    return {
      batch: { schema: this.#schema, length: block.count, eventTime, kind: null, columns },
      next,
    }
  }

  #times(): Float64Array {
    const block = this.#block
    const times = new Float64Array(block.count)
    for (let row = 0; row < block.count; row++)
      times[row] = timeOf(block.ids[row] ?? 0, block.rules.rate)
    return times
  }
}
