/**
 * Calls of overloads. Nulls of `propagate` overloads are handled here, in generated code, so that an
 * implementation never sees one; `own` overloads get JavaScript null. Operators whose arguments may
 * not all be evaluated, and comparisons that need no string, have generators of their own.
 */
import { assert } from '../../base/assert.ts'
import type { TypedExpr } from '../ast.ts'
import type { Overload, OverloadMatch } from '../overload.ts'
import { anyNull, atom, boxed, closed, isBoxed, type Value } from './code-block.ts'
import type { CodeContext, Position } from './code-context.ts'
import { CHANGE_OVERLOAD, isSafeModulo, NOW_OVERLOAD } from './expr-facts.ts'
import { changeName } from './generate-change.ts'
import { generateComparison } from './generate-comparison.ts'
import { LOGIC } from './generate-logic.ts'
import { neutralText } from './literals.ts'
import { generateSearch } from './texts/generate-search.ts'

export type Call = Extract<TypedExpr, { node: 'call' }>

export function generateCall(context: CodeContext, expr: Call, at: Position): Value {
  if (expr.overload === NOW_OVERLOAD) return atom('now')
  if (expr.overload === CHANGE_OVERLOAD) return changeName(context)
  const special = LOGIC.get(expr.overload)
  const made = special === undefined ? null : special(context, expr, at)
  if (made !== null) return made
  const inBytes = generateComparison(context, expr, at) ?? generateSearch(context, expr, at)
  if (inBytes !== null) return inBytes

  if (isSafeModulo(expr)) return modulo(context, expr, at)

  const overload = context.overload(expr.overload)
  const match = matchOf(expr, overload)
  const args = expr.args.map((arg) => context.generate(context, arg, at))
  if (overload.nulls === 'own') return ownCall(context, { expr, overload, match }, { args, at })
  return propagatingCall(context, { expr, overload, match }, { args, at })
}

/** In 32 bits where the dividend fits, else by a division, as exact (see moduloInteger). */
function modulo(context: CodeContext, expr: Call, at: Position): Value {
  const [dividend, divisor] = expr.args.map((arg) => context.generate(context, arg, at))
  assert(dividend !== undefined && divisor !== undefined, '% has two arguments')
  const x = dividend.atomic ? dividend.text : at.block.bind(dividend.text)
  const by = divisor.text
  const divided = `${x} - Math.trunc(${x} / ${by}) * ${by} + 0`
  const text = `((${x} | 0) === ${x} ? ((${x} | 0) % ${by}) | 0 : ${divided})`
  return { text, isNull: dividend.isNull, atomic: false }
}

interface Resolved {
  readonly expr: Call
  readonly overload: Overload
  readonly match: OverloadMatch
}

interface Given {
  readonly args: readonly Value[]
  readonly at: Position
}

function ownCall(context: CodeContext, { expr, overload, match }: Resolved, given: Given): Value {
  const callee = calleeName(context, overload, match)
  const name = given.at.block.bind(`${callee}(${given.args.map(boxed).join(', ')})`)
  return atom(name, expr.nullable ? `${name} === null` : null)
}

function propagatingCall(
  context: CodeContext,
  { expr, overload, match }: Resolved,
  { args, at }: Given,
): Value {
  const nulls = sharedNull(anyNull(args), at)
  const texts = args.map((arg, index) => {
    const throws = nulls !== null && throwsAt(context, expr.args[index], at)
    return closed(throws && !arg.atomic ? at.block.bind(arg.text) : arg.text)
  })
  const inlined = overload.inline?.(texts, match) ?? null
  const call =
    inlined === null
      ? `${calleeName(context, overload, match)}(${texts.join(', ')})`
      : closed(inlined)
  if (match.result.nullable) {
    const name = at.block.bind(nulls === null ? call : `${nulls} ? null : ${call}`)
    return atom(name, `${name} === null`)
  }
  if (nulls === null) return { text: call, isNull: null, atomic: false }
  if (isSafeOnNeutral(overload, expr, args)) return { text: call, isNull: nulls, atomic: false }
  const text = `(${nulls} ? ${neutralText(expr.type)} : ${call})`
  return { text, isNull: nulls, atomic: false }
}

/** What throws does so although another argument is null. */
function throwsAt(context: CodeContext, arg: TypedExpr | undefined, at: Position): boolean {
  return arg !== undefined && context.facts.of(arg, at.scope).throws
}

/** Whether code may run on the neutral values of nulls, which is cheaper than a branch. */
function isSafeOnNeutral(overload: Overload, expr: Call, args: readonly Value[]): boolean {
  if (overload.inline === undefined || overload.throws || args.some(isBoxed)) return false
  return expr.args.every((arg) => neutralText(arg.type) !== 'null')
}

/** A text of several nulls is used more than once: it becomes a variable. */
function sharedNull(text: string | null, at: Position): string | null {
  if (text === null || /^[a-z0-9]+$/.test(text)) return text
  return at.block.bind(text, 'n')
}

/**
 * The match the checker resolved. Its result is nullable where the function itself can give null:
 * resolved again for the argument types, or taken from the node where that is not possible.
 */
function matchOf(expr: Call, overload: Overload): OverloadMatch {
  const params = expr.args.map((arg) => arg.type)
  const literals = expr.args.map((arg) => (arg.node === 'literal' ? arg.value : undefined))
  const again = overload.resolve(
    expr.args.map((arg) => ({ type: arg.type, nullable: false })),
    literals,
  )
  const known = typeof again === 'object' && again !== null ? again.result.nullable : true
  const nullable = overload.nulls === 'own' ? expr.nullable : expr.nullable && known
  const match = { params, result: { type: expr.type, nullable } }
  return expr.statics === undefined ? match : { ...match, statics: expr.statics }
}

function calleeName(context: CodeContext, overload: Overload, match: OverloadMatch): string {
  const callee =
    overload.prepare?.(match) ?? ((...args: unknown[]): unknown => overload.run(args, match))
  return context.constants.name(callee, overload.id)
}
