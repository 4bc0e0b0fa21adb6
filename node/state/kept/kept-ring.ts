/**
 * A kept column of doubles whose values lie beside the rows, by `row & rowMask`, as times and links
 * do: copied once in a run, and read with one load by whoever has the number of a row. For timed
 * rows, whose numbers follow each other.
 *
 * Owns: the values. See kept-column.ts for what holds for all.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { KeptColumn } from './kept-column.ts'
import {
  KEPT_BATCH_ROWS,
  KEPT_ROW_BITS,
  KEPT_SLOTS_FIRST,
  KeptNulls,
  movedRows,
  type SlotMoves,
} from './kept-slots.ts'

export class KeptRing implements KeptColumn {
  readonly spec: ColumnSpec
  /** For loops. Other after every `move`. */
  values = new Float64Array(KEPT_SLOTS_FIRST * KEPT_BATCH_ROWS)
  readonly #nulls = new KeptNulls()

  constructor(spec: ColumnSpec) {
    this.spec = spec
  }

  get bytes(): number {
    return this.values.byteLength
  }

  // oxlint-disable-next-line max-params -- as of all kept columns
  put(slot: number, column: Column, start: number, end: number): number {
    assert(column.layout === 'f64', 'a kept column keeps its layout')
    this.values.set(column.values.subarray(start, end), slot * KEPT_BATCH_ROWS)
    this.#nulls.put(slot, column.nulls, start, end)
    return (end - start) * Float64Array.BYTES_PER_ELEMENT
  }

  // oxlint-disable-next-line max-params -- as of all kept columns
  append(slot: number, length: number, column: Column, count: number): number {
    assert(column.layout === 'f64', 'a kept column keeps its layout')
    this.values.set(column.values.subarray(0, count), slot * KEPT_BATCH_ROWS + length)
    this.#nulls.append(slot, length, column.nulls, count)
    return count * Float64Array.BYTES_PER_ELEMENT
  }

  drop(slot: number): void {
    this.#nulls.drop(slot)
  }

  move(moves: SlotMoves): void {
    const { values } = this
    this.values = movedRows(values, new Float64Array(moves.slots * KEPT_BATCH_ROWS), moves)
    this.#nulls.move(moves)
  }

  gather(rows: Int32Array, count: number, mask: number): Column {
    return this.gatherInto(rows, count, mask, new Float64Array(count))
  }

  /** As `gather`, into an array of the caller, which must be long enough. */
  // oxlint-disable-next-line max-params -- which rows, and whereto
  gatherInto(rows: Int32Array, count: number, mask: number, into: Float64Array): Column {
    const { values } = this
    const rowMask = ((mask + 1) << KEPT_ROW_BITS) - 1
    for (let at = 0; at < count; at++) {
      into[at] = values[(rows[at] as number) & rowMask] as number
    }
    return { layout: 'f64', values: into, nulls: this.#nulls.gather(rows, count, mask) }
  }

  columnOf(slot: number): Column {
    const first = slot * KEPT_BATCH_ROWS
    const values = this.values.subarray(first, first + KEPT_BATCH_ROWS)
    return { layout: 'f64', values, nulls: this.#nulls.of(slot) }
  }

  buffersOf(slot: number, into: ArrayBufferLike[]): void {
    this.#nulls.buffersOf(slot, into)
  }
}
