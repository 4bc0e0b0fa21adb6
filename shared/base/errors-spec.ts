/** Error codes of the area "spec". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from './errors.ts'

export const SPEC_ERRORS = {} as const satisfies Record<string, ErrorKind>
