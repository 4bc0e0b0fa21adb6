/** Functions of the group "conversion" on columns. Made from shared/expr by `npm run reference`. */
import type { AnyArg, Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/**
 * As text.
 *
 * In text: `to_string(1.5)` is `"1.5"`.
 */
export function toString<A extends AnyArg>(value: A): Result<'string', A>
export function toString(...args: readonly unknown[]): unknown {
  return callColumn('to_string', args)
}

/**
 * As a whole number.
 *
 * In text: `to_integer("42")` is `42`.
 */
export function toInteger<A extends AnyArg>(value: A): Result<'integer', A>
export function toInteger(...args: readonly unknown[]): unknown {
  return callColumn('to_integer', args)
}

/**
 * As a whole number; null where it is none.
 *
 * In text: `try_to_integer("4x")` is `null`.
 */
export function tryToInteger<A extends AnyArg>(value: A): Result<'integer?', A>
export function tryToInteger(...args: readonly unknown[]): unknown {
  return callColumn('try_to_integer', args)
}

/**
 * As an approximate number.
 *
 * In text: `to_number("1e3")` is `1000`.
 */
export function toNumber<A extends AnyArg>(value: A): Result<'number', A>
export function toNumber(...args: readonly unknown[]): unknown {
  return callColumn('to_number', args)
}

/**
 * As an approximate number; null where it is none.
 *
 * In text: `try_to_number("x")` is `null`.
 */
export function tryToNumber<A extends AnyArg>(value: A): Result<'number?', A>
export function tryToNumber(...args: readonly unknown[]): unknown {
  return callColumn('try_to_number', args)
}

/**
 * As an exact whole number of any size.
 *
 * In text: `to_bigint("9007199254740993")` is `9007199254740993`.
 */
export function toBigint<A extends AnyArg>(value: A): Result<'bigint', A>
export function toBigint(...args: readonly unknown[]): unknown {
  return callColumn('to_bigint', args)
}

/**
 * As an exact whole number of any size; null where it is none.
 *
 * In text: `try_to_bigint("x")` is `null`.
 */
export function tryToBigint<A extends AnyArg>(value: A): Result<'bigint?', A>
export function tryToBigint(...args: readonly unknown[]): unknown {
  return callColumn('try_to_bigint', args)
}

/**
 * As true or false: true t yes y on 1, false f no n off 0.
 *
 * In text: `to_boolean("yes")` is `true`.
 */
export function toBoolean<A extends AnyArg>(value: A): Result<'boolean', A>
export function toBoolean(...args: readonly unknown[]): unknown {
  return callColumn('to_boolean', args)
}

/**
 * As true or false: true t yes y on 1, false f no n off 0; null where it is none.
 *
 * In text: `try_to_boolean("maybe")` is `null`.
 */
export function tryToBoolean<A extends AnyArg>(value: A): Result<'boolean?', A>
export function tryToBoolean(...args: readonly unknown[]): unknown {
  return callColumn('try_to_boolean', args)
}

/**
 * As a decimal of these digits, rounded half away from zero.
 *
 * In text: `to_decimal("1.235", 12, 2)` is `1.24`.
 */
export function toDecimal<A extends AnyArg, B extends Arg<'integer'>, C extends Arg<'integer'>>(
  value: A,
  precision: B,
  scale: C,
): Result<'decimal', A | B | C>
export function toDecimal(...args: readonly unknown[]): unknown {
  return callColumn('to_decimal', args)
}

/**
 * As `to_decimal`; null where it is none.
 *
 * In text: `try_to_decimal("x", 12, 2)` is `null`.
 */
export function tryToDecimal<A extends AnyArg, B extends Arg<'integer'>, C extends Arg<'integer'>>(
  value: A,
  precision: B,
  scale: C,
): Result<'decimal?', A | B | C>
export function tryToDecimal(...args: readonly unknown[]): unknown {
  return callColumn('try_to_decimal', args)
}
