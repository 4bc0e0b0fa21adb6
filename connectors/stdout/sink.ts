/**
 * Writes rows to a stream, each batch at once. When the reader is slow `write` waits; when it is
 * gone (EPIPE) the sink fails with SINK_CLOSED.
 *
 * Does not own the stream: it is never ended, since others may write to standard output too.
 */
import type { Writable } from 'node:stream'
import { StreamError } from '../../shared/base/errors.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { Sink, SinkContext, SinkReport } from '../../shared/spi/connector.ts'
import { ByteOutput } from '../../shared/spi/formats/byte-output.ts'
import { CsvWriter } from '../../shared/spi/formats/csv-writer.ts'
import { JsonLineWriter } from '../../shared/spi/formats/json-line-writer.ts'
import type { RowWriter } from '../../shared/spi/formats/row-writer.ts'

export class StdoutSink implements Sink {
  readonly #stream: Writable
  readonly #writer: RowWriter
  readonly #output = new ByteOutput()
  #rows = 0
  #bytes = 0
  #failure: Error | null = null

  constructor(context: SinkContext, stream: Writable) {
    this.#stream = stream
    this.#writer = writerOf(context)
    this.#writer.begin(this.#output)
    stream.on('error', this.#onError)
  }

  async write(batch: Batch): Promise<void> {
    this.#writer.write(batch, this.#output)
    this.#rows += batch.length
    await this.#flush()
  }

  async finish(): Promise<SinkReport> {
    if (this.#output.at > 0) await this.#flush()
    return { rows: this.#rows, bytes: this.#bytes, places: ['stdout'] }
  }

  abort(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.#stream.off('error', this.#onError)
    return Promise.resolve()
  }

  async #flush(): Promise<void> {
    const bytes = this.#output.take()
    this.#bytes += bytes.length
    if (this.#failure !== null) throw failureOf(this.#failure)
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(bytes, (cause) => {
        if (cause === null || cause === undefined) resolve()
        else reject(failureOf(cause))
      })
    })
  }

  readonly #onError = (cause: Error): void => {
    this.#failure = cause
  }
}

function failureOf(cause: Error): StreamError {
  const code = 'code' in cause ? String(cause.code) : ''
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') {
    return new StreamError('SINK_CLOSED', 'who read standard output has closed it', {
      cause,
      fix: 'let the reader read to the end, or write to a file',
    })
  }
  return new StreamError('FILE_FAILED', `standard output failed: ${cause.message}`, { cause })
}

function writerOf(context: SinkContext): RowWriter {
  const kinds = context.mode === 'changes'
  const { columns, config } = context
  if (config['format'] === 'csv') {
    const delimiter = (config['delimiter'] as string | undefined) ?? ','
    return new CsvWriter({ columns, kinds, header: config['header'] !== false, delimiter })
  }
  const decimal = config['decimal'] === 'string' ? 'string' : 'number'
  return new JsonLineWriter({ columns, kinds, decimal })
}
