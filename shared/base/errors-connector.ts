/** Error codes of the area "connector". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from './errors.ts'

export const CONNECTOR_ERRORS = {} as const satisfies Record<string, ErrorKind>
