/** `schema({ … })`: a row type that compiler and planner both know. */
import { StreamError } from '../base/errors.ts'
import type { Field } from '../model/data-type.ts'
import type { RowTokens, Token } from './tokens.ts'
import { parseToken } from './type-token.ts'

declare const ROW: unique symbol

/** Branded, so that a plain object is refused where it is written and not three lines later. */
export interface Schema<R extends RowTokens> {
  readonly fields: readonly Field[]
  readonly [ROW]: R
}

export type RowTokensOf<S> = S extends Schema<infer R> ? R : never

/**
 * Declares the fields of a row by LANGUAGE types: `{ id: 'string', amount: 'decimal(12,2)?',
 * merchant: { id: 'string' } }`. Throws SCHEMA_INVALID, naming every field that is no type.
 */
export function schema<const R extends RowTokens>(tokens: R): Schema<R> {
  return { fields: fieldsOf(tokens) } as unknown as Schema<R>
}

/** The fields of a literal of tokens; also used for inputs and outputs of functions. */
export function fieldsOf(tokens: RowTokens): Field[] {
  const problems: string[] = []
  const fields = Object.entries(tokens).map(([name, token]) => fieldOf([name], token, problems))
  if (problems.length > 0) throw new StreamError('SCHEMA_INVALID', problems.join('; '))
  return fields
}

function fieldOf(path: readonly string[], token: Token, problems: string[]): Field {
  const name = path.at(-1) ?? ''
  if (typeof token === 'object' && token !== null) {
    const inner = Object.entries(token).map(([key, one]) => fieldOf([...path, key], one, problems))
    return { name, type: { kind: 'struct', fields: inner }, nullable: false }
  }
  const parsed = parseToken(token)
  if (parsed.type === null) {
    const fix = parsed.problem.fix === undefined ? '' : ` (${parsed.problem.fix})`
    problems.push(`${path.join('.')}: ${parsed.problem.message}${fix}`)
    return { name, type: { kind: 'json' }, nullable: true }
  }
  return { name, ...parsed.type }
}
