/** What the parser stumbled over, in our words. */
import type { ParseError } from '@marcbachmann/cel-js'
import {
  EXPRESSION_CHARACTERS_MAX,
  EXPRESSION_DEPTH_MAX,
  EXPRESSION_NODES_MAX,
} from '../../base/limits.ts'
import { exprError, type ExprProblem } from '../problem.ts'
import type { ExprToken } from './tokens.ts'

const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

export function syntaxProblem(
  cause: ParseError,
  text: string,
  tokens: readonly ExprToken[],
): ExprProblem {
  const start = Math.min(cause.range?.start ?? text.length, text.length)
  const token = tokens.find((one) => one.end > start)
  const span = { start: token?.start ?? start, end: token?.end ?? start + 1 }
  const found = token === undefined ? 'the end' : `\`${token.text}\``
  switch (cause.code) {
    case 'limit_exceeded':
      return tooLarge()
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
      return exprError('EXPR_SYNTAX', 'a text is not closed', {
        span,
        fix: 'close it with the quote it starts with',
      })
    case 'newline_in_string':
      return exprError('EXPR_SYNTAX', 'a text ends with its line', {
        span,
        fix: 'close it, or write `\\n`, or use three quotes',
      })
    case 'invalid_macro_argument':
      return exprError('EXPR_SYNTAX', `${found} is no name for an element`, {
        span,
        fix: 'macros look like `list.map(x, x + 1)` and `has(a.b)`',
      })
    case 'expected_token':
    case 'unexpected_token':
    case 'unexpected_character':
      return unexpected(found, span, tokens)
    default:
      return exprError('EXPR_SYNTAX', lowerFirst(cause.message.split('\n')[0] ?? ''), { span })
  }
}

function unexpected(
  found: string,
  span: { start: number; end: number },
  tokens: readonly ExprToken[],
): ExprProblem {
  const open = unbalanced(tokens)
  if (open !== null && found === 'the end') {
    const message = `\`${open.text}\` is not closed`
    return exprError('EXPR_SYNTAX', message, { span: { start: open.start, end: open.end } })
  }
  const before = tokens.findLast((one) => one.end <= span.start)
  if (before === undefined) {
    return exprError('EXPR_SYNTAX', `an expression does not start with ${found}`, { span })
  }
  return exprError('EXPR_SYNTAX', `${found} does not follow \`${before.text}\``, { span })
}

/** The innermost bracket that nothing closes. */
function unbalanced(tokens: readonly ExprToken[]): ExprToken | null {
  const open: ExprToken[] = []
  for (const token of tokens) {
    if (token.kind !== 'symbol') continue
    if ('([{'.includes(token.text)) open.push(token)
    if (open.at(-1)?.text === OPENING[token.text]) open.pop()
  }
  return open.at(-1) ?? null
}

function tooLarge(): ExprProblem {
  const message =
    `the expression is beyond the limits: ${EXPRESSION_NODES_MAX} parts, ` +
    `${EXPRESSION_DEPTH_MAX} levels, ${EXPRESSION_CHARACTERS_MAX} characters`
  return exprError('EXPR_TOO_LARGE', message, { fix: 'split it over several `set`' })
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
