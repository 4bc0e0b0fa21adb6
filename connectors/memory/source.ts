/** Gives the batches of a MemoryInput, split after split, with the columns that are asked for. */
import { StreamError } from '../../shared/base/errors.ts'
import { FOLLOW_POLL_MS } from '../../shared/base/limits.ts'
import type { Batch, Column } from '../../shared/model/batch.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Source, SourceContext, SourceRead } from '../../shared/spi/connector.ts'
import type { MemoryInput } from './memory-rows.ts'

export class MemorySource implements Source {
  readonly #columns: readonly ColumnSpec[]
  readonly #splits: readonly (readonly [string, readonly Batch[]])[]
  readonly #isBounded: boolean
  #split = 0
  #batch = 0
  #done = 0

  constructor(context: SourceContext) {
    const input = context.config['input'] as MemoryInput
    this.#columns = context.columns
    this.#splits = [...input.splits].filter(([name]) => context.owns(name))
    this.#isBounded = context.config['bounded'] !== false
  }

  read(): Promise<SourceRead> {
    return Promise.resolve(this.#next())
  }

  progress(): { done: number; total: number; unit: 'records' } {
    const total = this.#splits.reduce(
      (sum, [, batches]) => sum + batches.reduce((rows, batch) => rows + batch.length, 0),
      0,
    )
    return { done: this.#done, total, unit: 'records' }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #next(): SourceRead {
    const split = this.#splits[this.#split]
    if (split === undefined) {
      return this.#isBounded ? { kind: 'end' } : { kind: 'idle', retryMs: FOLLOW_POLL_MS }
    }
    const [name, batches] = split
    const batch = batches[this.#batch]
    if (batch !== undefined) {
      this.#batch++
      this.#done += batch.length
      return { kind: 'batch', split: name, batch: withColumns(batch, this.#columns) }
    }
    this.#split++
    this.#batch = 0
    return this.#isBounded ? { kind: 'split-end', split: name } : this.#next()
  }
}

/** The batch with exactly these columns, found by their paths. */
export function withColumns(batch: Batch, columns: readonly ColumnSpec[]): Batch {
  const found = columns.map((spec): Column => {
    const index = batch.schema.columns.findIndex((one) => one.path === spec.path)
    const column = batch.columns[index]
    if (column !== undefined) return column
    throw new StreamError('FILE_COLUMN_MISSING', `a batch in memory has no column ${spec.path}`, {
      fix: 'give batches with all columns of the schema',
    })
  })
  return { ...batch, schema: { columns }, columns: found }
}
