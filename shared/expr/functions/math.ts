/** Numbers, per type: what is exact for integers and decimals stays exact. */
import { StreamError } from '../../base/errors.ts'
import type { FunctionDef, Overload } from '../overload.ts'
import { rt } from '../runtime.ts'
import { unify } from '../unify.ts'
import {
  BIGINT,
  define,
  defineFixed,
  DURATION,
  fixed,
  free,
  INTEGER,
  NUMBER,
  type Implementation,
} from './define.ts'

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
    fixed('abs', {
      id: 'abs.integer',
      params: { x: INTEGER },
      result: INTEGER,
      inline: ([x]) => `Math.abs(${x})`,
      run: Math.abs,
    }),
    fixed('abs', {
      id: 'abs.number',
      params: { x: NUMBER },
      result: NUMBER,
      inline: ([x]) => `Math.abs(${x})`,
      run: Math.abs,
    }),
    fixed('abs', {
      id: 'abs.duration',
      params: { x: DURATION },
      result: DURATION,
      inline: ([x]) => `Math.abs(${x})`,
      run: Math.abs,
    }),
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

const COMPARABLE: ReadonlySet<string> = new Set([
  'integer',
  'number',
  'bigint',
  'string',
  'timestamp',
  'date',
  'duration',
  'decimal',
  'boolean',
])

/** The least or greatest of several values of a row; null if one is null. */
function extreme(name: 'least' | 'greatest', summary: string, examples: Examples): FunctionDef {
  const isBetter = (a: unknown, b: unknown): boolean => {
    const order =
      typeof a === 'string' && typeof b === 'string' ? rt.compareStrings(a, b) : order2(a, b)
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

/** Numbers, bigints or booleans of one type. */
function order2(a: unknown, b: unknown): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the overload takes no other
  const [left, right] = [a as number, b as number]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Starts of buckets of one width, counted from 0. */
const BUCKET = defineFixed(
  { ...MATH, name: 'bucket', summary: 'The start of the bucket of this width that holds x.' },
  [
    ['bucket(17, 5)', '15'],
    ['bucket(-1, 5)', '-5'],
    ['bucket(0.37, 0.25)', '0.25'],
  ],
  {
    id: 'bucket.integer',
    params: { x: INTEGER, width: INTEGER },
    result: INTEGER,
    throws: true,
    run: (x: number, width: number) => rt.integer(Math.floor(x / positive(width)) * width),
  },
  {
    id: 'bucket.number',
    params: { x: NUMBER, width: NUMBER },
    result: NUMBER,
    throws: true,
    run: (x: number, width: number) => rt.finite(Math.floor(x / positive(width)) * width),
  },
)

function positive(width: number): number {
  if (width > 0) return width
  throw new StreamError(
    'EXPR_ARGUMENT_INVALID',
    `the width of a bucket is more than 0, not ${width}`,
  )
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
  ofNumber('radians', 'Degrees in radians.', [['radians(0.0)', '0']], (x) => (x * Math.PI) / 180),
  ofNumber('degrees', 'Radians in degrees.', [['degrees(0.0)', '0']], (x) => (x * 180) / Math.PI),
  defineFixed(
    { ...MATH, name: 'atan2', summary: 'Angle of a point in radians.' },
    [['atan2(0.0, 1.0)', '0']],
    {
      id: 'atan2',
      params: { y: NUMBER, x: NUMBER },
      result: NUMBER,
      throws: true,
      run: (y: number, x: number) => rt.finite(Math.atan2(y, x)),
    },
  ),
  defineFixed(
    { ...MATH, name: 'pow', summary: 'To the power of y.' },
    [['pow(2.0, 10.0)', '1024']],
    {
      id: 'pow',
      params: { x: NUMBER, y: NUMBER },
      result: NUMBER,
      throws: true,
      run: (x: number, y: number) => rt.finite(x ** y),
    },
  ),
  extreme('least', 'The smallest of the values.', [['least(3, 1, 2)', '1']]),
  extreme('greatest', 'The largest of the values.', [['greatest("a", "b")', '"b"']]),
  CLAMP,
  BUCKET,
]
