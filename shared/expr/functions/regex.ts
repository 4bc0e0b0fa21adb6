/**
 * Regular expressions by RE2: time in proportion to the text, whatever the pattern. A literal
 * pattern is compiled once, when the pipeline is checked; others are remembered. Where JavaScript's
 * own engine is known to need no more time for a literal pattern, it matches (linear-pattern.ts).
 *
 * Owns: a bounded cache of compiled patterns.
 */
import { RE2JS } from 're2js'
import { StreamError } from '../../base/errors.ts'
import type { DataType } from '../../model/data-type.ts'
import type { FunctionDef, OverloadMatch } from '../overload.ts'
import { BOOLEAN, defineFixed, INTEGER, STRING } from './define.ts'
import { linearRegExp } from './patterns/linear-pattern.ts'

const REGEX = { group: 'regex' } as const
const PATTERNS_MAX = 256
const PATTERN_CHARACTERS_MAX = 4096

const PATTERNS = new Map<string, RE2JS>()

function compile(pattern: string): RE2JS {
  const known = PATTERNS.get(pattern)
  if (known !== undefined) return known
  const compiled = compileAnew(pattern)
  if (typeof compiled === 'string') throw new StreamError('EXPR_ARGUMENT_INVALID', compiled)
  if (PATTERNS.size >= PATTERNS_MAX) PATTERNS.clear()
  PATTERNS.set(pattern, compiled)
  return compiled
}

function compileAnew(pattern: string): RE2JS | string {
  if (pattern.length > PATTERN_CHARACTERS_MAX) {
    return `a pattern has at most ${PATTERN_CHARACTERS_MAX} characters`
  }
  try {
    return RE2JS.compile(pattern)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const hint = /\(\?[=!<]/.test(pattern)
      ? '; RE2 has no lookaround'
      : /\\\d/.test(pattern)
        ? '; RE2 has no back references'
        : ''
    return `\`${pattern}\` is not a pattern of RE2: ${reason}${hint}`
  }
}

/** For `literals`: a literal pattern is a static part, or is refused where it does not compile. */
function patternProblem(
  values: readonly unknown[],
): string | Readonly<Record<string, unknown>> | null {
  const [, pattern] = values
  if (typeof pattern !== 'string') return null
  const compiled = compileAnew(pattern)
  return typeof compiled === 'string' ? compiled : { pattern }
}

type Compiled = (pattern: string) => RE2JS

/** Gives the compiled pattern of a call: that of the literal, or of the text it is asked for. */
function compiledOf({ statics }: OverloadMatch): Compiled {
  if (typeof statics?.['pattern'] !== 'string') return compile
  const literal = compile(statics['pattern'])
  return () => literal
}

/** JavaScript's engine keeps a place to go back to per repeated character. */
const NATIVE_CHARACTERS_MAX = 1024 * 1024

/** The literal pattern for JavaScript's engine; null where RE2 has to match. */
function nativeOf({ statics }: OverloadMatch): RegExp | null {
  const pattern = statics?.['pattern']
  return typeof pattern === 'string' ? linearRegExp(pattern) : null
}

function isForNative(text: string): boolean {
  return text.length <= NATIVE_CHARACTERS_MAX && text.isWellFormed()
}

function extract(
  compiled: RE2JS,
  text: string,
  { pattern, group }: { readonly pattern: string; readonly group: number | undefined },
): string | null {
  const matcher = compiled.matcher(text)
  if (!matcher.find()) return null
  return matcher.group(groupOf(compiled.groupCount(), pattern, group)) ?? null
}

function groupOf(groupCount: number, pattern: string, group: number | undefined): number {
  const wanted = group ?? Math.min(1, groupCount)
  if (wanted >= 0 && wanted <= groupCount) return wanted
  throw new StreamError('EXPR_ARGUMENT_INVALID', `\`${pattern}\` has no group ${wanted}`)
}

function extractNative(
  native: RegExp,
  text: string,
  { pattern, group }: { readonly pattern: string; readonly group: number | undefined },
): string | null {
  const found = native.exec(text)
  return found === null ? null : (found[groupOf(found.length - 1, pattern, group)] ?? null)
}

function extractAll(compiled: RE2JS, text: string): string[] {
  const matcher = compiled.matcher(text)
  const wanted = Math.min(1, compiled.groupCount())
  const found: string[] = []
  while (matcher.find()) found.push(matcher.group(wanted) ?? '')
  return found
}

const STRINGS: DataType = { kind: 'array', element: { type: STRING, nullable: false } }

export const REGEX_FUNCTIONS: readonly FunctionDef[] = [
  defineFixed(
    {
      ...REGEX,
      name: 'regex_match',
      summary: 'Whether some part of the text matches; `^…$` for the whole.',
    },
    [
      ['regex_match("order-17", "[0-9]+")', 'true'],
      ['regex_match("order-17", "^[0-9]+$")', 'false'],
    ],
    {
      id: 'regex_match',
      params: { text: STRING, pattern: STRING },
      result: BOOLEAN,
      throws: true,
      literals: patternProblem,
      prepare: (match) => {
        const of = compiledOf(match)
        const native = nativeOf(match)
        return (text: string, pattern: string) =>
          native !== null && isForNative(text)
            ? native.test(text)
            : of(pattern).matcher(text).find()
      },
    },
  ),
  defineFixed(
    {
      ...REGEX,
      name: 'regex_extract',
      summary:
        'The first match: a group of it, or the first group, or the whole; null without a match.',
    },
    [
      ['regex_extract("id=17&x=1", "id=([0-9]+)")', '"17"'],
      ['regex_extract("a1b2", "[a-z]([0-9])", 0)', '"a1"'],
      ['regex_extract("abc", "[0-9]+")', 'null'],
    ],
    {
      id: 'regex_extract',
      params: { text: STRING, pattern: STRING, 'group?': INTEGER },
      result: STRING,
      nullable: true,
      throws: true,
      literals: patternProblem,
      prepare: (match) => {
        const of = compiledOf(match)
        const native = nativeOf(match)
        return (text: string, pattern: string, group?: number) =>
          native !== null && isForNative(text)
            ? extractNative(native, text, { pattern, group })
            : extract(of(pattern), text, { pattern, group })
      },
    },
  ),
  defineFixed(
    {
      ...REGEX,
      name: 'regex_extract_all',
      summary: 'All matches: their first group, or the whole.',
    },
    [['regex_extract_all("a1b22", "[0-9]+")', '["1", "22"]']],
    {
      id: 'regex_extract_all',
      params: { text: STRING, pattern: STRING },
      result: STRINGS,
      throws: true,
      literals: patternProblem,
      prepare: (match) => {
        const of = compiledOf(match)
        return (text: string, pattern: string) => extractAll(of(pattern), text)
      },
    },
  ),
  defineFixed(
    { ...REGEX, name: 'regex_replace', summary: 'Every match replaced; `$1` is the first group.' },
    [['regex_replace("2026-11-22", "(\\\\d+)-(\\\\d+)-(\\\\d+)", "$3.$2.$1")', '"22.11.2026"']],
    {
      id: 'regex_replace',
      params: { text: STRING, pattern: STRING, replacement: STRING },
      result: STRING,
      throws: true,
      literals: patternProblem,
      prepare: (match) => {
        const of = compiledOf(match)
        return (text: string, pattern: string, replacement: string) =>
          replaceAll(of(pattern), text, { pattern, replacement })
      },
    },
  ),
  defineFixed(
    { ...REGEX, name: 'regex_split', summary: 'The parts between matches.' },
    [['regex_split("a1b22c", "[0-9]+")', '["a", "b", "c"]']],
    {
      id: 'regex_split',
      params: { text: STRING, pattern: STRING },
      result: STRINGS,
      throws: true,
      literals: patternProblem,
      prepare: (match) => {
        const of = compiledOf(match)
        return (text: string, pattern: string) => of(pattern).split(text, -1)
      },
    },
  ),
]

function replaceAll(
  compiled: RE2JS,
  text: string,
  { pattern, replacement }: { readonly pattern: string; readonly replacement: string },
): string {
  try {
    return compiled.matcher(text).replaceAll(replacement)
  } catch (cause) {
    if (cause instanceof StreamError) throw cause
    const hint = 'groups are `$1`, a dollar is `\\\\$`'
    const message = `\`${replacement}\` does not fit \`${pattern}\`: ${hint}`
    throw new StreamError('EXPR_ARGUMENT_INVALID', message, { cause })
  }
}
