/**
 * Batches: columns of records that travel together (D1).
 *
 * A batch is immutable from the moment it is emitted, and so are its columns and their arrays:
 * they are shared by reference between consumers and between batches.
 *
 * A null value has 1 in `nulls` (one byte per row; null when the column has none) and a neutral
 * value in `values` (0, an empty string, code 0), so that loops may read it without a check.
 */
import type { ColumnSpec } from './layout.ts'

export type Nulls = Uint8Array | null

export interface F64Column {
  readonly layout: 'f64'
  readonly values: Float64Array
  readonly nulls: Nulls
}

export interface I32Column {
  readonly layout: 'i32'
  readonly values: Int32Array
  readonly nulls: Nulls
}

export interface BoolColumn {
  readonly layout: 'bool'
  readonly values: Uint8Array
  readonly nulls: Nulls
}

/**
 * Row i is `bytes[starts[i] .. ends[i])`, UTF-8. Starts and ends are two arrays, so that a filter
 * copies two numbers per row and never the text; a reader with n+1 offsets gives two views of them.
 */
export interface Utf8Column {
  readonly layout: 'utf8'
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly bytes: Uint8Array
  readonly nulls: Nulls
}

/** As utf8, for values of type bytes. */
export interface BytesColumn {
  readonly layout: 'bytes'
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly bytes: Uint8Array
  readonly nulls: Nulls
}

/** Strings by number. Append-only and shared by many batches of one reader. */
export interface Dictionary {
  readonly values: readonly string[]
}

export interface DictColumn {
  readonly layout: 'dict'
  readonly codes: Int32Array
  readonly dictionary: Dictionary
  readonly nulls: Nulls
}

/** JavaScript values: arrays, Maps, JSON values, bigint. A null is `null`; `nulls` is not used. */
export interface AnyColumn {
  readonly layout: 'any'
  readonly values: readonly unknown[]
  readonly nulls: null
}

export type Column =
  | F64Column
  | I32Column
  | BoolColumn
  | Utf8Column
  | DictColumn
  | BytesColumn
  | AnyColumn

/** The physical columns of an edge, in order. `Batch.columns[i]` has the layout of `columns[i]`. */
export interface BatchSchema {
  readonly columns: readonly ColumnSpec[]
}

/** Change kinds (D18). 0 is insert, so that a fresh array means inserts. */
export const INSERT = 0
export const UPDATE_BEFORE = 1
export const UPDATE_AFTER = 2
export const DELETE = 3

export interface Batch {
  readonly schema: BatchSchema
  readonly length: number
  /** Milliseconds since 1970, NaN where event time was lost. Arrays may be longer than `length`. */
  readonly eventTime: Float64Array
  /** One of the change kinds per row; null when every row is an insert. */
  readonly kind: Uint8Array | null
  readonly columns: readonly Column[]
}
