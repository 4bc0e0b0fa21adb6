/**
 * Physical layouts: how the values of one column lie in a batch (D1). The planner fixes one layout
 * per column and edge; loops are compiled for it.
 *
 * integer, number, timestamp (whole ms), duration (ms), decimal with precision ≤ 15 (scaled
 * integer) are f64; date is i32 days since 1970; boolean is bool; string is utf8 or dict; bytes is
 * bytes; bigint, decimal with precision > 15 (BigInt), json, array and map are any. A struct is a
 * column per leaf (`a.b`) and, if it can be null, one bool column `a.?` that is 1 where it is there
 * (its leaves are then nullable, and null where it is not).
 */
import type { DataType } from './data-type.ts'

export type Layout = 'f64' | 'i32' | 'bool' | 'utf8' | 'dict' | 'bytes' | 'any'

export interface ColumnSpec {
  /** Path of the leaf: `user`, `merchant.id`; `merchant.?` for presence. */
  readonly path: string
  readonly type: DataType
  readonly nullable: boolean
  readonly layout: Layout
}
