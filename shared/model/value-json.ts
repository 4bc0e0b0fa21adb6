/**
 * Internal values to JSON-like values and back, by type. For payloads, previews and tests; bulk
 * output is written by json-lines.ts.
 *
 * timestamp and date are ISO texts, decimals texts of exact digits, bigint a text of digits,
 * duration a number of milliseconds, bytes base64, a struct or map an object.
 */
import { unreachable } from '../base/assert.ts'
import { StreamError } from '../base/errors.ts'
import { formatDate, formatTimestamp, parseDate, parseTimestamp } from './text/civil-time.ts'
import type { DataType, FieldType } from './data-type.ts'
import { fitsPrecision, formatDecimal, parseDecimal } from './text/decimal-text.ts'
import { DECIMAL_DOUBLE_PRECISION } from './type-relations.ts'
import { printType } from './type-text.ts'
import { bufferOf } from './text/utf8.ts'

/** How numbers that a double may not hold are given: as text, or exactly once they are JSON text. */
export type ExactNumbers = 'text' | 'raw'

/** JSON.stringify writes it as these digits, unquoted. Not in the compiler's library yet. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown }

export function toJsonValue(
  value: unknown,
  type: DataType,
  numbers: ExactNumbers = 'text',
): unknown {
  if (value === null || value === undefined) return null
  switch (type.kind) {
    case 'timestamp':
      return formatTimestamp(value as number)
    case 'date':
      return formatDate(value as number)
    case 'decimal':
      return exact(formatDecimal(value as number | bigint, type.scale), numbers)
    case 'bigint':
      return exact((value as bigint).toString(), numbers)
    case 'bytes':
      return bufferOf(value as Uint8Array).toString('base64')
    case 'array':
      return (value as unknown[]).map((element) => toJsonValue(element, type.element.type, numbers))
    case 'map':
      return Object.fromEntries(
        [...(value as Map<string, unknown>)].map(([key, held]) => [
          key,
          toJsonValue(held, type.value.type, numbers),
        ]),
      )
    case 'struct': {
      const held = value as Readonly<Record<string, unknown>>
      return Object.fromEntries(
        type.fields.map((field) => [
          field.name,
          toJsonValue(held[field.name], field.type, numbers),
        ]),
      )
    }
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
    case 'duration':
    case 'json':
    case 'null':
      return value
    default:
      return unreachable(type)
  }
}

function exact(digits: string, numbers: ExactNumbers): unknown {
  return numbers === 'raw' ? rawJSON(digits) : digits
}

/**
 * The internal value of a JSON-like value. Takes also what a program has at hand: Dates for
 * timestamps, numbers for decimals, Maps, bigints. Anything else is an error that names the value.
 */
export function fromJsonValue(value: unknown, field: FieldType, where: string): unknown {
  if (value === null || value === undefined) {
    if (field.nullable || field.type.kind === 'null') return null
    throw wrongValue(value, field.type, where)
  }
  const made = madeOf(value, field.type, where)
  if (made === undefined) throw wrongValue(value, field.type, where)
  return made
}

function madeOf(value: unknown, type: DataType, where: string): unknown {
  switch (type.kind) {
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'integer':
      return Number.isSafeInteger(value) ? value : undefined
    case 'number':
    case 'duration':
      return Number.isFinite(value) ? value : undefined
    case 'bigint':
      return bigintOf(value)
    case 'decimal':
      return decimalOf(value, type)
    case 'timestamp':
      return timestampOf(value)
    case 'date':
      return typeof value === 'string' ? (parseDate(value) ?? undefined) : integerOf(value)
    case 'bytes':
      return bytesOf(value)
    case 'json':
      return value
    case 'array':
      if (!Array.isArray(value)) return undefined
      return value.map((element, index) =>
        fromJsonValue(element, type.element, `${where}[${index}]`),
      )
    case 'map':
      return mapOf(value, type.value, where)
    case 'struct':
      return structOf(value, type, where)
    case 'null':
      return undefined
    default:
      return unreachable(type)
  }
}

function bigintOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? BigInt(value) : undefined
}

function decimalOf(
  value: unknown,
  type: { readonly precision: number; readonly scale: number },
): number | bigint | undefined {
  const text = typeof value === 'number' || typeof value === 'bigint' ? `${value}` : value
  if (typeof text !== 'string') return undefined
  const unscaled = parseDecimal(text, type.scale)
  if (unscaled === null || !fitsPrecision(unscaled, type.precision)) return undefined
  return type.precision <= DECIMAL_DOUBLE_PRECISION ? Number(unscaled) : unscaled
}

function timestampOf(value: unknown): number | undefined {
  if (typeof value === 'string') return parseTimestamp(value) ?? undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime()
  return integerOf(value)
}

function integerOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  return typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'base64')) : undefined
}

function mapOf(value: unknown, of: FieldType, where: string): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return new Map(
    entries.map(([key, held]) => [String(key), fromJsonValue(held, of, `${where}["${key}"]`)]),
  )
}

function structOf(
  value: unknown,
  type: Extract<DataType, { kind: 'struct' }>,
  where: string,
): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const held = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    type.fields.map((field) => [
      field.name,
      fromJsonValue(held[field.name], field, `${where}.${field.name}`),
    ]),
  )
}

function wrongValue(value: unknown, type: DataType, where: string): StreamError {
  if (value instanceof Promise) return promiseRefused(value, where)
  return new StreamError(
    'VALUE_TYPE_WRONG',
    `${where} is ${shown(value)}, which is no ${printType(type)}`,
    { fix: 'give a value of that type, or make the field nullable where null is meant' },
  )
}

function promiseRefused(promise: Promise<unknown>, where: string): StreamError {
  // Nobody waits for it: that it fails, too, must not end the process.
  promise.catch(() => null)
  return new StreamError('VALUE_TYPE_WRONG', `${where} is a promise, and nothing waits for one`, {
    fix: 'give the value itself, without `async`; for values from elsewhere use a `lookup`',
  })
}

/** A value in a message: short, and never the cause of another error. */
export function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (value instanceof Promise) return 'a promise'
  if (typeof value === 'symbol') return value.toString()
  if (value === undefined) return 'missing'
  if (typeof value === 'number') return `${value}`
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'an invalid Date'
  let text: string
  try {
    text = JSON.stringify(value)
  } catch {
    text = 'an object that JSON cannot show'
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
