/**
 * Untyped trees to typed ones: every name a column, every call one overload, every implicit step a
 * cast (LANGUAGE §2, DESIGN D1). Reports all problems at once and never throws on any tree.
 */
import type { DataType } from '../model/data-type.ts'
import { printFieldType, printType } from '../model/type-text.ts'
import { aggregateNamed } from './aggregates.ts'
import type { Expr, TypedExpr } from './ast.ts'
import { argumentOf, castArgument } from './checking/argument.ts'
import { Checker, type CallHook } from './checking/checker.ts'
import { printExpr } from './print.ts'
import { exprError, type ExprProblem } from './problem.ts'
import type { CheckOptions, ExprScope } from './scope.ts'
import { accepts } from './unify.ts'

export type { CheckOptions, Constant, ExprScope } from './scope.ts'

export interface CheckedExpression {
  readonly typed: TypedExpr | null
  readonly problems: readonly ExprProblem[]
}

export function checkExpression(
  expr: Expr,
  scope: ExprScope,
  options: CheckOptions = {},
): CheckedExpression {
  const problems: ExprProblem[] = []
  const checker = new Checker(scope, problems, refuseAggregates)
  const typed = checker.check(expr)
  if (typed === null) return { typed: null, problems }
  return { typed: finish(checker, typed, expr, options), problems }
}

/** The whole expression as what is expected of it. */
export function finish(
  checker: Checker,
  typed: TypedExpr,
  expr: Expr,
  options: CheckOptions,
): TypedExpr | null {
  if (typed.node === 'struct' && options.allowsStruct !== true) {
    return checker.refuse(wholeStruct(typed, expr))
  }
  const { expected } = options
  if (expected === undefined) return typed
  const arg = argumentOf(typed, expr)
  if (accepts(arg.as, expected)) return castArgument(checker, arg, expected)
  return checker.refuse(unexpected(typed, expr, expected))
}

const refuseAggregates: CallHook = (call, checker) => {
  const isMethod = call.method === true && (call.fn === 'where' || call.fn === 'last')
  const [receiver] = call.args
  if (isMethod && receiver?.kind === 'call' && receiver.method !== true) {
    return refuseAggregates(receiver, checker)
  }
  const isKnown = checker.scope.functions?.has(call.fn) === true
  if (call.method === true || isKnown || !isAggregate(call, checker.scope)) return null
  const message = `\`${call.fn}\` is an aggregate and stands only under \`aggregate:\``
  const fix = 'aggregate in a block of its own and read its field here'
  checker.refuse(exprError('EXPR_AGGREGATE_MISPLACED', message, { span: call.span, fix }))
  return 'refused'
}

/** `min`, `max`, `sum`, `any`, `all` of a list are functions where the library has them. */
function isAggregate(call: Extract<Expr, { kind: 'call' }>, scope: ExprScope): boolean {
  if (scope.aggregates?.has(call.fn) === true) return true
  return aggregateNamed(call.fn) !== null
}

function wholeStruct(typed: TypedExpr, expr: Expr): ExprProblem {
  const name = printExpr(expr)
  const [field] = typed.type.kind === 'struct' ? typed.type.fields : []
  return exprError('EXPR_STRUCT_AS_VALUE', `\`${name}\` is a struct, not one value`, {
    span: expr.span,
    fix:
      field === undefined
        ? undefined
        : `name a field of it, for instance \`${name}.${field.name}\``,
  })
}

function unexpected(typed: TypedExpr, expr: Expr, expected: DataType): ExprProblem {
  const name = printExpr(expr)
  const isCondition = expected.kind === 'boolean'
  const code = isCondition ? 'EXPR_NOT_BOOLEAN' : 'EXPR_TYPE_MISMATCH'
  const wanted = isCondition ? 'a condition' : printType(expected)
  return exprError(code, `\`${name}\` is ${printFieldType(typed)}, not ${wanted}`, {
    span: expr.span,
    fix: isCondition ? conditionFix(typed, name) : undefined,
  })
}

function conditionFix(typed: TypedExpr, name: string): string | undefined {
  switch (typed.type.kind) {
    case 'integer':
    case 'number':
    case 'decimal':
    case 'bigint':
      return `compare it: \`${name} != 0\``
    case 'string':
      return `compare it: \`${name} != ""\``
    default:
      return typed.nullable ? `compare it: \`${name} != null\`` : undefined
  }
}
