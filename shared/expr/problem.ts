/** What is wrong with an expression: a diagnostic without the path of the expression. */
import type { Diagnostic } from '../base/diagnostics.ts'
import type { ErrorCode } from '../base/errors.ts'
import type { Span } from './ast.ts'

export type ExprProblem = Omit<Diagnostic, 'path' | 'onKey'>

export interface ProblemDetails {
  readonly span?: Span | undefined
  readonly cause?: string | undefined
  readonly fix?: string | undefined
}

export function exprError(
  code: ErrorCode,
  message: string,
  details: ProblemDetails = {},
): ExprProblem {
  return {
    severity: 'error',
    code,
    message,
    ...(details.span === undefined ? {} : { span: details.span }),
    ...(details.cause === undefined ? {} : { cause: details.cause }),
    ...(details.fix === undefined ? {} : { fix: details.fix }),
  }
}
