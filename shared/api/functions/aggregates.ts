/**
 * Aggregates: what `.aggregate` takes, alone or in expressions. Each may be filtered with
 * `.where(condition)` (SQL's FILTER) and, in a rolling window, narrowed with `.last(duration)`.
 */
import type { AnyArg } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'
import type { Column, ColumnOf, TokenOf } from '../column.ts'
import type { KindOf, Nullable, Present } from '../tokens.ts'

type ColumnLike<K extends string> = Column<K> | Column<`${K}?`>
type Numeric = ColumnLike<'integer' | 'number' | 'decimal' | `decimal(${string})`>
type Summable = Numeric | ColumnLike<'bigint' | 'duration'>
type Measured = Numeric | ColumnLike<'duration'>
type Sortable =
  | Summable
  | ColumnLike<'string' | 'boolean' | 'timestamp' | 'date' | 'bytes'>
  | number
  | string
type Condition = Column<'boolean'> | Column<'boolean?'>

/** An aggregate as a column of the result. */
export type Aggregate<T extends string> = ColumnOf<T> & {
  /** Only over rows for which the condition is true. */
  where(condition: Condition): Aggregate<T>
  /** In a rolling window: only over the last part of it. */
  last(duration: string): Aggregate<T>
}

type SumOf<A> = KindOf<TokenOf<A>> extends 'decimal' ? 'decimal?' : Nullable<TokenOf<A>>
type MeanOf<A> =
  KindOf<TokenOf<A>> extends 'decimal'
    ? 'decimal?'
    : KindOf<TokenOf<A>> extends 'duration'
      ? 'duration?'
      : 'number?'
type QuantileOf<A> = KindOf<TokenOf<A>> extends 'duration' ? 'duration?' : 'number?'

function aggregate<T extends string>(fn: string, ...args: readonly unknown[]): Aggregate<T> {
  return callColumn(fn, args) as Aggregate<T>
}

/** How many rows; with an argument, how many where it is not null. */
export function count(of?: AnyArg): Aggregate<'integer'> {
  return aggregate('count', of)
}

/** How many different values, exactly; null is none. */
export function countDistinct(of: AnyArg): Aggregate<'integer'> {
  return aggregate('count_distinct', of)
}

/** How many different values, within about 2 %, in a few KiB. */
export function approxCountDistinct(of: AnyArg): Aggregate<'integer'> {
  return aggregate('approx_count_distinct', of)
}

/** Sum; null of no values. */
export function sum<A extends Summable | number>(of: A): Aggregate<SumOf<A>> {
  return aggregate('sum', of)
}

/** Smallest value; null of no values. */
export function min<A extends Sortable>(of: A): Aggregate<Nullable<TokenOf<A>>> {
  return aggregate('min', of)
}

/** Largest value; null of no values. */
export function max<A extends Sortable>(of: A): Aggregate<Nullable<TokenOf<A>>> {
  return aggregate('max', of)
}

/** Mean: of integers a number, of decimals four more digits. */
export function avg<A extends Measured | number>(of: A): Aggregate<MeanOf<A>> {
  return aggregate('avg', of)
}

/** Sample standard deviation; null of fewer than two values. */
export function stddev(of: Numeric | number): Aggregate<'number?'> {
  return aggregate('stddev', of)
}

/** The value below which the share q lies, within 1 %. */
export function quantile<A extends Measured>(of: A, q: number): Aggregate<QuantileOf<A>> {
  return aggregate('quantile', of, q)
}

/** The value of the earliest row by event time, null included. */
export function first<A extends AnyArg>(of: A): Aggregate<Nullable<TokenOf<A>>> {
  return aggregate('first', of)
}

/** The value of the latest row by event time, null included. */
export function last<A extends AnyArg>(of: A): Aggregate<Nullable<TokenOf<A>>> {
  return aggregate('last', of)
}

/** The value where another is smallest; ties by the smaller bytes. */
export function minBy<A extends AnyArg>(of: A, by: Sortable): Aggregate<Nullable<TokenOf<A>>> {
  return aggregate('min_by', of, by)
}

/** The value where another is largest; ties by the smaller bytes. */
export function maxBy<A extends AnyArg>(of: A, by: Sortable): Aggregate<Nullable<TokenOf<A>>> {
  return aggregate('max_by', of, by)
}

/** All values that are not null, in order of event time. */
export function collect<A extends Column<string>>(
  of: A,
): Aggregate<`array<${Present<TokenOf<A>> & string}>`> {
  return aggregate('collect', of)
}

/** The n most frequent values, most frequent first (space-saving). */
export function topK<A extends Column<string>>(
  of: A,
  n: number,
): Aggregate<`array<${Present<TokenOf<A>> & string}>`> {
  return aggregate('top_k', of, n)
}

/** Texts that are not null, joined in order of event time. */
export function stringAgg(
  of: ColumnLike<'string'> | string,
  separator: string,
): Aggregate<'string?'> {
  return aggregate('string_agg', of, separator)
}

/** Whether it is true in some row; null values do not count. */
export function any(of: Condition): Aggregate<'boolean?'> {
  return aggregate('any', of)
}

/** Whether it is true in every row; null values do not count. */
export function all(of: Condition): Aggregate<'boolean?'> {
  return aggregate('all', of)
}
