/** Reads rows from a pipe: one split, named stdin. Owns the pipe's bytes. */
import type { Readable } from 'node:stream'
import { FOLLOW_POLL_MS } from '../../shared/base/limits.ts'
import { setHeader } from '../../shared/spi/formats/csv-header.ts'
import { CsvRowReader } from '../../shared/spi/formats/csv-row-reader.ts'
import { JsonRowReader } from '../../shared/spi/formats/json-row-reader.ts'
import { RowColumns } from '../../shared/spi/formats/row-columns.ts'
import { RowStream } from '../../shared/spi/formats/row-stream.ts'
import type { Source, SourceContext, SourceRead } from '../../shared/spi/connector.ts'
import { PipeBytes } from './pipe-bytes.ts'

const SPLIT = 'stdin'

export class StdinSource implements Source {
  readonly #bytes: PipeBytes
  readonly #rows: RowStream
  readonly #csv: CsvRowReader | null
  #needsHeader: boolean
  #state: 'open' | 'ending' | 'ended'

  constructor(context: SourceContext, stream: Readable) {
    const columns = new RowColumns({
      fields: context.fields,
      columns: context.columns,
      eventTime: context.eventTime,
      kinds: context.changes === 'kinds',
    })
    const delimiter = (context.config['delimiter'] as string | undefined) ?? ','
    this.#csv = context.config['format'] === 'csv' ? new CsvRowReader(columns, delimiter) : null
    this.#needsHeader = this.#csv !== null && context.config['header'] !== false
    this.#bytes = new PipeBytes(stream, context.clock)
    this.#state = context.owns(SPLIT) ? 'open' : 'ended'
    this.#rows = new RowStream({
      source: this.#bytes,
      reader: this.#csv ?? new JsonRowReader(columns),
      columns,
      sizeHint: Infinity,
      grows: true,
      onProblem: (problem, line, payload) =>
        context.fail({
          code: problem.code,
          message: problem.message,
          position: `${SPLIT}:${line}`,
          payload,
        }),
    })
  }

  async read(): Promise<SourceRead> {
    if (this.#state === 'ended') return { kind: 'end' }
    if (this.#needsHeader && !(await this.#readHeader())) return this.#nothing()
    const batch = await this.#rows.read()
    return batch === null ? this.#nothing() : { kind: 'batch', split: SPLIT, batch }
  }

  progress(): null {
    return null
  }

  close(): Promise<void> {
    return this.#bytes.close()
  }

  /** Nothing came: for now, or the last line without an end is still to be read, or it is over. */
  #nothing(): SourceRead | Promise<SourceRead> {
    if (!this.#bytes.hasEnded) return { kind: 'idle', retryMs: FOLLOW_POLL_MS / 10 }
    if (this.#state === 'open') {
      this.#state = 'ending'
      this.#rows.endOfText()
      return this.read()
    }
    this.#state = 'ended'
    return { kind: 'split-end', split: SPLIT }
  }

  async #readHeader(): Promise<boolean> {
    const header = await this.#rows.readHeader()
    if (header === null || this.#csv === null) return false
    this.#needsHeader = false
    const names = this.#csv.names(header.bytes, header.start, header.end)
    this.#rows.startRows()
    setHeader(this.#csv, names, 'standard input')
    return true
  }
}
