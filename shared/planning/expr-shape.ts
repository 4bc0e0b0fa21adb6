/** Questions about the shape of typed expressions: terms of a conjunction, columns read, `change()`. */
import type { TypedExpr } from '../expr/ast.ts'

/** Calls `visit` for the expression and everything inside of it. */
export function walkExpr(expr: TypedExpr, visit: (node: TypedExpr) => void): void {
  visit(expr)
  if (expr.node === 'cast') walkExpr(expr.arg, visit)
  if (expr.node === 'call') for (const arg of expr.args) walkExpr(arg, visit)
  if (expr.node === 'macro') {
    walkExpr(expr.over, visit)
    walkExpr(expr.body, visit)
  }
}

/** Paths of columns, and of structs with a `.` behind, that the expression reads. */
export function pathsRead(expr: TypedExpr): Set<string> {
  const paths = new Set<string>()
  walkExpr(expr, (node) => {
    if (node.node === 'column') paths.add(node.path)
    if (node.node === 'struct') paths.add(`${node.path}.`)
  })
  return paths
}

/** Whether a column is read by one of `paths` (as pathsRead gives them). */
export function reads(paths: ReadonlySet<string>, column: string): boolean {
  if (paths.has(column)) return true
  for (let dot = column.indexOf('.'); dot >= 0; dot = column.indexOf('.', dot + 1)) {
    if (paths.has(column.slice(0, dot + 1))) return true
  }
  return false
}

/** The terms that `&&` joins. */
export function conjuncts(expr: TypedExpr): TypedExpr[] {
  if (expr.node !== 'call' || !isAnd(expr.overload)) return [expr]
  return expr.args.flatMap(conjuncts)
}

/**
 * One expression of some of the terms of `whole`, in their order; null of none. More than one term
 * means that `whole` is a conjunction, whose overload is used again.
 */
export function conjunction(terms: readonly TypedExpr[], whole: TypedExpr): TypedExpr | null {
  const overload = whole.node === 'call' ? whole.overload : ''
  const [first, ...others] = terms
  if (first === undefined) return null
  return others.reduce((all, term) => andOf(all, term, overload), first)
}

function andOf(a: TypedExpr, b: TypedExpr, overload: string): TypedExpr {
  const nullable = a.nullable || b.nullable
  return { node: 'call', overload, args: [a, b], type: { kind: 'boolean' }, nullable }
}

function isAnd(overload: string): boolean {
  return overloadName(overload) === 'and' || overload === '&&'
}

/** `eq.string` → `eq`. */
export function overloadName(overload: string): string {
  const dot = overload.indexOf('.')
  return dot < 0 ? overload : overload.slice(0, dot)
}

export function isEquality(expr: TypedExpr): expr is TypedExpr & { readonly node: 'call' } {
  if (expr.node !== 'call' || expr.args.length !== 2) return false
  return overloadName(expr.overload) === 'eq' || expr.overload === '=='
}

export function readsChange(expr: TypedExpr): boolean {
  let found = false
  walkExpr(expr, (node) => {
    if (isChangeCall(node)) found = true
  })
  return found
}

function isChangeCall(expr: TypedExpr): boolean {
  return expr.node === 'call' && expr.args.length === 0 && overloadName(expr.overload) === 'change'
}

/** `change() == "insert"`, either way round: what passes is appended only. */
export function isInsertOnly(expr: TypedExpr): boolean {
  if (!isEquality(expr) || expr.node !== 'call') return false
  return expr.args.some(isChangeCall) && expr.args.some(isInsertText)
}

function isInsertText(expr: TypedExpr): boolean {
  return expr.node === 'literal' && expr.value === 'insert'
}
