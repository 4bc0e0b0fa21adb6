/**
 * Writes rows to one file, or to one part of a folder. The file appears under its name at `finish`
 * and not before; parts are `<block>-<epoch>-<lane>.<ext>`.
 *
 * Owns: the file being written and the bytes that wait for it.
 */
import { StreamError } from '../../shared/base/errors.ts'
import { SINK_BUFFER_BYTES } from '../../shared/base/limits.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { Sink, SinkContext, SinkReport } from '../../shared/spi/connector.ts'
import { ByteOutput } from '../../shared/spi/formats/byte-output.ts'
import { CsvWriter } from '../../shared/spi/formats/csv-writer.ts'
import { JsonLineWriter } from '../../shared/spi/formats/json-line-writer.ts'
import type { RowWriter } from '../../shared/spi/formats/row-writer.ts'
import { fileFormat, type FileFormat } from './file-format.ts'
import { absolutePath } from './file-path.ts'
import { FileTarget } from './file-target.ts'
import type { SinkPlace } from './sink-place.ts'

/** The epoch of a run without checkpoints: all its output is one. */
const ONLY_EPOCH = 0

export async function openFileSink(context: SinkContext): Promise<Sink> {
  const path = String(context.config['path'])
  const format = fileFormat(path, context.config)
  const place = path.endsWith('/') ? `${path}${partName(context, format)}` : path
  const absolute = absolutePath(context.baseDirectory, place)
  const existing = await context.disk.stat(absolute)
  if (existing?.kind === 'directory') {
    throw new StreamError('FILE_IS_DIRECTORY', `${place} is a directory, not a file`, {
      fix: 'name a file, or end the path in / to write parts into the folder',
    })
  }
  if (existing?.kind === 'other') {
    const message = `${place} is a device or a pipe: the finished file would take its place`
    throw new StreamError('FILE_ACCESS_DENIED', message, {
      fix: 'name a file, or write to `connector: stdout`',
    })
  }
  const sink = await openPlain(context, { format, place, absolute })
  if (context.mode !== 'upsert') return sink
  const { UpsertSink } = await import('./upsert-sink.ts')
  return new UpsertSink(context, sink)
}

async function openPlain(context: SinkContext, to: SinkPlace): Promise<Sink> {
  const target = await FileTarget.create({
    disk: context.disk,
    random: context.random,
    path: to.absolute,
    compression: to.format.format === 'parquet' ? 'none' : to.format.compression,
  })
  if (to.format.format !== 'parquet') {
    return new TextSink(to.place, target, rowWriter(context, to.format))
  }
  const { openParquetSink } = await import('./parquet/parquet-sink.ts')
  return openParquetSink(context, to, target)
}

const COMPRESSION_EXTENSIONS = { none: '', gzip: '.gz', zstd: '.zst', snappy: '' } as const

function partName(context: SinkContext, format: FileFormat): string {
  const isText = format.format !== 'parquet'
  const compression = isText ? COMPRESSION_EXTENSIONS[format.compression] : ''
  return `${context.block}-${ONLY_EPOCH}-${context.subtask}.${format.format}${compression}`
}

function rowWriter(context: SinkContext, format: FileFormat): RowWriter {
  const kinds = context.mode === 'changes'
  const { columns } = context
  if (format.format === 'csv') {
    const { header, delimiter } = format
    return new CsvWriter({ columns, kinds, header, delimiter })
  }
  return new JsonLineWriter({ columns, kinds, decimal: format.decimal })
}

export class TextSink implements Sink {
  readonly #place: string
  readonly #target: FileTarget
  readonly #writer: RowWriter
  readonly #output = new ByteOutput()
  #rows = 0
  #isOpen = true

  constructor(place: string, target: FileTarget, writer: RowWriter) {
    this.#place = place
    this.#target = target
    this.#writer = writer
    writer.begin(this.#output)
  }

  async write(batch: Batch): Promise<void> {
    this.#writer.write(batch, this.#output)
    this.#rows += batch.length
    if (this.#output.at >= SINK_BUFFER_BYTES) await this.#target.write(this.#output.take())
  }

  async finish(): Promise<SinkReport> {
    if (this.#output.at > 0) await this.#target.write(this.#output.take())
    await this.#target.publish()
    this.#isOpen = false
    return { rows: this.#rows, bytes: this.#target.bytes, places: [this.#place] }
  }

  async abort(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#target.discard()
  }

  close(): Promise<void> {
    return this.abort()
  }
}
