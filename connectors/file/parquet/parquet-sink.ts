/**
 * Writes Parquet: row groups of bounded size, each written to the file when it is full.
 *
 * Owns: the rows of the row group that is not full yet.
 */
import { gzipSync, zstdCompressSync } from 'node:zlib'
import type { CompressionCodec } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { PARQUET_GROUP_ROWS } from '../../../shared/base/limits.ts'
import { INSERT, type Batch } from '../../../shared/model/batch.ts'
import { KIND_NAMES } from '../../../shared/model/batch-rows.ts'
import { columnTree, type ColumnNode } from '../../../shared/model/column-tree.ts'
import type { Sink, SinkContext, SinkReport } from '../../../shared/spi/connector.ts'
import type { FileTarget } from '../file-target.ts'
import type { SinkPlace } from '../sink-place.ts'
import { appendValues } from './writer-values.ts'
import { schemaElements } from './writer-schema.ts'

const CODECS = { none: 'UNCOMPRESSED', gzip: 'GZIP', zstd: 'ZSTD', snappy: 'SNAPPY' } as const
const compressors = {
  GZIP: (bytes: Uint8Array): Uint8Array => gzipSync(bytes),
  ZSTD: (bytes: Uint8Array): Uint8Array => zstdCompressSync(bytes),
}

export function openParquetSink(context: SinkContext, to: SinkPlace, target: FileTarget): Sink {
  const codec = CODECS[to.format.compression]
  return new ParquetSink(context, { place: to.place, target, codec })
}

interface Destination {
  readonly place: string
  readonly target: FileTarget
  readonly codec: CompressionCodec
}

class ParquetSink implements Sink {
  readonly #to: Destination
  readonly #nodes: readonly ColumnNode[]
  readonly #values: unknown[][]
  readonly #kinds: string[] | null
  readonly #bytes = new ByteWriter()
  readonly #writer: ParquetWriter
  #rows = 0
  #groupRows = 0
  #isOpen = true

  constructor(context: SinkContext, to: Destination) {
    this.#to = to
    this.#nodes = columnTree(context.columns)
    this.#values = this.#nodes.map(() => [])
    this.#kinds = context.mode === 'changes' ? [] : null
    const schema = schemaElements(this.#nodes, this.#kinds !== null)
    const { codec } = to
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema,
      codec,
      compressors,
      createdBy: 'millrace',
    })
  }

  async write(batch: Batch): Promise<void> {
    this.#nodes.forEach((node, index) => appendValues(node, batch, this.#values[index] ?? []))
    if (this.#kinds !== null)
      for (let row = 0; row < batch.length; row++)
        this.#kinds.push(KIND_NAMES[batch.kind?.[row] ?? INSERT] ?? '')
    this.#rows += batch.length
    this.#groupRows += batch.length
    if (this.#groupRows >= PARQUET_GROUP_ROWS) await this.#writeGroup()
  }

  async finish(): Promise<SinkReport> {
    if (this.#groupRows > 0) await this.#writeGroup()
    await this.#writer.finish()
    await this.#flush()
    await this.#to.target.publish()
    this.#isOpen = false
    return { rows: this.#rows, bytes: this.#to.target.bytes, places: [this.#to.place] }
  }

  async abort(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#to.target.discard()
  }

  close(): Promise<void> {
    return this.abort()
  }

  async #writeGroup(): Promise<void> {
    const columnData = this.#nodes.map((node, index) => ({
      name: node.name,
      data: this.#values[index] ?? [],
    }))
    if (this.#kinds !== null) columnData.unshift({ name: '_kind', data: this.#kinds })
    await this.#writer.write({ columnData, rowGroupSize: this.#groupRows })
    for (const values of this.#values) values.length = 0
    if (this.#kinds !== null) this.#kinds.length = 0
    this.#groupRows = 0
    await this.#flush()
  }

  /** Hands on what was encoded; the places that the writer counts stay. */
  async #flush(): Promise<void> {
    const bytes = this.#bytes.getBytes()
    if (bytes.length === 0) return
    await this.#to.target.write(Buffer.from(bytes))
    this.#bytes.index = 0
  }
}
