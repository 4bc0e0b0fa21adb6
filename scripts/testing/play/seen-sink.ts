/** What stands in the place of every sink while a test plays. */
import type { Batch } from '../../../shared/model/batch.ts'
import type { Sink, SinkReport } from '../../../shared/spi/connector.ts'
import type { SeenRows } from '../rows/seen-rows.ts'

export class SeenSink implements Sink {
  /** Null: the test expects nothing of it. */
  readonly #seen: SeenRows | null
  #rows = 0

  constructor(seen: SeenRows | null) {
    this.#seen = seen
  }

  write(batch: Batch): Promise<void> {
    this.#seen?.addBatch(batch)
    this.#rows += batch.length
    return Promise.resolve()
  }

  finish(): Promise<SinkReport> {
    return Promise.resolve({ rows: this.#rows, bytes: null, places: [] })
  }

  abort(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
