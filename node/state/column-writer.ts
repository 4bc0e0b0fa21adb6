/**
 * Writers of output columns by row number: what generated readers of entries write to. One class
 * per layout, with its arrays open to generated code, so that a number costs one store.
 *
 * Owns: the arrays of the batch being written. `take` hands them to the batch; they are immutable
 * from then on and the writer starts on new ones. Rows are written in order, each once, or again
 * before the next one (a row that turns out to be unneeded is overwritten).
 */
import { unreachable } from '../../shared/base/assert.ts'
import type { Column, Nulls } from '../../shared/model/batch.ts'
import type { Layout } from '../../shared/model/layout.ts'
import { sameBytes, sameValue } from './same-value.ts'

export interface ColumnWriter {
  putNull(row: number): void
  /** Before a row is written again. */
  clearNull(row: number): void
  /** The column of the first `length` rows. */
  take(length: number): Column
  /** The rows so far as a column, which is good until the next write. */
  peek(): Column
  /** Forgets all rows; the arrays stay. */
  reset(): void
  /** Writes a row of another writer of the same layout as row `row`. */
  copyRow(from: ColumnWriter, fromRow: number, row: number): void
  /** Whether two rows, of two writers of the same layout, are equal. */
  sameRow(from: ColumnWriter, fromRow: number, row: number): boolean
}

export function columnWriter(layout: Layout, capacity: number): ColumnWriter {
  switch (layout) {
    case 'f64':
      return new F64Writer(capacity)
    case 'i32':
      return new I32Writer(capacity)
    case 'bool':
      return new BoolWriter(capacity)
    case 'utf8':
    case 'bytes':
      return new TextWriter(layout, capacity)
    case 'dict':
      return new DictWriter(capacity)
    case 'any':
      return new AnyWriter()
    default:
      return unreachable(layout)
  }
}

const SMALL_SHARE = 4

abstract class NullableWriter {
  protected readonly capacity: number
  #nulls: Uint8Array | null = null

  constructor(capacity: number) {
    this.capacity = capacity
  }

  protected markNull(row: number): void {
    this.#nulls ??= new Uint8Array(this.capacity)
    this.#nulls[row] = 1
  }

  /** A row is written again: it may no longer be null. */
  clearNull(row: number): void {
    if (this.#nulls !== null) this.#nulls[row] = 0
  }

  reset(): void {
    this.#nulls?.fill(0)
  }

  protected isNull(row: number): boolean {
    return this.#nulls !== null && this.#nulls[row] === 1
  }

  protected get nulls(): Nulls {
    return this.#nulls
  }

  /** A copy of few rows costs less than new arrays for all. */
  protected isSmall(length: number): boolean {
    return length * SMALL_SHARE < this.capacity
  }

  protected takeNulls(): Nulls {
    const nulls = this.#nulls
    this.#nulls = null
    return nulls
  }
}

export class F64Writer extends NullableWriter implements ColumnWriter {
  values: Float64Array

  constructor(capacity: number) {
    super(capacity)
    this.values = new Float64Array(capacity)
  }

  putNull(row: number): void {
    this.values[row] = 0
    this.markNull(row)
  }

  copyRow(from: F64Writer, fromRow: number, row: number): void {
    this.values[row] = from.values[fromRow] as number
    if (from.isNull(fromRow)) this.markNull(row)
    else this.clearNull(row)
  }

  sameRow(from: F64Writer, fromRow: number, row: number): boolean {
    if (from.isNull(fromRow) || this.isNull(row)) return from.isNull(fromRow) === this.isNull(row)
    return Object.is((this.values[row] as number) + 0, (from.values[fromRow] as number) + 0)
  }

  peek(): Column {
    return { layout: 'f64', values: this.values, nulls: this.nulls }
  }

  take(length: number): Column {
    const { values } = this
    const nulls = this.takeNulls()
    if (this.isSmall(length)) return { layout: 'f64', values: values.slice(0, length), nulls }
    this.values = new Float64Array(this.capacity)
    return { layout: 'f64', values, nulls }
  }
}

export class I32Writer extends NullableWriter implements ColumnWriter {
  values: Int32Array

  constructor(capacity: number) {
    super(capacity)
    this.values = new Int32Array(capacity)
  }

  putNull(row: number): void {
    this.values[row] = 0
    this.markNull(row)
  }

  copyRow(from: I32Writer, fromRow: number, row: number): void {
    this.values[row] = from.values[fromRow] as number
    if (from.isNull(fromRow)) this.markNull(row)
    else this.clearNull(row)
  }

  sameRow(from: I32Writer, fromRow: number, row: number): boolean {
    if (from.isNull(fromRow) || this.isNull(row)) return from.isNull(fromRow) === this.isNull(row)
    return Object.is((this.values[row] as number) + 0, (from.values[fromRow] as number) + 0)
  }

  peek(): Column {
    return { layout: 'i32', values: this.values, nulls: this.nulls }
  }

  take(length: number): Column {
    const { values } = this
    const nulls = this.takeNulls()
    if (this.isSmall(length)) return { layout: 'i32', values: values.slice(0, length), nulls }
    this.values = new Int32Array(this.capacity)
    return { layout: 'i32', values, nulls }
  }
}

export class BoolWriter extends NullableWriter implements ColumnWriter {
  values: Uint8Array

  constructor(capacity: number) {
    super(capacity)
    this.values = new Uint8Array(capacity)
  }

  putNull(row: number): void {
    this.values[row] = 0
    this.markNull(row)
  }

  copyRow(from: BoolWriter, fromRow: number, row: number): void {
    this.values[row] = from.values[fromRow] as number
    if (from.isNull(fromRow)) this.markNull(row)
    else this.clearNull(row)
  }

  sameRow(from: BoolWriter, fromRow: number, row: number): boolean {
    if (from.isNull(fromRow) || this.isNull(row)) return from.isNull(fromRow) === this.isNull(row)
    return Object.is((this.values[row] as number) + 0, (from.values[fromRow] as number) + 0)
  }

  peek(): Column {
    return { layout: 'bool', values: this.values, nulls: this.nulls }
  }

  take(length: number): Column {
    const { values } = this
    const nulls = this.takeNulls()
    if (this.isSmall(length)) return { layout: 'bool', values: values.slice(0, length), nulls }
    this.values = new Uint8Array(this.capacity)
    return { layout: 'bool', values, nulls }
  }
}

const TEXT_BYTES_PER_ROW = 16

export class TextWriter extends NullableWriter implements ColumnWriter {
  readonly #layout: 'utf8' | 'bytes'
  #starts: Uint32Array
  #ends: Uint32Array
  #bytes: Uint8Array
  #used = 0

  constructor(layout: 'utf8' | 'bytes', capacity: number) {
    super(capacity)
    this.#layout = layout
    this.#starts = new Uint32Array(capacity)
    this.#ends = new Uint32Array(capacity)
    this.#bytes = new Uint8Array(Math.max(64, capacity * TEXT_BYTES_PER_ROW))
  }

  // oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
  put(row: number, source: Uint8Array, start: number, length: number): void {
    const at = this.#used
    if (at + length > this.#bytes.length) this.#grow(at + length)
    const bytes = this.#bytes
    for (let index = 0; index < length; index++) bytes[at + index] = source[start + index] as number
    this.#starts[row] = at
    this.#ends[row] = at + length
    this.#used = at + length
  }

  putNull(row: number): void {
    this.#starts[row] = this.#used
    this.#ends[row] = this.#used
    this.markNull(row)
  }

  override reset(): void {
    super.reset()
    this.#used = 0
  }

  copyRow(from: TextWriter, fromRow: number, row: number): void {
    const start = from.#starts[fromRow] as number
    if (from.isNull(fromRow)) {
      this.putNull(row)
      return
    }
    this.clearNull(row)
    this.put(row, from.#bytes, start, (from.#ends[fromRow] as number) - start)
  }

  sameRow(from: TextWriter, fromRow: number, row: number): boolean {
    if (from.isNull(fromRow) || this.isNull(row)) return from.isNull(fromRow) === this.isNull(row)
    const start = this.#starts[row] as number
    const other = from.#starts[fromRow] as number
    const length = (this.#ends[row] as number) - start
    if ((from.#ends[fromRow] as number) - other !== length) return false
    return sameBytes(this.#bytes, start, from.#bytes, other, length)
  }

  peek(): Column {
    const [layout, starts, ends] = [this.#layout, this.#starts, this.#ends]
    return { layout, starts, ends, bytes: this.#bytes, nulls: this.nulls }
  }

  take(): Column {
    const starts = this.#starts
    const ends = this.#ends
    const bytes = this.#bytes.subarray(0, this.#used)
    this.#starts = new Uint32Array(this.capacity)
    this.#ends = new Uint32Array(this.capacity)
    this.#bytes = new Uint8Array(Math.max(64, this.#used))
    this.#used = 0
    return { layout: this.#layout, starts, ends, bytes, nulls: this.takeNulls() }
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** Keeps its dictionary over batches while it stays small, so that readers may cache by it. */
const DICTIONARY_ENTRIES_MAX = 65_536

export class DictWriter extends NullableWriter implements ColumnWriter {
  #codes: Int32Array
  #values: string[] = ['']
  #codeOf = new Map<string, number>([['', 0]])

  constructor(capacity: number) {
    super(capacity)
    this.#codes = new Int32Array(capacity)
  }

  // oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
  put(row: number, source: Uint8Array, start: number, length: number): void {
    const bytes = Buffer.from(source.buffer, source.byteOffset + start, length)
    this.putString(row, bytes.toString('utf8'))
  }

  putString(row: number, text: string): void {
    let code = this.#codeOf.get(text)
    if (code === undefined) {
      code = this.#values.length
      this.#values.push(text)
      this.#codeOf.set(text, code)
    }
    this.#codes[row] = code
  }

  putNull(row: number): void {
    this.#codes[row] = 0
    this.markNull(row)
  }

  override reset(): void {
    super.reset()
    if (this.#values.length > DICTIONARY_ENTRIES_MAX) this.#startOver()
  }

  copyRow(from: DictWriter, fromRow: number, row: number): void {
    if (from.isNull(fromRow)) {
      this.putNull(row)
      return
    }
    this.clearNull(row)
    this.putString(row, from.#values[from.#codes[fromRow] as number] ?? '')
  }

  sameRow(from: DictWriter, fromRow: number, row: number): boolean {
    if (from.isNull(fromRow) || this.isNull(row)) return from.isNull(fromRow) === this.isNull(row)
    const other = from.#values[from.#codes[fromRow] as number]
    return this.#values[this.#codes[row] as number] === other
  }

  peek(): Column {
    return { layout: 'dict', codes: this.#codes, dictionary: this.#dictionary, nulls: this.nulls }
  }

  take(): Column {
    const codes = this.#codes
    const dictionary = this.#dictionary
    this.#codes = new Int32Array(this.capacity)
    if (this.#values.length > DICTIONARY_ENTRIES_MAX) this.#startOver()
    return { layout: 'dict', codes, dictionary, nulls: this.takeNulls() }
  }

  #dictionary: { readonly values: readonly string[] } = { values: this.#values }

  #startOver(): void {
    this.#values = ['']
    this.#codeOf = new Map([['', 0]])
    this.#dictionary = { values: this.#values }
  }
}

export class AnyWriter implements ColumnWriter {
  #values: unknown[] = []

  put(row: number, value: unknown): void {
    this.#values[row] = value
  }

  putNull(row: number): void {
    this.#values[row] = null
  }

  clearNull(): void {
    // A null is a value here.
  }

  reset(): void {
    this.#values = []
  }

  copyRow(from: AnyWriter, fromRow: number, row: number): void {
    this.#values[row] = from.#values[fromRow]
  }

  sameRow(from: AnyWriter, fromRow: number, row: number): boolean {
    return sameValue(this.#values[row], from.#values[fromRow])
  }

  peek(): Column {
    return { layout: 'any', values: this.#values, nulls: null }
  }

  take(length: number): Column {
    const values = this.#values
    values.length = length
    this.#values = []
    return { layout: 'any', values, nulls: null }
  }
}
