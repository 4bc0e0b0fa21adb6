/** Names to columns: fields, fields of structs, and what to say when there is none. */
import { nearestName } from '../../base/nearest-name.ts'
import type { Field, FieldType } from '../../model/data-type.ts'
import { printFieldType } from '../../model/type-text.ts'
import type { Expr, TypedExpr } from '../ast.ts'
import { functionNamed } from '../library.ts'
import { printExpr } from '../print.ts'
import { exprError, type ExprProblem } from '../problem.ts'
import type { ExprScope } from '../scope.ts'

interface Reporter {
  readonly scope: ExprScope
  refuse(problem: ExprProblem): null
}

const LISTED_MAX = 12

/** A field of the row as a column, or as a struct to go on from. */
export function resolveName(reporter: Reporter, name: string, expr: Expr): TypedExpr | null {
  const field = reporter.scope.fields.find((one) => one.name === name)
  if (field !== undefined) return columnOrStruct(name, field, expr)
  return reporter.refuse(unknownName(reporter.scope, name, expr))
}

function columnOrStruct(path: string, field: FieldType, expr: Expr): TypedExpr {
  const node = field.type.kind === 'struct' ? 'struct' : 'column'
  const span = expr.span === undefined ? {} : { span: expr.span }
  return { node, path, type: field.type, nullable: field.nullable, ...span }
}

/** `of.name`: of a struct, of a struct inside a list, or of JSON. */
export function fieldOfStruct(
  reporter: Reporter,
  of: TypedExpr,
  name: string,
  expr: Expr,
): TypedExpr | null {
  if (of.type.kind === 'struct') {
    const field = of.type.fields.find((one) => one.name === name)
    if (field === undefined) return reporter.refuse(unknownMember(of, of.type.fields, name, expr))
    const nullable = of.nullable || field.nullable
    if (of.node === 'struct') {
      return columnOrStruct(`${of.path}.${name}`, { type: field.type, nullable }, expr)
    }
    return callOn('field.struct', of, { type: field.type, nullable }, { expr, name })
  }
  if (of.type.kind === 'json') {
    return callOn('field.json', of, { type: of.type, nullable: true }, { expr, name })
  }
  return reporter.refuse(noMembers(of, name, expr))
}

function callOn(
  overload: string,
  of: TypedExpr,
  result: FieldType,
  { expr, name }: { expr: Expr; name: string },
): TypedExpr {
  const span = expr.span === undefined ? {} : { span: expr.span }
  return { node: 'call', overload, args: [of], statics: { name }, ...result, ...span }
}

function unknownName(scope: ExprScope, name: string, expr: Expr): ExprProblem {
  const names = scope.fields.map((field) => field.name)
  const span = expr.span
  if (scope.siblings?.has(name) === true) {
    const message = `\`${name}\` is made by the same \`set\`, whose entries see only its input`
    return exprError('EXPR_FIELD_UNKNOWN', message, { span, fix: 'write two `set` under `steps:`' })
  }
  const elsewhere = scope.elsewhere?.(name) ?? null
  if (elsewhere !== null) {
    return exprError('EXPR_FIELD_UNKNOWN', elsewhere.message, { span, fix: elsewhere.fix })
  }
  if (functionNamed(name) !== null) {
    const message = `\`${name}\` is a function, not a field`
    return exprError('EXPR_FIELD_UNKNOWN', message, { span, fix: `call it: \`${name}(…)\`` })
  }
  const message = `there is no field \`${name}\``
  return exprError('EXPR_FIELD_UNKNOWN', message, { span, ...suggestion(scope, name, names) })
}

function suggestion(
  scope: ExprScope,
  name: string,
  names: readonly string[],
): { cause?: string; fix?: string } {
  const near = nearestName(name, names)
  if (near !== null) return { fix: `did you mean \`${near}\`?`, cause: fieldList(names) }
  const inside = scope.fields.find(
    (field) => field.type.kind === 'struct' && field.type.fields.some((one) => one.name === name),
  )
  if (inside !== undefined) return { fix: `did you mean \`${inside.name}.${name}\`?` }
  return { cause: fieldList(names), fix: `a text stands in quotes: \`"${name}"\`` }
}

function fieldList(names: readonly string[]): string {
  if (names.length === 0) return 'there are no fields here'
  const listed = names.slice(0, LISTED_MAX).join(', ')
  const more = names.length > LISTED_MAX ? `, … (${names.length} fields)` : ''
  return `the fields are ${listed}${more}`
}

function unknownMember(
  of: TypedExpr,
  fields: readonly Field[],
  name: string,
  expr: Expr,
): ExprProblem {
  const names = fields.map((field) => field.name)
  const near = nearestName(name, names)
  const path = expr.kind === 'member' ? printExpr(expr.of) : of.node === 'struct' ? of.path : 'it'
  return exprError('EXPR_FIELD_UNKNOWN', `\`${path}\` has no field \`${name}\``, {
    span: expr.span,
    cause: fieldList(names),
    fix: near === null ? undefined : `did you mean \`${path}.${near}\`?`,
  })
}

/** Properties of other languages, and the functions that are meant. */
const PROPERTIES: ReadonlyMap<string, string> = new Map([
  ['length', 'size'],
  ['size', 'size'],
  ['count', 'size'],
  ['year', 'year'],
  ['month', 'month'],
  ['day', 'day'],
  ['hour', 'hour'],
  ['minute', 'minute'],
  ['second', 'second'],
  ['keys', 'keys'],
  ['values', 'values'],
])

function noMembers(of: TypedExpr, name: string, expr: Expr): ExprProblem {
  const value = expr.kind === 'member' ? printExpr(expr.of) : '…'
  const meant = PROPERTIES.get(name)
  const message = `\`${value}\` is ${printFieldType(of)} and has no fields`
  if (meant !== undefined) {
    const code = name === 'length' ? 'EXPR_FOREIGN_SYNTAX' : 'EXPR_FIELD_UNKNOWN'
    return exprError(code, message, { span: expr.span, fix: `write \`${meant}(${value})\`` })
  }
  const fix = of.type.kind === 'map' ? `write \`${value}["${name}"]\`` : undefined
  return exprError('EXPR_FIELD_UNKNOWN', message, { span: expr.span, fix })
}
