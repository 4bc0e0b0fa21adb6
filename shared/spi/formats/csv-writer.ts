/**
 * Writes batches as CSV: a column per leaf, named by its path. Null is nothing, an empty text is
 * `""`; a text is quoted only where it must be. Arrays, maps and json are JSON text.
 */
import { INSERT, type Batch, type Column } from '../../model/batch.ts'
import { KIND_NAMES } from '../../model/batch-rows.ts'
import type { DataType } from '../../model/data-type.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import { formatDate } from '../../model/text/civil-time.ts'
import { formatDecimal } from '../../model/text/decimal-text.ts'
import { bufferOf } from '../../model/text/utf8.ts'
import type { ByteOutput } from './byte-output.ts'
import { exactJson } from './exact-json.ts'
import type { RowWriter, RowWriterOptions } from './row-writer.ts'
import { TimestampWriter } from './timestamp-writer.ts'

const QUOTE = 34
const NEWLINE = 10
const RETURN = 13
const SPACE = 32

export interface CsvOptions extends RowWriterOptions {
  readonly header: boolean
  readonly delimiter: string
}

interface Cell {
  readonly index: number
  readonly spec: ColumnSpec
}

export class CsvWriter implements RowWriter {
  readonly #options: CsvOptions
  readonly #delimiter: number
  readonly #times = new TimestampWriter()
  /** Presence columns are no cells: a struct is there when one of its leaves is. */
  readonly #cells: readonly Cell[]

  constructor(options: CsvOptions) {
    this.#options = options
    this.#delimiter = options.delimiter.charCodeAt(0)
    this.#cells = options.columns
      .map((spec, index) => ({ spec, index }))
      .filter((cell) => !cell.spec.path.endsWith('.?'))
  }

  begin(output: ByteOutput): void {
    if (!this.#options.header) return
    const names = this.#cells.map((cell) => cell.spec.path)
    if (this.#options.kinds) names.unshift('_kind')
    names.forEach((name, index) => {
      if (index > 0) output.byte(this.#delimiter)
      this.#text(name, output)
    })
    output.byte(NEWLINE)
  }

  write(batch: Batch, output: ByteOutput): void {
    const { kinds } = this.#options
    for (let row = 0; row < batch.length; row++) {
      if (kinds) output.text(KIND_NAMES[batch.kind?.[row] ?? INSERT] ?? '')
      this.#cells.forEach((cell, index) => {
        if (index > 0 || kinds) output.byte(this.#delimiter)
        const column = batch.columns[cell.index]
        if (column !== undefined) this.#cell(column, cell.spec.type, row, output)
      })
      output.byte(NEWLINE)
    }
  }

  #cell(column: Column, type: DataType, row: number, output: ByteOutput): void {
    if (column.nulls !== null && column.nulls[row] === 1) return
    switch (column.layout) {
      case 'f64':
        if (type.kind === 'timestamp') this.#times.write(column.values[row] ?? 0, output)
        else if (type.kind === 'decimal')
          output.text(formatDecimal(column.values[row] ?? 0, type.scale))
        else if (Number.isFinite(column.values[row])) output.number(column.values[row] ?? 0)
        return
      case 'i32':
        output.text(formatDate(column.values[row] ?? 0))
        return
      case 'bool':
        output.text(column.values[row] === 1 ? 'true' : 'false')
        return
      case 'utf8':
        this.#bytes(column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0, output)
        return
      case 'dict':
        this.#text(column.dictionary.values[column.codes[row] ?? 0] ?? '', output)
        return
      case 'bytes': {
        const start = column.starts[row]
        output.text(`"${bufferOf(column.bytes).toString('base64', start, column.ends[row])}"`)
        return
      }
      default:
        if (column.values[row] !== null)
          this.#text(exactJson(column.values[row], type, false), output)
    }
  }

  #bytes(bytes: Uint8Array, start: number, end: number, output: ByteOutput): void {
    if (this.#isPlain(bytes, start, end)) output.copy(bytes, start, end)
    else this.#quoted(bufferOf(bytes).toString('utf8', start, end), output)
  }

  #text(text: string, output: ByteOutput): void {
    const bytes = Buffer.from(text)
    if (this.#isPlain(bytes, 0, bytes.length)) output.copy(bytes, 0, bytes.length)
    else this.#quoted(text, output)
  }

  #quoted(text: string, output: ByteOutput): void {
    output.text(`"${text.replaceAll('"', '""')}"`)
  }

  /** Whether the text needs no quotes. An empty one does: without them it is null. */
  #isPlain(bytes: Uint8Array, start: number, end: number): boolean {
    if (start === end || bytes[start] === SPACE || bytes[end - 1] === SPACE) return false
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0
      if (byte === this.#delimiter || byte === QUOTE || byte === NEWLINE || byte === RETURN)
        return false
    }
    return true
  }
}
