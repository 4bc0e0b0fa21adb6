/** `round`, `floor`, `ceil`, `trunc`: of numbers, and of decimals to fewer digits. */
import { rescale, rescaleWide, resultDecimal } from '../decimal.ts'
import type { ArgumentType, FunctionDef } from '../overload.ts'
import { rt } from '../runtime.ts'
import { define, fixed, free, INTEGER, NUMBER } from './define.ts'

const MATH = { group: 'math' } as const

type Examples = readonly (readonly [string, string])[]

/** Digits behind the point that a literal asks for; 0 without one. */
function digitsOf(literals: readonly unknown[], args: readonly ArgumentType[]): number | null {
  const digits = args.length > 1 ? literals[1] : 0
  if (typeof digits !== 'number' || !Number.isInteger(digits)) return null
  return digits
}

const DIGITS_FIXED = 'the number of digits is a literal from 0 to 15'

/** Half away from zero, of the shortest decimal that reads as this double: 1.005 is 1.01. */
export function roundNumber(x: number, digits: number): number {
  if (digits === 0) return x < 0 ? -Math.round(-x) + 0 : Math.round(x)
  if (!Number.isFinite(x)) return x
  const [mantissa = '0', exponent = '0'] = String(Math.abs(x)).split('e')
  const rounded = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`))
  const [back = '0', shift = '0'] = String(rounded).split('e')
  const value = Number(`${back}e${Number(shift) - digits}`)
  return x < 0 ? 0 - value : value
}

/** `round`, `floor`, `ceil`, `trunc` of a decimal at another scale. */
type Rounding = 'round' | 'floor' | 'ceil' | 'trunc'

function roundDecimal(
  value: number | bigint,
  { from, to, how }: { from: number; to: number; how: Rounding },
): number | bigint {
  if (to >= from) return value
  const nearest =
    typeof value === 'bigint' ? rescaleWide(value, from, to) : rescale(value, from, to)
  if (how === 'round') return nearest
  const back =
    typeof nearest === 'bigint' ? rescaleWide(nearest, to, from) : rescale(nearest, to, from)
  const isAbove = back > value
  const isBelow = back < value
  const isUp = how === 'ceil' || (how === 'trunc' && value < 0)
  if (isUp && isBelow) return step(nearest, 1)
  if (!isUp && isAbove) return step(nearest, -1)
  return nearest
}

function step(value: number | bigint, by: 1 | -1): number | bigint {
  return typeof value === 'bigint' ? value + BigInt(by) : value + by
}

function rounding(how: Rounding, summary: string, examples: Examples): FunctionDef {
  const run = Math[how]
  const whole = (x: number): number => (how === 'round' ? roundNumber(x, 0) : run(x)) + 0
  const toDigits = (x: number, digits: number): number => {
    if (how === 'round') return rt.finite(roundNumber(x, digits))
    const shifted = roundNumber(x * 10 ** digits, 9)
    return rt.finite(run(shifted) / 10 ** digits)
  }
  return define({ ...MATH, name: how, summary }, examples, [
    fixed(how, {
      id: `${how}.integer`,
      params: { x: INTEGER },
      result: INTEGER,
      inline: ([x]) => `${x}`,
      run: (x: number) => x,
    }),
    fixed(how, {
      id: `${how}.number`,
      params: { x: NUMBER },
      result: NUMBER,
      ...(how === 'round' ? {} : { inline: ([x]: readonly string[]) => `Math.${how}(${x})` }),
      run: whole,
    }),
    fixed(how, {
      id: `${how}.number_digits`,
      params: { x: NUMBER, digits: INTEGER },
      result: NUMBER,
      throws: true,
      run: toDigits,
    }),
    free({
      id: `${how}.decimal`,
      signature: `${how}(x: decimal, digits?: integer) -> decimal`,
      throws: true,
      resolve: (args, literals) => {
        const [arg] = args
        if (arg?.type.kind !== 'decimal' || args.length > 2) return null
        const to = digitsOf(literals, args)
        if (to === null || to < 0 || to > 38) return DIGITS_FIXED
        const type = resultDecimal(Math.min(to, arg.type.scale), arg.type)
        const statics = { from: arg.type.scale, to: type.scale }
        const params = args.length > 1 ? [arg.type, INTEGER] : [arg.type]
        return { params, result: { type, nullable: false }, statics }
      },
      prepare: ({ statics }) => {
        const from = Number(statics?.['from'])
        const to = Number(statics?.['to'])
        return (x: number | bigint) => roundDecimal(x, { from, to, how })
      },
    }),
  ])
}

export const ROUNDING: readonly FunctionDef[] = [
  rounding('round', 'To the nearest, half away from zero; to `digits` digits.', [
    ['round(2.5)', '3'],
    ['round(-2.5)', '-3'],
    ['round(1.005, 2)', '1.01'],
    ['round(to_decimal("1.235", 12, 3), 2)', '1.24'],
  ]),
  rounding('floor', 'To the next lower.', [
    ['floor(-1.5)', '-2'],
    ['floor(to_decimal("1.29", 12, 2), 1)', '1.2'],
  ]),
  rounding('ceil', 'To the next higher.', [['ceil(1.2)', '2']]),
  rounding('trunc', 'Towards zero.', [['trunc(-1.9)', '-1']]),
]
