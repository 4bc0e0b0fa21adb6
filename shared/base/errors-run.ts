/** Error codes of the area "run". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from './errors.ts'

export const RUN_ERRORS = {} as const satisfies Record<string, ErrorKind>
