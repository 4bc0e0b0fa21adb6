/** Hunts: decimals in doubles that differ from exact arithmetic in BigInt by even one digit. */
import test from 'ava'
import * as fc from 'fast-check'
import { StreamError } from '../../../shared/base/errors.ts'
import {
  bigPowerOfTen,
  compareDecimals,
  decimalOfDigits,
  divide,
  divideRoundedWide,
  narrow,
  numberOfDecimal,
  rescale,
  scaledNumber,
} from '../../../shared/expr/decimal.ts'

const MAX = Number.MAX_SAFE_INTEGER
/** Whole numbers near every power of ten and near the limit, not only near 0. */
const whole = fc.oneof(
  fc.integer({ min: -1000, max: 1000 }),
  fc.integer({ min: -MAX, max: MAX }),
  fc
    .integer({ min: 0, max: 15 })
    .chain((power) => fc.integer({ min: -3, max: 3 }).map((by) => 10 ** power + by)),
  fc.constantFrom(MAX, -MAX, MAX - 1, 2 ** 52, 2 ** 52 + 1),
)
const scale = fc.integer({ min: 0, max: 15 })
const RUNS = { numRuns: 5000 }

/** The exact result, or OVERFLOW where a double cannot hold it. */
function exact(value: bigint): number | string {
  return value <= BigInt(MAX) && value >= -BigInt(MAX) ? Number(value) : 'EXPR_OVERFLOW'
}

function outcome(run: () => number): number | string {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof StreamError) return cause.code
    throw cause
  }
}

test('decimal: sums and products beyond 2^53 are found, all others are exact', (t) => {
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      t.is(
        outcome(() => narrow(a * b)),
        exact(BigInt(a) * BigInt(b)),
      )
      t.is(
        outcome(() => narrow(a + b)),
        exact(BigInt(a) + BigInt(b)),
      )
      t.is(
        outcome(() => narrow(a - b)),
        exact(BigInt(a) - BigInt(b)),
      )
    }),
    RUNS,
  )
})

test('decimal: a change of scale rounds half away from zero, exactly', (t) => {
  fc.assert(
    fc.property(whole, scale, scale, (value, from, to) => {
      const expected =
        to >= from
          ? BigInt(value) * bigPowerOfTen(to - from)
          : divideRoundedWide(BigInt(value), bigPowerOfTen(from - to))
      t.is(
        outcome(() => rescale(value, from, to)),
        exact(expected),
      )
    }),
    RUNS,
  )
  t.is(rescale(1235, 3, 2), 124)
  t.is(rescale(-1235, 3, 2), -124)
  t.is(rescale(1234, 3, 2), 123)
})

test('decimal: a quotient is rounded from the exact one', (t) => {
  fc.assert(
    fc.property(whole, whole, fc.integer({ min: -8, max: 15 }), (a, b, shift) => {
      if (b === 0) return
      const dividend = shift >= 0 ? BigInt(a) * bigPowerOfTen(shift) : BigInt(a)
      const divisor = shift >= 0 ? BigInt(b) : BigInt(b) * bigPowerOfTen(-shift)
      t.is(
        outcome(() => divide(a, b, shift)),
        exact(divideRoundedWide(dividend, divisor)),
      )
    }),
    RUNS,
  )
})

test('decimal: rounding in BigInt is half away from zero for every sign', (t) => {
  for (const [dividend, divisor, expected] of [
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [4n, 3n, 1n],
    [-4n, 3n, -1n],
    [0n, 7n, 0n],
  ] as const) {
    t.is(divideRoundedWide(dividend, divisor), expected)
  }
})

test('decimal: comparing never overflows and is exact at any scales', (t) => {
  fc.assert(
    fc.property(whole, scale, whole, scale, (a, aScale, b, bScale) => {
      const left = BigInt(a) * bigPowerOfTen(bScale)
      const right = BigInt(b) * bigPowerOfTen(aScale)
      const expected = left < right ? -1 : left > right ? 1 : 0
      t.is(Math.sign(compareDecimals(a, aScale, b, bScale)), expected)
      t.is(Math.sign(compareDecimals(BigInt(a), aScale, BigInt(b), bScale)), expected)
    }),
    RUNS,
  )
})

test('decimal: as a number it is the nearest one', (t) => {
  fc.assert(
    fc.property(whole, scale, (value, digits) => {
      t.is(numberOfDecimal(value, digits), Number(`${value}e-${digits}`) + 0)
    }),
    RUNS,
  )
})

test('decimal: a literal is a decimal of its own digits', (t) => {
  const cases = [
    ['0', '0', 1, 0],
    ['0.10', '10', 2, 2],
    ['-12.345', '-12345', 5, 3],
    ['007', '7', 1, 0],
    ['1e3', '1000', 4, 0],
    ['1.5e-3', '15', 4, 4],
  ] as const
  for (const [digits, unscaled, precision, digitCount] of cases) {
    const decimal = decimalOfDigits(digits)
    t.is(decimal?.unscaled.toString(), unscaled, digits)
    t.deepEqual(decimal?.type, { kind: 'decimal', precision, scale: digitCount }, digits)
  }
  t.is(decimalOfDigits('1'.repeat(39)), null)
  t.is(decimalOfDigits('x'), null)
})

test('decimal: a number that is scaled in doubles is exact, or left to exact arithmetic', (t) => {
  const type = fc.integer({ min: 1, max: 20 }).chain((precision) =>
    fc.integer({ min: 0, max: precision }).map((own) => ({
      kind: 'decimal' as const,
      precision,
      scale: own,
    })),
  )
  const value = fc.oneof(whole, fc.double(), fc.constantFrom(-0, Number.NaN, Infinity))
  fc.assert(
    fc.property(value, type, (x, to) => {
      const scaled = scaledNumber(to, () => 0n)(x)
      const isExact =
        Number.isInteger(x) &&
        to.precision <= 15 &&
        decimalAbs(BigInt(x) * bigPowerOfTen(to.scale)) < bigPowerOfTen(to.precision)
      t.is(scaled, isExact ? Number(BigInt(x) * bigPowerOfTen(to.scale)) : 0n)
    }),
    RUNS,
  )
})

function decimalAbs(value: bigint): bigint {
  return value < 0n ? -value : value
}
