/**
 * A checksum over all columns of a result that engine and baseline compute alike.
 *
 * The sum, modulo 2^32, of one hash per row; a row that is taken back (update-before, delete)
 * subtracts its own. So it depends on the final multiset of rows, not on their order, on batch cuts
 * or on intermediate changes. Columns count by position. Null is a value of its own.
 */
import {
  type Batch,
  type Column,
  DELETE,
  type DictColumn,
  UPDATE_BEFORE,
  type Utf8Column,
} from '../../shared/model/batch.ts'
import { NumberIndex } from './number-index.ts'

const FLOAT = new Float64Array(1)
const WORDS = new Uint32Array(FLOAT.buffer)
const NULL_HASH = 0x9e3779b9 | 0

export function mixNumber(hash: number, value: number): number {
  FLOAT[0] = value + 0 // one zero
  const low = Math.imul((hash ^ (WORDS[0] as number)) | 0, 0x85ebca6b)
  const both = Math.imul((low ^ (low >>> 15) ^ (WORDS[1] as number)) | 0, 0xc2b2ae35)
  return both ^ (both >>> 13)
}

/** Four bytes at a time where they are there. */
export function mixBytes(hash: number, bytes: Uint8Array, start: number, end: number): number {
  let mixed = hash ^ (end - start)
  let at = start
  for (; at + 4 <= end; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    mixed = Math.imul(mixed ^ word, 0x85ebca6b)
    mixed ^= mixed >>> 15
  }
  for (; at < end; at++) mixed = Math.imul(mixed ^ (bytes[at] as number), 0xc2b2ae35)
  return mixed ^ (mixed >>> 13)
}

const ENCODER = new TextEncoder()

/** As mixBytes of the text's UTF-8. */
export function mixText(hash: number, text: string): number {
  const bytes = ENCODER.encode(text)
  return mixBytes(hash, bytes, 0, bytes.length)
}

export function mixNull(hash: number): number {
  return Math.imul(hash ^ NULL_HASH, 0x85ebca6b)
}

/** Collects rows; `value` and `rows` tell what came. */
export class Checksum {
  value = 0
  /** Inserted minus taken back. */
  rows = 0
  /** Rows of all kinds. */
  changes = 0
  #hashes = new Int32Array(0)
  readonly #keys = new NumberIndex()
  #keyHashes = new Int32Array(1024)

  /** `sign` −1 takes a row back. For hand-written loops that hash a row themselves. */
  add(rowHash: number, sign: 1 | -1): void {
    this.value = (this.value + sign * rowHash) | 0
    this.rows += sign
    this.changes += 1
  }

  /** The row of a key; an earlier one of the same key no longer counts. */
  put(key: number, rowHash: number): void {
    const known = this.#keys.size
    const number = this.#keys.add(key)
    this.changes += 1
    if (number === known) {
      if (number === this.#keyHashes.length) this.#growKeys()
      this.rows += 1
    } else this.value = (this.value - (this.#keyHashes[number] as number)) | 0
    this.#keyHashes[number] = rowHash
    this.value = (this.value + rowHash) | 0
  }

  addBatch(batch: Batch): void {
    const { length, kind } = batch
    const hashes = this.#hashesOf(batch)
    if (kind === null) this.#addAll(hashes, length)
    else this.#addChanges(hashes, kind, length)
    this.changes += length
  }

  /** Puts every row by the whole number in a column. Keys are never deleted. */
  putBatch(batch: Batch, keyIndex: number): void {
    const hashes = this.#hashesOf(batch)
    const keys = batch.columns[keyIndex]
    if (keys?.layout !== 'f64') throw new TypeError('the key is a number')
    for (let row = 0; row < batch.length; row++) {
      if (batch.kind?.[row] === UPDATE_BEFORE) continue
      this.put(keys.values[row] as number, hashes[row] as number)
    }
  }

  #hashesOf({ length, columns }: Batch): Int32Array {
    if (this.#hashes.length < length) this.#hashes = new Int32Array(length)
    const hashes = this.#hashes
    hashes.fill(0, 0, length)
    for (const column of columns) mixColumn(hashes, column, length)
    return hashes
  }

  #growKeys(): void {
    const grown = new Int32Array(this.#keyHashes.length * 2)
    grown.set(this.#keyHashes)
    this.#keyHashes = grown
  }

  #addAll(hashes: Int32Array, length: number): void {
    let sum = this.value
    for (let row = 0; row < length; row++) sum = (sum + (hashes[row] as number)) | 0
    this.value = sum
    this.rows += length
  }

  #addChanges(hashes: Int32Array, kind: Uint8Array, length: number): void {
    let sum = this.value
    for (let row = 0; row < length; row++) {
      const isBack = kind[row] === UPDATE_BEFORE || kind[row] === DELETE
      sum = isBack ? (sum - (hashes[row] as number)) | 0 : (sum + (hashes[row] as number)) | 0
      this.rows += isBack ? -1 : 1
    }
    this.value = sum
  }
}

function mixColumn(hashes: Int32Array, column: Column, length: number): void {
  switch (column.layout) {
    case 'f64':
    case 'i32':
    case 'bool':
      return mixNumbers(hashes, column, length)
    case 'utf8':
    case 'bytes':
      return mixViews(hashes, column as Utf8Column, length)
    case 'dict':
      return mixCodes(hashes, column, length)
    case 'any':
      throw new TypeError('results of benchmarks have no columns of JavaScript values')
  }
}

type Numbers = Extract<Column, { layout: 'f64' | 'i32' | 'bool' }>

function mixNumbers(hashes: Int32Array, { values, nulls }: Numbers, length: number): void {
  for (let row = 0; row < length; row++) {
    const hash = hashes[row] as number
    const isNull = nulls !== null && nulls[row] === 1
    hashes[row] = isNull ? mixNull(hash) : mixNumber(hash, values[row] as number)
  }
}

function mixViews(hashes: Int32Array, column: Utf8Column, length: number): void {
  const { starts, ends, bytes, nulls } = column
  for (let row = 0; row < length; row++) {
    const hash = hashes[row] as number
    const isNull = nulls !== null && nulls[row] === 1
    hashes[row] = isNull
      ? mixNull(hash)
      : mixBytes(hash, bytes, starts[row] as number, ends[row] as number)
  }
}

function mixCodes(hashes: Int32Array, column: DictColumn, length: number): void {
  const { codes, nulls, dictionary } = column
  const texts = encodedTexts(dictionary.values)
  for (let row = 0; row < length; row++) {
    const hash = hashes[row] as number
    const bytes = texts[codes[row] as number] as Uint8Array
    const isNull = nulls !== null && nulls[row] === 1
    hashes[row] = isNull ? mixNull(hash) : mixBytes(hash, bytes, 0, bytes.length)
  }
}

const ENCODED = new WeakMap<readonly string[], Uint8Array[]>()

/** The UTF-8 of a dictionary's entries; dictionaries only grow. */
export function encodedTexts(values: readonly string[]): readonly Uint8Array[] {
  const known = ENCODED.get(values) ?? []
  for (let code = known.length; code < values.length; code++) {
    known.push(ENCODER.encode(values[code]))
  }
  ENCODED.set(values, known)
  return known
}
