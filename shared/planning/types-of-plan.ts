/** `millrace types`: the rows of every stream of a plan as TypeScript types. */
import { unreachable } from '../base/assert.ts'
import type { DataType, Field, FieldType } from '../model/data-type.ts'
import type { Plan } from './plan.ts'

/** A module of types: one interface per stream and table, and a map from stream to type. */
export function typesOfPlan(plan: Plan): string {
  const rows: { stream: string; name: string; fields: readonly Field[] }[] = []
  for (const block of plan.blocks) {
    if (block.kind === 'sink') continue
    for (const { name, stream } of block.outputs) {
      const full = name === 'main' ? block.name : `${block.name}.${name}`
      rows.push({ stream: full, name: typeName(full), fields: stream.fields })
    }
  }
  for (const table of plan.tables) {
    rows.push({ stream: table.name, name: typeName(table.name), fields: table.fields })
  }
  const map = rows.map((row) => `  ${JSON.stringify(row.stream)}: ${row.name}`)
  return [
    `/** Rows of the streams of pipeline ${plan.pipeline}. Made by \`millrace types\`. */`,
    ...(usesDecimal(rows) ? [DECIMAL_IMPORT] : []),
    ...rows.map((row) => interfaceText(row.name, row.fields)),
    `export interface Streams {\n${map.join('\n')}\n}`,
    '',
  ].join('\n\n')
}

const DECIMAL_IMPORT = "import type { DecimalValue } from 'millrace'"

function usesDecimal(rows: readonly { readonly fields: readonly Field[] }[]): boolean {
  return rows.some((row) =>
    row.fields.some((field) => typeText(field, '').includes('DecimalValue')),
  )
}

/** `orders_by_hour.late` → `OrdersByHourLateRow`. */
function typeName(stream: string): string {
  const words = stream.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const name = words.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`).join('')
  return `${/^[0-9]/.test(name) ? '_' : ''}${name}Row`
}

function interfaceText(name: string, fields: readonly Field[]): string {
  return `export interface ${name} {\n${fieldLines(fields, '  ')}}`
}

function fieldLines(fields: readonly Field[], indent: string): string {
  return fields
    .map((field) => `${indent}${keyText(field.name)}: ${typeText(field, indent)}\n`)
    .join('')
}

function keyText(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : JSON.stringify(name)
}

function typeText({ type, nullable }: FieldType, indent: string): string {
  const text = bareText(type, indent)
  return nullable && type.kind !== 'null' ? `${text} | null` : text
}

function bareText(type: DataType, indent: string): string {
  switch (type.kind) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
    case 'duration':
      return 'number'
    case 'bigint':
      return 'bigint'
    case 'decimal':
      return 'DecimalValue'
    case 'boolean':
      return 'boolean'
    case 'timestamp':
    case 'date':
      return 'Date'
    case 'bytes':
      return 'Uint8Array'
    case 'json':
      return 'unknown'
    case 'array':
      return `ReadonlyArray<${typeText(type.element, indent)}>`
    case 'map':
      return `ReadonlyMap<string, ${typeText(type.value, indent)}>`
    case 'struct':
      return `{\n${fieldLines(type.fields, `${indent}  `)}${indent}}`
    case 'null':
      return 'null'
    default:
      return unreachable(type)
  }
}
