/** Kept columns of numbers and of JavaScript values. See kept-column.ts for what holds for all. */
import { assert } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { KeptColumn } from './kept-column.ts'
import {
  KEPT_PLACE_MASK,
  KEPT_ROW_BITS,
  KeptNulls,
  movedSlots,
  openCapacity,
  type SlotMoves,
  slotsOf,
} from './kept-slots.ts'

/** A class per layout, so that each loop sees one kind of array. */

const NO_F64 = new Float64Array(0)

export class KeptF64 implements KeptColumn {
  readonly spec: ColumnSpec
  #slots = slotsOf(NO_F64 as Float64Array)
  readonly #nulls = new KeptNulls()

  constructor(spec: ColumnSpec) {
    this.spec = spec
  }

  put(slot: number, column: Column, start: number, end: number): number {
    assert(column.layout === 'f64', 'a kept column keeps its layout')
    this.#slots[slot] = start === 0 ? column.values : column.values.subarray(start, end)
    this.#nulls.put(slot, column.nulls, start, end)
    return (end - start) * 8
  }

  // oxlint-disable-next-line max-params -- as KeptColumn
  append(slot: number, length: number, column: Column, rows: Int32Array, count: number): number {
    assert(column.layout === 'f64', 'a kept column keeps its layout')
    let own = this.#slots[slot] as Float64Array
    const capacity = openCapacity(own.length, length + count)
    if (capacity > own.length) {
      const larger = new Float64Array(capacity)
      larger.set(own)
      own = larger
      this.#slots[slot] = own
    }
    const { values } = column
    for (let at = 0; at < count; at++) own[length + at] = values[rows[at] as number] as number
    this.#nulls.append(slot, length, column.nulls, rows, count)
    return count * 8
  }

  drop(slot: number): void {
    this.#slots[slot] = NO_F64
    this.#nulls.drop(slot)
  }

  move(moves: SlotMoves): void {
    this.#slots = movedSlots(this.#slots, NO_F64 as Float64Array, moves)
    this.#nulls.move(moves)
  }

  gather(rows: Int32Array, count: number, mask: number): Column {
    const values = new Float64Array(count)
    return this.gatherInto(rows, count, mask, values)
  }

  /** As `gather`, into an array of the caller, which must be long enough. */
  // oxlint-disable-next-line max-params -- which rows, and whereto
  gatherInto(rows: Int32Array, count: number, mask: number, values: Float64Array): Column {
    const slots = this.#slots
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const slot = slots[(row >>> KEPT_ROW_BITS) & mask] as Float64Array
      values[at] = slot[row & KEPT_PLACE_MASK] as number
    }
    return { layout: 'f64', values, nulls: this.#nulls.gather(rows, count, mask) }
  }

  columnOf(slot: number): Column {
    const values = this.#slots[slot] as Float64Array
    return { layout: 'f64', values, nulls: this.#nulls.of(slot) }
  }

  buffersOf(slot: number, into: ArrayBufferLike[]): void {
    into.push((this.#slots[slot] as Float64Array).buffer)
    this.#nulls.buffersOf(slot, into)
  }
}

const NO_I32 = new Int32Array(0)

export class KeptI32 implements KeptColumn {
  readonly spec: ColumnSpec
  #slots = slotsOf(NO_I32 as Int32Array)
  readonly #nulls = new KeptNulls()

  constructor(spec: ColumnSpec) {
    this.spec = spec
  }

  put(slot: number, column: Column, start: number, end: number): number {
    assert(column.layout === 'i32', 'a kept column keeps its layout')
    this.#slots[slot] = start === 0 ? column.values : column.values.subarray(start, end)
    this.#nulls.put(slot, column.nulls, start, end)
    return (end - start) * 4
  }

  // oxlint-disable-next-line max-params -- as KeptColumn
  append(slot: number, length: number, column: Column, rows: Int32Array, count: number): number {
    assert(column.layout === 'i32', 'a kept column keeps its layout')
    let own = this.#slots[slot] as Int32Array
    const capacity = openCapacity(own.length, length + count)
    if (capacity > own.length) {
      const larger = new Int32Array(capacity)
      larger.set(own)
      own = larger
      this.#slots[slot] = own
    }
    const { values } = column
    for (let at = 0; at < count; at++) own[length + at] = values[rows[at] as number] as number
    this.#nulls.append(slot, length, column.nulls, rows, count)
    return count * 4
  }

  drop(slot: number): void {
    this.#slots[slot] = NO_I32
    this.#nulls.drop(slot)
  }

  move(moves: SlotMoves): void {
    this.#slots = movedSlots(this.#slots, NO_I32 as Int32Array, moves)
    this.#nulls.move(moves)
  }

  gather(rows: Int32Array, count: number, mask: number): Column {
    const slots = this.#slots
    const values = new Int32Array(count)
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const slot = slots[(row >>> KEPT_ROW_BITS) & mask] as Int32Array
      values[at] = slot[row & KEPT_PLACE_MASK] as number
    }
    return { layout: 'i32', values, nulls: this.#nulls.gather(rows, count, mask) }
  }

  columnOf(slot: number): Column {
    const values = this.#slots[slot] as Int32Array
    return { layout: 'i32', values, nulls: this.#nulls.of(slot) }
  }

  buffersOf(slot: number, into: ArrayBufferLike[]): void {
    into.push((this.#slots[slot] as Int32Array).buffer)
    this.#nulls.buffersOf(slot, into)
  }
}

const NO_BOOL = new Uint8Array(0)

export class KeptBool implements KeptColumn {
  readonly spec: ColumnSpec
  #slots = slotsOf(NO_BOOL as Uint8Array)
  readonly #nulls = new KeptNulls()

  constructor(spec: ColumnSpec) {
    this.spec = spec
  }

  put(slot: number, column: Column, start: number, end: number): number {
    assert(column.layout === 'bool', 'a kept column keeps its layout')
    this.#slots[slot] = start === 0 ? column.values : column.values.subarray(start, end)
    this.#nulls.put(slot, column.nulls, start, end)
    return (end - start) * 1
  }

  // oxlint-disable-next-line max-params -- as KeptColumn
  append(slot: number, length: number, column: Column, rows: Int32Array, count: number): number {
    assert(column.layout === 'bool', 'a kept column keeps its layout')
    let own = this.#slots[slot] as Uint8Array
    const capacity = openCapacity(own.length, length + count)
    if (capacity > own.length) {
      const larger = new Uint8Array(capacity)
      larger.set(own)
      own = larger
      this.#slots[slot] = own
    }
    const { values } = column
    for (let at = 0; at < count; at++) own[length + at] = values[rows[at] as number] as number
    this.#nulls.append(slot, length, column.nulls, rows, count)
    return count * 1
  }

  drop(slot: number): void {
    this.#slots[slot] = NO_BOOL
    this.#nulls.drop(slot)
  }

  move(moves: SlotMoves): void {
    this.#slots = movedSlots(this.#slots, NO_BOOL as Uint8Array, moves)
    this.#nulls.move(moves)
  }

  gather(rows: Int32Array, count: number, mask: number): Column {
    const slots = this.#slots
    const values = new Uint8Array(count)
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const slot = slots[(row >>> KEPT_ROW_BITS) & mask] as Uint8Array
      values[at] = slot[row & KEPT_PLACE_MASK] as number
    }
    return { layout: 'bool', values, nulls: this.#nulls.gather(rows, count, mask) }
  }

  columnOf(slot: number): Column {
    const values = this.#slots[slot] as Uint8Array
    return { layout: 'bool', values, nulls: this.#nulls.of(slot) }
  }

  buffersOf(slot: number, into: ArrayBufferLike[]): void {
    into.push((this.#slots[slot] as Uint8Array).buffer)
    this.#nulls.buffersOf(slot, into)
  }
}

const NO_VALUES: readonly unknown[] = []

export class KeptAny implements KeptColumn {
  readonly spec: ColumnSpec
  #slots = slotsOf(NO_VALUES)
  /** Of open slots: the same arrays, to be written. */
  readonly #open = new Map<number, unknown[]>()

  constructor(spec: ColumnSpec) {
    this.spec = spec
  }

  put(slot: number, column: Column, start: number, end: number): number {
    assert(column.layout === 'any', 'a kept column keeps its layout')
    this.#slots[slot] = start === 0 ? column.values : column.values.slice(start, end)
    return (end - start) * 8
  }

  // oxlint-disable-next-line max-params -- as KeptColumn
  append(slot: number, length: number, column: Column, rows: Int32Array, count: number): number {
    assert(column.layout === 'any', 'a kept column keeps its layout')
    const own = this.#open.get(slot) ?? []
    assert(own.length === length, 'rows are appended behind the others')
    for (let at = 0; at < count; at++) own.push(column.values[rows[at] as number])
    this.#open.set(slot, own)
    this.#slots[slot] = own
    return count * 8
  }

  drop(slot: number): void {
    this.#slots[slot] = NO_VALUES
    this.#open.delete(slot)
  }

  move(moves: SlotMoves): void {
    this.#slots = movedSlots(this.#slots, NO_VALUES, moves)
    const open = [...this.#open]
    this.#open.clear()
    for (const [slot, values] of open) {
      const index = moves.from.subarray(0, moves.count).indexOf(slot)
      if (index >= 0) this.#open.set(moves.to[index] as number, values)
    }
  }

  gather(rows: Int32Array, count: number, mask: number): Column {
    const values: unknown[] = []
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const slot = this.#slots[(row >>> KEPT_ROW_BITS) & mask] as readonly unknown[]
      values.push(slot[row & KEPT_PLACE_MASK])
    }
    return { layout: 'any', values, nulls: null }
  }

  columnOf(slot: number): Column {
    return { layout: 'any', values: this.#slots[slot] as readonly unknown[], nulls: null }
  }

  buffersOf(): void {
    // JavaScript values are no bytes of ours.
  }
}
