/**
 * Makes batches out of packed buffers, for the receiving end of one channel: columns are views on the
 * buffer, and nothing but the entries of dictionaries and arbitrary values is copied.
 *
 * Owns: the dictionaries that its channel told it of, which grow as the sender's do.
 */
import { deserialize } from 'node:v8'
import { assert } from '../../../shared/base/assert.ts'
import type { Batch, BatchSchema, Column, Dictionary, Nulls } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { bufferOf } from '../../../shared/model/text/utf8.ts'
import {
  aligned,
  HAS_KINDS,
  HAS_TIMES,
  HEADER_WORDS,
  headerBytes,
  PACKED_MARK,
  WORDS_PER_COLUMN,
} from './packed-layout.ts'

class GrowingDictionary implements Dictionary {
  readonly values: string[] = []
}

export class BatchUnpacker {
  readonly #schema: BatchSchema
  /** By column and slot. */
  readonly #dictionaries: GrowingDictionary[][]
  // Of the buffer that is being read.
  #buffer = new ArrayBuffer(0)
  #i32 = new Int32Array(0)
  #at = 0

  constructor(columns: readonly ColumnSpec[]) {
    this.#schema = { columns }
    this.#dictionaries = columns.map(() => [])
  }

  unpack(buffer: ArrayBuffer): Batch {
    const { columns: specs } = this.#schema
    this.#buffer = buffer
    this.#i32 = new Int32Array(buffer)
    assert(this.#i32[0] === PACKED_MARK, 'a packed batch begins with its mark')
    const length = this.#i32[1] as number
    const parts = this.#i32[2] as number
    const valueBytes = this.#i32[3] as number
    this.#at = headerBytes(specs.length)
    const eventTime =
      (parts & HAS_TIMES) === 0 ? new Float64Array(length).fill(Number.NaN) : this.#f64(length)
    const kind = (parts & HAS_KINDS) === 0 ? null : this.#bytes(length)
    const values = valueBytes === 0 ? [] : valuesOf(buffer, valueBytes)
    const columns = specs.map((spec, index) =>
      spec.layout === 'any' ? valueColumn(values.shift()) : this.#column(spec, index, length),
    )
    return { schema: this.#schema, length, eventTime, kind, columns }
  }

  #column({ layout }: ColumnSpec, index: number, length: number): Column {
    const words = HEADER_WORDS + WORDS_PER_COLUMN * index
    const nulls: Nulls = this.#i32[words] === 1 ? this.#bytes(length) : null
    switch (layout) {
      case 'f64':
        return { layout, values: this.#f64(length), nulls }
      case 'i32':
        return { layout, values: this.#ints(length), nulls }
      case 'bool':
        return { layout, values: this.#bytes(length), nulls }
      case 'dict': {
        const codes = this.#ints(length)
        return { layout, codes, dictionary: this.#dictionary(index, words), nulls }
      }
      case 'utf8':
      case 'bytes':
        return { layout, ...this.#texts(length, this.#i32[words + 1] as number), nulls }
      default:
        throw new TypeError(`a column of layout ${layout} has no section`)
    }
  }

  #f64(length: number): Float64Array {
    const values = new Float64Array(this.#buffer, this.#at, length)
    this.#at += length * 8
    return values
  }

  #ints(length: number): Int32Array {
    const values = new Int32Array(this.#buffer, this.#at, length)
    this.#at = aligned(this.#at + length * 4)
    return values
  }

  #bytes(length: number): Uint8Array {
    const values = new Uint8Array(this.#buffer, this.#at, length)
    this.#at = aligned(this.#at + length)
    return values
  }

  #texts(length: number, textBytes: number) {
    const offsets = new Uint32Array(this.#buffer, this.#at, length + 1)
    this.#at = aligned(this.#at + (length + 1) * 4)
    const bytes = this.#bytes(textBytes)
    return { starts: offsets.subarray(0, length), ends: offsets.subarray(1), bytes }
  }

  #dictionary(index: number, words: number): Dictionary {
    const slot = this.#i32[words + 1] as number
    const own = this.#dictionaries[index] as GrowingDictionary[]
    const isNew = this.#i32[words + 2] === 1
    const dictionary = isNew ? new GrowingDictionary() : own[slot]
    assert(dictionary !== undefined, 'a dictionary begins before it is used')
    own[slot] = dictionary
    const count = this.#i32[words + 3] as number
    if (count > 0) {
      const { starts, ends, bytes } = this.#texts(count, 0)
      const base = this.#at
      const buffer = bufferOf(new Uint8Array(this.#buffer, base, this.#buffer.byteLength - base))
      for (let entry = 0; entry < count; entry++) {
        dictionary.values.push(buffer.toString('utf8', starts[entry], ends[entry]))
      }
      assert(bytes.length === 0, 'entries lie behind their offsets')
      this.#at = aligned(base + (ends[count - 1] as number))
    }
    return dictionary
  }
}

/** The last bytes of a buffer, but for those that fill it up to a multiple of 8. */
function valuesOf(buffer: ArrayBuffer, bytes: number): unknown[] {
  const start = buffer.byteLength - aligned(bytes)
  return deserialize(new Uint8Array(buffer, start, bytes)) as unknown[]
}

function valueColumn(values: unknown): Column {
  return { layout: 'any', values: values as readonly unknown[], nulls: null }
}
