/**
 * Whether an expression gives few texts, the same ones over many rows, so that its column is worth a
 * dictionary: keys and figures are then compared and hashed by code.
 */
import type { TypedExpr } from '../../ast.ts'
import { compileTimeFormat } from './time-format.ts'

const UNIT_MS_MIN = 60_000

/** A time in whole minutes or more as text. */
export function isRepeatingText(expr: TypedExpr): boolean {
  if (expr.node !== 'call' || !expr.overload.startsWith('format_time.')) return false
  const [, pattern] = expr.args
  if (pattern?.node !== 'literal' || typeof pattern.value !== 'string') return false
  const format = compileTimeFormat(pattern.value)
  return typeof format !== 'string' && format.unitMs >= UNIT_MS_MIN
}
