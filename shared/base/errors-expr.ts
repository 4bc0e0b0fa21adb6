/** Error codes of the area "expr". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from './errors.ts'

export const EXPR_ERRORS = {} as const satisfies Record<string, ErrorKind>
