/**
 * Writers of text columns: bytes beside each other, or codes of a dictionary. See column-writer.ts
 * for what holds for all writers.
 */
import type { Column } from '../../shared/model/batch.ts'
import { copyBytes, equalBytes, viewOf } from './copy-bytes.ts'
import { type ColumnWriter, NullableWriter } from './nullable-writer.ts'
import { sameBytes } from './same-value.ts'
import { TextCodes } from './text-codes.ts'

const TEXT_BYTES_PER_ROW = 16
/** Texts from here on are worth looking for; how many are remembered. */
const SHARED_BYTES_MIN = 16
const SHARED_SLOTS = 256

/** Bytes of rows may be shared: a stored row that joins many records of a batch is written once. */
export class TextWriter extends NullableWriter implements ColumnWriter {
  readonly #layout: 'utf8' | 'bytes'
  #starts: Uint32Array
  #ends: Uint32Array
  #bytes: Uint8Array
  #view: DataView
  #used = 0
  readonly #source = new SourceView()
  /** By a hash of where a text came from: that place, where it lies here, and its length. */
  readonly #sharedFrom = new Int32Array(SHARED_SLOTS).fill(-1)
  readonly #sharedAt = new Int32Array(SHARED_SLOTS)
  readonly #sharedLength = new Int32Array(SHARED_SLOTS)

  constructor(layout: 'utf8' | 'bytes', capacity: number) {
    super(capacity)
    this.#layout = layout
    this.#starts = new Uint32Array(capacity)
    this.#ends = new Uint32Array(capacity)
    this.#bytes = new Uint8Array(Math.max(64, capacity * TEXT_BYTES_PER_ROW))
    this.#view = viewOf(this.#bytes)
  }

  // oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
  put(row: number, source: Uint8Array, start: number, length: number): void {
    const at = this.#place(this.#source.of(source), start, length)
    this.#starts[row] = at
    this.#ends[row] = at + length
  }

  /** Where the text lies among the bytes of this batch: where it is already, or at their end. */
  #place(source: DataView, start: number, length: number): number {
    const slot = (start ^ (start >>> 8)) & (SHARED_SLOTS - 1)
    if (length >= SHARED_BYTES_MIN) {
      const known = this.#sharedAt[slot] as number
      const isKnown = this.#sharedFrom[slot] === start && this.#sharedLength[slot] === length
      // The place may hold another text by now.
      if (isKnown && equalBytes(this.#view, known, source, start, length)) return known
    }
    const at = this.#used
    if (at + length > this.#bytes.length) this.#grow(at + length)
    copyBytes(this.#view, at, source, start, length)
    this.#used = at + length
    if (length >= SHARED_BYTES_MIN) {
      this.#sharedFrom[slot] = start
      this.#sharedAt[slot] = at
      this.#sharedLength[slot] = length
    }
    return at
  }

  putNull(row: number): void {
    this.#starts[row] = this.#used
    this.#ends[row] = this.#used
    this.markNull(row)
  }

  override reset(): void {
    super.reset()
    this.#used = 0
    this.#sharedFrom.fill(-1)
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

  take(length: number): Column {
    const isSmall = this.isSmall(length)
    const starts = isSmall ? this.#starts.slice(0, length) : this.#starts
    const ends = isSmall ? this.#ends.slice(0, length) : this.#ends
    const bytes = this.#bytes.subarray(0, this.#used)
    if (!isSmall) {
      this.#starts = new Uint32Array(this.capacity)
      this.#ends = new Uint32Array(this.capacity)
    }
    this.#bytes = new Uint8Array(Math.max(64, this.#used))
    this.#view = viewOf(this.#bytes)
    this.#used = 0
    this.#sharedFrom.fill(-1)
    return { layout: this.#layout, starts, ends, bytes, nulls: this.takeNulls() }
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = viewOf(larger)
  }
}

/** Keeps its dictionary over batches while it stays small, so that readers may cache by it. */
const DICTIONARY_ENTRIES_MAX = 65_536

export class DictWriter extends NullableWriter implements ColumnWriter {
  codes: Int32Array
  #texts = new TextCodes()
  #dictionary: { readonly values: readonly string[] } = { values: this.#texts.values }
  readonly #source = new SourceView()

  constructor(capacity: number) {
    super(capacity)
    this.codes = new Int32Array(capacity)
  }

  // oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
  put(row: number, source: Uint8Array, start: number, length: number): void {
    this.codes[row] = this.#texts.codeOf(this.#source.of(source), start, length)
  }

  putNull(row: number): void {
    this.codes[row] = 0
    this.markNull(row)
  }

  override reset(): void {
    super.reset()
    if (this.#texts.size > DICTIONARY_ENTRIES_MAX) this.#startOver()
  }

  copyRow(from: DictWriter, fromRow: number, row: number): void {
    if (from.isNull(fromRow)) {
      this.putNull(row)
      return
    }
    this.clearNull(row)
    this.codes[row] = this.#texts.codeFrom(from.#texts, from.codes[fromRow] as number)
  }

  sameRow(from: DictWriter, fromRow: number, row: number): boolean {
    if (from.isNull(fromRow) || this.isNull(row)) return from.isNull(fromRow) === this.isNull(row)
    const other = from.#texts.values[from.codes[fromRow] as number]
    return this.#texts.values[this.codes[row] as number] === other
  }

  peek(): Column {
    return { layout: 'dict', codes: this.codes, dictionary: this.#dictionary, nulls: this.nulls }
  }

  take(length: number): Column {
    const codes = this.codes
    const dictionary = this.#dictionary
    const nulls = this.takeNulls()
    if (this.#texts.size > DICTIONARY_ENTRIES_MAX) this.#startOver()
    if (this.isSmall(length))
      return { layout: 'dict', codes: codes.slice(0, length), dictionary, nulls }
    this.codes = new Int32Array(this.capacity)
    return { layout: 'dict', codes, dictionary, nulls }
  }

  #startOver(): void {
    this.#texts = new TextCodes()
    this.#dictionary = { values: this.#texts.values }
  }
}

/** A view of the buffer that texts come from: nearly always the one of the call before. */
class SourceView {
  #bytes: Uint8Array = new Uint8Array(0)
  #view = viewOf(this.#bytes)

  of(bytes: Uint8Array): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = viewOf(bytes)
    }
    return this.#view
  }
}
