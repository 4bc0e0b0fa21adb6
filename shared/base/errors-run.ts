/** Error codes of the area "run". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from './errors.ts'

export const RUN_ERRORS = {
  KIND_UNKNOWN: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A record names a kind of change that does not exist.',
  },
  PROCESS_CONTEXT_STALE: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A process function used its context after the call had returned.',
  },
  PROCESS_OUTPUT_UNKNOWN: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A process function emitted to an output that it does not declare.',
  },
  PROCESS_ROW_INVALID: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A process function emitted something that is no row of its output.',
  },
  PROCESS_THREW: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A process function threw.',
  },
  PROCESS_TIMER_INVALID: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A process function set a timer for something that is no time.',
  },
  VALUE_TYPE_WRONG: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A value is not of the type that its field declares.',
  },
} as const satisfies Record<string, ErrorKind>
