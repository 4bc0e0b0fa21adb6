/**
 * Builders of columns: append internal values one by one (see ScalarValue), finish to a Column.
 * One class per layout; arrays grow by doubling. After `finish` a builder is empty and starts on
 * new arrays, since a finished column is immutable.
 */
import { unreachable } from '../base/assert.ts'
import type { Column, Dictionary, Nulls } from './batch.ts'
import type { Layout } from './layout.ts'
import { writeUtf8 } from './text/utf8.ts'

export const COLUMN_ROWS_DEFAULT = 1024
/** Room per value with which a text builder starts. */
const TEXT_BYTES_DEFAULT = 16

export interface ColumnBuilder {
  readonly length: number
  /** An internal value of the column's type, or null. */
  append(value: unknown): void
  finish(): Column
}

export function columnBuilder(layout: Layout, capacity = COLUMN_ROWS_DEFAULT): ColumnBuilder {
  const rows = Math.max(capacity, 1)
  switch (layout) {
    case 'f64':
      return new F64Builder(rows)
    case 'i32':
      return new I32Builder(rows)
    case 'bool':
      return new BoolBuilder(rows)
    case 'utf8':
      return new Utf8Builder(rows)
    case 'bytes':
      return new BytesBuilder(rows)
    case 'dict':
      return new DictBuilder(rows)
    case 'any':
      return new AnyBuilder()
    default:
      return unreachable(layout)
  }
}

type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array

/** The same values in an array of twice the size, or of `needed` if that is more. */
function grown<T extends Numbers>(values: T, needed: number): T {
  const make = values.constructor as new (length: number) => T
  const larger = new make(Math.max(values.length * 2, needed))
  larger.set(values)
  return larger
}

/** Nulls of the rows so far; made when the first null comes. */
class NullsBuilder {
  #bytes: Uint8Array | null = null

  mark(row: number): void {
    this.#bytes ??= new Uint8Array(Math.max(row + 1, COLUMN_ROWS_DEFAULT))
    if (row >= this.#bytes.length) this.#bytes = grown(this.#bytes, row + 1)
    this.#bytes[row] = 1
  }

  finish(length: number): Nulls {
    const bytes = this.#bytes
    this.#bytes = null
    if (bytes === null) return null
    return bytes.length < length ? grown(bytes, length) : bytes
  }
}

class F64Builder implements ColumnBuilder {
  length = 0
  #values: Float64Array
  readonly #nulls = new NullsBuilder()

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity)
  }

  append(value: unknown): void {
    if (this.length === this.#values.length) this.#values = grown(this.#values, 0)
    if (value === null) this.#nulls.mark(this.length)
    else this.#values[this.length] = value as number
    this.length++
  }

  finish(): Column {
    const nulls = this.#nulls.finish(this.length)
    const column: Column = { layout: 'f64', values: this.#values, nulls }
    this.#values = new Float64Array(this.#values.length)
    this.length = 0
    return column
  }
}

class I32Builder implements ColumnBuilder {
  length = 0
  #values: Int32Array
  readonly #nulls = new NullsBuilder()

  constructor(capacity: number) {
    this.#values = new Int32Array(capacity)
  }

  append(value: unknown): void {
    if (this.length === this.#values.length) this.#values = grown(this.#values, 0)
    if (value === null) this.#nulls.mark(this.length)
    else this.#values[this.length] = value as number
    this.length++
  }

  finish(): Column {
    const nulls = this.#nulls.finish(this.length)
    const column: Column = { layout: 'i32', values: this.#values, nulls }
    this.#values = new Int32Array(this.#values.length)
    this.length = 0
    return column
  }
}

class BoolBuilder implements ColumnBuilder {
  length = 0
  #values: Uint8Array
  readonly #nulls = new NullsBuilder()

  constructor(capacity: number) {
    this.#values = new Uint8Array(capacity)
  }

  append(value: unknown): void {
    if (this.length === this.#values.length) this.#values = grown(this.#values, 0)
    if (value === null) this.#nulls.mark(this.length)
    else this.#values[this.length] = value === true || value === 1 ? 1 : 0
    this.length++
  }

  finish(): Column {
    const nulls = this.#nulls.finish(this.length)
    const column: Column = { layout: 'bool', values: this.#values, nulls }
    this.#values = new Uint8Array(this.#values.length)
    this.length = 0
    return column
  }
}

/**
 * The bytes of a utf8 or bytes column. Generated code appends to one directly.
 * Invariant: row i is `bytes[starts[i] .. ends[i])`, rows lie one after the other.
 */
export class TextBuilder {
  length = 0
  starts: Uint32Array
  ends: Uint32Array
  bytes: Buffer
  #used = 0
  readonly #nulls = new NullsBuilder()

  constructor(capacity: number) {
    this.starts = new Uint32Array(capacity)
    this.ends = new Uint32Array(capacity)
    this.bytes = Buffer.allocUnsafeSlow(capacity * TEXT_BYTES_DEFAULT)
  }

  appendText(text: string): void {
    this.#reserve(text.length * 3)
    this.#close(writeUtf8(this.bytes, this.#used, text))
  }

  appendBytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.bytes.set(value, this.#used)
    this.#close(this.#used + value.length)
  }

  appendNull(): void {
    this.#nulls.mark(this.length)
    this.#reserve(0)
    this.#close(this.#used)
  }

  /** Takes the arrays out; the builder starts on new ones. */
  take(): { starts: Uint32Array; ends: Uint32Array; bytes: Uint8Array; nulls: Nulls } {
    const nulls = this.#nulls.finish(this.length)
    const { starts, ends } = this
    const bytes = this.bytes.subarray(0, this.#used)
    this.starts = new Uint32Array(starts.length)
    this.ends = new Uint32Array(ends.length)
    this.bytes = Buffer.allocUnsafeSlow(Math.max(this.#used, starts.length * TEXT_BYTES_DEFAULT))
    this.#used = 0
    this.length = 0
    return { starts, ends, bytes, nulls }
  }

  #reserve(more: number): void {
    if (this.length === this.starts.length) {
      this.starts = grown(this.starts, 0)
      this.ends = grown(this.ends, 0)
    }
    const needed = this.#used + more
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, needed))
    this.bytes.copy(larger, 0, 0, this.#used)
    this.bytes = larger
  }

  #close(end: number): void {
    this.starts[this.length] = this.#used
    this.ends[this.length] = end
    this.#used = end
    this.length++
  }
}

class Utf8Builder implements ColumnBuilder {
  readonly #text: TextBuilder

  constructor(capacity: number) {
    this.#text = new TextBuilder(capacity)
  }

  get length(): number {
    return this.#text.length
  }

  append(value: unknown): void {
    if (value === null) this.#text.appendNull()
    else this.#text.appendText(value as string)
  }

  finish(): Column {
    return { layout: 'utf8', ...this.#text.take() }
  }
}

class BytesBuilder implements ColumnBuilder {
  readonly #text: TextBuilder

  constructor(capacity: number) {
    this.#text = new TextBuilder(capacity)
  }

  get length(): number {
    return this.#text.length
  }

  append(value: unknown): void {
    if (value === null) this.#text.appendNull()
    else this.#text.appendBytes(value as Uint8Array)
  }

  finish(): Column {
    return { layout: 'bytes', ...this.#text.take() }
  }
}

/** Keeps its dictionary over `finish`, so that codes stay the same from batch to batch. */
class DictBuilder implements ColumnBuilder {
  length = 0
  #codes: Int32Array
  readonly #nulls = new NullsBuilder()
  readonly #dictionary: Dictionary & { readonly values: string[] } = { values: [''] }
  readonly #codeOf = new Map<string, number>([['', 0]])

  constructor(capacity: number) {
    this.#codes = new Int32Array(capacity)
  }

  append(value: unknown): void {
    if (this.length === this.#codes.length) this.#codes = grown(this.#codes, 0)
    if (value === null) this.#nulls.mark(this.length)
    else this.#codes[this.length] = this.#code(value as string)
    this.length++
  }

  finish(): Column {
    const nulls = this.#nulls.finish(this.length)
    const column: Column = {
      layout: 'dict',
      codes: this.#codes,
      dictionary: this.#dictionary,
      nulls,
    }
    this.#codes = new Int32Array(this.#codes.length)
    this.length = 0
    return column
  }

  #code(text: string): number {
    const known = this.#codeOf.get(text)
    if (known !== undefined) return known
    const code = this.#dictionary.values.length
    this.#dictionary.values.push(text)
    this.#codeOf.set(text, code)
    return code
  }
}

class AnyBuilder implements ColumnBuilder {
  #values: unknown[] = []

  get length(): number {
    return this.#values.length
  }

  append(value: unknown): void {
    this.#values.push(value)
  }

  finish(): Column {
    const values = this.#values
    this.#values = []
    return { layout: 'any', values, nulls: null }
  }
}
