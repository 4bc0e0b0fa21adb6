/** `change()`: read from the kind array; beside a literal it is a comparison of numbers. */
import { KIND_NAMES } from '../../model/batch-rows.ts'
import type { TypedExpr } from '../ast.ts'
import { atom, type Value } from './code-block.ts'
import type { CodeContext } from './code-context.ts'
import { CHANGE_OVERLOAD } from './expr-facts.ts'

type Call = Extract<TypedExpr, { node: 'call' }>

export function changeName(context: CodeContext): Value {
  if (context.kindText === null) return atom(context.constants.name('insert', '"insert"'))
  const names = context.constants.name(KIND_NAMES, 'names of change kinds')
  return { text: `${names}[${context.kindText}]`, isNull: null, atomic: false }
}

/** `change() == "insert"` and the like; null when it is something else. */
export function changeComparison(context: CodeContext, expr: Call): Value | null {
  const [left, right] = expr.args
  if (left === undefined || right === undefined) return null
  const literal = isChange(left) ? right : isChange(right) ? left : null
  if (literal === null || literal.node !== 'literal') return null
  const kind = KIND_NAMES.findIndex((name) => name === literal.value)
  const operator = expr.overload === 'eq.string' ? '===' : '!=='
  const text = `(${context.kindText ?? '0'} ${operator} ${kind})`
  return { text, isNull: literal.value === null ? 'true' : null, atomic: false }
}

function isChange(expr: TypedExpr): boolean {
  return expr.node === 'call' && expr.overload === CHANGE_OVERLOAD
}
