/** Implicit steps: what a `cast` node of a typed tree does. Only lossless ones exist (widens). */
import type { DataType } from '../model/data-type.ts'
import { sameType } from '../model/type-relations.ts'
import { castDecimal, decimalValue, isNarrowDecimal } from './decimal.ts'

/** Whether the internal value stays as it is, so that no code is needed. */
export function isFreeCast(from: DataType, to: DataType): boolean {
  if (from.kind === 'null' || sameType(from, to)) return true
  if (from.kind === 'integer') {
    return to.kind === 'number' || (to.kind === 'decimal' && to.scale === 0 && isNarrowDecimal(to))
  }
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    return from.scale === to.scale && isNarrowDecimal(from) === isNarrowDecimal(to)
  }
  if (from.kind === 'array' && to.kind === 'array') {
    return isFreeCast(from.element.type, to.element.type)
  }
  if (from.kind === 'map' && to.kind === 'map') return isFreeCast(from.value.type, to.value.type)
  return from.kind === to.kind
}

/** Whether it can throw: a decimal at a larger scale may have too many digits. */
export function canCastThrow(from: DataType, to: DataType): boolean {
  return !isFreeCast(from, to) && to.kind !== 'bigint'
}

export function castValue(value: unknown, from: DataType, to: DataType): unknown {
  if (value === null || isFreeCast(from, to)) return value
  if (from.kind === 'integer' && typeof value === 'number') {
    if (to.kind === 'bigint') return BigInt(value)
    if (to.kind === 'decimal') {
      const whole = { kind: 'decimal', precision: 15, scale: 0 } as const
      return castDecimal(value, whole, to)
    }
  }
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    if (typeof value === 'number' || typeof value === 'bigint') return castDecimal(value, from, to)
  }
  if (from.kind === 'array' && to.kind === 'array' && Array.isArray(value)) {
    const { type: inner } = from.element
    const { type: wanted } = to.element
    return value.map((one) => castValue(one, inner, wanted))
  }
  if (from.kind === 'map' && to.kind === 'map' && value instanceof Map) {
    const { type: inner } = from.value
    const { type: wanted } = to.value
    return new Map([...value].map(([key, one]) => [key, castValue(one, inner, wanted)]))
  }
  return value
}

/** The value of a literal's digits as a decimal type, rounded never: null when it does not fit. */
export function decimalLiteral(
  own: { readonly unscaled: bigint; readonly scale: number },
  to: DataType,
): number | bigint | null {
  if (to.kind !== 'decimal' || own.scale > to.scale) return null
  return decimalValue(own.unscaled * 10n ** BigInt(to.scale - own.scale), to)
}
