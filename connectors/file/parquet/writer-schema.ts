/** Our types as Parquet schema elements, in the order in which Parquet lists a tree. */
import type { SchemaElement } from 'hyparquet'
import type { ColumnNode } from '../../../shared/model/column-tree.ts'
import type { DataType, FieldType } from '../../../shared/model/data-type.ts'

/** Digits of a `bigint`: the widest decimal that readers share. */
export const BIGINT_DIGITS = 38
const INT64_DIGITS = 18

export function schemaElements(nodes: readonly ColumnNode[], kinds: boolean): SchemaElement[] {
  const kind = kinds ? [text('_kind', false)] : []
  return [
    { name: 'root', num_children: nodes.length + kind.length },
    ...kind,
    ...nodes.flatMap((node) => nodeElements(node)),
  ]
}

function nodeElements(node: ColumnNode): SchemaElement[] {
  if (node.kind === 'leaf') return elementsOf(node.name, node.spec)
  const repetition = node.presence === null ? 'REQUIRED' : 'OPTIONAL'
  return [
    { name: node.name, repetition_type: repetition, num_children: node.children.length },
    ...node.children.flatMap((child) => nodeElements(child)),
  ]
}

function elementsOf(name: string, field: FieldType): SchemaElement[] {
  const { type } = field
  const repetition_type = field.nullable ? 'OPTIONAL' : 'REQUIRED'
  switch (type.kind) {
    case 'array':
      return [
        { name, repetition_type, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elementsOf('element', type.element),
      ]
    case 'map':
      return [
        { name, repetition_type, converted_type: 'MAP', num_children: 1 },
        { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
        text('key', false),
        ...elementsOf('value', type.value),
      ]
    case 'struct':
      return [
        { name, repetition_type, num_children: type.fields.length },
        ...type.fields.flatMap((child) => elementsOf(child.name, child)),
      ]
    default:
      return [{ name, repetition_type, ...scalarElement(type) }]
  }
}

function text(name: string, isNullable: boolean): SchemaElement {
  const repetition_type = isNullable ? 'OPTIONAL' : 'REQUIRED'
  return { name, repetition_type, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
}

function scalarElement(type: DataType): Partial<SchemaElement> {
  switch (type.kind) {
    case 'integer':
    case 'duration':
      return { type: 'INT64' }
    case 'number':
      return { type: 'DOUBLE' }
    case 'boolean':
      return { type: 'BOOLEAN' }
    case 'timestamp':
      return {
        type: 'INT64',
        converted_type: 'TIMESTAMP_MILLIS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      }
    case 'date':
      return { type: 'INT32', converted_type: 'DATE' }
    case 'bytes':
      return { type: 'BYTE_ARRAY' }
    case 'json':
      return { type: 'BYTE_ARRAY', converted_type: 'JSON' }
    case 'decimal':
      return decimalElement(type.precision, type.scale)
    case 'bigint':
      return decimalElement(BIGINT_DIGITS, 0)
    default:
      return { type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  }
}

function decimalElement(precision: number, scale: number): Partial<SchemaElement> {
  const decimal = { converted_type: 'DECIMAL', precision, scale } as const
  if (precision <= INT64_DIGITS) return { type: 'INT64', ...decimal }
  return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, ...decimal }
}
