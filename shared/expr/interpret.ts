/**
 * Evaluates a typed tree, one node at a time and as plainly as possible. The oracle that generated
 * code is tested against, and what folds constants; never used per record.
 */
import { assert, unreachable } from '../base/assert.ts'
import type { TypedExpr } from './ast.ts'
import { castValue } from './cast.ts'
import { LAZY_OVERLOADS, matchOf, overloadById } from './library.ts'
import type { Overload } from './overload.ts'

/** Where the values of a row come from. */
export interface Row {
  /** Internal value of a column by its path; null where it is null. */
  column(path: string): unknown
  /** `insert`, `update_before`, `update_after` or `delete`. */
  readonly change?: string
  /** What `now()` is, ms. */
  readonly now?: number
  /** Overloads of the user's functions by id. */
  readonly functions?: ReadonlyMap<string, Overload>
}

const NO_ROW: Row = {
  column(path) {
    throw new TypeError(`a constant reads no column: ${path}`)
  },
}

type Variables = ReadonlyMap<string, unknown>

/** The value, or a StreamError. */
export function interpret(expr: TypedExpr, row: Row = NO_ROW): unknown {
  return evaluate(expr, row, new Map())
}

function evaluate(expr: TypedExpr, row: Row, variables: Variables): unknown {
  switch (expr.node) {
    case 'literal':
      return expr.value
    case 'column':
      return row.column(expr.path)
    case 'struct':
      throw new TypeError(`a struct has no value of its own: ${expr.path}`)
    case 'cast':
      return castValue(evaluate(expr.arg, row, variables), expr.arg.type, expr.to)
    case 'call':
      return evaluateCall(expr, row, variables)
    case 'macro':
      return evaluateMacro(expr, row, variables)
    case 'variable':
      assert(variables.has(expr.name), `variable ${expr.name} is bound`)
      return variables.get(expr.name)
    default:
      return unreachable(expr)
  }
}

type Call = Extract<TypedExpr, { node: 'call' }>

function evaluateCall(expr: Call, row: Row, variables: Variables): unknown {
  if (LAZY_OVERLOADS.has(expr.overload)) return evaluateLazy(expr, row, variables)
  if (expr.overload === 'change') return row.change ?? 'insert'
  if (expr.overload === 'now') return row.now ?? 0
  const overload = overloadById(expr.overload) ?? row.functions?.get(expr.overload) ?? null
  assert(overload !== null, `overload ${expr.overload} exists`)
  const args = expr.args.map((arg) => evaluate(arg, row, variables))
  if (overload.nulls === 'propagate' && args.includes(null)) return null
  return overload.run(args, matchOf(expr))
}

/** Stops at the first argument that decides: what is behind it may throw. */
function evaluateLazy(expr: Call, row: Row, variables: Variables): unknown {
  const value = (index: number): unknown => {
    const arg = expr.args[index]
    return arg === undefined ? null : evaluate(arg, row, variables)
  }
  if (expr.overload === 'if') return value(0) === true ? value(1) : value(2)
  if (expr.overload === 'coalesce') {
    for (let index = 0; index < expr.args.length; index++) {
      const one = value(index)
      if (one !== null) return one
    }
    return null
  }
  const decisive = expr.overload === 'or'
  const left = value(0)
  if (left === decisive) return decisive
  const right = value(1)
  if (right === decisive) return decisive
  return left === null || right === null ? null : !decisive
}

type Macro = Extract<TypedExpr, { node: 'macro' }>

function evaluateMacro(expr: Macro, row: Row, variables: Variables): unknown {
  const list = evaluate(expr.over, row, variables)
  if (!Array.isArray(list)) return null
  const body = (element: unknown): unknown =>
    evaluate(expr.body, row, new Map([...variables, [expr.variable, element]]))
  switch (expr.op) {
    case 'map':
      return list.map(body)
    case 'filter':
      return list.filter((element) => body(element) === true)
    case 'exists':
      return fold(list, body, true)
    case 'all':
      return fold(list, body, false)
    default:
      return unreachable(expr.op)
  }
}

/** `||` over all elements if `decisive` is true, `&&` if it is false. */
function fold(
  list: readonly unknown[],
  body: (element: unknown) => unknown,
  decisive: boolean,
): boolean | null {
  let sawNull = false
  for (const element of list) {
    const value = body(element)
    if (value === decisive) return decisive
    if (value === null) sawNull = true
  }
  return sawNull ? null : !decisive
}
