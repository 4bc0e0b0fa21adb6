/** Which columns an expression reads, by path. */
import type { TypedExpr } from '../ast.ts'

export function columnReferences(expr: TypedExpr, into = new Set<string>()): Set<string> {
  switch (expr.node) {
    case 'column':
      into.add(expr.path)
      break
    case 'cast':
      columnReferences(expr.arg, into)
      break
    case 'call':
      for (const arg of expr.args) columnReferences(arg, into)
      break
    case 'macro':
      columnReferences(expr.over, into)
      columnReferences(expr.body, into)
      break
    default:
  }
  return into
}
