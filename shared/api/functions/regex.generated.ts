/** Functions of the group "regex" on columns. Made from shared/expr by `npm run reference`. */
import type { Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/**
 * Whether some part of the text matches; `^…$` for the whole.
 *
 * In text: `regex_match("order-17", "[0-9]+")` is `true`.
 */
export function regexMatch<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  pattern: B,
): Result<'boolean', A | B>
export function regexMatch(...args: readonly unknown[]): unknown {
  return callColumn('regex_match', args)
}

/**
 * The first match: a group of it, or the first group, or the whole; null without a match.
 *
 * In text: `regex_extract("id=17&x=1", "id=([0-9]+)")` is `"17"`.
 */
export function regexExtract<
  A extends Arg<'string'>,
  B extends Arg<'string'>,
  C extends Arg<'integer'> = never,
>(text: A, pattern: B, group?: C): Result<'string?', A | B | C>
export function regexExtract(...args: readonly unknown[]): unknown {
  return callColumn('regex_extract', args)
}

/**
 * All matches: their first group, or the whole.
 *
 * In text: `regex_extract_all("a1b22", "[0-9]+")` is `["1", "22"]`.
 */
export function regexExtractAll<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  pattern: B,
): Result<'array<string>', A | B>
export function regexExtractAll(...args: readonly unknown[]): unknown {
  return callColumn('regex_extract_all', args)
}

/**
 * Every match replaced; `$1` is the first group.
 *
 * In text: `regex_replace("2026-11-22", "(\\d+)-(\\d+)-(\\d+)", "$3.$2.$1")` is `"22.11.2026"`.
 */
export function regexReplace<
  A extends Arg<'string'>,
  B extends Arg<'string'>,
  C extends Arg<'string'>,
>(text: A, pattern: B, replacement: C): Result<'string', A | B | C>
export function regexReplace(...args: readonly unknown[]): unknown {
  return callColumn('regex_replace', args)
}

/**
 * The parts between matches.
 *
 * In text: `regex_split("a1b22c", "[0-9]+")` is `["a", "b", "c"]`.
 */
export function regexSplit<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  pattern: B,
): Result<'array<string>', A | B>
export function regexSplit(...args: readonly unknown[]): unknown {
  return callColumn('regex_split', args)
}
