/**
 * Lists, maps and what is in them: assembled by hyparquet, then made internal values. Decimals in
 * them come as doubles there, so only those of at most 15 digits are taken.
 */
import type { FieldType } from '../../../shared/model/data-type.ts'
import { printFieldType } from '../../../shared/model/type-text.ts'
import { mismatch } from './parquet-errors.ts'

const DAY_MS = 86_400_000

/** Undefined: the value is none of the type. */
export function nestedValue(value: unknown, field: FieldType, path: string): unknown {
  if (value === null || value === undefined) return field.nullable ? null : undefined
  const { type } = field
  switch (type.kind) {
    case 'array':
      if (!Array.isArray(value)) return undefined
      return all(value.map((one: unknown) => nestedValue(one, type.element, path)))
    case 'map': {
      const entries = value instanceof Map ? [...value] : Object.entries(value)
      const made = entries.map(([key, held]) => [String(key), nestedValue(held, type.value, path)])
      return made.some(([, held]) => held === undefined)
        ? undefined
        : new Map(made as [string, unknown][])
    }
    case 'struct': {
      const held = value as Readonly<Record<string, unknown>>
      const values = type.fields.map((one) => nestedValue(held[one.name], one, path))
      if (values.includes(undefined)) return undefined
      return Object.fromEntries(type.fields.map((one, index) => [one.name, values[index]]))
    }
    default:
      return scalar(value, field, path)
  }
}

function all(values: unknown[]): unknown[] | undefined {
  return values.includes(undefined) ? undefined : values
}

function scalar(value: unknown, field: FieldType, path: string): unknown {
  const { type } = field
  switch (type.kind) {
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'integer':
    case 'duration':
      return Number.isSafeInteger(Number(value)) ? Number(value) : undefined
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'bigint':
      return typeof value === 'bigint' || Number.isSafeInteger(value)
        ? BigInt(value as number | bigint)
        : undefined
    case 'timestamp':
      return value instanceof Date ? value.getTime() : undefined
    case 'date':
      return value instanceof Date ? Math.floor(value.getTime() / DAY_MS) : undefined
    case 'bytes':
      return value instanceof Uint8Array ? value : undefined
    case 'decimal':
      if (type.precision > 15) break
      return typeof value === 'number' ? Math.round(value * 10 ** type.scale) : undefined
    case 'json':
      return plainJson(value)
    default:
      break
  }
  throw mismatch(
    `${path} has ${printFieldType(field)} inside a list or map, which Parquet files are not read for`,
    'declare it with at most 15 digits',
  )
}

function plainJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_, held: unknown) =>
    typeof held === 'bigint' ? Number(held) : held,
  )
  const parsed: unknown = JSON.parse(text)
  return parsed
}
