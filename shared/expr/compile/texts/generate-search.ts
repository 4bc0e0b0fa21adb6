/**
 * Literals searched for in utf8 columns (`contains`, `starts_with`, `ends_with`, `count_of`): in
 * the column's bytes, so that no string is made.
 */
import type { Value } from '../code-block.ts'
import type { CodeContext, Position } from '../code-context.ts'
import type { TypedExpr } from '../../ast.ts'
import { nullsOf, utf8Column } from '../generate-comparison.ts'

type Call = Extract<TypedExpr, { node: 'call' }>

/** What searches, by overload. */
const SEARCHES: ReadonlyMap<string, string> = new Map([
  ['contains.string', 'containsBytes'],
  ['starts_with.string', 'startsWithBytes'],
  ['ends_with.string', 'endsWithBytes'],
  ['count_of', 'countBytes'],
])
/** What is decoded for bytes that are no UTF-8, or encoded for half a character. */
const REPLACEMENT = '\uFFFD'
const ASCII_MAX = 0x7f

/** Null when the call is no such search. */
export function generateSearch(context: CodeContext, expr: Call, at: Position): Value | null {
  const search = SEARCHES.get(expr.overload)
  const { arrays } = context.reader
  const [text, part] = expr.args
  if (search === undefined || arrays === null || text === undefined) return null
  if (part?.node !== 'literal' || typeof part.value !== 'string') return null
  if (part.value === '' || !part.value.isWellFormed() || part.value.includes(REPLACEMENT)) {
    return null
  }
  const index = utf8Column(context, text, at)
  if (index === null) return null
  const row = `${arrays.bytes(index)}, ${arrays.starts(index)}[i], ${arrays.ends(index)}[i]`
  const isNull = nullsOf(arrays, [index], at)
  const code = part.value.length === 1 ? part.value.charCodeAt(0) : ASCII_MAX + 1
  if (search === 'countBytes' && code <= ASCII_MAX) {
    const place = `${arrays.starts(index)}[i], ${arrays.ends(index)}[i], ${code}`
    const words = arrays.words(index)
    return {
      text: `lib.countByte(${arrays.bytes(index)}, ${words}, ${place})`,
      isNull,
      atomic: false,
    }
  }
  const note = `${JSON.stringify(part.value)} as UTF-8`
  const bytes = context.constants.name(Buffer.from(part.value, 'utf8'), note)
  return { text: `lib.${search}(${row}, ${bytes})`, isNull, atomic: false }
}
