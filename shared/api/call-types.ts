/**
 * Types of function calls on columns: which arguments a parameter takes, and how nulls go through.
 * The builders in functions/ (generated) and the generic ones beside them are typed by these.
 */
import type { Column, ColumnOf } from './column.ts'
import type { Nullable } from './tokens.ts'

type ColumnLike<K extends string> = Column<K> | Column<`${K}?`>
type DecimalToken = 'decimal' | `decimal(${string})`
type DecimalColumn = ColumnLike<DecimalToken>
type LiteralText = 'string' | 'timestamp' | 'date' | 'duration'

/** An argument where the language wants type `K`: a column of it, one that widens, a literal. */
export type Arg<K extends string> =
  | (K extends 'number'
      ? ColumnLike<'number' | 'integer'> | number
      : K extends 'integer'
        ? ColumnLike<'integer'> | number
        : K extends 'decimal'
          ? DecimalColumn | ColumnLike<'integer'> | number
          : K extends 'bigint'
            ? ColumnLike<'bigint' | 'integer'> | bigint
            : ColumnLike<K>)
  | (K extends LiteralText ? string : never)
  | (K extends 'timestamp' | 'date' ? Date : never)
  | (K extends 'boolean' ? boolean : never)
  | null

/** Any column that holds one value, or a literal. */
export type AnyArg = Column<string> | string | number | boolean | bigint | Date | null

type NullablePart<A> = Extract<A, Column<`${string}?`> | null>

/** The result of a function that gives null when an argument is null; `A` is all arguments. */
export type Result<T extends string, A> = ColumnOf<
  [NullablePart<A>] extends [never] ? T : Nullable<T>
>
