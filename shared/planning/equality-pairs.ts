/**
 * Splits a condition over two rows, the left one and the one under an alias: equalities between the
 * sides (the key), terms of one side only, and what is left.
 */
import { fieldAt } from '../model/row-schema.ts'
import { printFieldType } from '../model/type-text.ts'
import type { ExprSource, TypedExpr } from '../expr/ast.ts'
import type { Field } from '../model/data-type.ts'
import { refuse, type Draft } from './draft.ts'
import { conjunction, conjuncts, isEquality, pathsRead } from './expr-shape.ts'
import { checkRowExpr } from './expression-checks.ts'
import { columnExpr, fieldFix, firstName, rowOf, type Row } from './row.ts'
import { commonType, sameType } from '../model/type-relations.ts'

export interface SplitCondition {
  /** Over the left row; over the right row with its own paths, without alias. */
  readonly pairs: readonly { readonly left: TypedExpr; readonly right: TypedExpr }[]
  readonly leftOnly: TypedExpr | null
  /** Own paths, without alias. */
  readonly rightOnly: TypedExpr | null
  /** Both sides: right columns as `alias.path`. */
  readonly residual: TypedExpr | null
  /** All but the pairs, in the order written, with `alias.path`. */
  readonly rest: TypedExpr | null
}

export interface ConditionSides {
  readonly left: Row
  readonly right: Row
  readonly alias: string
  readonly at: readonly (string | number)[]
}

/** A field name, or several, as short form of `on`. */
const NAMES = /^\s*\[?\s*([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*\]?\s*$/

export function splitCondition(
  draft: Draft,
  on: ExprSource,
  sides: ConditionSides,
): SplitCondition | null {
  const names = shortForm(on)
  if (names !== null) return byNames(draft, names, sides)
  const condition = checkRowExpr(draft, on, {
    at: sides.at,
    row: bothSides(sides),
    want: 'boolean',
  })
  if (condition === null) return null
  const split = splitTerms(condition, sides.alias)
  if (split.pairs.length > 0) return split
  refuse(draft, {
    code: 'JOIN_CONDITION_WRONG',
    at: sides.at,
    message: `the condition has no equality between the two sides, so that every row would be compared with every other`,
    fix: `add a term such as \`${example(sides)}\``,
  })
  return null
}

function shortForm(on: ExprSource): string[] | null {
  if (typeof on !== 'string') return on.built.kind === 'ident' ? [on.built.name] : null
  return (
    NAMES.exec(on)?.[1]
      ?.split(',')
      .map((name) => name.trim()) ?? null
  )
}

function example({ left, right, alias }: ConditionSides): string {
  const shared = left.fields.find((field) => right.fields.some((one) => one.name === field.name))
  const l = shared?.name ?? left.fields[0]?.name ?? 'field'
  return `${l} == ${alias}.${shared?.name ?? right.fields[0]?.name ?? 'field'}`
}

/** The left row with the right one as struct; in the condition both are there. */
export function bothSides(
  { left, right, alias }: Omit<ConditionSides, 'at'>,
  nullable = false,
): Row {
  const joined: Field = { name: alias, type: { kind: 'struct', fields: right.fields }, nullable }
  const origins = new Map(left.origins).set(alias, `alias ${alias}`)
  return rowOf([...left.fields, joined], origins)
}

function byNames(
  draft: Draft,
  names: readonly string[],
  { left, right, alias, at }: ConditionSides,
): SplitCondition | null {
  const pairs: { left: TypedExpr; right: TypedExpr }[] = []
  for (const name of names) {
    const l = columnAt(left, name)
    const r = columnAt(right, name)
    if (l === null || r === null) {
      const [row, side] = l === null ? [left, 'the row'] : [right, `\`${alias}\``]
      refuse(draft, {
        code: 'FIELD_UNKNOWN',
        at,
        message: `\`on: ${name}\` needs the field on both sides, and ${side} has no \`${name}\``,
        fix: `${fieldFix(row, name)}, or a condition such as \`${example({ left, right, alias, at })}\``,
      })
      return null
    }
    const type = commonType(l.type, r.type)
    if (type === null) {
      refuse(draft, {
        code: 'TYPE_MISMATCH',
        at,
        message: `\`${name}\` is ${printFieldType(l)} on the left and ${printFieldType(r)} in \`${alias}\``,
        fix: `convert one: \`${name} == to_string(${alias}.${name})\``,
      })
      return null
    }
    pairs.push({ left: castTo(l, type), right: castTo(r, type) })
  }
  return { pairs, leftOnly: null, rightOnly: null, residual: null, rest: null }
}

function castTo(expr: TypedExpr, type: TypedExpr['type']): TypedExpr {
  if (sameType(expr.type, type)) return expr
  return { node: 'cast', to: type, arg: expr, type, nullable: expr.nullable }
}

function columnAt(row: Row, name: string): TypedExpr | null {
  const field = fieldAt(row.fields, name)
  const spec = row.columns.find((one) => one.path === name)
  return field === null || spec === undefined ? null : columnExpr(spec)
}

export function splitTerms(condition: TypedExpr, alias: string): SplitCondition {
  const pairs: { left: TypedExpr; right: TypedExpr }[] = []
  const leftOnly: TypedExpr[] = []
  const rightOnly: TypedExpr[] = []
  const residual: TypedExpr[] = []
  const rest: TypedExpr[] = []
  for (const term of conjuncts(condition)) {
    const pair = isEquality(term) && term.node === 'call' ? asPair(term.args, alias) : null
    const side = sideOf(term, alias)
    if (pair === null) rest.push(term)
    if (pair !== null) pairs.push(pair)
    else if (side === 'right') rightOnly.push(withoutAlias(term, alias))
    else if (side === 'both') residual.push(term)
    else leftOnly.push(term)
  }
  return {
    pairs,
    leftOnly: conjunction(leftOnly, condition),
    rightOnly: conjunction(rightOnly, condition),
    residual: conjunction(residual, condition),
    rest: conjunction(rest, condition),
  }
}

function asPair(
  args: readonly TypedExpr[],
  alias: string,
): { left: TypedExpr; right: TypedExpr } | null {
  const [a, b] = args
  if (a === undefined || b === undefined) return null
  const sides = [sideOf(a, alias), sideOf(b, alias)]
  if (sides[0] === 'left' && sides[1] === 'right') return { left: a, right: withoutAlias(b, alias) }
  if (sides[0] === 'right' && sides[1] === 'left') return { left: b, right: withoutAlias(a, alias) }
  return null
}

export function sideOf(expr: TypedExpr, alias: string): 'none' | 'left' | 'right' | 'both' {
  let left = false
  let right = false
  for (const path of pathsRead(expr)) {
    if (firstName(path) === alias) right = true
    else left = true
  }
  if (left && right) return 'both'
  if (left) return 'left'
  return right ? 'right' : 'none'
}

/** The expression over the right row itself: `session.user` → `user`. */
export function withoutAlias(expr: TypedExpr, alias: string): TypedExpr {
  switch (expr.node) {
    case 'column':
    case 'struct':
      return { ...expr, path: expr.path.slice(alias.length + 1) }
    case 'cast':
      return { ...expr, arg: withoutAlias(expr.arg, alias) }
    case 'call':
      return { ...expr, args: expr.args.map((arg) => withoutAlias(arg, alias)) }
    case 'macro':
      return {
        ...expr,
        over: withoutAlias(expr.over, alias),
        body: withoutAlias(expr.body, alias),
      }
    default:
      return expr
  }
}

/** The reverse: `user` → `session.user`. */
export function underAlias(expr: TypedExpr, alias: string): TypedExpr {
  switch (expr.node) {
    case 'column':
    case 'struct':
      return { ...expr, path: `${alias}.${expr.path}` }
    case 'cast':
      return { ...expr, arg: underAlias(expr.arg, alias) }
    case 'call':
      return { ...expr, args: expr.args.map((arg) => underAlias(arg, alias)) }
    case 'macro':
      return { ...expr, over: underAlias(expr.over, alias), body: underAlias(expr.body, alias) }
    default:
      return expr
  }
}
