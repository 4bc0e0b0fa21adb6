/** Why a run failed, with everything its author needs to find the record. */
import { AssertionError } from '../../shared/base/assert.ts'
import { StreamError } from '../../shared/base/errors.ts'

export interface RunFailure {
  readonly block: string
  readonly code: string
  readonly message: string
  readonly fix: string | null
  /** The record as JSON-like value, where one record failed. */
  readonly payload: unknown
  readonly key: unknown
  readonly position: string | null
  readonly trace: string | null
}

/** Ends the run; made once, where the failure is known. */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError'
  readonly failure: RunFailure

  constructor(failure: RunFailure, cause?: unknown) {
    super(`${failure.block}: ${failure.message}`, cause === undefined ? {} : { cause })
    this.failure = failure
  }
}

/** Everything thrown in or for a block becomes the failure of that block. */
export function failureOf(block: string, fallback: string, cause: unknown): RunFailedError {
  if (cause instanceof RunFailedError) return cause
  const isOurs = cause instanceof AssertionError
  const code = cause instanceof StreamError ? cause.code : isOurs ? 'INTERNAL_ERROR' : fallback
  const failure: RunFailure = {
    block,
    code,
    message: messageOf(cause),
    fix: cause instanceof StreamError ? cause.fix : null,
    payload: undefined,
    key: undefined,
    position: null,
    trace: traceOf(cause),
  }
  return new RunFailedError(failure, cause)
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/** Where it was thrown: of an error that wraps what a user's function threw, the user's line. */
export function traceOf(cause: unknown): string | null {
  if (!(cause instanceof Error)) return null
  const thrown = cause instanceof StreamError && cause.cause instanceof Error ? cause.cause : cause
  return thrown.stack ?? null
}
