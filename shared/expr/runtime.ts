/**
 * `rt`: what generated code and the interpreter call for arithmetic that has to be checked. Every
 * helper is one small function of numbers, so that the engine inlines it into the loop.
 *
 * integer(x)           x if it is a whole number within ±(2^53 − 1), else EXPR_OVERFLOW; −0 is 0
 * finite(x)            x if it is finite, else EXPR_NOT_FINITE
 * narrow(x)            as integer, for the unscaled value of a decimal in a double
 * wide(x)              as narrow, for a BigInt of up to 38 digits
 * wholeDecimal(x, power, limit)
 *                      an integer as a decimal in a double, else EXPR_OVERFLOW
 * timestamp(x)         x if it is a time that can be written, else EXPR_OVERFLOW
 * wholeDays(ms)        days of a duration, else EXPR_ARGUMENT_INVALID
 * divide(a, b)         numbers; EXPR_DIVISION_BY_ZERO, EXPR_NOT_FINITE
 * divideInteger(a, b)  truncating
 * moduloInteger(a, b)  sign of the dividend, as `%`
 * modulo(a, b)         numbers
 * floorMod(a, b)       never negative, for calendars; b is more than 0
 * rescale(x, from, to) a decimal in a double at another scale, half away from zero
 * divideDecimal(a, b, shift)
 * compareDecimals(a, aScale, b, bScale)
 * compareStrings(a, b) by code points, which is the order of their UTF-8 bytes
 * compareBytes(a, b)
 */
import { StreamError } from '../base/errors.ts'
import { INTEGER_MAX } from '../base/limits.ts'
import { TIMESTAMP_MS_MAX } from '../model/text/civil-time.ts'
import {
  compareDecimals,
  divide as divideScaled,
  narrow,
  rescale,
  wholeDecimal,
  wide,
} from './decimal.ts'

function integer(x: number): number {
  if (x <= INTEGER_MAX && x >= -INTEGER_MAX) return x + 0
  throw new StreamError('EXPR_OVERFLOW', `the integer ${x} is beyond ±(2^53 − 1)`, {
    fix: 'write `to_number(a)` for an approximate or `to_bigint(a)` for an exact result',
  })
}

function finite(x: number): number {
  if (x - x === 0) return x
  throw new StreamError('EXPR_NOT_FINITE', `the result ${x} is not a finite number`)
}

function timestamp(x: number): number {
  if (x <= TIMESTAMP_MS_MAX && x >= -TIMESTAMP_MS_MAX) return x
  throw new StreamError('EXPR_OVERFLOW', `${x} ms since 1970 is beyond what a timestamp can hold`)
}

/** Days of a duration that moves a date. */
function wholeDays(ms: number): number {
  const days = ms / 86_400_000
  if (Number.isInteger(days)) return days
  throw new StreamError('EXPR_ARGUMENT_INVALID', `a date moves by whole days, not by ${ms} ms`, {
    fix: 'write `timestamp(d) + duration("5h")`',
  })
}

function divide(a: number, b: number): number {
  if (b === 0) throw divisionByZero(a)
  return finite(a / b)
}

function divideInteger(a: number, b: number): number {
  if (b === 0) throw divisionByZero(a)
  // Exact: a quotient of whole numbers below 2^53 never rounds up to a whole number it is not.
  return Math.trunc(a / b) + 0
}

function moduloInteger(a: number, b: number): number {
  if (b === 0) throw divisionByZero(a)
  // As exact as divideInteger: the product is a whole number below 2^53. The operator `%` of doubles
  // takes bits off the dividend in a loop (measured: six times as long).
  return a - Math.trunc(a / b) * b + 0
}

function modulo(a: number, b: number): number {
  if (b === 0) throw divisionByZero(a)
  return finite(a % b)
}

function floorMod(a: number, b: number): number {
  return a - Math.floor(a / b) * b
}

function divideDecimal(a: number, b: number, shift: number): number {
  if (b === 0) throw divisionByZero('a decimal')
  return divideScaled(a, b, shift)
}

export function divisionByZero(dividend: unknown): StreamError {
  return new StreamError('EXPR_DIVISION_BY_ZERO', `${String(dividend)} is divided by 0`, {
    fix: '`ratio(a, b)` gives null there, `where: b != 0` keeps such records out',
  })
}

const SURROGATES_START = 0xd800

/** UTF-16 order differs from code points only where a surrogate meets U+E000 to U+FFFF. */
function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left === right) continue
    if (left < SURROGATES_START || right < SURROGATES_START) return left - right
    return codePointRank(left) - codePointRank(right)
  }
  return a.length - b.length
}

/** Surrogates above all others. */
function codePointRank(unit: number): number {
  return unit <= 0xdfff ? unit + 0x10000 : unit
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

export const rt = {
  integer,
  finite,
  narrow,
  wide,
  wholeDecimal,
  timestamp,
  wholeDays,
  divide,
  divideInteger,
  moduloInteger,
  modulo,
  floorMod,
  rescale,
  divideDecimal,
  compareDecimals,
  compareStrings,
  compareBytes,
} as const

export type ExprRuntime = typeof rt
