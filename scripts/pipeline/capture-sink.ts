/**
 * A sink that shows rows instead of writing them: what `preview` and `dev` put in the place of every
 * sink. It takes any input, changes included, and keeps the first or the last rows.
 */
import type { Batch } from '../../shared/model/batch.ts'
import { batchToRows } from '../../shared/model/batch-rows.ts'
import { slice } from '../../shared/model/gather.ts'
import type { SinkSpec } from '../../shared/spec/pipeline-spec.ts'
import type { ConnectorCode, ConnectorConfig, Sink } from '../../shared/spi/connector.ts'
import { z } from 'zod'

export const CAPTURE = 'capture'

export const captureConfig: ConnectorConfig = {
  name: CAPTURE,
  summary: 'Shows rows instead of writing them.',
  source: null,
  table: null,
  sink: z.strictObject({}),
  available: true,
  describeSink: () => ({
    upsert: false,
    upsertByDefault: false,
    upsertNeedsBounded: false,
    single: true,
  }),
}

export interface Captured {
  readonly rows: Readonly<Record<string, unknown>>[]
  /** All that came, also those that are not kept. */
  count: number
}

export type Keep = { readonly kind: 'first' | 'last'; readonly limit: number }

/** A sink block that reads `from`. Rows of changes say their kind in `_kind`. */
export function captureSpec(from: string): SinkSpec {
  return { connector: CAPTURE, from, config: {}, mode: 'changes' }
}

/** The code of the connector; rows are kept per sink block. */
export function captureCode(
  captured: Map<string, Captured>,
  keep: Keep,
  onRows: (block: string, captured: Captured) => void = () => {},
): ConnectorCode {
  return {
    openSink: ({ block }) => {
      const own: Captured = { rows: [], count: 0 }
      captured.set(block, own)
      return Promise.resolve(new CaptureSink(own, keep, () => onRows(block, own)))
    },
  }
}

class CaptureSink implements Sink {
  readonly #captured: Captured
  readonly #keep: Keep
  readonly #onRows: () => void

  constructor(captured: Captured, keep: Keep, onRows: () => void) {
    this.#captured = captured
    this.#keep = keep
    this.#onRows = onRows
  }

  write(batch: Batch): Promise<void> {
    const { rows } = this.#captured
    const { kind, limit } = this.#keep
    this.#captured.count += batch.length
    const room = kind === 'last' ? limit : limit - rows.length
    const count = Math.min(room, batch.length)
    const start = kind === 'last' ? batch.length - count : 0
    if (count > 0) rows.push(...batchToRows(slice(batch, start, start + count)))
    if (rows.length > limit) rows.splice(0, rows.length - limit)
    this.#onRows()
    return Promise.resolve()
  }

  finish() {
    return Promise.resolve({ rows: this.#captured.count, bytes: null, places: [] })
  }

  abort(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
