/**
 * Text to untyped trees. Never throws: whatever is wrong becomes problems with spans.
 *
 * The CEL library reads the grammar; before it runs, the habits of other languages are answered by
 * name, and words it reserves (`if`, `package`, …) are masked by names of the same length.
 */
import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js'
import {
  EXPRESSION_CHARACTERS_MAX,
  EXPRESSION_DEPTH_MAX,
  EXPRESSION_NODES_MAX,
} from '../base/limits.ts'
import type { Expr } from './ast.ts'
import { exprError, type ExprProblem } from './problem.ts'
import { ExprRefusal, exprOfCel, tooDeep } from './syntax/cel-tree.ts'
import { findForeignHabits } from './syntax/foreign-habits.ts'
import { syntaxProblem } from './syntax/syntax-problem.ts'
import { tokenize, type ExprToken } from './syntax/tokens.ts'

export interface ParsedExpression {
  readonly expr: Expr | null
  readonly problems: readonly ExprProblem[]
}

export interface ParsedOrder {
  readonly terms: readonly { readonly expr: Expr; readonly descending: boolean }[]
  readonly problems: readonly ExprProblem[]
}

const PARSER = new Environment({
  unlistedVariablesAreDyn: true,
  limits: {
    maxAstNodes: EXPRESSION_NODES_MAX,
    maxDepth: EXPRESSION_DEPTH_MAX,
    maxListElements: EXPRESSION_NODES_MAX,
    maxMapEntries: EXPRESSION_NODES_MAX,
    maxCallArguments: EXPRESSION_NODES_MAX,
  },
})

const RESERVED: ReadonlySet<string> = new Set([
  'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop',
  'package', 'namespace', 'return', 'var', 'void', 'while', '__proto__', 'prototype', 'cel',
]) // prettier-ignore

export function parseExpression(text: string): ParsedExpression {
  if (text.length > EXPRESSION_CHARACTERS_MAX) {
    const allowed = `at most ${EXPRESSION_CHARACTERS_MAX} are allowed`
    const message = `the expression has ${text.length} characters, ${allowed}`
    return refuse(exprError('EXPR_TOO_LARGE', message, { fix: 'split it over several `set`' }))
  }
  const tokens = tokenize(text)
  if (tokens.length === 0) return refuse(exprError('EXPR_SYNTAX', 'an expression is missing'))
  const habits = findForeignHabits(tokens)
  if (habits.length > 0) return { expr: null, problems: habits }
  try {
    return { expr: exprOfCel(parseMasked(text, tokens), text), problems: [] }
  } catch (cause) {
    return refuse(problemOf(cause, text, tokens))
  }
}

/** `price desc, ts`: terms with a direction each, ascending unless it says `desc`. */
export function parseOrder(text: string): ParsedOrder {
  const terms: { expr: Expr; descending: boolean }[] = []
  const problems: ExprProblem[] = []
  for (const part of splitAtCommas(tokenize(text))) {
    const direction = part.at(-1)
    const word = part.length > 1 && direction?.kind === 'name' ? direction.text.toLowerCase() : ''
    const isDirection = word === 'asc' || word === 'desc'
    const last = isDirection ? part.at(-2) : direction
    const start = part[0]?.start ?? text.length
    // Blanks in front keep the spans those of the whole text.
    const term = parseExpression(' '.repeat(start) + text.slice(start, last?.end ?? start))
    problems.push(...term.problems.map((problem) => ofOrder(problem)))
    if (term.expr !== null) terms.push({ expr: term.expr, descending: word === 'desc' })
  }
  return { terms, problems }
}

function ofOrder(problem: ExprProblem): ExprProblem {
  if (problem.code !== 'EXPR_SYNTAX' || problem.fix !== undefined) return problem
  return { ...problem, fix: 'terms look like `price desc, ts`; nulls stand last' }
}

function splitAtCommas(tokens: readonly ExprToken[]): ExprToken[][] {
  const parts: ExprToken[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'symbol' && '([{'.includes(token.text)) depth += 1
    if (token.kind === 'symbol' && ')]}'.includes(token.text)) depth -= 1
    if (depth === 0 && token.text === ',') parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

function parseMasked(text: string, tokens: readonly ExprToken[]): ASTNode {
  let masked = ''
  let from = 0
  tokens.forEach((token, index) => {
    if (token.kind !== 'name' || !RESERVED.has(token.text)) return
    if (tokens[index - 1]?.text === '.') return
    masked += `${text.slice(from, token.start)}${'_'.repeat(token.text.length)}`
    from = token.end
  })
  return PARSER.parse(masked + text.slice(from)).ast
}

function problemOf(cause: unknown, text: string, tokens: readonly ExprToken[]): ExprProblem {
  if (cause instanceof ExprRefusal) return cause.problem
  if (cause instanceof RangeError) return tooDeep().problem
  if (cause instanceof ParseError) return syntaxProblem(cause, text, tokens)
  throw cause
}

function refuse(problem: ExprProblem): ParsedExpression {
  return { expr: null, problems: [problem] }
}
