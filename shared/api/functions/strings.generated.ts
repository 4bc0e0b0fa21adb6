/** Functions of the group "strings" on columns. Made from shared/expr by `npm run reference`. */
import type { Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/**
 * In lower case.
 *
 * In text: `lower("ÄBC")` is `"äbc"`.
 */
export function lower<A extends Arg<'string'>>(text: A): Result<'string', A>
export function lower(...args: readonly unknown[]): unknown {
  return callColumn('lower', args)
}

/**
 * In upper case.
 *
 * In text: `upper("abc")` is `"ABC"`.
 */
export function upper<A extends Arg<'string'>>(text: A): Result<'string', A>
export function upper(...args: readonly unknown[]): unknown {
  return callColumn('upper', args)
}

/**
 * Words with capitals.
 *
 * In text: `title("new YORK")` is `"New York"`.
 */
export function title<A extends Arg<'string'>>(text: A): Result<'string', A>
export function title(...args: readonly unknown[]): unknown {
  return callColumn('title', args)
}

/**
 * Without blanks at both ends.
 *
 * In text: `trim("  a ")` is `"a"`.
 */
export function trim<A extends Arg<'string'>>(text: A): Result<'string', A>
export function trim(...args: readonly unknown[]): unknown {
  return callColumn('trim', args)
}

/**
 * Without blanks in front.
 *
 * In text: `ltrim("  a")` is `"a"`.
 */
export function ltrim<A extends Arg<'string'>>(text: A): Result<'string', A>
export function ltrim(...args: readonly unknown[]): unknown {
  return callColumn('ltrim', args)
}

/**
 * Without blanks at the end.
 *
 * In text: `rtrim("a  ")` is `"a"`.
 */
export function rtrim<A extends Arg<'string'>>(text: A): Result<'string', A>
export function rtrim(...args: readonly unknown[]): unknown {
  return callColumn('rtrim', args)
}

/**
 * Characters in reverse.
 *
 * In text: `reverse("abc")` is `"cba"`.
 */
export function reverse<A extends Arg<'string'>>(text: A): Result<'string', A>
export function reverse(...args: readonly unknown[]): unknown {
  return callColumn('reverse', args)
}

/**
 * How many characters.
 *
 * In text: `length("größe")` is `5`.
 */
export function length<A extends Arg<'string'>>(text: A): Result<'integer', A>
export function length(...args: readonly unknown[]): unknown {
  return callColumn('length', args)
}

/**
 * How many bytes, of a text in UTF-8.
 *
 * In text: `byte_length("größe")` is `7`.
 */
export function byteLength<A extends Arg<'string'>>(text: A): Result<'integer', A>
export function byteLength<A extends Arg<'bytes'>>(bytes: A): Result<'integer', A>
export function byteLength(...args: readonly unknown[]): unknown {
  return callColumn('byte_length', args)
}

/**
 * `count` characters from a position; a negative one counts from the end.
 *
 * In text: `substring("abcdef", 2)` is `"cdef"`.
 */
export function substring<
  A extends Arg<'string'>,
  B extends Arg<'integer'>,
  C extends Arg<'integer'> = never,
>(text: A, from: B, count?: C): Result<'string', A | B | C>
export function substring(...args: readonly unknown[]): unknown {
  return callColumn('substring', args)
}

/**
 * The first characters.
 *
 * In text: `left("abc", 2)` is `"ab"`.
 */
export function left<A extends Arg<'string'>, B extends Arg<'integer'>>(
  text: A,
  count: B,
): Result<'string', A | B>
export function left(...args: readonly unknown[]): unknown {
  return callColumn('left', args)
}

/**
 * The last characters.
 *
 * In text: `right("abc", 2)` is `"bc"`.
 */
export function right<A extends Arg<'string'>, B extends Arg<'integer'>>(
  text: A,
  count: B,
): Result<'string', A | B>
export function right(...args: readonly unknown[]): unknown {
  return callColumn('right', args)
}

/**
 * Filled in front to a length; cut if longer.
 *
 * In text: `lpad("7", 3, "0")` is `"007"`.
 */
export function lpad<
  A extends Arg<'string'>,
  B extends Arg<'integer'>,
  C extends Arg<'string'> = never,
>(text: A, length: B, fill?: C): Result<'string', A | B | C>
export function lpad(...args: readonly unknown[]): unknown {
  return callColumn('lpad', args)
}

/**
 * Filled at the end to a length; cut if longer.
 *
 * In text: `rpad("ab", 4, ".")` is `"ab.."`.
 */
export function rpad<
  A extends Arg<'string'>,
  B extends Arg<'integer'>,
  C extends Arg<'string'> = never,
>(text: A, length: B, fill?: C): Result<'string', A | B | C>
export function rpad(...args: readonly unknown[]): unknown {
  return callColumn('rpad', args)
}

/**
 * Every occurrence replaced, literally.
 *
 * In text: `replace("a.b.c", ".", "-")` is `"a-b-c"`.
 */
export function replace<A extends Arg<'string'>, B extends Arg<'string'>, C extends Arg<'string'>>(
  text: A,
  from: B,
  to: C,
): Result<'string', A | B | C>
export function replace(...args: readonly unknown[]): unknown {
  return callColumn('replace', args)
}

/**
 * The parts between separators; by an empty one the characters.
 *
 * In text: `split("a,b", ",")` is `["a", "b"]`.
 */
export function split<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  separator: B,
): Result<'array<string>', A | B>
export function split(...args: readonly unknown[]): unknown {
  return callColumn('split', args)
}

/**
 * One part between separators, from 0; null where there is none.
 *
 * In text: `split_part("a/b/c", "/", 1)` is `"b"`.
 */
export function splitPart<
  A extends Arg<'string'>,
  B extends Arg<'string'>,
  C extends Arg<'integer'>,
>(text: A, separator: B, index: C): Result<'string?', A | B | C>
export function splitPart(...args: readonly unknown[]): unknown {
  return callColumn('split_part', args)
}

/**
 * Where a part starts first, from 0; null where it is not.
 *
 * In text: `index_of("abc", "c")` is `2`.
 */
export function indexOf<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  part: B,
): Result<'integer?', A | B>
export function indexOf(...args: readonly unknown[]): unknown {
  return callColumn('index_of', args)
}

/**
 * How often a part occurs, without overlaps.
 *
 * In text: `count_of("banana", "a")` is `3`.
 */
export function countOf<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  part: B,
): Result<'integer', A | B>
export function countOf(...args: readonly unknown[]): unknown {
  return callColumn('count_of', args)
}

/**
 * Whether a text starts with another.
 *
 * In text: `starts_with("abc", "ab")` is `true`.
 */
export function startsWith<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  part: B,
): Result<'boolean', A | B>
export function startsWith(...args: readonly unknown[]): unknown {
  return callColumn('starts_with', args)
}

/**
 * Whether a text ends with another.
 *
 * In text: `ends_with("abc", "bc")` is `true`.
 */
export function endsWith<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  part: B,
): Result<'boolean', A | B>
export function endsWith(...args: readonly unknown[]): unknown {
  return callColumn('ends_with', args)
}

/**
 * The text several times.
 *
 * In text: `repeat("ab", 3)` is `"ababab"`.
 */
export function repeat<A extends Arg<'string'>, B extends Arg<'integer'>>(
  text: A,
  count: B,
): Result<'string', A | B>
export function repeat(...args: readonly unknown[]): unknown {
  return callColumn('repeat', args)
}

/**
 * The protocol of a URL, without `:`.
 *
 * In text: `url_protocol("https://a.b/c")` is `"https"`.
 */
export function urlProtocol<A extends Arg<'string'>>(url: A): Result<'string?', A>
export function urlProtocol(...args: readonly unknown[]): unknown {
  return callColumn('url_protocol', args)
}

/**
 * The host of a URL, without its port.
 *
 * In text: `url_host("https://a.b:81/c")` is `"a.b"`.
 */
export function urlHost<A extends Arg<'string'>>(url: A): Result<'string?', A>
export function urlHost(...args: readonly unknown[]): unknown {
  return callColumn('url_host', args)
}

/**
 * The port of a URL where it is given.
 *
 * In text: `url_port("https://a.b:81/c")` is `"81"`.
 */
export function urlPort<A extends Arg<'string'>>(url: A): Result<'string?', A>
export function urlPort(...args: readonly unknown[]): unknown {
  return callColumn('url_port', args)
}

/**
 * The path of a URL.
 *
 * In text: `url_path("https://a.b/c/d?e=1")` is `"/c/d"`.
 */
export function urlPath<A extends Arg<'string'>>(url: A): Result<'string?', A>
export function urlPath(...args: readonly unknown[]): unknown {
  return callColumn('url_path', args)
}

/**
 * The query of a URL, without `?`.
 *
 * In text: `url_query("https://a.b/c?e=1")` is `"e=1"`.
 */
export function urlQuery<A extends Arg<'string'>>(url: A): Result<'string?', A>
export function urlQuery(...args: readonly unknown[]): unknown {
  return callColumn('url_query', args)
}

/**
 * The fragment of a URL, without `#`.
 *
 * In text: `url_fragment("https://a.b/#x")` is `"x"`.
 */
export function urlFragment<A extends Arg<'string'>>(url: A): Result<'string?', A>
export function urlFragment(...args: readonly unknown[]): unknown {
  return callColumn('url_fragment', args)
}

/**
 * The first value of a query parameter.
 *
 * In text: `url_parameter("https://a.b/?id=7&x=", "id")` is `"7"`.
 */
export function urlParameter<A extends Arg<'string'>, B extends Arg<'string'>>(
  url: A,
  name: B,
): Result<'string?', A | B>
export function urlParameter(...args: readonly unknown[]): unknown {
  return callColumn('url_parameter', args)
}

/**
 * Safe as one part of a URL.
 *
 * In text: `url_encode("a b&c")` is `"a%20b%26c"`.
 */
export function urlEncode<A extends Arg<'string'>>(text: A): Result<'string', A>
export function urlEncode(...args: readonly unknown[]): unknown {
  return callColumn('url_encode', args)
}

/**
 * Back from `url_encode`; null where it is damaged.
 *
 * In text: `url_decode("a%20b")` is `"a b"`.
 */
export function urlDecode<A extends Arg<'string'>>(text: A): Result<'string?', A>
export function urlDecode(...args: readonly unknown[]): unknown {
  return callColumn('url_decode', args)
}
