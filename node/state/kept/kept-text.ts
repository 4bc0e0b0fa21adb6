/** Kept columns of text and bytes. See kept-column.ts for what holds for all. */
import { assert } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { copyBytes, viewOf } from '../copy-bytes.ts'
import type { KeptColumn } from './kept-column.ts'
import {
  KEPT_PLACE_MASK,
  KEPT_ROW_BITS,
  KeptNulls,
  movedSlots,
  type SlotMoves,
  slotsOf,
  withRoom,
} from './kept-slots.ts'
import { SharedSlots } from './shared-slots.ts'

const NO_OFFSETS = new Uint32Array(0)
const NO_BYTES = new Uint8Array(0)
const NO_VIEW = viewOf(NO_BYTES)
/** Rows whose text was copied last, by the low bits of their numbers: a row may come many times. */
const MEMO_MASK = 255

export class KeptText implements KeptColumn {
  readonly spec: ColumnSpec
  readonly #layout: 'utf8' | 'bytes'
  #starts = slotsOf(NO_OFFSETS as Uint32Array)
  #ends = slotsOf(NO_OFFSETS as Uint32Array)
  readonly #bytes = new SharedSlots<Uint8Array>(NO_BYTES)
  #views = slotsOf(NO_VIEW)
  readonly #nulls = new KeptNulls()
  /** Of the slot that is open: bytes in use. */
  #openSlot = -1
  #openUsed = 0
  readonly #memoRow = new Int32Array(MEMO_MASK + 1)
  readonly #memoAt = new Uint32Array(MEMO_MASK + 1)

  constructor(spec: ColumnSpec, layout: 'utf8' | 'bytes') {
    this.spec = spec
    this.#layout = layout
  }

  put(slot: number, column: Column, start: number, end: number): number {
    assert(column.layout === this.#layout, 'a kept column keeps its layout')
    const { starts, ends, bytes } = column
    this.#starts[slot] = start === 0 ? starts : starts.subarray(start, end)
    this.#ends[slot] = start === 0 ? ends : ends.subarray(start, end)
    this.#setBytes(slot, bytes)
    this.#nulls.put(slot, column.nulls, start, end)
    let size = (end - start) * 8
    for (let row = start; row < end; row++) size += (ends[row] as number) - (starts[row] as number)
    return size
  }

  append(slot: number, length: number, column: Column, count: number): number {
    assert(column.layout === this.#layout, 'a kept column keeps its layout')
    const { starts, ends, bytes } = column
    let size = 0
    for (let row = 0; row < count; row++) size += (ends[row] as number) - (starts[row] as number)
    this.#makeRoom(slot, length, { rows: length + count, bytes: size })
    const ownStarts = this.#starts[slot] as Uint32Array
    const ownEnds = this.#ends[slot] as Uint32Array
    const to = this.#views[slot] as DataView
    const from = viewOf(bytes)
    let used = this.#openUsed
    for (let row = 0; row < count; row++) {
      const start = starts[row] as number
      const textBytes = (ends[row] as number) - start
      ownStarts[length + row] = used
      ownEnds[length + row] = used + textBytes
      copyBytes(to, used, from, start, textBytes)
      used += textBytes
    }
    this.#openUsed = used
    this.#nulls.append(slot, length, column.nulls, count)
    return size + count * 8
  }

  drop(slot: number): void {
    if (slot === this.#openSlot) this.#openSlot = -1
    this.#starts[slot] = NO_OFFSETS
    this.#ends[slot] = NO_OFFSETS
    this.#bytes.drop(slot)
    this.#views[slot] = NO_VIEW
    this.#nulls.drop(slot)
  }

  move(moves: SlotMoves): void {
    this.#starts = movedSlots(this.#starts, NO_OFFSETS as Uint32Array, moves)
    this.#ends = movedSlots(this.#ends, NO_OFFSETS as Uint32Array, moves)
    this.#bytes.move(moves)
    this.#views = movedSlots(this.#views, NO_VIEW, moves)
    this.#nulls.move(moves)
    if (this.#openSlot < 0) return
    const index = moves.from.subarray(0, moves.count).indexOf(this.#openSlot)
    this.#openSlot = index < 0 ? -1 : (moves.to[index] as number)
  }

  /** Shares the bytes of all rows where they are the same, as those of one buffer of a reader. */
  gather(rows: Int32Array, count: number, mask: number): Column {
    const starts = new Uint32Array(count)
    const ends = new Uint32Array(count)
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const slot = (row >>> KEPT_ROW_BITS) & mask
      starts[at] = (this.#starts[slot] as Uint32Array)[row & KEPT_PLACE_MASK] as number
      ends[at] = (this.#ends[slot] as Uint32Array)[row & KEPT_PLACE_MASK] as number
    }
    const bytes = this.#bytes.sharedBy(rows, count, mask) ?? this.#copied(rows, starts, ends, mask)
    return {
      layout: this.#layout,
      starts,
      ends,
      bytes,
      nulls: this.#nulls.gather(rows, count, mask),
    }
  }

  columnOf(slot: number): Column {
    return {
      layout: this.#layout,
      starts: this.#starts[slot] as Uint32Array,
      ends: this.#ends[slot] as Uint32Array,
      bytes: this.#bytes.at(slot),
      nulls: this.#nulls.of(slot),
    }
  }

  buffersOf(slot: number, into: ArrayBufferLike[]): void {
    into.push((this.#starts[slot] as Uint32Array).buffer, (this.#ends[slot] as Uint32Array).buffer)
    into.push(this.#bytes.at(slot).buffer)
    this.#nulls.buffersOf(slot, into)
  }

  #setBytes(slot: number, bytes: Uint8Array): void {
    this.#bytes.set(slot, bytes)
    this.#views[slot] = viewOf(bytes)
  }

  /** Bytes of their own for the rows; starts and ends become those in them. */
  // oxlint-disable-next-line max-params -- the rows, where their texts lie, and the slots
  #copied(rows: Int32Array, starts: Uint32Array, ends: Uint32Array, mask: number): Uint8Array {
    const count = starts.length
    let size = 0
    for (let at = 0; at < count; at++) size += (ends[at] as number) - (starts[at] as number)
    const bytes = new Uint8Array(size)
    const to = viewOf(bytes)
    const memoRow = this.#memoRow
    const memoAt = this.#memoAt
    memoRow.fill(0)
    let used = 0
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const start = starts[at] as number
      const length = (ends[at] as number) - start
      if (memoRow[row & MEMO_MASK] !== row) {
        const from = this.#views[(row >>> KEPT_ROW_BITS) & mask] as DataView
        copyBytes(to, used, from, start, length)
        memoRow[row & MEMO_MASK] = row
        memoAt[row & MEMO_MASK] = used
        used += length
      }
      const own = memoAt[row & MEMO_MASK] as number
      starts[at] = own
      ends[at] = own + length
    }
    return used * 2 < size ? bytes.slice(0, used) : bytes
  }

  /** Of an open slot; texts that were given out keep the bytes they had. */
  #makeRoom(slot: number, length: number, needed: { rows: number; bytes: number }): void {
    if (slot !== this.#openSlot) {
      assert(length === 0, 'the open slot stays open')
      this.#openSlot = slot
      this.#openUsed = 0
    }
    const { rows } = needed
    this.#starts[slot] = withRoom(this.#starts[slot] as Uint32Array, rows, offsetsOf)
    this.#ends[slot] = withRoom(this.#ends[slot] as Uint32Array, rows, offsetsOf)
    const bytes = this.#bytes.at(slot)
    const end = this.#openUsed + needed.bytes
    if (bytes !== NO_BYTES && end <= bytes.length) return
    const larger = new Uint8Array(Math.max(64, end, bytes.length * 2))
    larger.set(bytes)
    this.#setBytes(slot, larger)
  }
}

function offsetsOf(capacity: number): Uint32Array {
  return new Uint32Array(capacity)
}
