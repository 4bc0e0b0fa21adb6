/**
 * Rows as physical columns: the layout of a type, and fields flattened to leaves (layout.ts has the
 * law). The order of columns is the order of fields; a struct's presence stands before its leaves.
 */
import { unreachable } from '../base/assert.ts'
import type { DataType, Field, FieldType } from './data-type.ts'
import type { ColumnSpec, Layout } from './layout.ts'
import { DECIMAL_DOUBLE_PRECISION } from './type-relations.ts'

const BOOLEAN: DataType = { kind: 'boolean' }

/** The layout a value of this type has unless a reader or the planner chose `dict` for a string. */
export function layoutOf(type: DataType): Layout {
  switch (type.kind) {
    case 'integer':
    case 'number':
    case 'timestamp':
    case 'duration':
      return 'f64'
    case 'decimal':
      return type.precision <= DECIMAL_DOUBLE_PRECISION ? 'f64' : 'any'
    case 'date':
      return 'i32'
    case 'boolean':
      return 'bool'
    case 'string':
      return 'utf8'
    case 'bytes':
      return 'bytes'
    case 'bigint':
    case 'json':
    case 'array':
    case 'map':
    case 'struct': // only as an element of a list or a map: columns of structs are leaves
    case 'null':
      return 'any'
    default:
      return unreachable(type)
  }
}

/** One column of a type that is not a struct. */
export function columnOf(path: string, field: FieldType): ColumnSpec {
  return { path, type: field.type, nullable: field.nullable, layout: layoutOf(field.type) }
}

/** The leaves of fields, in order; `prefix` is the path they hang below (an alias), if any. */
export function columnsOf(fields: readonly Field[], prefix = ''): ColumnSpec[] {
  const columns: ColumnSpec[] = []
  for (const field of fields) addColumns(columns, prefix, field, false)
  return columns
}

function addColumns(to: ColumnSpec[], prefix: string, field: Field, absent: boolean): void {
  const path = prefix === '' ? field.name : `${prefix}.${field.name}`
  if (field.type.kind !== 'struct') {
    to.push(columnOf(path, { type: field.type, nullable: field.nullable || absent }))
    return
  }
  if (field.nullable) to.push(presenceColumn(path))
  for (const child of field.type.fields) addColumns(to, path, child, absent || field.nullable)
}

/** Says where a struct that can be null is there. Itself never null. */
export function presenceColumn(path: string): ColumnSpec {
  return { path: presencePath(path), type: BOOLEAN, nullable: false, layout: 'bool' }
}

export function presencePath(path: string): string {
  return `${path}.?`
}

/**
 * The field at a path (`merchant.id`), with the nullability it has when read through its parents;
 * null when there is none. A path may end at a struct.
 */
export function fieldAt(fields: readonly Field[], path: string): FieldType | null {
  let level = fields
  let absent = false
  let found: FieldType | null = null
  for (const name of path.split('.')) {
    const field = level.find((one) => one.name === name)
    if (field === undefined) return null
    absent ||= field.nullable
    found = { type: field.type, nullable: absent }
    level = field.type.kind === 'struct' ? field.type.fields : []
  }
  return found
}
