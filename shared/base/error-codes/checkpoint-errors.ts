/** Error codes of the area "checkpoint". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from '../error-kind.ts'

export const CHECKPOINT_ERRORS = {
  CHECKPOINT_DAMAGED: {
    domain: 'external',
    certainty: 'not-done',
    remedy: 'fail-run',
    title: 'A file of a checkpoint is not as it was written.',
  },
  CHECKPOINT_STORE_UNSUITABLE: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'refuse',
    title: 'A checkpoint store does not keep what exactly-once results need.',
  },
  DECISION_STALE: {
    domain: 'internal',
    certainty: 'not-done',
    remedy: 'fail-run',
    title: 'A process was to decide for a job that another one has taken over.',
  },
} as const satisfies Record<string, ErrorKind>
