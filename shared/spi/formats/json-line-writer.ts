/**
 * Writes batches as JSON lines: keys in the order of the columns, structs as objects, decimals and
 * bigints with their exact digits and unquoted, timestamps and dates as ISO text, bytes in base64,
 * durations in milliseconds. Texts are copied as bytes unless something in them must be escaped.
 */
import { INSERT, type Batch, type Column, type Dictionary } from '../../model/batch.ts'
import { KIND_NAMES } from '../../model/batch-rows.ts'
import { columnTree, type ColumnNode, type StructNode } from '../../model/column-tree.ts'
import type { DataType } from '../../model/data-type.ts'
import { formatDate } from '../../model/text/civil-time.ts'
import { formatDecimal } from '../../model/text/decimal-text.ts'
import { bufferOf } from '../../model/text/utf8.ts'
import type { ByteOutput } from './byte-output.ts'
import { exactJson } from './exact-json.ts'
import type { RowWriter, RowWriterOptions } from './row-writer.ts'
import { TimestampWriter } from './timestamp-writer.ts'

const QUOTE = 34
const BACKSLASH = 92
const SPACE = 32
const NEWLINE = 10
const CLOSE_BRACE = 125
const NULL = Buffer.from('null')
const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')

export interface JsonLineOptions extends RowWriterOptions {
  readonly decimal: 'number' | 'string'
}

/** A field with the bytes that stand before its value. */
interface Part {
  readonly node: ColumnNode
  readonly prefix: Buffer
  readonly below: readonly Part[]
}

export class JsonLineWriter implements RowWriter {
  readonly #parts: readonly Part[]
  readonly #kinds: readonly Buffer[] | null
  readonly #quotesDecimals: boolean
  readonly #times = new TimestampWriter()
  /** Texts of the dictionaries seen, as JSON with quotes. */
  readonly #dictionaries = new WeakMap<Dictionary, Buffer[]>()
  #lastDictionary: Dictionary | null = null
  #lastTexts: Buffer[] = []

  constructor(options: JsonLineOptions) {
    this.#parts = partsOf(columnTree(options.columns), options.kinds ? ',' : '{')
    this.#kinds = options.kinds ? KIND_NAMES.map((name) => Buffer.from(`{"_kind":"${name}"`)) : null
    this.#quotesDecimals = options.decimal === 'string'
  }

  begin(): void {}

  write(batch: Batch, output: ByteOutput): void {
    const isEmpty = this.#parts.length === 0
    for (let row = 0; row < batch.length; row++) {
      const kind = this.#kinds?.[batch.kind?.[row] ?? INSERT]
      if (kind !== undefined) output.copy(kind, 0, kind.length)
      else if (isEmpty) output.byte(123)
      for (const part of this.#parts) this.#part(part, batch, row, output)
      output.byte(CLOSE_BRACE)
      output.byte(NEWLINE)
    }
  }

  #part(part: Part, batch: Batch, row: number, output: ByteOutput): void {
    output.copy(part.prefix, 0, part.prefix.length)
    const { node } = part
    if (node.kind === 'leaf') {
      const column = batch.columns[node.index]
      if (column !== undefined) this.#value(column, node.spec.type, row, output)
      return
    }
    if (!isThere(node, batch, row)) {
      output.copy(NULL, 0, 4)
      return
    }
    for (const child of part.below) this.#part(child, batch, row, output)
    output.byte(CLOSE_BRACE)
  }

  #value(column: Column, type: DataType, row: number, output: ByteOutput): void {
    if (column.nulls !== null && column.nulls[row] === 1) {
      output.copy(NULL, 0, 4)
      return
    }
    switch (column.layout) {
      case 'f64':
        this.#number(column.values[row] ?? 0, type, output)
        return
      case 'i32':
        output.text(`"${formatDate(column.values[row] ?? 0)}"`)
        return
      case 'bool':
        if (column.values[row] === 1) output.copy(TRUE, 0, 4)
        else output.copy(FALSE, 0, 5)
        return
      case 'utf8':
        jsonText(column.bytes, column.starts[row] ?? 0, column.ends[row] ?? 0, output)
        return
      case 'dict': {
        const text = this.#dictionaryText(column.dictionary, column.codes[row] ?? 0)
        output.copy(text, 0, text.length)
        return
      }
      case 'bytes': {
        const bytes = bufferOf(column.bytes)
        output.text(`"${bytes.toString('base64', column.starts[row], column.ends[row])}"`)
        return
      }
      default:
        output.text(exactJson(column.values[row], type, this.#quotesDecimals))
    }
  }

  #number(value: number, type: DataType, output: ByteOutput): void {
    if (type.kind === 'timestamp') {
      output.byte(QUOTE)
      this.#times.write(value, output)
      output.byte(QUOTE)
    } else if (type.kind === 'decimal') {
      const digits = formatDecimal(value, type.scale)
      output.text(this.#quotesDecimals ? `"${digits}"` : digits)
    } else if (Number.isFinite(value)) output.number(value)
    else output.copy(NULL, 0, 4)
  }

  #dictionaryText(dictionary: Dictionary, code: number): Buffer {
    if (dictionary !== this.#lastDictionary) {
      this.#lastDictionary = dictionary
      this.#lastTexts = this.#dictionaries.get(dictionary) ?? []
      this.#dictionaries.set(dictionary, this.#lastTexts)
    }
    const known = this.#lastTexts[code]
    if (known !== undefined) return known
    const made = Buffer.from(JSON.stringify(dictionary.values[code] ?? ''))
    this.#lastTexts[code] = made
    return made
  }
}

function partsOf(nodes: readonly ColumnNode[], open: string): Part[] {
  return nodes.map((node, index) => {
    const before = index === 0 ? open : ','
    return {
      node,
      prefix: Buffer.from(`${before}${JSON.stringify(node.name)}:`),
      below: node.kind === 'struct' ? partsOf(node.children, '{') : [],
    }
  })
}

function isThere(node: StructNode, batch: Batch, row: number): boolean {
  const presence = node.presence === null ? undefined : batch.columns[node.presence]
  return presence?.layout !== 'bool' || presence.values[row] === 1
}

/** A text in quotes, copied while it is looked at. What must be escaped is rare: it goes by JSON. */
function jsonText(bytes: Uint8Array, start: number, end: number, output: ByteOutput): void {
  output.reserve(end - start + 2)
  const target = output.bytes
  let to = output.at
  target[to++] = QUOTE
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) {
      output.text(JSON.stringify(bufferOf(bytes).toString('utf8', start, end)))
      return
    }
    target[to++] = byte
  }
  target[to++] = QUOTE
  output.at = to
}
