/** Texts of types that authors write in TypeScript: `'decimal(12,2)'`, `'string?'`. */
import { StreamError } from '../base/errors.ts'
import type { FieldType } from '../model/data-type.ts'
import { parseTypeText, type ParsedType } from '../model/type-text.ts'
import { shown } from '../model/value-json.ts'

/** What the compiler does not see (JavaScript, a cast) may be anything. */
export function parseToken(token: unknown): ParsedType {
  if (typeof token === 'string') return parseTypeText(token)
  const message = `${shown(token)} is no type`
  const fix = "write a text such as 'integer' or 'string?'"
  return { type: null, problem: { message, start: 0, end: 0, fix } }
}

export function typeOfToken(token: unknown): FieldType {
  const { type, problem } = parseToken(token)
  if (type !== null) return type
  const text = typeof token === 'string' ? `${token}: ${problem.message}` : problem.message
  const { fix } = problem
  throw new StreamError('SCHEMA_INVALID', text, fix === undefined ? {} : { fix })
}

export function typesOfTokens(tokens: readonly unknown[]): FieldType[] {
  if (Array.isArray(tokens)) return tokens.map(typeOfToken)
  const message = `\`input\` is a list of types, one per argument, and not ${shown(tokens)}`
  throw new StreamError('SCHEMA_INVALID', message, { fix: "write `input: ['integer']`" })
}
