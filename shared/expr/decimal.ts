/**
 * Decimals as unscaled whole numbers (D1): a double up to 15 digits, a BigInt beyond. Every result
 * is exact or an error; what must be rounded is rounded half away from zero.
 *
 * Doubles hold whole numbers exactly up to 2^53. A sum or product of two of them is beyond 2^53
 * exactly when its rounded value is, since rounding keeps order: so checking the result is enough.
 */
import { StreamError } from '../base/errors.ts'
import { INTEGER_MAX } from '../base/limits.ts'
import type { DataType } from '../model/data-type.ts'
import { formatDecimal } from '../model/text/decimal-text.ts'
import { DECIMAL_DOUBLE_PRECISION, DECIMAL_PRECISION_MAX } from '../model/type-relations.ts'
import { printType } from '../model/type-text.ts'

export type DecimalType = Extract<DataType, { kind: 'decimal' }>

const POWERS: readonly number[] = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
const BIG_POWERS: readonly bigint[] = Array.from({ length: 80 }, (_, power) => 10n ** BigInt(power))
const WIDE_LIMIT = 10n ** BigInt(DECIMAL_PRECISION_MAX)

export function powerOfTen(power: number): number {
  return POWERS[power] ?? 10 ** power
}

export function bigPowerOfTen(power: number): bigint {
  return BIG_POWERS[power] ?? 10n ** BigInt(power)
}

/** The type of a result with this scale: in doubles if all that went in were. */
export function resultDecimal(scale: number, ...inputs: readonly DecimalType[]): DecimalType {
  const isNarrow = scale <= DECIMAL_DOUBLE_PRECISION && inputs.every(isNarrowDecimal)
  return {
    kind: 'decimal',
    precision: isNarrow ? DECIMAL_DOUBLE_PRECISION : DECIMAL_PRECISION_MAX,
    scale,
  }
}

export function isNarrowDecimal(type: DecimalType): boolean {
  return type.precision <= DECIMAL_DOUBLE_PRECISION
}

/** Checks an unscaled result in a double. */
export function narrow(unscaled: number): number {
  if (unscaled <= INTEGER_MAX && unscaled >= -INTEGER_MAX) return unscaled + 0
  throw overflow()
}

/** Checks an unscaled result in a BigInt. */
export function wide(unscaled: bigint): bigint {
  if (unscaled < WIDE_LIMIT && unscaled > -WIDE_LIMIT) return unscaled
  throw overflow()
}

function overflow(): StreamError {
  return new StreamError('EXPR_OVERFLOW', 'a decimal result has more digits than its type holds', {
    fix: 'round to fewer digits before, or use decimal(38, s)',
  })
}

/** `unscaled` at another scale, rounded half away from zero. */
export function rescale(unscaled: number, from: number, to: number): number {
  if (to >= from) return narrow(unscaled * powerOfTen(to - from))
  return divideRounded(unscaled, powerOfTen(from - to))
}

export function rescaleWide(unscaled: bigint, from: number, to: number): bigint {
  if (to >= from) return wide(unscaled * bigPowerOfTen(to - from))
  return divideRoundedWide(unscaled, bigPowerOfTen(from - to))
}

/** Both whole and below 2^53: a quotient then never rounds up to a whole number it is not. */
function divideRounded(dividend: number, divisor: number): number {
  const quotient = Math.trunc(dividend / divisor)
  const rest = dividend - quotient * divisor
  if (2 * Math.abs(rest) < Math.abs(divisor)) return quotient + 0
  return quotient + (dividend < 0 === divisor < 0 ? 1 : -1)
}

export function divideRoundedWide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const rest = dividend - quotient * divisor
  const twice = 2n * (rest < 0n ? -rest : rest)
  if (twice < (divisor < 0n ? -divisor : divisor)) return quotient
  return quotient + (dividend < 0n === divisor < 0n ? 1n : -1n)
}

/** a / b at `shift` more digits than scale(a) − scale(b) gives. The divisor is not 0. */
export function divide(a: number, b: number, shift: number): number {
  if (shift >= 0) {
    const dividend = a * powerOfTen(shift)
    if (dividend <= INTEGER_MAX && dividend >= -INTEGER_MAX) return divideRounded(dividend, b)
  }
  return narrow(Number(divideWide(BigInt(a), BigInt(b), shift)))
}

export function divideWide(a: bigint, b: bigint, shift: number): bigint {
  if (shift >= 0) return divideRoundedWide(a * bigPowerOfTen(shift), b)
  return divideRoundedWide(a, b * bigPowerOfTen(-shift))
}

/** Negative, 0 or positive; never overflows, whatever the scales. */
export function compareDecimals(
  a: number | bigint,
  aScale: number,
  b: number | bigint,
  bScale: number,
): number {
  if (aScale === bScale && typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0
  const scale = Math.max(aScale, bScale)
  if (typeof a === 'number' && typeof b === 'number') {
    const left = a * powerOfTen(scale - aScale)
    const right = b * powerOfTen(scale - bScale)
    // Beyond 2^53 both are rounded, and only an equal result could be wrong.
    if (left !== right) return left - right
    if (left <= INTEGER_MAX && left >= -INTEGER_MAX) return 0
  }
  const left = BigInt(a) * bigPowerOfTen(scale - aScale)
  const right = BigInt(b) * bigPowerOfTen(scale - bScale)
  return left < right ? -1 : left > right ? 1 : 0
}

/** The nearest number. */
export function numberOfDecimal(unscaled: number | bigint, scale: number): number {
  // One correctly rounded division: both sides are exact doubles.
  if (typeof unscaled === 'number' && scale < POWERS.length) return unscaled / powerOfTen(scale)
  return Number(formatDecimal(unscaled, scale))
}

/** The digits of a literal as a decimal of its own: `-0.50` is −50 in decimal(2,2). */
export function decimalOfDigits(
  digits: string,
): { readonly unscaled: bigint; readonly type: DecimalType } | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(digits)
  if (match === null) return null
  const fraction = match[3] ?? ''
  const shift = Number(match[4] ?? 0) - fraction.length
  const all = `${match[2] ?? ''}${fraction}`.replace(/^0+(?=\d)/, '')
  const whole = shift > 0 ? BigInt(all + '0'.repeat(shift)) : BigInt(all)
  const scale = Math.max(0, -shift)
  const digitCount = whole === 0n ? 1 : whole.toString().length
  const precision = Math.max(digitCount, scale, 1)
  if (precision > DECIMAL_PRECISION_MAX) return null
  const unscaled = match[1] === '-' ? -whole : whole
  return { unscaled, type: { kind: 'decimal', precision, scale } }
}

/** An unscaled value in the form of its type; an error when it has too many digits. */
export function decimalValue(unscaled: bigint, type: DecimalType): number | bigint {
  return isNarrowDecimal(type) ? narrow(Number(unscaled)) : wide(unscaled)
}

/** A decimal in the form and scale of another type, rounded if it has fewer digits. */
export function castDecimal(
  value: number | bigint,
  from: DecimalType,
  to: DecimalType,
): number | bigint {
  if (typeof value === 'number' && isNarrowDecimal(to)) return rescale(value, from.scale, to.scale)
  const result = rescaleWide(BigInt(value), from.scale, to.scale)
  return isNarrowDecimal(to) ? narrow(Number(result)) : result
}

/** A decimal of this type, or EXPR_OVERFLOW. */
export function fitDecimal(unscaled: bigint, to: DecimalType): number | bigint {
  const limit = bigPowerOfTen(to.precision)
  if (unscaled < limit && unscaled > -limit) return decimalValue(unscaled, to)
  const text = formatDecimal(unscaled, to.scale)
  throw new StreamError('EXPR_OVERFLOW', `${text} has more digits than ${printType(to)} holds`, {
    fix: isNarrowDecimal(to) ? 'use a larger precision' : 'use a smaller scale',
  })
}

/** A whole number as a decimal; `power` is 10 to its scale, `limit` 10 to its precision. */
export function wholeDecimal(x: number, power: number, limit: number): number | bigint {
  const unscaled = x * power
  if (unscaled < limit && unscaled > -limit) return unscaled + 0
  const scale = Math.round(Math.log10(power))
  const precision = Math.round(Math.log10(limit))
  return fitDecimal(BigInt(x) * bigPowerOfTen(scale), { kind: 'decimal', precision, scale })
}

/** Whole numbers that fit in a double are scaled as doubles, exactly; the others by `otherwise`. */
export function scaledNumber(
  to: DecimalType,
  otherwise: (x: number) => number | bigint,
): (x: number) => number | bigint {
  if (!isNarrowDecimal(to)) return otherwise
  const power = 10 ** to.scale
  const limit = 10 ** to.precision
  return (x) => {
    const unscaled = x * power
    const isFit = unscaled < limit && unscaled > -limit && Number.isInteger(x)
    return isFit ? unscaled + 0 : otherwise(x)
  }
}
