/** Implicit steps in generated code; those that change nothing cost nothing. */
import type { DataType } from '../../model/data-type.ts'
import type { TypedExpr } from '../ast.ts'
import { castValue, isFreeCast } from '../cast.ts'
import { isNarrowDecimal } from '../decimal.ts'
import { atom, type Value } from './code-block.ts'
import type { CodeContext, Position } from './code-context.ts'
import { neutralText } from './literals.ts'

type Cast = Extract<TypedExpr, { node: 'cast' }>

export function generateCast(context: CodeContext, expr: Cast, at: Position): Value {
  const from = expr.arg.type
  const value = context.generate(context, expr.arg, at)
  if (from.kind === 'null') return atom(neutralText(expr.to), value.isNull)
  if (isFreeCast(from, expr.to)) return value
  const call = inlineCast(value.text, from, expr.to) ?? callCast(context, value.text, expr)
  if (value.isNull === null) return { text: call, isNull: null, atomic: false }
  const text = `(${value.isNull} ? ${neutralText(expr.to)} : ${call})`
  return { text, isNull: value.isNull, atomic: false }
}

/** A product of a whole number and a power of ten is exact if it is within 2^53, which is checked. */
function inlineCast(text: string, from: DataType, to: DataType): string | null {
  if (from.kind === 'integer' && to.kind === 'bigint') return `BigInt(${text})`
  if (to.kind !== 'decimal' || !isNarrowDecimal(to)) return null
  const scale = from.kind === 'integer' ? 0 : narrowScale(from)
  if (scale === null || scale > to.scale) return null
  return `rt.narrow(${text} * ${10 ** (to.scale - scale)})`
}

function narrowScale(type: DataType): number | null {
  return type.kind === 'decimal' && isNarrowDecimal(type) ? type.scale : null
}

function callCast(context: CodeContext, text: string, { arg, to }: Cast): string {
  const cast = (value: unknown): unknown => castValue(value, arg.type, to)
  return `${context.constants.name(cast, `cast to ${to.kind}`)}(${text})`
}
