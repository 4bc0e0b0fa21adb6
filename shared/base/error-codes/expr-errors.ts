/** Error codes of the area "expr". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from '../error-kind.ts'

/** Found when a pipeline is checked. */
const REFUSED = { domain: 'user', certainty: 'not-done', remedy: 'refuse' } as const
/** A record for which an expression has no value. */
const OF_RECORD = { domain: 'user', certainty: 'not-done', remedy: 'by-on-error' } as const

export const EXPR_ERRORS = {
  EXPR_AGGREGATE_MISPLACED: { ...REFUSED, title: 'An aggregate stands where none may stand' },
  EXPR_ARGUMENT_COUNT: { ...REFUSED, title: 'A function has too few or too many arguments' },
  EXPR_ARGUMENT_INVALID: { ...OF_RECORD, title: 'A function got an argument it has no result for' },
  EXPR_CONVERSION_FAILED: { ...OF_RECORD, title: 'A value cannot be read as the wanted type' },
  EXPR_DECIMAL_WITH_NUMBER: { ...REFUSED, title: 'A decimal meets a number' },
  EXPR_DIVISION_BY_ZERO: { ...OF_RECORD, title: 'A division by zero' },
  EXPR_FIELD_UNKNOWN: { ...REFUSED, title: 'A field that does not exist' },
  EXPR_FOREIGN_SYNTAX: { ...REFUSED, title: 'The spelling of another language' },
  EXPR_FUNCTION_UNKNOWN: { ...REFUSED, title: 'A function that does not exist' },
  EXPR_INTEGER_DIVISION: { ...REFUSED, title: '`/` between integers' },
  EXPR_LITERAL_INVALID: { ...REFUSED, title: 'A literal that is not of the type it stands for' },
  EXPR_NOT_BOOLEAN: { ...REFUSED, title: 'A condition that is not boolean' },
  EXPR_NOT_FINITE: { ...OF_RECORD, title: 'A result that is not a finite number' },
  EXPR_NULL_COMPARISON: { ...REFUSED, title: 'A comparison with null that is always the same' },
  EXPR_OVERFLOW: { ...OF_RECORD, title: 'A result beyond the range of its type' },
  EXPR_STRUCT_AS_VALUE: { ...REFUSED, title: 'A struct stands where one value is needed' },
  EXPR_SYNTAX: { ...REFUSED, title: 'An expression that cannot be read' },
  EXPR_TOO_LARGE: { ...REFUSED, title: 'An expression beyond the limits of size or depth' },
  EXPR_TYPE_MISMATCH: { ...REFUSED, title: 'Arguments of types that do not go together' },
  EXPR_VALUE_TOO_LARGE: { ...OF_RECORD, title: 'A text or list beyond the limit of its length' },
} as const satisfies Record<string, ErrorKind>
