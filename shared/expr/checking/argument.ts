/** A checked argument: its typed tree, and what it counts as while an overload is looked for. */
import type { DataType } from '../../model/data-type.ts'
import { sameType } from '../../model/type-relations.ts'
import { printType } from '../../model/type-text.ts'
import { StreamError } from '../../base/errors.ts'
import type { Expr, TypedExpr } from '../ast.ts'
import { castValue, decimalLiteral } from '../cast.ts'
import { decimalOfDigits } from '../decimal.ts'
import type { ArgumentType } from '../overload.ts'
import { exprError, type ExprProblem } from '../problem.ts'
import { isTimeKind, timeLiteral } from './time-literal.ts'

export interface Argument {
  readonly typed: TypedExpr
  readonly expr: Expr
  readonly as: ArgumentType
}

interface Reporter {
  refuse(problem: ExprProblem): null
}

export function argumentOf(typed: TypedExpr, expr: Expr): Argument {
  const type = { type: typed.type, nullable: typed.nullable }
  if (expr.kind !== 'literal') return { typed, expr, as: type }
  const { value } = expr
  if (value.type === 'integer' || value.type === 'number') {
    return { typed, expr, as: { ...type, digits: value.digits } }
  }
  if (value.type === 'string') return { typed, expr, as: { ...type, text: value.value } }
  return { typed, expr, as: type }
}

/** The argument as the type that is wanted: a literal anew, anything else under a cast. */
export function castArgument(
  reporter: Reporter,
  { typed, as }: Argument,
  to: DataType,
): TypedExpr | null {
  if (sameType(typed.type, to)) return typed
  if (as.text !== undefined && isTimeKind(to.kind)) {
    const literal = timeLiteral(as.text, to.kind)
    if (literal.problem === null) return asLiteral(typed, literal.value, to)
    const { problem, fix } = literal
    return reporter.refuse(exprError('EXPR_LITERAL_INVALID', problem, { span: typed.span, fix }))
  }
  if (as.digits !== undefined && to.kind === 'decimal') return decimal(reporter, { typed, as }, to)
  if (typed.node === 'literal') return asLiteral(typed, castValue(typed.value, typed.type, to), to)
  return { ...spanOnly(typed), node: 'cast', to, arg: typed, type: to, nullable: typed.nullable }
}

function decimal(
  reporter: Reporter,
  { typed, as }: Pick<Argument, 'typed' | 'as'>,
  to: DataType,
): TypedExpr | null {
  const own = decimalOfDigits(as.digits ?? '')
  try {
    const value =
      own === null ? null : decimalLiteral({ unscaled: own.unscaled, scale: own.type.scale }, to)
    if (value !== null) return asLiteral(typed, value, to)
  } catch (cause) {
    if (!(cause instanceof StreamError)) throw cause
  }
  const message = `\`${as.digits}\` has more digits than ${printType(to)} holds`
  return reporter.refuse(exprError('EXPR_LITERAL_INVALID', message, { span: typed.span }))
}

function asLiteral(typed: TypedExpr, value: unknown, type: DataType): TypedExpr {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- casts keep to internal values
  const held = value as Extract<TypedExpr, { node: 'literal' }>['value']
  return { ...spanOnly(typed), node: 'literal', value: held, type, nullable: typed.nullable }
}

function spanOnly(typed: TypedExpr): Pick<TypedExpr, 'span'> {
  return typed.span === undefined ? {} : { span: typed.span }
}
