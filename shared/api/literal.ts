/** JavaScript values as literals of expressions, written as an author of text would write them. */
import { StreamError } from '../base/errors.ts'
import type { LiteralValue } from '../expr/ast.ts'

export function literalOf(value: unknown): LiteralValue {
  if (value === null) return { type: 'null' }
  if (typeof value === 'string') return { type: 'string', value }
  if (typeof value === 'boolean') return { type: 'boolean', value }
  if (typeof value === 'bigint') return { type: 'integer', digits: value.toString() }
  if (typeof value === 'number') return numberLiteral(value)
  if (value instanceof Date) return { type: 'string', value: dateText(value) }
  throw new StreamError('LITERAL_UNKNOWN', `${describe(value)} is no column and no literal`, {
    fix: 'give a column, text, a number, a boolean, a Date or null',
  })
}

/** Digits as an author would write them: never an exponent where plain digits do. */
function numberLiteral(value: number): LiteralValue {
  if (!Number.isFinite(value)) {
    throw new StreamError('LITERAL_UNKNOWN', `${value} is not a finite number`)
  }
  const digits = Object.is(value, -0) ? '0' : String(value)
  return Number.isSafeInteger(value) ? { type: 'integer', digits } : { type: 'number', digits }
}

function dateText(value: Date): string {
  if (!Number.isNaN(value.getTime())) return value.toISOString()
  throw new StreamError('LITERAL_UNKNOWN', 'the date is not valid')
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' ? 'an object' : `a value of type ${typeof value}`
}
