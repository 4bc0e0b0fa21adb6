/**
 * Kept columns of numbers and of JavaScript values. See kept-column.ts for what holds for all.
 *
 * The loop that gathers is written once per layout, so that each sees one kind of array; whole runs
 * of rows are copied by the arrays themselves.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Column, Nulls } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
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

abstract class KeptNumbers<T extends Float64Array | Int32Array | Uint8Array> implements KeptColumn {
  readonly spec: ColumnSpec
  protected slots: T[]
  readonly #nothing: T
  readonly #nulls = new KeptNulls()
  readonly #make = (length: number): T => this.make(length)

  constructor(spec: ColumnSpec, nothing: T) {
    this.spec = spec
    this.#nothing = nothing
    this.slots = slotsOf(nothing)
  }

  put(slot: number, column: Column, start: number, end: number): number {
    const values = this.valuesOf(column)
    this.slots[slot] = start === 0 ? values : (values.subarray(start, end) as T)
    this.#nulls.put(slot, column.nulls, start, end)
    return (end - start) * values.BYTES_PER_ELEMENT
  }

  append(slot: number, length: number, column: Column, count: number): number {
    const values = this.valuesOf(column)
    const own = withRoom(this.slots[slot] as T, length + count, this.#make)
    own.set(values.subarray(0, count), length)
    this.slots[slot] = own
    this.#nulls.append(slot, length, column.nulls, count)
    return count * values.BYTES_PER_ELEMENT
  }

  drop(slot: number): void {
    this.slots[slot] = this.#nothing
    this.#nulls.drop(slot)
  }

  move(moves: SlotMoves): void {
    this.slots = movedSlots(this.slots, this.#nothing, moves)
    this.#nulls.move(moves)
  }

  gather(rows: Int32Array, count: number, mask: number): Column {
    return this.gatherInto(rows, count, mask, this.make(count))
  }

  /** As `gather`, into an array of the caller, which must be long enough. */
  // oxlint-disable-next-line max-params -- which rows, and whereto
  gatherInto(rows: Int32Array, count: number, mask: number, values: T): Column {
    this.pick(rows, count, mask, values)
    return this.columnFrom(values, this.#nulls.gather(rows, count, mask))
  }

  columnOf(slot: number): Column {
    return this.columnFrom(this.slots[slot] as T, this.#nulls.of(slot))
  }

  buffersOf(slot: number, into: ArrayBufferLike[]): void {
    into.push((this.slots[slot] as T).buffer)
    this.#nulls.buffersOf(slot, into)
  }

  protected abstract make(length: number): T
  protected abstract valuesOf(column: Column): T
  protected abstract columnFrom(values: T, nulls: Nulls): Column
  /** The values of the rows. */
  protected abstract pick(rows: Int32Array, count: number, mask: number, into: T): void
}

export class KeptF64 extends KeptNumbers<Float64Array> {
  constructor(spec: ColumnSpec) {
    super(spec, new Float64Array(0))
  }

  protected make(length: number): Float64Array {
    return new Float64Array(length)
  }

  protected valuesOf(column: Column): Float64Array {
    assert(column.layout === 'f64', 'a kept column keeps its layout')
    return column.values
  }

  protected columnFrom(values: Float64Array, nulls: Nulls): Column {
    return { layout: 'f64', values, nulls }
  }

  // oxlint-disable-next-line max-params -- which rows, and whereto
  protected pick(rows: Int32Array, count: number, mask: number, into: Float64Array): void {
    const { slots } = this
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const slot = slots[(row >>> KEPT_ROW_BITS) & mask] as Float64Array
      into[at] = slot[row & KEPT_PLACE_MASK] as number
    }
  }
}

export class KeptI32 extends KeptNumbers<Int32Array> {
  constructor(spec: ColumnSpec) {
    super(spec, new Int32Array(0))
  }

  protected make(length: number): Int32Array {
    return new Int32Array(length)
  }

  protected valuesOf(column: Column): Int32Array {
    assert(column.layout === 'i32', 'a kept column keeps its layout')
    return column.values
  }

  protected columnFrom(values: Int32Array, nulls: Nulls): Column {
    return { layout: 'i32', values, nulls }
  }

  // oxlint-disable-next-line max-params -- which rows, and whereto
  protected pick(rows: Int32Array, count: number, mask: number, into: Int32Array): void {
    const { slots } = this
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const slot = slots[(row >>> KEPT_ROW_BITS) & mask] as Int32Array
      into[at] = slot[row & KEPT_PLACE_MASK] as number
    }
  }
}

export class KeptBool extends KeptNumbers<Uint8Array> {
  constructor(spec: ColumnSpec) {
    super(spec, new Uint8Array(0))
  }

  protected make(length: number): Uint8Array {
    return new Uint8Array(length)
  }

  protected valuesOf(column: Column): Uint8Array {
    assert(column.layout === 'bool', 'a kept column keeps its layout')
    return column.values
  }

  protected columnFrom(values: Uint8Array, nulls: Nulls): Column {
    return { layout: 'bool', values, nulls }
  }

  // oxlint-disable-next-line max-params -- which rows, and whereto
  protected pick(rows: Int32Array, count: number, mask: number, into: Uint8Array): void {
    const { slots } = this
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const slot = slots[(row >>> KEPT_ROW_BITS) & mask] as Uint8Array
      into[at] = slot[row & KEPT_PLACE_MASK] as number
    }
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

  append(slot: number, length: number, column: Column, count: number): number {
    assert(column.layout === 'any', 'a kept column keeps its layout')
    const own = this.#open.get(slot) ?? []
    assert(own.length === length, 'rows are appended behind the others')
    for (let at = 0; at < count; at++) own.push(column.values[at])
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
