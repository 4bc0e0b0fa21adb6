/** Reads one file of JSON lines or CSV. */
import type { Batch } from '../../shared/model/batch.ts'
import { setHeader } from '../../shared/spi/formats/csv-header.ts'
import { CsvRowReader } from '../../shared/spi/formats/csv-row-reader.ts'
import { JsonRowReader } from '../../shared/spi/formats/json-row-reader.ts'
import { RowColumns } from '../../shared/spi/formats/row-columns.ts'
import { RowStream } from '../../shared/spi/formats/row-stream.ts'
import type { FileBytes } from './file-bytes.ts'
import type { FileFormat } from './file-format.ts'
import type { ReadContext } from './read-context.ts'
import type { GrowingReader } from './split-reader.ts'

export interface TextSplitOptions {
  readonly context: ReadContext
  readonly name: string
  readonly bytes: FileBytes
  readonly size: number
  readonly format: FileFormat
  readonly grows: boolean
}

/** Owns the bytes of its file. */
export class TextSplit implements GrowingReader {
  readonly #name: string
  readonly #bytes: FileBytes
  readonly #stream: RowStream
  readonly #csv: CsvRowReader | null
  #needsHeader: boolean

  constructor(options: TextSplitOptions) {
    const { context, name, bytes, format } = options
    const columns = new RowColumns({
      fields: context.fields,
      columns: context.columns,
      eventTime: context.eventTime,
      kinds: context.kinds,
    })
    this.#name = name
    this.#bytes = bytes
    this.#csv = format.format === 'csv' ? new CsvRowReader(columns, format.delimiter) : null
    this.#needsHeader = this.#csv !== null && format.header
    this.#stream = new RowStream({
      source: bytes,
      reader: this.#csv ?? new JsonRowReader(columns),
      columns,
      sizeHint: format.compression === 'none' && !options.grows ? options.size : Infinity,
      grows: options.grows,
      onProblem: (problem, line, payload) =>
        context.fail({
          code: problem.code,
          message: problem.message,
          position: `${name}:${line}`,
          payload,
        }),
    })
  }

  get position(): number {
    return this.#bytes.position
  }

  async read(): Promise<Batch | null> {
    if (this.#needsHeader && !(await this.#readHeader())) return null
    return this.#stream.read()
  }

  endOfText(): void {
    this.#stream.endOfText()
  }

  close(): Promise<void> {
    return this.#bytes.close()
  }

  async #readHeader(): Promise<boolean> {
    const header = await this.#stream.readHeader()
    if (header === null || this.#csv === null) return false
    this.#needsHeader = false
    const names = this.#csv.names(header.bytes, header.start, header.end)
    this.#stream.startRows()
    setHeader(this.#csv, names, this.#name)
    return true
  }
}
