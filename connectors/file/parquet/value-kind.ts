/**
 * How the values of a Parquet leaf become ours: which of its types may be read as which declared
 * type, and with which factor. Whatever could lose digits or mean something else is refused.
 */
import type { SchemaElement } from 'hyparquet'
import type { FieldType } from '../../../shared/model/data-type.ts'
import { printFieldType } from '../../../shared/model/type-text.ts'
import { mismatch } from './parquet-errors.ts'

export type ValueKind =
  /** A whole number times `factor`, or divided by `divisor` and rounded down. */
  | {
      readonly kind: 'whole'
      readonly factor: number
      readonly divisor: number
      readonly limit: number
    }
  | { readonly kind: 'float' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'text' }
  | { readonly kind: 'days' }
  | { readonly kind: 'int96' }
  /** Unscaled bytes of a decimal times `factor`. */
  | {
      readonly kind: 'decimal-bytes'
      readonly factor: bigint
      readonly limit: bigint
      readonly isBig: boolean
    }
  /** A BigInt of a whole number times `factor`. */
  | { readonly kind: 'bigint'; readonly factor: bigint; readonly limit: bigint | null }
  | { readonly kind: 'json' }

const SAFE = Number.MAX_SAFE_INTEGER

export function valueKind(element: SchemaElement, field: FieldType, path: string): ValueKind {
  const kind = kindOf(element, field)
  if (kind !== null) return kind
  throw mismatch(
    `column ${path} holds ${describe(element)}, which cannot be read as ${printFieldType(field)}`,
    `declare ${path} as ${suggestion(element)}`,
  )
}

function kindOf(element: SchemaElement, field: FieldType): ValueKind | null {
  const { type } = field
  const isWhole = element.type === 'INT32' || element.type === 'INT64'
  const isBytes = element.type === 'BYTE_ARRAY' || element.type === 'FIXED_LEN_BYTE_ARRAY'
  const decimal = decimalOf(element)
  const time = timeOf(element)
  const isPlainWhole = isWhole && decimal === null && time === null && !isDate(element)
  switch (type.kind) {
    case 'string':
      return element.type === 'BYTE_ARRAY' && decimal === null ? { kind: 'text' } : null
    case 'bytes':
      return isBytes && decimal === null ? { kind: 'text' } : null
    case 'json':
      return element.type === 'BYTE_ARRAY' && decimal === null ? { kind: 'json' } : null
    case 'boolean':
      return element.type === 'BOOLEAN' ? { kind: 'boolean' } : null
    case 'integer':
      return isPlainWhole ? whole(1, 1) : null
    case 'bigint':
      if (decimal?.scale === 0 && isBytes)
        return { kind: 'decimal-bytes', factor: 1n, limit: 10n ** 38n, isBig: true }
      return isPlainWhole || (decimal?.scale === 0 && isWhole)
        ? { kind: 'bigint', factor: 1n, limit: null }
        : null
    case 'number':
      if (element.type === 'FLOAT' || element.type === 'DOUBLE') return { kind: 'float' }
      return isPlainWhole ? whole(1, 1) : null
    case 'date':
      return isDate(element) ? { kind: 'days' } : null
    case 'timestamp':
      if (element.type === 'INT96') return { kind: 'int96' }
      if (isDate(element)) return whole(86_400_000, 1)
      if (time?.isTimestamp === true) return whole(1, time.perMs)
      return isPlainWhole && element.type === 'INT64' ? whole(1, 1) : null
    case 'duration':
      if (time?.isTimestamp === false) return whole(1, time.perMs)
      return isPlainWhole ? whole(1, 1) : null
    case 'decimal': {
      const stored = decimal ?? (isPlainWhole ? { precision: 19, scale: 0 } : null)
      if (stored === null || stored.scale > type.scale) return null
      const shift = type.scale - stored.scale
      const isBig = type.precision > 15
      const limit = 10n ** BigInt(type.precision)
      if (isBytes) return { kind: 'decimal-bytes', factor: 10n ** BigInt(shift), limit, isBig }
      if (isBig) return { kind: 'bigint', factor: 10n ** BigInt(shift), limit }
      return { kind: 'whole', factor: 10 ** shift, divisor: 1, limit: 10 ** type.precision - 1 }
    }
    default:
      return null
  }
}

function whole(factor: number, divisor: number): ValueKind {
  return { kind: 'whole', factor, divisor, limit: SAFE }
}

function isDate(element: SchemaElement): boolean {
  return element.converted_type === 'DATE' || element.logical_type?.type === 'DATE'
}

function decimalOf(element: SchemaElement): { precision: number; scale: number } | null {
  if (element.logical_type?.type === 'DECIMAL') return element.logical_type
  if (element.converted_type !== 'DECIMAL') return null
  return { precision: element.precision ?? 38, scale: element.scale ?? 0 }
}

const PER_MS = { MILLIS: 1, MICROS: 1000, NANOS: 1_000_000 } as const

/** Units of a time or timestamp per millisecond. */
function timeOf(element: SchemaElement): { isTimestamp: boolean; perMs: number } | null {
  const { logical_type: logical, converted_type: converted } = element
  if (logical?.type === 'TIMESTAMP' || logical?.type === 'TIME')
    return { isTimestamp: logical.type === 'TIMESTAMP', perMs: PER_MS[logical.unit] }
  if (converted === 'TIMESTAMP_MILLIS') return { isTimestamp: true, perMs: 1 }
  if (converted === 'TIMESTAMP_MICROS') return { isTimestamp: true, perMs: 1000 }
  if (converted === 'TIME_MILLIS') return { isTimestamp: false, perMs: 1 }
  if (converted === 'TIME_MICROS') return { isTimestamp: false, perMs: 1000 }
  return null
}

function describe(element: SchemaElement): string {
  const logical = element.logical_type?.type ?? element.converted_type
  const physical = element.type ?? 'a group'
  return logical === undefined ? physical : `${physical} (${logical})`
}

function suggestion(element: SchemaElement): string {
  const decimal = decimalOf(element)
  if (decimal !== null) return `decimal(${decimal.precision},${decimal.scale})`
  const time = timeOf(element)
  if (time !== null) return time.isTimestamp ? 'timestamp' : 'duration'
  if (isDate(element)) return 'date'
  switch (element.type) {
    case 'BOOLEAN':
      return 'boolean'
    case 'INT32':
    case 'INT64':
      return 'integer'
    case 'FLOAT':
    case 'DOUBLE':
      return 'number'
    case 'INT96':
      return 'timestamp'
    case 'BYTE_ARRAY':
      return 'string'
    case 'FIXED_LEN_BYTE_ARRAY':
      return 'bytes'
    default:
      return 'a struct, array or map'
  }
}
