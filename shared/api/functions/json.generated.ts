/** Functions of the group "json" on columns. Made from shared/expr by `npm run reference`. */
import type { AnyArg, Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/**
 * A JSON value of text; an error where it is none.
 *
 * In text: `parse_json("{\"a\": [1, 2]}")` is `{"a":[1,2]}`.
 */
export function parseJson<A extends Arg<'string'>>(text: A): Result<'json?', A>
export function parseJson(...args: readonly unknown[]): unknown {
  return callColumn('parse_json', args)
}

/**
 * A JSON value of text; null where it is none.
 *
 * In text: `try_parse_json("{")` is `null`.
 */
export function tryParseJson<A extends Arg<'string'>>(text: A): Result<'json?', A>
export function tryParseJson(...args: readonly unknown[]): unknown {
  return callColumn('try_parse_json', args)
}

/**
 * A value as JSON text.
 *
 * In text: `to_json([1, 2])` is `"[1,2]"`.
 */
export function toJson<A extends AnyArg>(value: A): Result<'string', A>
export function toJson(...args: readonly unknown[]): unknown {
  return callColumn('to_json', args)
}

/**
 * A value as a JSON value.
 *
 * In text: `as_json({"a": 1})` is `{"a":1}`.
 */
export function asJson<A extends AnyArg>(value: A): Result<'json', A>
export function asJson(...args: readonly unknown[]): unknown {
  return callColumn('as_json', args)
}

/**
 * The JSON value at a path like `a.b[0]`; null where there is none.
 *
 * In text: `json_get(parse_json("{\"a\": {\"b\": [7]}}"), "a.b[0]")` is `7`.
 */
export function jsonGet<A extends Arg<'json'>, B extends Arg<'string'>>(
  value: A,
  path: B,
): Result<'json?', A | B>
export function jsonGet(...args: readonly unknown[]): unknown {
  return callColumn('json_get', args)
}

/**
 * The value at a path as string; null where it is absent or another type.
 *
 * In text: `json_string(parse_json("{\"a\": \"x\"}"), "a")` is `"x"`.
 */
export function jsonString<A extends Arg<'json'>, B extends Arg<'string'> = never>(
  value: A,
  path?: B,
): Result<'string?', A | B>
export function jsonString(...args: readonly unknown[]): unknown {
  return callColumn('json_string', args)
}

/**
 * The value at a path as number; null where it is absent or another type.
 *
 * In text: `json_number(parse_json("1.5"))` is `1.5`.
 */
export function jsonNumber<A extends Arg<'json'>, B extends Arg<'string'> = never>(
  value: A,
  path?: B,
): Result<'number?', A | B>
export function jsonNumber(...args: readonly unknown[]): unknown {
  return callColumn('json_number', args)
}

/**
 * The value at a path as integer; null where it is absent or another type.
 *
 * In text: `json_integer(parse_json("[7]"), "[0]")` is `7`.
 */
export function jsonInteger<A extends Arg<'json'>, B extends Arg<'string'> = never>(
  value: A,
  path?: B,
): Result<'integer?', A | B>
export function jsonInteger(...args: readonly unknown[]): unknown {
  return callColumn('json_integer', args)
}

/**
 * The value at a path as boolean; null where it is absent or another type.
 *
 * In text: `json_boolean(parse_json("true"))` is `true`.
 */
export function jsonBoolean<A extends Arg<'json'>, B extends Arg<'string'> = never>(
  value: A,
  path?: B,
): Result<'boolean?', A | B>
export function jsonBoolean(...args: readonly unknown[]): unknown {
  return callColumn('json_boolean', args)
}

/**
 * The value at a path as array; null where it is absent or another type.
 *
 * In text: `size(json_list(parse_json("[1, 2]")))` is `2`.
 */
export function jsonList<A extends Arg<'json'>, B extends Arg<'string'> = never>(
  value: A,
  path?: B,
): Result<'array<json?>?', A | B>
export function jsonList(...args: readonly unknown[]): unknown {
  return callColumn('json_list', args)
}

/**
 * The keys of a JSON object, in its order.
 *
 * In text: `json_keys(parse_json("{\"b\": 1, \"a\": 2}"))` is `["b", "a"]`.
 */
export function jsonKeys<A extends Arg<'json'>>(value: A): Result<'array<string>?', A>
export function jsonKeys(...args: readonly unknown[]): unknown {
  return callColumn('json_keys', args)
}
