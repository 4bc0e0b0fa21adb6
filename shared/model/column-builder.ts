/**
 * Builders of columns: append internal values one by one (see ScalarValue), finish to a Column.
 * One class per layout; arrays grow by doubling. After `finish` a builder is empty and starts on
 * new arrays, since a finished column is immutable.
 */
import { unreachable } from '../base/assert.ts'
import type { Column, Nulls } from './batch.ts'
import { GrowingDictionary } from './growing-dictionary.ts'
import type { Layout } from './layout.ts'
import { writeUtf8 } from './text/utf8.ts'

export const COLUMN_ROWS_DEFAULT = 1024

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
      return new TextBuilder()
    case 'bytes':
      return new BytesBuilder()
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

/** Pending text is encoded when it has so many characters, so that what waits stays small. */
const PENDING_CHARACTERS_MAX = 1024 * 1024

/** Rows that the first single value makes room for. */
const ROWS_MIN = 32
const NO_NUMBERS = new Uint32Array(0)
const NO_BYTES = Buffer.alloc(0)

/** Starts, ends and bytes of a utf8 or bytes column. Row i is `bytes[starts[i] .. ends[i])`. */
class ByteRows {
  length = 0
  #starts = NO_NUMBERS
  #ends = NO_NUMBERS
  #bytes = NO_BYTES
  #used = 0

  appendBytes(value: Uint8Array): void {
    this.#reserve(1, value.length)
    this.#bytes.set(value, this.#used)
    this.#close(value.length)
  }

  /** Encodes all texts in one call where they are ASCII: characters are then bytes. */
  appendTexts(texts: readonly string[]): void {
    if (mostlyRepeats(texts)) {
      this.#appendRuns(texts)
      return
    }
    const joined = texts.join('')
    const byteLength = Buffer.byteLength(joined, 'utf8')
    this.#reserve(texts.length, byteLength)
    if (byteLength === joined.length) {
      this.#bytes.write(joined, this.#used, 'latin1')
      for (let row = 0; row < texts.length; row++) this.#close((texts[row] as string).length)
      return
    }
    for (let row = 0; row < texts.length; row++) {
      const text = texts[row] as string
      // Joining makes one character of two halves that met; each is U+FFFD on its own.
      this.#reserve(1, text.length * 3)
      this.#close(writeUtf8(this.#bytes, this.#used, text) - this.#used)
    }
  }

  /** Equal neighbours share their bytes. */
  #appendRuns(texts: readonly string[]): void {
    this.#reserve(texts.length, 0)
    let last: string | null = null
    let byteLength = 0
    for (const text of texts) {
      if (text === last) {
        this.#used -= byteLength
        this.#close(byteLength)
        continue
      }
      this.#reserve(1, text.length * 3)
      byteLength = writeUtf8(this.#bytes, this.#used, text) - this.#used
      this.#close(byteLength)
      last = text
    }
  }

  take(): { starts: Uint32Array; ends: Uint32Array; bytes: Uint8Array } {
    const starts = this.#starts
    const ends = this.#ends
    const bytes = this.#bytes.subarray(0, this.#used)
    this.#starts = NO_NUMBERS
    this.#ends = NO_NUMBERS
    this.#bytes = NO_BYTES
    this.#used = 0
    this.length = 0
    return { starts, ends, bytes }
  }

  #reserve(rows: number, bytes: number): void {
    const length = this.length + rows
    if (length > this.#starts.length) {
      const room = rows === 1 ? Math.max(length, ROWS_MIN) : length
      this.#starts = grown(this.#starts, room)
      this.#ends = grown(this.#ends, room)
    }
    const needed = this.#used + bytes
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, needed))
    this.#bytes.copy(larger, 0, 0, this.#used)
    this.#bytes = larger
  }

  #close(byteLength: number): void {
    this.#starts[this.length] = this.#used
    this.#used += byteLength
    this.#ends[this.length] = this.#used
    this.length++
  }
}

/** Whether at least three of four texts are equal to the one before. */
function mostlyRepeats(texts: readonly string[]): boolean {
  let runs = 0
  const most = texts.length >> 2
  for (let row = 0; row < texts.length; row++) {
    if (row > 0 && texts[row] === texts[row - 1]) continue
    runs += 1
    if (runs > most) return false
  }
  return true
}

/** Utf8 columns from strings. Texts wait and are encoded together. Generated code appends to it. */
export class TextBuilder implements ColumnBuilder {
  length = 0
  readonly #rows = new ByteRows()
  readonly #nulls = new NullsBuilder()
  #pending: string[] = []
  #pendingCharacters = 0

  append(value: unknown): void {
    if (value === null) this.appendNull()
    else this.appendText(value as string)
  }

  appendText(text: string): void {
    this.#pending.push(text)
    this.#pendingCharacters += text.length
    this.length++
    if (this.#pendingCharacters > PENDING_CHARACTERS_MAX) this.#encode()
  }

  appendNull(): void {
    this.#nulls.mark(this.length)
    this.#pending.push('')
    this.length++
  }

  finish(): Column {
    this.#encode()
    const nulls = this.#nulls.finish(this.length)
    this.length = 0
    return { layout: 'utf8', ...this.#rows.take(), nulls }
  }

  #encode(): void {
    this.#rows.appendTexts(this.#pending)
    this.#pending = []
    this.#pendingCharacters = 0
  }
}

export class BytesBuilder implements ColumnBuilder {
  readonly #rows = new ByteRows()
  readonly #nulls = new NullsBuilder()

  get length(): number {
    return this.#rows.length
  }

  append(value: unknown): void {
    if (value === null) this.#nulls.mark(this.length)
    this.#rows.appendBytes(value === null ? NO_BYTES : (value as Uint8Array))
  }

  finish(): Column {
    const nulls = this.#nulls.finish(this.length)
    return { layout: 'bytes', ...this.#rows.take(), nulls }
  }
}

/** Keeps its dictionary over `finish`. */
class DictBuilder implements ColumnBuilder {
  length = 0
  #codes: Int32Array
  readonly #nulls = new NullsBuilder()
  readonly #dictionary = new GrowingDictionary()

  constructor(capacity: number) {
    this.#codes = new Int32Array(capacity)
  }

  append(value: unknown): void {
    if (this.length === this.#codes.length) this.#codes = grown(this.#codes, 0)
    if (value === null) this.#nulls.mark(this.length)
    else this.#codes[this.length] = this.#dictionary.code(value as string)
    this.length++
  }

  finish(): Column {
    const nulls = this.#nulls.finish(this.length)
    const codes = this.#codes
    this.#codes = new Int32Array(codes.length)
    this.length = 0
    return { layout: 'dict', codes, dictionary: this.#dictionary.take(), nulls }
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
