/** Collects batches in a MemoryOutput. */
import type { Batch } from '../../shared/model/batch.ts'
import type { Sink, SinkContext, SinkReport } from '../../shared/spi/connector.ts'
import type { MemoryOutput } from './memory-rows.ts'

export class MemorySink implements Sink {
  readonly #output: MemoryOutput
  readonly #block: string
  #rows = 0

  constructor(context: SinkContext) {
    this.#output = context.config['output'] as MemoryOutput
    this.#block = context.block
  }

  write(batch: Batch): Promise<void> {
    this.#output.batches.push(batch)
    this.#rows += batch.length
    return Promise.resolve()
  }

  finish(): Promise<SinkReport> {
    this.#output.finished++
    return Promise.resolve({ rows: this.#rows, bytes: null, places: [`memory:${this.#block}`] })
  }

  abort(): Promise<void> {
    this.#output.aborted++
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.#output.closed++
    return Promise.resolve()
  }
}
