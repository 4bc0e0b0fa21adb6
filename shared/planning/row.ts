/**
 * The row at one point of a block: fields as the author sees them, their columns, and for messages
 * where each field came from. Immutable; every step makes a new one.
 */
import { assert } from '../base/assert.ts'
import { nearestName } from '../base/nearest-name.ts'
import type { DataType, Field, FieldType } from '../model/data-type.ts'
import type { ColumnSpec, Layout } from '../model/layout.ts'
import { columnsOf, fieldAt, presenceColumn } from '../model/row-schema.ts'
import { printFieldType } from '../model/type-text.ts'
import type { TypedExpr } from '../expr/ast.ts'
import { isRepeatingText } from '../expr/functions/time/repeating-text.ts'
import type { ProjectedColumn } from './plan.ts'

export interface Row {
  readonly fields: readonly Field[]
  /** The leaves of `fields`, in order. */
  readonly columns: readonly ColumnSpec[]
  /** By field name: "schema Click", "`set` of sessions". */
  readonly origins: ReadonlyMap<string, string>
}

/** Layouts by path where they are not the usual ones of the type (`dict`). */
export type Layouts = ReadonlyMap<string, Layout>

export function rowOf(
  fields: readonly Field[],
  origins: ReadonlyMap<string, string> | string,
  layouts: Layouts = new Map(),
): Row {
  const columns = columnsOf(fields).map((spec) => withLayout(spec, layouts.get(spec.path)))
  const map =
    typeof origins === 'string' ? new Map(fields.map((field) => [field.name, origins])) : origins
  return { fields, columns, origins: map }
}

export function withLayout(spec: ColumnSpec, layout: Layout | undefined): ColumnSpec {
  if (layout !== 'dict' || spec.type.kind !== 'string') return spec
  return { ...spec, layout }
}

export function layoutsOf(row: Row): Layouts {
  return new Map(
    row.columns.filter((one) => one.layout === 'dict').map((one) => [one.path, 'dict']),
  )
}

export function firstName(path: string): string {
  return path.split('.')[0] ?? path
}

/** "`user` is string?: schema Click". */
export function originOf(row: Row, path: string): string | undefined {
  const field = fieldAt(row.fields, path)
  const origin = row.origins.get(firstName(path))
  if (field === null || origin === undefined) return undefined
  return `\`${path}\` is ${printFieldType(field)}: ${origin}`
}

/** "did you mean", or the fields there are. */
export function fieldFix(row: Row, path: string): string {
  const parent = path.split('.').slice(0, -1)
  const level = parent.length === 0 ? row.fields : childrenAt(row, parent.join('.'))
  const names = (level ?? row.fields).map((field) => field.name)
  const near = nearestName(path.split('.').at(-1) ?? path, names)
  if (near !== null) return `write \`${[...parent, near].join('.')}\``
  return names.length === 0 ? 'there are no fields' : `one of ${listNames(names)}`
}

export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ')
  return names.length > 12 ? `${shown}, … (${names.length} in all)` : shown
}

function childrenAt(row: Row, path: string): readonly Field[] | null {
  const field = fieldAt(row.fields, path)
  return field?.type.kind === 'struct' ? field.type.fields : null
}

/** The columns of one field or struct, by path prefix. */
export function columnsBelow(row: Row, path: string): ColumnSpec[] {
  return row.columns.filter((spec) => spec.path === path || spec.path.startsWith(`${path}.`))
}

export function columnExpr(spec: ColumnSpec): TypedExpr {
  return { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable }
}

/** A field or struct as it stands in the row; its name may be any text. */
export function pathExpr(row: Row, path: string): TypedExpr | null {
  const field = fieldAt(row.fields, path)
  if (field === null) return null
  return { node: field.type.kind === 'struct' ? 'struct' : 'column', path, ...field }
}

export function keep(spec: ColumnSpec): ProjectedColumn {
  return { spec, expr: columnExpr(spec) }
}

/** The column of a computed value: a copied column keeps its layout, a text of few values gets codes. */
export function columnFor(path: string, expr: TypedExpr, row: Row): ColumnSpec {
  const spec = columnsOf([{ name: 'x', type: expr.type, nullable: expr.nullable }])[0]
  assert(spec !== undefined && expr.type.kind !== 'struct', `${path} is one column`)
  const copied = expr.node === 'column' ? row.columns.find((one) => one.path === expr.path) : null
  return withLayout({ ...spec, path }, isRepeatingText(expr) ? 'dict' : copied?.layout)
}

/** The columns of a value under a name: one, or the leaves of a struct that is referred to. */
export function projected(path: string, expr: TypedExpr, row: Row): ProjectedColumn[] {
  if (expr.node !== 'struct') return [{ spec: columnFor(path, expr, row), expr }]
  const columns = columnsBelow(row, expr.path).map((spec) => ({
    spec: { ...spec, path: `${path}${spec.path.slice(expr.path.length)}` },
    expr: columnExpr(spec),
  }))
  const presence = presenceColumn(path)
  const missing = expr.nullable && !columns.some((one) => one.spec.path === presence.path)
  return missing ? [{ spec: presence, expr: presenceOf(row, expr.path) }, ...columns] : columns
}

/** Presence of a struct that is there whenever its nearest parent that can be absent is. */
function presenceOf(row: Row, path: string): TypedExpr {
  const parts = path.split('.')
  for (let length = parts.length; length > 0; length--) {
    const presence = presenceColumn(parts.slice(0, length).join('.'))
    const column = row.columns.find((one) => one.path === presence.path)
    if (column !== undefined) return columnExpr(column)
  }
  return { node: 'literal', value: true, type: { kind: 'boolean' }, nullable: false }
}

/** The literal `null` has no type to store; it is stored as json. */
export function storableType(field: FieldType): FieldType {
  return field.type.kind === 'null' ? { type: { kind: 'json' }, nullable: true } : field
}

export function structType(fields: readonly Field[]): DataType {
  return { kind: 'struct', fields }
}
