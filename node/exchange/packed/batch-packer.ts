/**
 * Packs rows of batches into buffers that leave the thread: one per channel, since the receiver is
 * told each entry of a dictionary once. Selecting and copying are one pass: a row is copied once.
 *
 * Owns: what the other end of its channel knows of dictionaries.
 * Called by the sending end of one channel only, in the order in which buffers are sent: a buffer that
 * is not sent must not be packed.
 *
 * Invariants:
 *   K1. An entry of a dictionary is sent before or with the first code that names it.
 *   K2. Buffers are taken from nobody: each is new, so that its receiver may keep it as long as rows
 *       of it are kept.
 */
import { serialize } from 'node:v8'
import type { Batch, Column, DictColumn, Dictionary, Nulls } from '../../../shared/model/batch.ts'
import { gatherAny } from '../../../shared/model/gather.ts'
import { dictionaryImage } from '../../../shared/model/key-hash/key-hash-dictionary.ts'
import {
  aligned,
  DICTIONARY_SLOTS,
  HAS_KINDS,
  HAS_TIMES,
  HEADER_WORDS,
  headerBytes,
  PACKED_MARK,
  WORDS_PER_COLUMN,
} from './packed-layout.ts'

/** What the receiver knows of the dictionaries of one column. */
interface SentDictionaries {
  readonly slots: (Dictionary | null)[]
  readonly sent: number[]
  /** The slot that is used next for a dictionary that is in none. */
  next: number
}

/** How the entries of one column's dictionary travel with a buffer. */
interface DictionaryPart {
  readonly dictionary: Dictionary
  readonly slot: number
  readonly isNew: boolean
  readonly from: number
  readonly to: number
}

interface Opening {
  readonly columns: number
  readonly count: number
  readonly parts: number
  readonly size: number
}

export class BatchPacker {
  readonly #dictionaries: readonly SentDictionaries[]
  /** Row numbers 0, 1, 2 … for batches that go whole. */
  #all = new Int32Array(0)
  // Of the buffer that is being written.
  #i32 = new Int32Array(0)
  #u8 = new Uint8Array(0)
  #at = 0

  constructor(columnCount: number) {
    this.#dictionaries = Array.from({ length: columnCount }, () => ({
      slots: Array.from({ length: DICTIONARY_SLOTS }, () => null),
      sent: Array.from({ length: DICTIONARY_SLOTS }, () => 0),
      next: 0,
    }))
  }

  /** All rows of a batch. */
  packAll(batch: Batch): ArrayBuffer {
    const { length } = batch
    if (this.#all.length < length) this.#all = Int32Array.from({ length }, (_, row) => row)
    return this.pack(batch, this.#all, length)
  }

  /** The first `count` rows that `selection` names, in its order. */
  pack(batch: Batch, selection: Int32Array, count: number): ArrayBuffer {
    const { columns, eventTime, kind } = batch
    const dictionaries = columns.map((column, index) =>
      column.layout === 'dict' ? this.#dictionaryPart(column, index) : null,
    )
    const values = columns.flatMap((column) =>
      column.layout === 'any' ? [gatherAny(column.values, selection, count)] : [],
    )
    const serialised = values.length > 0 ? serialize(values) : null
    const hasTimes = isAnyTime(eventTime, selection, count)
    const textBytes = columns.map((column) => bytesOfTexts(column, selection, count))
    let size = headerBytes(columns.length) + (hasTimes ? count * 8 : 0)
    size += (kind === null ? 0 : aligned(count)) + (serialised?.length ?? 0)
    columns.forEach((column, index) => {
      size += columnSize(column, count, textBytes[index] ?? 0)
      const part = dictionaries[index]
      if (part !== null && part !== undefined) size += entriesSize(part)
    })
    const parts = (hasTimes ? HAS_TIMES : 0) | (kind === null ? 0 : HAS_KINDS)
    const buffer = this.#begin({ columns: columns.length, count, parts, size })
    this.#i32[3] = serialised?.length ?? 0
    if (hasTimes) this.#putF64(eventTime, selection, count)
    if (kind !== null) this.#putBytes(kind, selection, count)
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as Column
      const words = HEADER_WORDS + WORDS_PER_COLUMN * index
      this.#i32[words] = column.nulls === null ? 0 : 1
      this.#i32[words + 1] = textBytes[index] ?? 0
      if (column.nulls !== null) this.#putBytes(column.nulls, selection, count)
      this.#putColumn(column, selection, count)
      const part = dictionaries[index]
      if (part !== null && part !== undefined) this.#putEntries(part, words)
    }
    if (serialised !== null) this.#u8.set(serialised, this.#at)
    return buffer
  }

  #begin({ columns, count, parts, size }: Opening): ArrayBuffer {
    const buffer = new ArrayBuffer(aligned(size))
    this.#i32 = new Int32Array(buffer)
    this.#u8 = new Uint8Array(buffer)
    this.#i32[0] = PACKED_MARK
    this.#i32[1] = count
    this.#i32[2] = parts
    this.#at = headerBytes(columns)
    return buffer
  }

  #putColumn(column: Column, selection: Int32Array, count: number): void {
    switch (column.layout) {
      case 'f64':
        this.#putF64(column.values, selection, count)
        return
      case 'i32':
        this.#putI32(column.values, selection, count)
        return
      case 'dict':
        this.#putI32(column.codes, selection, count)
        return
      case 'bool':
        this.#putBytes(column.values, selection, count)
        return
      case 'any':
        return
      default:
        this.#putTexts(column, selection, count)
    }
  }

  #putF64(values: Float64Array, selection: Int32Array, count: number): void {
    const out = new Float64Array(this.#u8.buffer, this.#at, count)
    for (let at = 0; at < count; at++) out[at] = values[selection[at] as number] as number
    this.#at += count * 8
  }

  #putI32(values: Int32Array, selection: Int32Array, count: number): void {
    const out = this.#i32
    const first = this.#at >> 2
    for (let at = 0; at < count; at++) out[first + at] = values[selection[at] as number] as number
    this.#at = aligned(this.#at + count * 4)
  }

  #putBytes(values: Uint8Array, selection: Int32Array, count: number): void {
    const out = this.#u8
    const first = this.#at
    for (let at = 0; at < count; at++) out[first + at] = values[selection[at] as number] as number
    this.#at = aligned(first + count)
  }

  /** Texts that lie one behind the other are copied at once. */
  #putTexts(column: TextColumn, selection: Int32Array, count: number): void {
    const { starts, ends, bytes } = column
    const offsets = this.#i32
    const first = this.#at >> 2
    const textsAt = aligned(this.#at + (count + 1) * 4)
    let written = 0
    let runStart = 0
    let runEnd = 0
    for (let at = 0; at < count; at++) {
      const row = selection[at] as number
      const start = starts[row] as number
      const end = ends[row] as number
      if (start !== runEnd) {
        this.#u8.set(bytes.subarray(runStart, runEnd), textsAt + written - (runEnd - runStart))
        runStart = start
      }
      runEnd = end
      offsets[first + at] = written
      written += end - start
    }
    this.#u8.set(bytes.subarray(runStart, runEnd), textsAt + written - (runEnd - runStart))
    offsets[first + count] = written
    this.#at = aligned(textsAt + written)
  }

  #putEntries(part: DictionaryPart, words: number): void {
    const { dictionary, slot, isNew, from, to } = part
    this.#i32[words + 1] = slot
    this.#i32[words + 2] = isNew ? 1 : 0
    this.#i32[words + 3] = to - from
    if (to === from) return
    const { bytes, offsets } = dictionaryImage(dictionary)
    const base = offsets[from] as number
    const first = this.#at >> 2
    for (let code = from; code <= to; code++) {
      this.#i32[first + code - from] = (offsets[code] as number) - base
    }
    this.#at = aligned(this.#at + (to - from + 1) * 4)
    const end = offsets[to] as number
    this.#u8.set(bytes.subarray(base, end), this.#at)
    this.#at = aligned(this.#at + end - base)
  }

  /** The slot of a dictionary in the receiver, and the entries that it does not know (K1). */
  #dictionaryPart({ dictionary }: DictColumn, index: number): DictionaryPart {
    const known = this.#dictionaries[index] as SentDictionaries
    const to = dictionary.values.length
    let slot = known.slots.indexOf(dictionary)
    const isNew = slot < 0
    if (isNew) {
      slot = known.next
      known.next = (slot + 1) % DICTIONARY_SLOTS
      known.slots[slot] = dictionary
      known.sent[slot] = 0
    }
    const from = known.sent[slot] as number
    known.sent[slot] = to
    return { dictionary, slot, isNew, from, to }
  }
}

type TextColumn = Extract<Column, { layout: 'utf8' | 'bytes' }>

function isAnyTime(times: Float64Array, selection: Int32Array, count: number): boolean {
  for (let at = 0; at < count; at++) {
    const time = times[selection[at] as number] as number
    if (!Number.isNaN(time)) return true
  }
  return false
}

function bytesOfTexts(column: Column, selection: Int32Array, count: number): number {
  if (column.layout !== 'utf8' && column.layout !== 'bytes') return 0
  const { starts, ends } = column
  let bytes = 0
  for (let at = 0; at < count; at++) {
    const row = selection[at] as number
    bytes += (ends[row] as number) - (starts[row] as number)
  }
  return bytes
}

function columnSize(column: Column, count: number, textBytes: number): number {
  const nulls = nullsSize(column.nulls, count)
  switch (column.layout) {
    case 'f64':
      return nulls + count * 8
    case 'i32':
    case 'dict':
      return nulls + aligned(count * 4)
    case 'bool':
      return nulls + aligned(count)
    case 'any':
      return nulls
    default:
      return nulls + aligned((count + 1) * 4) + aligned(textBytes)
  }
}

function nullsSize(nulls: Nulls, count: number): number {
  return nulls === null ? 0 : aligned(count)
}

function entriesSize({ dictionary, from, to }: DictionaryPart): number {
  if (to === from) return 0
  const { offsets } = dictionaryImage(dictionary)
  return aligned((to - from + 1) * 4) + aligned((offsets[to] as number) - (offsets[from] as number))
}
