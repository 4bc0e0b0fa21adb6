/**
 * Operators that do not evaluate all their arguments, with SQL's nulls: `&&` and `||` in three
 * values, `!`, `?:`, `coalesce`, `== null`. What stands behind a short-circuit may throw, so its
 * statements go into a branch of their own.
 */
import type { DataType } from '../../model/data-type.ts'
import type { TypedExpr } from '../ast.ts'
import { atom, closed, isBoxed, negated, truth, type Value } from './code-block.ts'
import type { CodeContext, Position } from './code-context.ts'
import { neutralText } from './literals.ts'

type Call = Extract<TypedExpr, { node: 'call' }>
type Generator = (context: CodeContext, expr: Call, at: Position) => Value | null

/** By overload id. */
export const LOGIC: ReadonlyMap<string, Generator> = new Map<string, Generator>([
  ['and', (context, expr, at) => connective(context, expr, { at, stopsAt: false })],
  ['or', (context, expr, at) => connective(context, expr, { at, stopsAt: true })],
  ['not', negation],
  ['if', conditional],
  ['coalesce', coalesce],
  ['is_null', (context, expr, at) => nullTest(context, expr, { at, whenNull: true })],
  ['is_not_null', (context, expr, at) => nullTest(context, expr, { at, whenNull: false })],
])

/**
 * Text that is true where a condition is true: for filters and branches, where null counts as
 * false, so that `&&` and `||` need no third value.
 */
export function generateTruth(context: CodeContext, expr: TypedExpr, at: Position): string {
  const [left, right] = expr.node === 'call' ? expr.args : []
  const isConnective = expr.node === 'call' && (expr.overload === 'and' || expr.overload === 'or')
  const { key } = context.facts.of(expr, at.scope)
  if (!isConnective || left === undefined || right === undefined || context.facts.isShared(key)) {
    return truth(context.generate(context, expr, at))
  }
  const first = generateTruth(context, left, at)
  const inner = at.block.inner()
  const second = generateTruth(context, right, { ...at, block: inner })
  const isAnd = expr.overload === 'and'
  if (inner.lines.length === 0) return `(${first} ${isAnd ? '&&' : '||'} ${second})`
  const value = at.block.name('v')
  at.block.line(`let ${value} = ${first}`)
  inner.line(`${value} = ${second}`)
  at.block.close(isAnd ? `if (${value}) {` : `if (!${value}) {`, inner)
  return value
}

/** `&&` stops at false, `||` at true; a null on the way makes null unless something stops it. */
function connective(
  context: CodeContext,
  expr: Call,
  { at, stopsAt }: { readonly at: Position; readonly stopsAt: boolean },
): Value | null {
  const [left, right] = expr.args
  if (left === undefined || right === undefined || expr.args.length !== 2) return null
  const first = context.generate(context, left, at)
  const inner = at.block.inner()
  const second = context.generate(context, right, { ...at, block: inner })
  const operator = stopsAt ? '||' : '&&'
  if (inner.lines.length === 0 && first.isNull === null && second.isNull === null) {
    return { text: `(${first.text} ${operator} ${second.text})`, isNull: null, atomic: false }
  }
  const left1 = bound(first, at)
  if (inner.lines.length === 0) return joined(left1, second, { at, operator })
  return branched(left1, { second, inner }, { at, stopsAt })
}

/** Both sides are plain texts: `null` where neither side decides and one is null. */
function joined(
  left: Value,
  right: Value,
  { at, operator }: { readonly at: Position; readonly operator: string },
): Value {
  const value = at.block.bind(`${truth(left)} ${operator} ${truth(right)}`)
  const nulls = [left.isNull, right.isNull].filter((text) => text !== null)
  const isUnknown = nulls.map((text) => `(${text})`).join(' || ')
  if (operator === '||') return atom(value, `(!${value} && (${isUnknown}))`)
  const open = [left, right].map(notFalse).filter((text) => text !== 'true')
  return atom(value, `(!${value} && (${isUnknown}) && ${open.join(' && ')})`)
}

function notFalse(value: Value): string {
  return value.isNull === null ? value.text : `(${value.isNull} || ${value.text})`
}

interface Branch {
  readonly second: Value
  readonly inner: Position['block']
}

/** The right side has statements: they run only where the left side does not decide. */
function branched(
  left: Value,
  { second, inner }: Branch,
  { at, stopsAt }: { readonly at: Position; readonly stopsAt: boolean },
): Value {
  const value = at.block.name('v')
  const isNull = at.block.name('n')
  const open = stopsAt ? negated(truth(left)) : notFalse(left)
  at.block.line(`let ${value} = ${stopsAt}`)
  at.block.line(`let ${isNull} = false`)
  const secondName = inner.bind(truth(second))
  if (stopsAt) {
    inner.line(`${value} = ${secondName}`)
    const nulls = [left.isNull, second.isNull].filter((text) => text !== null)
    if (nulls.length > 0) inner.line(`${isNull} = !${value} && (${nulls.join(' || ')})`)
  } else {
    const notNull = left.isNull === null ? '' : `${negated(left.isNull)} && `
    inner.line(`${value} = ${notNull}${secondName}`)
    const notNo = second.isNull === null ? secondName : `(${second.isNull} || ${secondName})`
    const nulls = [left.isNull, second.isNull].filter((text) => text !== null)
    if (nulls.length > 0) {
      inner.line(`${isNull} = !${value} && (${nulls.join(' || ')}) && ${notNo}`)
    }
  }
  at.block.close(`if (${open}) {`, inner)
  const hasNulls = left.isNull !== null || second.isNull !== null
  return atom(value, hasNulls ? isNull : null)
}

function negation(context: CodeContext, expr: Call, at: Position): Value | null {
  const [arg] = expr.args
  if (arg === undefined) return null
  const value = context.generate(context, arg, at)
  return { text: negated(value.text), isNull: value.isNull, atomic: false }
}

/** Only the branch that is taken is evaluated; a condition that is null takes the second. */
function conditional(context: CodeContext, expr: Call, at: Position): Value | null {
  const [condition, yes, no] = expr.args
  if (condition === undefined || yes === undefined || no === undefined) return null
  const test = generateTruth(context, condition, at)
  const first = at.block.inner()
  const second = at.block.inner()
  const one = context.generate(context, yes, { ...at, block: first })
  const other = context.generate(context, no, { ...at, block: second })
  const mayBeNull = one.isNull !== null || other.isNull !== null
  if (!mayBeNull && first.lines.length === 0 && second.lines.length === 0) {
    return { text: `(${test} ? ${one.text} : ${other.text})`, isNull: null, atomic: false }
  }
  const value = at.block.name('v')
  const isNull = at.block.name('n')
  at.block.line(`let ${value} = ${neutralText(expr.type)}`)
  if (mayBeNull) at.block.line(`let ${isNull} = false`)
  assign(first, one, { value, isNull, mayBeNull, type: expr.type })
  assign(second, other, { value, isNull, mayBeNull, type: expr.type })
  at.block.close(`if (${test}) {`, first, '} else {')
  at.block.lines.push(...second.lines.map((line) => `  ${line}`), '}')
  return atom(value, mayBeNull ? isNull : null)
}

interface Target {
  readonly value: string
  readonly isNull: string
  readonly mayBeNull: boolean
  readonly type: DataType
}

function assign(
  block: Position['block'],
  from: Value,
  { value, isNull, mayBeNull, type }: Target,
): void {
  if (mayBeNull && from.isNull !== null) block.line(`${isNull} = ${from.isNull}`)
  block.line(`${value} = ${unboxed(from, type)}`)
}

/** Something neutral where the value is null. */
function unboxed(value: Value, type: DataType): string {
  return isBoxed(value) ? `${value.text} ?? ${neutralText(type)}` : value.text
}

/** The first that is not null; later ones are not evaluated. */
function coalesce(context: CodeContext, expr: Call, at: Position): Value | null {
  const [first, ...rest] = expr.args
  if (first === undefined) return null
  let result = context.generate(context, first, at)
  for (const arg of rest) {
    if (result.isNull === null) return result
    result = orElse(context, { left: result, right: arg, expr }, at)
  }
  return result
}

function orElse(
  context: CodeContext,
  { left, right, expr }: { readonly left: Value; readonly right: TypedExpr; readonly expr: Call },
  at: Position,
): Value {
  const inner = at.block.inner()
  const other = context.generate(context, right, { ...at, block: inner })
  if (inner.lines.length === 0 && other.isNull === null) {
    return { text: `(${left.isNull} ? ${other.text} : ${left.text})`, isNull: null, atomic: false }
  }
  const value = at.block.name('v')
  const isNull = at.block.name('n')
  at.block.line(`let ${value} = ${left.isNull} ? ${neutralText(expr.type)} : ${left.text}`)
  at.block.line(`let ${isNull} = ${left.isNull}`)
  inner.line(`${isNull} = ${other.isNull ?? 'false'}`)
  inner.line(`${value} = ${unboxed(other, expr.type)}`)
  at.block.close(`if (${isNull}) {`, inner)
  return atom(value, other.isNull === null ? null : isNull)
}

function nullTest(
  context: CodeContext,
  expr: Call,
  { at, whenNull }: { readonly at: Position; readonly whenNull: boolean },
): Value | null {
  const [arg] = expr.args
  if (arg === undefined) return null
  const value = context.generate(context, arg, at)
  const { isNull } = value
  // What throws does so although only its nullness is asked for.
  if (context.facts.of(arg, at.scope).throws) bound(value, at)
  if (isNull === null) return atom(whenNull ? 'false' : 'true')
  return { text: whenNull ? closed(isNull) : negated(isNull), isNull: null, atomic: false }
}

/** A value that is used more than once, as a variable. */
function bound(value: Value, at: Position): Value {
  return value.atomic ? value : { ...value, text: at.block.bind(value.text), atomic: true }
}
