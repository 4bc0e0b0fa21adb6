/** What is wrong with one row of a text, for `SourceContext.fail`. Thrown inside readers only. */
import type { ErrorCode } from '../../base/errors.ts'

export class RowProblem extends Error {
  override readonly name = 'RowProblem'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export function malformed(message: string): RowProblem {
  return new RowProblem('ROW_MALFORMED', message)
}

export function missing(path: string): RowProblem {
  return new RowProblem('ROW_FIELD_MISSING', `field ${path} is missing, which cannot be null`)
}

export function nullRefused(path: string): RowProblem {
  return new RowProblem('ROW_FIELD_MISSING', `field ${path} is null, which it cannot be`)
}

const SHOWN_MAX = 80
const LARGE_INTEGER = /^\s*-?\d{16,}\s*$/

export function wrong(path: string, text: string, expected: string): RowProblem {
  const shown = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
  const isTooLarge = expected === 'integer' && LARGE_INTEGER.test(text)
  const why = isTooLarge ? 'which is beyond 2^53: declare bigint' : `which is no ${expected}`
  return new RowProblem('ROW_FIELD_WRONG', `field ${path} is ${shown}, ${why}`)
}
