/**
 * A decimal number in bytes, taken apart without making a string: sign, digits and place of the
 * point. Up to 15 digits without an exponent are exact in a double; for others the text decides.
 */
import { parseDecimal } from '../../model/text/decimal-text.ts'

const MINUS = 45
const PLUS = 43
const POINT = 46
const ZERO = 48
const NINE = 57
const UPPER_E = 69
const LOWER_E = 101
const EXACT_DIGITS_MAX = 15
const POWERS = Array.from({ length: 23 }, (_, index) => 10 ** index)
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

export class NumberToken {
  start = 0
  end = 0
  /** The digits as a whole number with its sign, if `isPlain`. */
  mantissa = 0
  /** Digits behind the point. */
  fraction = 0
  /** At most 15 digits, no exponent, no empty part. */
  isPlain = false
  #bytes: Uint8Array = new Uint8Array(0)

  /** Reads as far as characters of a number go; false when there is none. */
  scan(bytes: Uint8Array, start: number): boolean {
    let at = start
    let digits = 0
    let value = 0
    let point = -1
    const negative = bytes[at] === MINUS
    if (negative) at++
    const first = bytes[at]
    for (;;) {
      const byte = bytes[at] ?? 0
      if (byte >= ZERO && byte <= NINE) {
        value = value * 10 + (byte - ZERO)
        digits++
      } else if (byte === POINT && point < 0) point = digits
      else break
      at++
    }
    const last = bytes[at] ?? 0
    let plain = digits > 0 && digits <= EXACT_DIGITS_MAX && point !== 0 && point !== digits
    if (first === ZERO && digits > 1 && point !== 1) plain = false // 007 is no number in JSON
    if (last === UPPER_E || last === LOWER_E || last === POINT) {
      plain = false
      at = endOfNumber(bytes, at)
    }
    this.#bytes = bytes
    this.start = start
    this.end = at
    this.mantissa = negative ? -value : value
    this.fraction = point < 0 ? 0 : digits - point
    this.isPlain = plain
    return digits > 0
  }

  text(): string {
    return Buffer.from(
      this.#bytes.buffer,
      this.#bytes.byteOffset + this.start,
      this.end - this.start,
    ).toString('latin1')
  }

  isJson(): boolean {
    return this.isPlain || JSON_NUMBER.test(this.text())
  }

  /** NaN when it is beyond the largest double. */
  number(): number {
    if (this.isPlain) {
      if (this.fraction === 0) return this.mantissa
      return this.mantissa / (POWERS[this.fraction] ?? 1)
    }
    const value = Number(this.text())
    return Number.isFinite(value) ? value : Number.NaN
  }

  /** NaN when it is not whole or beyond 2^53. */
  integer(): number {
    if (this.isPlain && this.fraction === 0) return this.mantissa + 0
    const whole = parseDecimal(this.text(), 0)
    if (whole === null) return Number.NaN
    const value = Number(whole)
    return Number.isSafeInteger(value) && BigInt(value) === whole ? value : Number.NaN
  }

  /** The unscaled value; NaN when digits would be lost or there are more than `precision`. */
  decimal(precision: number, scale: number): number {
    if (this.isPlain && this.fraction <= scale) {
      const value = this.mantissa * (POWERS[scale - this.fraction] ?? Infinity)
      return Math.abs(value) < (POWERS[precision] ?? 0) ? value : Number.NaN
    }
    const unscaled = parseDecimal(this.text(), scale)
    if (unscaled === null) return Number.NaN
    const value = Number(unscaled)
    return Math.abs(value) < (POWERS[precision] ?? 0) ? value : Number.NaN
  }
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    const byte = bytes[at] ?? 0
    const isDigit = byte >= ZERO && byte <= NINE
    const isSign = byte === MINUS || byte === PLUS
    if (!isDigit && !isSign && byte !== POINT && byte !== UPPER_E && byte !== LOWER_E) return at
    at++
  }
}
