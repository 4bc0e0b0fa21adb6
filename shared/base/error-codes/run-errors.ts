/** Error codes of the area "run". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from '../error-kind.ts'

export const RUN_ERRORS = {
  CONNECTOR_NOT_YET: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'refuse',
    title: 'A connector can be checked and tested but not run yet.',
  },
  CONNECTOR_SIDE_MISSING: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'refuse',
    title: 'A connector was used as a source, table or sink and is none.',
  },
  COUNTS_UNBALANCED: {
    domain: 'internal',
    certainty: 'done',
    remedy: 'fail-run',
    title: 'The records of a block do not add up after a run.',
  },
  ENDED_EARLY: {
    domain: 'internal',
    certainty: 'unknown',
    remedy: 'fail-run',
    title: 'The process ended before its command did.',
  },
  ERROR_UNAWAITED: {
    domain: 'internal',
    certainty: 'unknown',
    remedy: 'fail-run',
    title: 'Something was thrown where nobody waits for it.',
  },
  EVENT_TIME_NULL: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A record of a source with event time has none.',
  },
  FUNCTION_RESULT_WRONG: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A TypeScript function gave something other than it declares.',
  },
  FUNCTION_THREW: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A TypeScript function threw.',
  },
  INTERNAL_ERROR: {
    domain: 'internal',
    certainty: 'unknown',
    remedy: 'fail-run',
    title: 'An assertion of the engine failed.',
  },
  KIND_UNKNOWN: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A record names a kind of change that does not exist.',
  },
  OPERATOR_THREW: {
    domain: 'internal',
    certainty: 'unknown',
    remedy: 'fail-run',
    title: 'An operator threw something that is no failure of a record.',
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
  RESULT_OUT_OF_RANGE: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'The result of an aggregate is beyond what its type can hold.',
  },
  SINK_FAILED: {
    domain: 'external',
    certainty: 'unknown',
    remedy: 'fail-run',
    title: 'A sink could not write, finish or open its target.',
  },
  SOURCE_FAILED: {
    domain: 'external',
    certainty: 'not-done',
    remedy: 'fail-run',
    title: 'A source could not open or read.',
  },
  RULE_BROKEN: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'fail-run',
    title: 'A record breaks a rule of `validate` with `action: fail`.',
  },
  TABLE_FAILED: {
    domain: 'external',
    certainty: 'not-done',
    remedy: 'fail-run',
    title: 'A lookup table could not be read.',
  },
  VALUE_TYPE_WRONG: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'by-on-error',
    title: 'A value is not of the type that its field declares.',
  },
} as const satisfies Record<string, ErrorKind>
