/** Conversions: exact or an error; the `try_` ones give null instead of the error. */
import { StreamError } from '../../base/errors.ts'
import { INTEGER_MAX } from '../../base/limits.ts'
import type { DataType } from '../../model/data-type.ts'
import { printDuration } from '../../model/duration-text.ts'
import { formatDate, formatTimestamp } from '../../model/text/civil-time.ts'
import { formatDecimal } from '../../model/text/decimal-text.ts'
import { printType } from '../../model/type-text.ts'
import {
  castDecimal,
  decimalOfDigits,
  fitDecimal,
  isNarrowDecimal,
  narrow,
  numberOfDecimal,
  rescaleWide,
  type DecimalType,
  scaledNumber,
} from '../decimal.ts'
import type { ArgumentType, FunctionDef, Overload, OverloadMatch } from '../overload.ts'
import { rt } from '../runtime.ts'
import {
  BIGINT,
  BOOLEAN,
  define,
  free,
  INTEGER,
  NUMBER,
  STRING,
  type Implementation,
} from './define.ts'
import { shown } from './json.ts'

const CONVERSION = { group: 'conversion' } as const

function failed(value: unknown, type: string, fix?: string): StreamError {
  const text = typeof value === 'string' ? `\`${shown(value)}\`` : String(value)
  return new StreamError('EXPR_CONVERSION_FAILED', `${text} is no ${type}`, {
    fix: fix ?? `\`try_to_${type}\` gives null there`,
  })
}

/** Gives null instead of a StreamError. */
function orNull(run: Implementation): Implementation {
  return (...args: readonly unknown[]) => {
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same arguments
      return (run as (...values: readonly unknown[]) => unknown)(...args)
    } catch (cause) {
      if (cause instanceof StreamError) return null
      throw cause
    }
  }
}

type Reader = (from: DataType) => Implementation | null

interface Conversion {
  readonly to: DataType
  /** How a value of a type is converted; null where it cannot be. */
  readonly reader: Reader
  readonly summary: string
  readonly examples: readonly (readonly [string, string])[]
  readonly tryExample: readonly [string, string]
}

/** `to_x` and `try_to_x`. */
function conversion(name: string, spec: Conversion): readonly FunctionDef[] {
  const overload = (id: string, isTry: boolean): Overload =>
    free({
      id,
      signature: `${id}(value: any) -> ${printType(spec.to)}${isTry ? '?' : ''}`,
      throws: !isTry,
      resolve: ([arg, ...more]) => {
        if (arg === undefined || more.length > 0 || spec.reader(arg.type) === null) return null
        return { params: [arg.type], result: { type: spec.to, nullable: isTry } }
      },
      prepare: ({ params }) => {
        const run = spec.reader(params[0] ?? STRING) ?? ((): null => null)
        return isTry ? orNull(run) : run
      },
    })
  return [
    define({ ...CONVERSION, name, summary: `${spec.summary}.` }, spec.examples, [
      overload(name, false),
    ]),
    define(
      { ...CONVERSION, name: `try_${name}`, summary: `${spec.summary}; null where it is none.` },
      [spec.tryExample],
      [overload(`try_${name}`, true)],
    ),
  ]
}

const toInteger: Reader = (from) => {
  switch (from.kind) {
    case 'string':
      return (text: string) => {
        const trimmed = text.trim()
        if (!/^[+-]?\d+$/.test(trimmed)) throw failed(text, 'integer')
        return rt.integer(Number(trimmed))
      }
    case 'number':
      return (x: number) => {
        if (Number.isInteger(x)) return rt.integer(x)
        throw failed(x, 'integer', 'write `to_integer(round(x))`, `floor`, `ceil` or `trunc`')
      }
    case 'decimal':
      return (x: number | bigint) => wholeOfDecimal(x, from)
    case 'bigint':
      return (x: bigint) => {
        if (x > INTEGER_MAX || x < -INTEGER_MAX) throw failed(x, 'integer')
        return Number(x)
      }
    case 'boolean':
      return (x: boolean) => (x ? 1 : 0)
    case 'integer':
    case 'null':
      return (x: number) => x
    default:
      return null
  }
}

function wholeOfDecimal(value: number | bigint, type: DecimalType): number {
  const whole = rescaleWide(BigInt(value), type.scale, 0)
  const isWhole = whole * 10n ** BigInt(type.scale) === BigInt(value)
  if (isWhole) return narrow(Number(whole))
  throw failed(formatDecimal(value, type.scale), 'integer', 'write `to_integer(round(x, 0))`')
}

const toNumber: Reader = (from) => {
  switch (from.kind) {
    case 'string':
      return (text: string) => {
        const trimmed = text.trim()
        const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)
        const value = Number(trimmed)
        if (!isNumber || !Number.isFinite(value)) throw failed(text, 'number')
        return value
      }
    case 'decimal':
      return (x: number | bigint) => numberOfDecimal(x, from.scale)
    case 'bigint':
      return (x: bigint) => rt.finite(Number(x))
    case 'integer':
    case 'number':
    case 'null':
      return (x: number) => x
    default:
      return null
  }
}

const toBigint: Reader = (from) => {
  switch (from.kind) {
    case 'string':
      return (text: string) => {
        const trimmed = text.trim()
        if (!/^[+-]?\d{1,1000}$/.test(trimmed)) throw failed(text, 'bigint')
        return BigInt(trimmed.replace(/^\+/, ''))
      }
    case 'integer':
      return (x: number) => BigInt(x)
    case 'decimal':
      return (x: number | bigint) => rescaleWide(BigInt(x), from.scale, 0)
    case 'bigint':
    case 'null':
      return (x: bigint) => x
    default:
      return null
  }
}

const TRUE = /^(?:true|t|yes|y|on|1)$/i
const FALSE = /^(?:false|f|no|n|off|0)$/i

const toBoolean: Reader = (from) => {
  switch (from.kind) {
    case 'string':
      return (text: string) => {
        const trimmed = text.trim()
        if (TRUE.test(trimmed)) return true
        if (FALSE.test(trimmed)) return false
        throw failed(text, 'boolean')
      }
    case 'integer':
    case 'number':
      return (x: number) => x !== 0
    case 'boolean':
    case 'null':
      return (x: boolean) => x
    default:
      return null
  }
}

/** As the value is written in output, without quotes. */
const toText: Reader = (from) => {
  switch (from.kind) {
    case 'string':
    case 'null':
      return (text: string) => text
    case 'timestamp':
      return formatTimestamp
    case 'date':
      return formatDate
    case 'duration':
      return printDuration
    case 'decimal':
      return (x: number | bigint) => formatDecimal(x, from.scale)
    case 'bytes':
      return (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
    case 'json':
      return (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
    case 'integer':
    case 'number':
    case 'bigint':
    case 'boolean':
      return (x: number | bigint | boolean) => String(x)
    default:
      return null
  }
}

/** The wanted decimal: precision and scale are literals. */
function wantedDecimal(literals: readonly unknown[]): DecimalType | string {
  const [, precision, scale = 0] = literals
  const isPrecision = typeof precision === 'number' && Number.isInteger(precision)
  const isScale = typeof scale === 'number' && Number.isInteger(scale)
  if (
    !isPrecision ||
    !isScale ||
    precision < 1 ||
    precision > 38 ||
    scale < 0 ||
    scale > precision
  ) {
    return 'precision and scale are literals: `to_decimal(x, 12, 2)` has two digits behind the point'
  }
  return { kind: 'decimal', precision, scale }
}

/** Digits that the scale cannot keep are rounded half away from zero. */
function readDecimal(from: DataType, to: DecimalType): Implementation | null {
  const ofDigits = (digits: string): number | bigint => {
    const own = decimalOfDigits(digits)
    if (own === null) throw failed(digits, printType(to))
    return fitDecimal(rescaleWide(own.unscaled, own.type.scale, to.scale), to)
  }
  switch (from.kind) {
    case 'string':
      return (text: string) => ofDigits(text.trim().replace(/^\+/, ''))
    case 'number':
      return scaledNumber(to, (x) => ofDigits(String(x)))
    case 'integer':
      return scaledNumber(to, (x) => fitDecimal(BigInt(x) * 10n ** BigInt(to.scale), to))
    case 'bigint':
      return (x: bigint) => fitDecimal(x * 10n ** BigInt(to.scale), to)
    case 'decimal':
      return (x: number | bigint) =>
        fitDecimal(
          BigInt(castDecimal(BigInt(x), { ...from, precision: 38 }, { ...to, precision: 38 })),
          to,
        )
    case 'null':
      return (x: null) => x
    default:
      return null
  }
}

function decimalOverload(id: string, only: 'string' | 'other' | null): Overload {
  const isTry = id.startsWith('try_')
  const name = id.replace(/\..*/, '')
  const nullMark = isTry ? '?' : ''
  return free({
    id,
    signature: `${name}(value: any, precision: integer, scale: integer) -> decimal${nullMark}`,
    throws: !isTry,
    ...(isTry ? {} : { inline: wholeDecimalText }),
    resolve: (args, literals): OverloadMatch | string | null =>
      matchDecimal({ args, literals, only, isTry }),
    prepare: ({ params, result }) => {
      const { type } = result
      const run = type.kind === 'decimal' ? readDecimal(params[0] ?? STRING, type) : null
      return isTry ? orNull(run ?? ((): null => null)) : (run ?? ((): null => null))
    },
  })
}

/** Whole numbers in doubles, the ordinary case, are told what is constant as literals. */
function wholeDecimalText(
  args: readonly string[],
  { params, result: { type } }: OverloadMatch,
): string | null {
  if (params[0]?.kind !== 'integer' || type.kind !== 'decimal' || !isNarrowDecimal(type))
    return null
  const { precision, scale } = type
  return `rt.wholeDecimal(${args[0]}, ${10 ** scale}, ${10 ** precision})`
}

function matchDecimal(wanted: {
  readonly args: readonly ArgumentType[]
  readonly literals: readonly unknown[]
  readonly only: 'string' | 'other' | null
  readonly isTry: boolean
}): OverloadMatch | string | null {
  const { args, literals, only, isTry } = wanted
  const [arg] = args
  if (arg === undefined || args.length < 2 || args.length > 3) return null
  const isText = arg.type.kind === 'string'
  if ((only === 'string' && !isText) || (only === 'other' && isText)) return null
  const type = wantedDecimal(literals)
  if (typeof type === 'string') return type
  if (readDecimal(arg.type, type) === null) return null
  const params = [arg.type, INTEGER, INTEGER].slice(0, args.length)
  return { params, result: { type, nullable: isTry } }
}

export const CONVERSION_FUNCTIONS: readonly FunctionDef[] = [
  define(
    { ...CONVERSION, name: 'to_string', summary: 'As text.' },
    [
      ['to_string(1.5)', '"1.5"'],
      ['to_string(to_decimal("1.50", 12, 2))', '"1.50"'],
      ['to_string(date("2026-01-31"))', '"2026-01-31"'],
    ],
    [
      free({
        id: 'to_string',
        signature: 'to_string(value: any) -> string',
        resolve: ([arg, ...more]) => {
          if (arg === undefined || more.length > 0 || toText(arg.type) === null) return null
          return { params: [arg.type], result: { type: STRING, nullable: false } }
        },
        prepare: ({ params }) => toText(params[0] ?? STRING) ?? String,
      }),
    ],
  ),
  ...conversion('to_integer', {
    to: INTEGER,
    reader: toInteger,
    summary: 'As a whole number',
    examples: [
      ['to_integer("42")', '42'],
      ['to_integer(3.0)', '3'],
    ],
    tryExample: ['try_to_integer("4x")', 'null'],
  }),
  ...conversion('to_number', {
    to: NUMBER,
    reader: toNumber,
    summary: 'As an approximate number',
    examples: [
      ['to_number("1e3")', '1000'],
      ['to_number(to_decimal("1.25", 12, 2))', '1.25'],
    ],
    tryExample: ['try_to_number("x")', 'null'],
  }),
  ...conversion('to_bigint', {
    to: BIGINT,
    reader: toBigint,
    summary: 'As an exact whole number of any size',
    examples: [['to_bigint("9007199254740993")', '9007199254740993']],
    tryExample: ['try_to_bigint("x")', 'null'],
  }),
  ...conversion('to_boolean', {
    to: BOOLEAN,
    reader: toBoolean,
    summary: 'As true or false: true t yes y on 1, false f no n off 0',
    examples: [['to_boolean("yes")', 'true']],
    tryExample: ['try_to_boolean("maybe")', 'null'],
  }),
  define(
    {
      ...CONVERSION,
      name: 'to_decimal',
      summary: 'As a decimal of these digits, rounded half away from zero.',
    },
    [
      ['to_decimal("1.235", 12, 2)', '1.24'],
      ['to_decimal(7, 12, 2)', '7.00'],
    ],
    [decimalOverload('to_decimal.string', 'string'), decimalOverload('to_decimal', 'other')],
  ),
  define(
    { ...CONVERSION, name: 'try_to_decimal', summary: 'As `to_decimal`; null where it is none.' },
    [['try_to_decimal("x", 12, 2)', 'null']],
    [decimalOverload('try_to_decimal', null)],
  ),
]
