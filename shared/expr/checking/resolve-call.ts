/** One call to one overload: the first that takes the arguments, with every cast written out. */
import { StreamError } from '../../base/errors.ts'
import type { Expr, TypedExpr } from '../ast.ts'
import { interpret } from '../interpret.ts'
import type { FunctionDef, Overload, OverloadMatch } from '../overload.ts'
import { exprError, type ExprProblem } from '../problem.ts'
import type { ExprScope } from '../scope.ts'
import { anyNullable } from '../unify.ts'
import { castArgument, type Argument } from './argument.ts'
import { mismatch } from './mismatch.ts'

interface Reporter {
  readonly scope: ExprScope
  readonly problems: readonly ExprProblem[]
  refuse(problem: ExprProblem): null
}

type CallExpr = Extract<Expr, { kind: 'call' }>

/** Calls of literals that become literals, so that plans and prints show the value. */
const FOLDED: ReadonlySet<string> = new Set([
  'timestamp.string', 'date.string', 'duration.string', 'to_decimal.string', 'to_bigint.string',
  'neg.integer', 'neg.number', 'neg.decimal', 'neg.duration', 'neg.bigint',
]) // prettier-ignore

export function resolveCall(
  reporter: Reporter,
  expr: CallExpr,
  def: FunctionDef,
  args: readonly Argument[],
): TypedExpr | null {
  const types = args.map((arg) => arg.as)
  const literals = args.map(({ typed }) => (typed.node === 'literal' ? typed.value : undefined))
  const isWhole = args.some(({ typed }) => typed.node === 'struct')
  for (const overload of isWhole ? [] : def.overloads) {
    const match = overload.resolve(types, literals)
    if (typeof match === 'string') {
      return reporter.refuse(exprError('EXPR_LITERAL_INVALID', match, { span: expr.span }))
    }
    if (match !== null) return bind(reporter, { expr, overload, match }, args)
  }
  return reporter.refuse(mismatch(reporter.scope, expr, def, args))
}

interface Chosen {
  readonly expr: CallExpr
  readonly overload: Overload
  readonly match: OverloadMatch
}

function bind(
  reporter: Reporter,
  { expr, overload, match }: Chosen,
  args: readonly Argument[],
): TypedExpr | null {
  const cast = args.map((arg, index) => {
    const param = match.params[index]
    return param === undefined ? arg.typed : castArgument(reporter, arg, param)
  })
  const good = cast.filter((arg) => arg !== null)
  if (good.length !== cast.length) return null
  const nullable = match.result.nullable || (overload.nulls === 'propagate' && anyNullable(good))
  const typed: TypedExpr = {
    node: 'call',
    overload: overload.id,
    args: good,
    ...(match.statics === undefined ? {} : { statics: match.statics }),
    type: match.result.type,
    nullable,
    ...(expr.span === undefined ? {} : { span: expr.span }),
  }
  return overload.deterministic && good.every(isConstant) ? constant(reporter, typed, expr) : typed
}

function isConstant(typed: TypedExpr): boolean {
  if (typed.node === 'literal') return true
  if (typed.node === 'cast') return isConstant(typed.arg)
  if (typed.node !== 'call' || typed.overload === 'now' || typed.overload === 'change') return false
  return !typed.overload.includes(':') && typed.args.every(isConstant)
}

/** A call of constants is tried at once: what could never work is refused before it runs. */
function constant(reporter: Reporter, typed: TypedExpr, expr: CallExpr): TypedExpr | null {
  if (typed.node !== 'call' || typed.overload.includes(':') || typed.overload === 'change')
    return typed
  try {
    const value = interpret(typed)
    if (!FOLDED.has(typed.overload)) return typed
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- run gives internal values
    const held = value as Extract<TypedExpr, { node: 'literal' }>['value']
    const span = expr.span === undefined ? {} : { span: expr.span }
    return { node: 'literal', value: held, type: typed.type, nullable: value === null, ...span }
  } catch (cause) {
    if (!(cause instanceof StreamError)) throw cause
    const fix = cause.fix ?? undefined
    return reporter.refuse(exprError(cause.code, cause.message, { span: expr.span, fix }))
  }
}
