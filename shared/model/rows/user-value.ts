/**
 * Values as functions of the author see and give them: timestamps and dates are Dates, decimals
 * are exact objects, the rest is as it lies inside. What goes in or out is a copy, so that nothing
 * the function keeps can change a batch or a state.
 */
import type { DataType, FieldType } from '../data-type.ts'
import { formatDecimal } from '../text/decimal-text.ts'
import { fromJsonValue } from '../value-json.ts'

const DAY_MS = 86_400_000

/** An exact decimal: `unscaled` / 10^`scale`. Immutable. */
export class UserDecimal {
  readonly unscaled: number | bigint
  readonly scale: number

  constructor(unscaled: number | bigint, scale: number) {
    this.unscaled = unscaled
    this.scale = scale
  }

  toNumber(): number {
    return Number(this.toString())
  }

  /** All digits of the scale: `12.30`. */
  toString(): string {
    return formatDecimal(this.unscaled, this.scale)
  }

  toJSON(): string {
    return this.toString()
  }
}

export function toUserValue(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null
  switch (type.kind) {
    case 'timestamp':
      return new Date(value as number)
    case 'date':
      return new Date((value as number) * DAY_MS)
    case 'decimal':
      return new UserDecimal(value as number | bigint, type.scale)
    case 'bytes':
      return (value as Uint8Array).slice()
    case 'json':
      return typeof value === 'object' ? structuredClone(value) : value
    case 'array':
      return (value as unknown[]).map((element) => toUserValue(element, type.element.type))
    case 'map':
      return new Map(
        [...(value as Map<string, unknown>)].map(([key, held]) => [
          key,
          toUserValue(held, type.value.type),
        ]),
      )
    case 'struct': {
      const held = value as Readonly<Record<string, unknown>>
      return Object.fromEntries(
        type.fields.map((field) => [field.name, toUserValue(held[field.name], field.type)]),
      )
    }
    default:
      return value
  }
}

/** The internal value. Throws VALUE_TYPE_WRONG, naming `where`, when it does not fit. */
export function fromUserValue(value: unknown, field: FieldType, where: string): unknown {
  if (value instanceof UserDecimal) return fromJsonValue(value.toString(), field, where)
  const { type } = field
  if (value instanceof Date && type.kind === 'date')
    return fromJsonValue(Math.floor(value.getTime() / DAY_MS), field, where)
  if (value instanceof Uint8Array) return fromJsonValue(value.slice(), field, where)
  if (Array.isArray(value) && type.kind === 'array') {
    return value.map((element, index) => fromUserValue(element, type.element, `${where}[${index}]`))
  }
  if (type.kind === 'map' && typeof value === 'object' && value !== null) {
    const entries = value instanceof Map ? [...value] : Object.entries(value)
    return new Map(
      entries.map(([key, held]) => [
        String(key),
        fromUserValue(held, type.value, `${where}["${String(key)}"]`),
      ]),
    )
  }
  if (type.kind === 'json' && typeof value === 'object' && value !== null)
    return structuredClone(value)
  if (type.kind === 'struct' && typeof value === 'object' && value !== null)
    return fromUserStruct(value as Readonly<Record<string, unknown>>, type, where)
  return fromJsonValue(value, field, where)
}

function fromUserStruct(
  value: Readonly<Record<string, unknown>>,
  type: Extract<DataType, { kind: 'struct' }>,
  where: string,
): Record<string, unknown> {
  return Object.fromEntries(
    type.fields.map((field) => [
      field.name,
      fromUserValue(value[field.name], field, `${where}.${field.name}`),
    ]),
  )
}
