/**
 * One column of kept batches (kept-batches.ts): by slot the arrays of the batch that lies there, by
 * reference, or arrays that grow while rows are copied behind each other.
 *
 * Owns: the references. Arrays that came with a batch are never written; those of an open slot are
 * written behind the rows they have, so that bytes given out stay what they are.
 */
import type { Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { SlotMoves } from './kept-slots.ts'

export interface KeptColumn {
  readonly spec: ColumnSpec
  /** The rows from `start` to `end` of a column are the slot's; answers the bytes of their values. */
  put(slot: number, column: Column, start: number, end: number): number
  /** Copies the first `count` rows behind the `length` rows of an open slot; answers as `put`. */
  append(slot: number, length: number, column: Column, count: number): number
  drop(slot: number): void
  move(moves: SlotMoves): void
  /** The values of kept rows; `mask` makes a slot of the number of a batch. */
  gather(rows: Int32Array, count: number, mask: number): Column
  columnOf(slot: number): Column
  buffersOf(slot: number, into: ArrayBufferLike[]): void
}
