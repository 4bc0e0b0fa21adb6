/**
 * `==` and `!=` over utf8 columns: their bytes are compared in place and no string is made. The
 * lengths decide most rows.
 */
import type { TypedExpr } from '../ast.ts'
import type { Value } from './code-block.ts'
import type { CodeContext, Position } from './code-context.ts'
import { changeComparison } from './generate-change.ts'
import { inputColumn } from './column-scope.ts'
import type { InputColumns } from './input-columns.ts'

type Call = Extract<TypedExpr, { node: 'call' }>

/** Null when the call is no such comparison. */
export function generateComparison(context: CodeContext, expr: Call, at: Position): Value | null {
  if (expr.overload !== 'eq.string' && expr.overload !== 'ne.string') return null
  const { arrays } = context.reader
  const [left, right] = expr.args
  if (arrays === null || left === undefined || right === undefined) return null
  const change = changeComparison(context, expr)
  if (change !== null) return change
  const column = utf8Column(context, left, at)
  const other = utf8Column(context, right, at)
  const isEqual = expr.overload === 'eq.string'
  if (column !== null && other !== null) {
    const text = `lib.equalsRows(${arrays.column(column)}, ${arrays.column(other)}, i)`
    return result(text, isEqual, nullsOf(arrays, [column, other], at))
  }
  const [index, literal] = column !== null ? [column, right] : [other, left]
  if (index === null || literal.node !== 'literal' || typeof literal.value !== 'string') return null
  const text = literalEquals(context, arrays, { index, text: literal.value })
  return result(text, isEqual, nullsOf(arrays, [index], at))
}

/** A column whose string is needed anyway is compared as a string. */
export function utf8Column(context: CodeContext, expr: TypedExpr, at: Position): number | null {
  const column = inputColumn(expr, at.scope)
  if (column === null || column.spec.layout !== 'utf8') return null
  const { key } = context.facts.of(expr, at.scope)
  return at.block.find(key) === undefined ? column.index : null
}

export function nullsOf(
  arrays: InputColumns,
  columns: readonly number[],
  at: Position,
): string | null {
  const nullable = columns.filter((index) => arrays.spec(index).nullable)
  const texts = new Set(nullable.map((index) => arrays.nullText(index, at.block)))
  return texts.size === 0 ? null : [...texts].join(' || ')
}

function result(text: string, isEqual: boolean, isNull: string | null): Value {
  return { text: isEqual ? text : `!${text}`, isNull, atomic: false }
}

function literalEquals(
  context: CodeContext,
  arrays: InputColumns,
  { index, text }: { readonly index: number; readonly text: string },
): string {
  const bytes = Buffer.from(text, 'utf8')
  const start = `${arrays.starts(index)}[i]`
  const length = `${arrays.ends(index)}[i] - ${start} === ${bytes.length}`
  if (bytes.length === 0) return `(${length})`
  const name = context.constants.name(bytes, `${JSON.stringify(text)} as UTF-8`)
  return `(${length} && lib.equalsBytes(${arrays.bytes(index)}, ${start}, ${name}))`
}
