/**
 * Values that have no plain column: json, bigint, large decimals, arrays, maps and what is in them,
 * as internal values. Digits are read from the text, so that no decimal goes through a float.
 */
import { parseDate, parseTimestamp } from '../../model/text/civil-time.ts'
import { fitsPrecision, parseDecimal } from '../../model/text/decimal-text.ts'
import type { DataType, FieldType } from '../../model/data-type.ts'
import { printType } from '../../model/type-text.ts'
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  type JsonScanner,
} from './json-scanner.ts'
import { nullRefused, wrong } from './row-problem.ts'

const LOWER_F = 102
const LOWER_N = 110
const LOWER_T = 116
const MINUS = 45
const DIGITS = /^[+-]?\d+$/

/** The value at the scanner, which then stands behind it. */
export function readJsonValue(scanner: JsonScanner, field: FieldType, path: string): unknown {
  const byte = scanner.skipSpace()
  const start = scanner.at
  if (byte === LOWER_N && field.type.kind !== 'json') {
    scanner.word(byte)
    if (field.nullable) return null
    throw nullRefused(path)
  }
  const value = valueOf(scanner, field.type, path)
  if (value !== undefined) return value
  if (scanner.at === start) scanner.skipValue()
  throw wrong(path, scanner.bytes.toString('utf8', start, scanner.at), printType(field.type))
}

/** Undefined: what stands there is no value of the type. */
function valueOf(scanner: JsonScanner, type: DataType, path: string): unknown {
  const byte = scanner.skipSpace()
  if (type.kind === 'json') {
    const start = scanner.at
    scanner.skipValue()
    const parsed: unknown = JSON.parse(scanner.bytes.toString('utf8', start, scanner.at))
    return parsed
  }
  if (type.kind === 'array')
    return byte === OPEN_BRACKET ? arrayOf(scanner, type.element, path) : undefined
  if (type.kind === 'map') return byte === OPEN_BRACE ? mapOf(scanner, type.value, path) : undefined
  if (type.kind === 'struct') return byte === OPEN_BRACE ? structOf(scanner, type, path) : undefined
  if (byte === QUOTE) {
    scanner.string()
    return fromText(scanner.text(), type)
  }
  if (byte === LOWER_T || byte === LOWER_F) {
    scanner.word(byte)
    return type.kind === 'boolean' ? byte === LOWER_T : undefined
  }
  if (byte === MINUS || (byte >= 48 && byte <= 57)) {
    scanner.scanNumber()
    return fromNumber(scanner, type)
  }
  return undefined
}

/** A scalar that stands in quotes, also in a cell of CSV. */
export function fromText(text: string, type: DataType): unknown {
  switch (type.kind) {
    case 'string':
      return text
    case 'timestamp':
      return parseTimestamp(text) ?? undefined
    case 'date':
      return parseDate(text) ?? undefined
    case 'bigint':
      return DIGITS.test(text) ? BigInt(text) : undefined
    case 'decimal':
      return decimalOf(text, type)
    case 'bytes':
      return isBase64Text(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined
    default:
      return undefined
  }
}

function fromNumber(scanner: JsonScanner, type: DataType): unknown {
  const { number } = scanner
  switch (type.kind) {
    case 'integer':
    case 'timestamp':
    case 'date': {
      const whole = number.integer()
      return Number.isNaN(whole) ? undefined : whole
    }
    case 'number':
    case 'duration': {
      const value = number.number()
      return Number.isNaN(value) ? undefined : value
    }
    case 'bigint': {
      const whole = parseDecimal(number.text(), 0)
      return whole ?? undefined
    }
    case 'decimal':
      return decimalOf(number.text(), type)
    default:
      return undefined
  }
}

function decimalOf(
  text: string,
  type: { readonly precision: number; readonly scale: number },
): number | bigint | undefined {
  const unscaled = parseDecimal(text, type.scale)
  if (unscaled === null || !fitsPrecision(unscaled, type.precision)) return undefined
  return type.precision <= 15 ? Number(unscaled) : unscaled
}

function arrayOf(scanner: JsonScanner, element: FieldType, path: string): unknown[] {
  const values: unknown[] = []
  scanner.at++
  if (scanner.skipSpace() === CLOSE_BRACKET) {
    scanner.at++
    return values
  }
  for (;;) {
    values.push(readJsonValue(scanner, element, `${path}[${values.length}]`))
    if (isLast(scanner, CLOSE_BRACKET)) return values
  }
}

function mapOf(scanner: JsonScanner, of: FieldType, path: string): Map<string, unknown> {
  const values = new Map<string, unknown>()
  members(scanner, (key) => {
    values.set(key, readJsonValue(scanner, of, `${path}["${key}"]`))
  })
  return values
}

function structOf(
  scanner: JsonScanner,
  type: Extract<DataType, { kind: 'struct' }>,
  path: string,
): Record<string, unknown> {
  const values = new Map<string, unknown>()
  members(scanner, (key) => {
    const field = type.fields.find((one) => one.name === key)
    if (field === undefined) scanner.skipValue()
    else values.set(key, readJsonValue(scanner, field, `${path}.${key}`))
  })
  for (const field of type.fields) {
    if (values.has(field.name)) continue
    if (!field.nullable) throw nullRefused(`${path}.${field.name}`)
    values.set(field.name, null)
  }
  return Object.fromEntries(type.fields.map((field) => [field.name, values.get(field.name)]))
}

function members(scanner: JsonScanner, onMember: (key: string) => void): void {
  scanner.at++
  if (scanner.skipSpace() === CLOSE_BRACE) {
    scanner.at++
    return
  }
  for (;;) {
    if (scanner.skipSpace() !== QUOTE) throw scanner.unexpected('a key in quotes')
    scanner.string()
    const key = scanner.text()
    scanner.expect(COLON, 'a colon')
    onMember(key)
    if (isLast(scanner, CLOSE_BRACE)) return
  }
}

function isLast(scanner: JsonScanner, close: number): boolean {
  const byte = scanner.skipSpace()
  if (byte !== COMMA && byte !== close) throw scanner.unexpected('a comma or the end')
  scanner.at++
  return byte === close
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

export function isBase64Text(text: string): boolean {
  return BASE64.test(text)
}
