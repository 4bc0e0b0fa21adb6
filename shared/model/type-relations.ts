/** How types relate: equality, widening, and the one type that several can be read as. */
import type { DataType, Field, FieldType } from './data-type.ts'

/** The largest decimal that lies in a double as a scaled integer (D1). */
export const DECIMAL_DOUBLE_PRECISION = 15
export const DECIMAL_PRECISION_MAX = 38

export function sameType(a: DataType, b: DataType): boolean {
  if (a === b) return true
  if (a.kind === 'decimal') {
    return b.kind === 'decimal' && a.precision === b.precision && a.scale === b.scale
  }
  if (a.kind === 'array') return b.kind === 'array' && sameFieldType(a.element, b.element)
  if (a.kind === 'map') return b.kind === 'map' && sameFieldType(a.value, b.value)
  if (a.kind === 'struct') return b.kind === 'struct' && sameFields(a.fields, b.fields)
  return a.kind === b.kind
}

export function sameFieldType(a: FieldType, b: FieldType): boolean {
  return a.nullable === b.nullable && sameType(a.type, b.type)
}

/** Names, order, types and nullability. */
export function sameFields(a: readonly Field[], b: readonly Field[]): boolean {
  if (a.length !== b.length) return false
  return a.every((field, index) => {
    const other = b[index]
    return other !== undefined && field.name === other.name && sameFieldType(field, other)
  })
}

/** Whether every value of `from` is a value of `to` without loss, so that a cast may be implicit. */
export function widens(from: DataType, to: DataType): boolean {
  if (from.kind === 'null' || sameType(from, to)) return true
  if (from.kind === 'integer') {
    if (to.kind === 'number' || to.kind === 'bigint') return true
    return to.kind === 'decimal' && to.precision - to.scale >= 16
  }
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    const whole = from.precision - from.scale
    return to.scale >= from.scale && to.precision - to.scale >= whole
  }
  if (from.kind === 'array' && to.kind === 'array') return widensField(from.element, to.element)
  if (from.kind === 'map' && to.kind === 'map') return widensField(from.value, to.value)
  return false
}

/** As `widens`, and null goes where null is allowed. */
export function widensField(from: FieldType, to: FieldType): boolean {
  return (to.nullable || !from.nullable) && widens(from.type, to.type)
}

/** The narrowest type both widen to; null when there is none. */
export function commonType(a: DataType, b: DataType): DataType | null {
  if (widens(a, b)) return b
  if (widens(b, a)) return a
  if (a.kind === 'decimal' && b.kind === 'decimal') {
    const scale = Math.max(a.scale, b.scale)
    const whole = Math.max(a.precision - a.scale, b.precision - b.scale)
    const precision = whole + scale
    if (precision <= DECIMAL_PRECISION_MAX) return { kind: 'decimal', precision, scale }
    return null
  }
  if (a.kind === 'array' && b.kind === 'array') {
    const element = commonField(a.element, b.element)
    return element === null ? null : { kind: 'array', element }
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const value = commonField(a.value, b.value)
    return value === null ? null : { kind: 'map', value }
  }
  return null
}

export function commonField(a: FieldType, b: FieldType): FieldType | null {
  const type = commonType(a.type, b.type)
  if (type === null) return null
  return { type, nullable: a.nullable || b.nullable || type.kind === 'null' }
}
