/**
 * Coded errors: the world or the user did something.
 *
 * Every code stands once, in the table of its area (`error-codes/`); docs/errors.md has one section
 * per code, and a tidy test keeps the two equal.
 */
import type { ErrorKind } from './error-kind.ts'
import { API_ERRORS } from './error-codes/api-errors.ts'
import { CHECKPOINT_ERRORS } from './error-codes/checkpoint-errors.ts'
import { CLI_ERRORS } from './error-codes/cli-errors.ts'
import { CONNECTOR_ERRORS } from './error-codes/connector-errors.ts'
import { EXPR_ERRORS } from './error-codes/expr-errors.ts'
import { PLAN_ERRORS } from './error-codes/plan-errors.ts'
import { RUN_ERRORS } from './error-codes/run-errors.ts'
import { SPEC_ERRORS } from './error-codes/spec-errors.ts'

export const ERROR_KINDS = {
  ...API_ERRORS,
  ...CHECKPOINT_ERRORS,
  ...CLI_ERRORS,
  ...SPEC_ERRORS,
  ...EXPR_ERRORS,
  ...PLAN_ERRORS,
  ...RUN_ERRORS,
  ...CONNECTOR_ERRORS,
} as const satisfies Record<string, ErrorKind>

export type { ErrorCertainty, ErrorDomain, ErrorKind, ErrorRemedy } from './error-kind.ts'

export type ErrorCode = keyof typeof ERROR_KINDS

/** An error with a code. `message` says what was wrong with which value; `fix` what to do. */
export class StreamError extends Error {
  override readonly name = 'StreamError'
  readonly code: ErrorCode
  readonly fix: string | null

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; fix?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.fix = options.fix ?? null
  }
}
