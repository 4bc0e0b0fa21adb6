/** Functions of the group "lists" on columns. Made from shared/expr by `npm run reference`. */
import type { Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/**
 * Texts with a separator between them, nulls skipped.
 *
 * In text: `join(["a", "b"], "-")` is `"a-b"`.
 */
export function join<A extends Arg<'array<string>'>, B extends Arg<'string'>>(
  list: A,
  separator: B,
): Result<'string', A | B>
export function join(...args: readonly unknown[]): unknown {
  return callColumn('join', args)
}

/**
 * Sum of a list; 0 of an empty one.
 *
 * In text: `list_sum([1, 2, 3])` is `6`.
 */
export function listSum<A extends Arg<'array<integer>'>>(list: A): Result<'integer', A>
export function listSum<A extends Arg<'array<number>'>>(list: A): Result<'number', A>
export function listSum<A extends Arg<'array<duration>'>>(list: A): Result<'duration', A>
export function listSum<A extends Arg<'array<decimal>'>>(list: A): Result<'decimal', A>
export function listSum(...args: readonly unknown[]): unknown {
  return callColumn('list_sum', args)
}

/**
 * Mean of a list; null of an empty one.
 *
 * In text: `list_avg([1, 2])` is `1.5`.
 */
export function listAvg<A extends Arg<'array<number>'>>(list: A): Result<'number?', A>
export function listAvg(...args: readonly unknown[]): unknown {
  return callColumn('list_avg', args)
}

/**
 * The integers from one up to, not including, another; at most 10,000.
 *
 * In text: `range(0, 3)` is `[0, 1, 2]`.
 */
export function range<A extends Arg<'integer'>, B extends Arg<'integer'>>(
  from: A,
  to: B,
): Result<'array<integer>', A | B>
export function range(...args: readonly unknown[]): unknown {
  return callColumn('range', args)
}
