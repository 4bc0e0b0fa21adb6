/** Error codes of the area "plan". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from './errors.ts'

export const PLAN_ERRORS = {} as const satisfies Record<string, ErrorKind>
