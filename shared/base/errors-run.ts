/** Error codes of the area "run". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from './errors.ts'

export const RUN_ERRORS = {
  KIND_UNKNOWN: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A record names a kind of change that does not exist.',
  },
  VALUE_TYPE_WRONG: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A value is not of the type that its field declares.',
  },
} as const satisfies Record<string, ErrorKind>
