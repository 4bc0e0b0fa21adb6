/** What the tests of expressions share: a row type with every kind of field, and short ways in. */
import type { Expr, TypedExpr } from '../../../shared/expr/ast.ts'
import { checkExpression, type ExprScope } from '../../../shared/expr/check.ts'
import { interpret, type Row } from '../../../shared/expr/interpret.ts'
import { parseExpression } from '../../../shared/expr/parse.ts'
import { printValue } from '../../../shared/expr/print-value.ts'
import type { ExprProblem } from '../../../shared/expr/problem.ts'
import type { Field } from '../../../shared/model/data-type.ts'
import { parseTypeText } from '../../../shared/model/type-text.ts'

export function fieldsOf(text: string): readonly Field[] {
  const { type } = parseTypeText(text)
  if (type?.type.kind !== 'struct') throw new Error(`a struct is written as { … }: ${text}`)
  return type.type.fields
}

export const FIELDS = fieldsOf(`{
  user: string?, url: string, bot: boolean, maybe: boolean?, n: integer, m: integer?, x: number,
  d: decimal(12,2), e: decimal(10,3)?, w: decimal(30,2), b: bigint, ts: timestamp, day: date,
  dur: duration, tags: array<string>, attrs: map<integer>, j: json,
  merchant: { id: string, mcc: string? }, customer: { tier: string, age: integer }?,
  items: array<{ sku: string, qty: integer? }>
}`)

export const SCOPE: ExprScope = {
  fields: FIELDS,
  origin: () => 'schema Click',
  params: new Map([['since', { type: { kind: 'date' }, nullable: false, value: 20_454 }]]),
}

export function parsed(text: string): Expr {
  const { expr, problems } = parseExpression(text)
  if (expr === null) throw new Error(`${text}: ${problems[0]?.message}`)
  return expr
}

export function typed(text: string, scope: ExprScope = SCOPE): TypedExpr {
  const { typed: result, problems } = checkExpression(parsed(text), scope)
  if (result === null) throw new Error(`${text}: ${problems[0]?.message}`)
  return result
}

/** The problems of a text, by the parser or the checker. */
export function problemsOf(text: string, scope: ExprScope = SCOPE): readonly ExprProblem[] {
  const { expr, problems } = parseExpression(text)
  return expr === null ? problems : checkExpression(expr, scope).problems
}

/** The value of an expression over named values, printed. */
export function valueOf(text: string, values: Readonly<Record<string, unknown>> = {}): string {
  const expr = typed(text)
  const row: Row = { column: (path) => values[path] ?? null }
  return printValue(interpret(expr, row), expr.type)
}

/** Without spans, which built trees do not have. */
export function bare(expr: Expr): Expr {
  const { span: _, ...rest } = expr
  if (rest.kind === 'member') return { ...rest, of: bare(rest.of) }
  if (rest.kind === 'call') return { ...rest, args: rest.args.map(bare) }
  return rest
}
