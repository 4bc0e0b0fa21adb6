/** Error codes of the area "api": mistakes in a pipeline written in TypeScript. */
import type { ErrorKind } from '../error-kind.ts'

const AUTHOR = { domain: 'user', certainty: 'not-done', remedy: 'refuse' } as const

export const API_ERRORS = {
  BLOCK_UNNAMED: { ...AUTHOR, title: 'a chain of TypeScript does not end in .as(name)' },
  CHAIN_ORDER: { ...AUTHOR, title: 'a step stands where a chain cannot have it' },
  COLUMN_AS_VALUE: { ...AUTHOR, title: 'a column was used as a JavaScript value' },
  COLUMN_METHOD_UNKNOWN: { ...AUTHOR, title: 'a column has no such method' },
  EXPRESSION_UNUSED: { ...AUTHOR, title: 'an expression was built and never used' },
  LITERAL_UNKNOWN: { ...AUTHOR, title: 'a value is neither a column nor a literal' },
  NAME_TAKEN: { ...AUTHOR, title: 'two blocks have one name' },
  SCHEMA_INVALID: { ...AUTHOR, title: 'a schema in TypeScript has a field that is no type' },
} as const satisfies Record<string, ErrorKind>
