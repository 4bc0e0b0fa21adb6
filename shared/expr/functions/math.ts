/** Numbers, per type: what is exact for integers and decimals stays exact. */
import { StreamError } from '../../base/errors.ts'
import type { DataType } from '../../model/data-type.ts'
import { divideWide, isNarrowDecimal, numberOfDecimal, rescale, rescaleWide, resultDecimal, wide, type DecimalType } from '../decimal.ts' // prettier-ignore
import type { ArgumentType, FunctionDef, Overload, OverloadMatch } from '../overload.ts'
import { divisionByZero, rt } from '../runtime.ts'
import { asDecimal, unify } from '../unify.ts'
import { BIGINT, define, defineFixed, DURATION, fixed, free, INTEGER, NUMBER, type Implementation } from './define.ts' // prettier-ignore

const MATH = { group: 'math' } as const

type Examples = readonly (readonly [string, string])[]

/** A number of a number, by a function of Math. */
function ofNumber(
  name: string,
  summary: string,
  examples: Examples,
  run: (x: number) => number,
): FunctionDef {
  return defineFixed({ ...MATH, name, summary }, examples, {
    id: name,
    params: { x: NUMBER },
    result: NUMBER,
    throws: true,
    run: (x: number) => rt.finite(run(x)),
  })
}

/** One decimal in, its type out. */
function sameDecimal(id: string, signature: string, run: Implementation): Overload {
  return free({
    id,
    signature,
    throws: true,
    run,
    resolve: ([arg, ...more]) => {
      if (arg?.type.kind !== 'decimal' || more.length > 0) return null
      return { params: [arg.type], result: { type: arg.type, nullable: false } }
    },
  })
}

const ABS = define(
  { ...MATH, name: 'abs', summary: 'Without its sign.' },
  [
    ['abs(-3)', '3'],
    ['abs(to_decimal("-1.50", 12, 2))', '1.50'],
  ],
  [
    fixed('abs', { id: 'abs.integer', params: { x: INTEGER }, result: INTEGER, inline: ([x]) => `Math.abs(${x})`, run: Math.abs }), // prettier-ignore
    fixed('abs', { id: 'abs.number', params: { x: NUMBER }, result: NUMBER, inline: ([x]) => `Math.abs(${x})`, run: Math.abs }), // prettier-ignore
    fixed('abs', { id: 'abs.duration', params: { x: DURATION }, result: DURATION, inline: ([x]) => `Math.abs(${x})`, run: Math.abs }), // prettier-ignore
    fixed('abs', { id: 'abs.bigint', params: { x: BIGINT }, result: BIGINT, run: absolute }),
    sameDecimal('abs.decimal', 'abs(x: decimal) -> decimal', absolute),
  ],
)

function absolute(x: number | bigint): number | bigint {
  return x < 0 ? -x : x
}

function sign(x: number | bigint): number {
  return x > 0 ? 1 : x < 0 ? -1 : 0
}

const SIGN = define(
  { ...MATH, name: 'sign', summary: '−1, 0 or 1.' },
  [['sign(-2.5)', '-1']],
  [
    fixed('sign', { id: 'sign.number', params: { x: NUMBER }, result: INTEGER, run: sign }),
    free({
      id: 'sign.decimal',
      signature: 'sign(x: decimal) -> integer',
      run: sign,
      resolve: ([arg, ...more]) => {
        if (arg?.type.kind !== 'decimal' || more.length > 0) return null
        return { params: [arg.type], result: { type: INTEGER, nullable: false } }
      },
    }),
  ],
)

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
  const nearest = typeof value === 'bigint' ? rescaleWide(value, from, to) : rescale(value, from, to) // prettier-ignore
  if (how === 'round') return nearest
  const back = typeof nearest === 'bigint' ? rescaleWide(nearest, to, from) : rescale(nearest, to, from) // prettier-ignore
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
    fixed(how, { id: `${how}.integer`, params: { x: INTEGER }, result: INTEGER, inline: ([x]) => `${x}`, run: (x: number) => x }), // prettier-ignore
    fixed(how, { id: `${how}.number`, params: { x: NUMBER }, result: NUMBER, ...(how === 'round' ? {} : { inline: ([x]: readonly string[]) => `Math.${how}(${x})` }), run: whole }), // prettier-ignore
    fixed(how, { id: `${how}.number_digits`, params: { x: NUMBER, digits: INTEGER }, result: NUMBER, throws: true, run: toDigits }), // prettier-ignore
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

/** Quotient of decimals at a scale, half away from zero. */
function divideDecimals(
  args: readonly ArgumentType[],
  literals: readonly unknown[],
): OverloadMatch | string | null {
  const [left, right] = args
  if (left === undefined || right === undefined || args.length !== 3) return null
  const a = left.type.kind === 'null' ? asDecimal(right) : asDecimal(left)
  const b = right.type.kind === 'null' ? asDecimal(left) : asDecimal(right)
  if (a === null || b === null) return null
  const scale = literals[2]
  if (typeof scale !== 'number' || !Number.isInteger(scale) || scale < 0 || scale > 38) {
    return 'the third argument of `div` is the number of digits, a literal from 0 to 38'
  }
  const type = resultDecimal(scale, a, b)
  const { precision } = type
  const statics = { shift: b.scale + scale - a.scale }
  const params: DataType[] = [{ ...a, precision }, { ...b, precision }, INTEGER]
  return { params, result: { type, nullable: false }, statics }
}

function runDivideDecimal(type: DataType, shift: number): Implementation {
  if (type.kind === 'decimal' && isNarrowDecimal(type)) {
    return (a: number, b: number) => rt.divideDecimal(a, b, shift)
  }
  return (a: bigint, b: bigint) => {
    if (b === 0n) throw divisionByZero('a decimal')
    return wide(divideWide(a, b, shift))
  }
}

const DIV = define(
  {
    ...MATH,
    name: 'div',
    summary: 'Quotient of integers without its fraction; of decimals rounded to `scale` digits.',
  },
  [
    ['div(7, 2)', '3'],
    ['div(-7, 2)', '-3'],
    ['div(to_decimal("10.00", 12, 2), 3, 4)', '3.3333'],
  ],
  [
    fixed('div', { id: 'div.integer', params: { a: INTEGER, b: INTEGER }, result: INTEGER, throws: true, inline: ([a, b]) => `rt.divideInteger(${a}, ${b})`, run: rt.divideInteger }), // prettier-ignore
    fixed('div', { id: 'div.bigint', params: { a: BIGINT, b: BIGINT }, result: BIGINT, throws: true, run: divideBig }), // prettier-ignore
    free({
      id: 'div.decimal',
      signature: 'div(a: decimal, b: decimal, scale: integer) -> decimal',
      throws: true,
      resolve: divideDecimals,
      prepare: ({ result, statics }) => runDivideDecimal(result.type, Number(statics?.['shift'])),
    }),
  ],
)

function divideBig(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero(a)
  return a / b
}

const MOD = defineFixed(
  { ...MATH, name: 'mod', summary: 'Rest of a division, never negative for a positive divisor.' },
  [
    ['mod(-7, 3)', '2'],
    ['mod(7.5, 2.0)', '1.5'],
  ],
  { id: 'mod_floor.integer', params: { a: INTEGER, b: INTEGER }, result: INTEGER, throws: true, run: floorMod }, // prettier-ignore
  { id: 'mod_floor.number', params: { a: NUMBER, b: NUMBER }, result: NUMBER, throws: true, run: floorMod }, // prettier-ignore
)

function floorMod(a: number, b: number): number {
  if (b === 0) throw divisionByZero(a)
  const rest = a % b
  return (rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest) + 0
}

/** Null at 0: shares and rates of groups that may be empty. */
const RATIO = define(
  { ...MATH, name: 'ratio', summary: '`a / b` as a number; null where b is 0.' },
  [
    ['ratio(1, 4)', '0.25'],
    ['ratio(1, 0)', 'null'],
  ],
  [
    fixed('ratio', { id: 'ratio.number', params: { a: NUMBER, b: NUMBER }, result: NUMBER, nullable: true, throws: true, run: ratio }), // prettier-ignore
    fixed('ratio', { id: 'ratio.duration', params: { a: DURATION, b: DURATION }, result: NUMBER, nullable: true, throws: true, run: ratio }), // prettier-ignore
    free({
      id: 'ratio.decimal',
      signature: 'ratio(a: decimal, b: decimal) -> number?',
      throws: true,
      resolve: ([left, right, ...more]) => {
        if (left === undefined || right === undefined || more.length > 0) return null
        const [a, b] = [asDecimal(left), asDecimal(right)]
        if (a === null || b === null) return null
        return { params: [a, b], result: { type: NUMBER, nullable: true } }
      },
      prepare: ({ params }) => {
        const [left = 0, right = 0] = params.map((type) => (type.kind === 'decimal' ? type.scale : 0)) // prettier-ignore
        return (a: number | bigint, b: number | bigint) =>
          ratio(numberOfDecimal(a, left), numberOfDecimal(b, right))
      },
    }),
  ],
)

function ratio(a: number, b: number): number | null {
  return b === 0 ? null : rt.finite(a / b)
}

const COMPARABLE: ReadonlySet<string> = new Set(['integer', 'number', 'bigint', 'string', 'timestamp', 'date', 'duration', 'decimal', 'boolean']) // prettier-ignore

/** The least or greatest of several values of a row; null if one is null. */
function extreme(name: 'least' | 'greatest', summary: string, examples: Examples): FunctionDef {
  const isBetter = (a: unknown, b: unknown): boolean => {
    const order =
      typeof a === 'string' && typeof b === 'string'
        ? rt.compareStrings(a, b)
        : order2(a as number, b as number) // oxlint-disable-line typescript/no-unsafe-type-assertion -- of one comparable type
    return name === 'least' ? order < 0 : order > 0
  }
  return define({ ...MATH, name, summary }, examples, [
    free({
      id: name,
      signature: `${name}(a: T, b: T, …) -> T`,
      resolve: (args) => {
        const type = args.length > 0 ? unify(args) : null
        if (type === null || !COMPARABLE.has(type.kind)) return null
        return { params: args.map(() => type), result: { type, nullable: false } }
      },
      run: (...values: readonly unknown[]) =>
        values.reduce((best, value) => (isBetter(value, best) ? value : best)),
    }),
  ])
}

function order2(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Starts of buckets of one width, counted from 0. */
const BUCKET = defineFixed(
  { ...MATH, name: 'bucket', summary: 'The start of the bucket of this width that holds x.' },
  [
    ['bucket(17, 5)', '15'],
    ['bucket(-1, 5)', '-5'],
    ['bucket(0.37, 0.25)', '0.25'],
  ],
  { id: 'bucket.integer', params: { x: INTEGER, width: INTEGER }, result: INTEGER, throws: true, run: (x: number, width: number) => rt.integer(Math.floor(x / positive(width)) * width) }, // prettier-ignore
  { id: 'bucket.number', params: { x: NUMBER, width: NUMBER }, result: NUMBER, throws: true, run: (x: number, width: number) => rt.finite(Math.floor(x / positive(width)) * width) }, // prettier-ignore
)

function positive(width: number): number {
  if (width > 0) return width
  throw new StreamError('EXPR_ARGUMENT_INVALID', `the width of a bucket is more than 0, not ${width}`) // prettier-ignore
}

const CLAMP = define(
  { ...MATH, name: 'clamp', summary: 'At least `low` and at most `high`.' },
  [['clamp(12, 0, 10)', '10']],
  [
    free({
      id: 'clamp',
      signature: 'clamp(x: T, low: T, high: T) -> T',
      resolve: (args) => {
        const type = args.length === 3 ? unify(args) : null
        if (type === null || !COMPARABLE.has(type.kind) || type.kind === 'string') return null
        return { params: [type, type, type], result: { type, nullable: false } }
      },
      run: (x: number, low: number, high: number) => (x < low ? low : x > high ? high : x),
    }),
  ],
)

export const MATH_FUNCTIONS: readonly FunctionDef[] = [
  ABS,
  SIGN,
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
  DIV,
  MOD,
  RATIO,
  ofNumber('sqrt', 'Square root.', [['sqrt(9.0)', '3']], Math.sqrt),
  ofNumber('exp', 'e to the power of x.', [['exp(0.0)', '1']], Math.exp),
  ofNumber('ln', 'Natural logarithm.', [['ln(1.0)', '0']], Math.log),
  ofNumber('log10', 'Logarithm to base 10.', [['log10(1000.0)', '3']], Math.log10),
  ofNumber('log2', 'Logarithm to base 2.', [['log2(8.0)', '3']], Math.log2),
  ofNumber('sin', 'Sine of radians.', [['sin(0.0)', '0']], Math.sin),
  ofNumber('cos', 'Cosine of radians.', [['cos(0.0)', '1']], Math.cos),
  ofNumber('tan', 'Tangent of radians.', [['tan(0.0)', '0']], Math.tan),
  ofNumber('asin', 'Arc sine in radians.', [['asin(0.0)', '0']], Math.asin),
  ofNumber('acos', 'Arc cosine in radians.', [['acos(1.0)', '0']], Math.acos),
  ofNumber('atan', 'Arc tangent in radians.', [['atan(0.0)', '0']], Math.atan),
  ofNumber('radians', 'Degrees in radians.', [['radians(0.0)', '0']], (x) => (x * Math.PI) / 180), // prettier-ignore
  ofNumber('degrees', 'Radians in degrees.', [['degrees(0.0)', '0']], (x) => (x * 180) / Math.PI), // prettier-ignore
  defineFixed({ ...MATH, name: 'atan2', summary: 'Angle of a point in radians.' }, [['atan2(0.0, 1.0)', '0']], { id: 'atan2', params: { y: NUMBER, x: NUMBER }, result: NUMBER, throws: true, run: (y: number, x: number) => rt.finite(Math.atan2(y, x)) }), // prettier-ignore
  defineFixed({ ...MATH, name: 'pow', summary: 'To the power of y.' }, [['pow(2.0, 10.0)', '1024']], { id: 'pow', params: { x: NUMBER, y: NUMBER }, result: NUMBER, throws: true, run: (x: number, y: number) => rt.finite(x ** y) }), // prettier-ignore
  extreme('least', 'The smallest of the values.', [['least(3, 1, 2)', '1']]),
  extreme('greatest', 'The largest of the values.', [['greatest("a", "b")', '"b"']]),
  CLAMP,
  BUCKET,
]

export type { DecimalType }
