/** `+ - * / %` and negation, per type. Integers and decimals are exact or an error. */
import type { DataType } from '../../model/data-type.ts'
import { isNarrowDecimal, resultDecimal, type DecimalType } from '../decimal.ts'
import type { ArgumentType, FunctionDef, Overload, OverloadMatch } from '../overload.ts'
import { divisionByZero, rt } from '../runtime.ts'
import { isDurationText } from '../time-literal.ts'
import { asDecimal, commonElement } from '../unify.ts'
import { BIGINT, DATE, define, DURATION, fixed, free, INTEGER, NUMBER, STRING, TIMESTAMP } from './define.ts' // prettier-ignore

const DAY_MS = 86_400_000

/** `a op b` of two decimals, or one and what counts as one. */
function decimals(
  args: readonly ArgumentType[],
  make: (a: DecimalType, b: DecimalType) => OverloadMatch | null,
): OverloadMatch | null {
  const [left, right] = args
  if (left === undefined || right === undefined || args.length !== 2) return null
  if (left.type.kind !== 'decimal' && right.type.kind !== 'decimal') return null
  if (left.type.kind === 'null' || right.type.kind === 'null') {
    const type = left.type.kind === 'decimal' ? left.type : right.type
    return type.kind === 'decimal' ? make(type, type) : null
  }
  const a = asDecimal(left)
  const b = asDecimal(right)
  return a === null || b === null ? null : make(a, b)
}

function decimalMatch(result: DecimalType, a: DataType, b: DataType): OverloadMatch {
  return { params: [a, b], result: { type: result, nullable: false } }
}

/** Both at the larger scale; the result too. */
function sameScale(a: DecimalType, b: DecimalType): OverloadMatch {
  const type = resultDecimal(Math.max(a.scale, b.scale), a, b)
  return decimalMatch(type, type, type)
}

function product(a: DecimalType, b: DecimalType): OverloadMatch | null {
  const scale = a.scale + b.scale
  if (scale > 38) return null
  const type = resultDecimal(scale, a, b)
  const precision = type.precision
  return decimalMatch(type, { ...a, precision }, { ...b, precision })
}

interface DecimalOperator {
  readonly symbol: '+' | '-' | '*' | '%'
  readonly name: string
  readonly narrow: (a: number, b: number) => number
  readonly wide: (a: bigint, b: bigint) => bigint
}

function isNarrowResult(match: OverloadMatch | null): boolean {
  return match?.result.type.kind === 'decimal' && isNarrowDecimal(match.result.type)
}

/** `add.decimal` in doubles and `add.decimal_wide` in BigInt. */
function decimalOverloads({ symbol, name, narrow, wide }: DecimalOperator): Overload[] {
  const make = symbol === '*' ? product : sameScale
  const shared = { signature: `decimal ${symbol} decimal -> decimal`, throws: true }
  const helper = symbol === '%' ? 'moduloInteger' : null
  return [
    free({
      id: `${name}.decimal`,
      ...shared,
      resolve(args) {
        const match = decimals(args, make)
        return isNarrowResult(match) ? match : null
      },
      inline: ([a, b]) =>
        helper === null ? `rt.narrow(${a} ${symbol} ${b})` : `rt.${helper}(${a}, ${b})`,
      run: narrow,
    }),
    free({
      id: `${name}.decimal_wide`,
      ...shared,
      resolve(args) {
        const match = decimals(args, make)
        return isNarrowResult(match) ? null : match
      },
      run: wide,
    }),
  ]
}

function whole(symbol: string, name: string, run: (a: number, b: number) => number): Overload {
  return fixed(symbol, {
    id: `${name}.integer`,
    params: { a: INTEGER, b: INTEGER },
    result: INTEGER,
    throws: true,
    inline: ([a, b]) => `rt.integer(${a} ${symbol} ${b})`,
    run: (a: number, b: number) => rt.integer(run(a, b)),
  })
}

function floating(symbol: string, name: string, run: (a: number, b: number) => number): Overload {
  return fixed(symbol, {
    id: `${name}.number`,
    params: { a: NUMBER, b: NUMBER },
    result: NUMBER,
    throws: true,
    inline: ([a, b]) => `rt.finite(${a} ${symbol} ${b})`,
    run: (a: number, b: number) => rt.finite(run(a, b)),
  })
}

function big(symbol: string, name: string, run: (a: bigint, b: bigint) => bigint): Overload {
  return fixed(symbol, {
    id: `${name}.bigint`,
    params: { a: BIGINT, b: BIGINT },
    result: BIGINT,
    throws: symbol === '/' || symbol === '%',
    run,
  })
}

interface Shift {
  readonly id: string
  readonly params: Readonly<Record<string, DataType>>
  readonly result: DataType
  readonly guard: 'timestamp' | 'finite'
  readonly run: (a: number, b: number) => number
}

/** Adds to or subtracts from a time. */
function shift(symbol: '+' | '-', { id, params, result, guard, run }: Shift): Overload {
  return fixed(symbol, {
    id,
    params,
    result,
    throws: true,
    inline: ([a, b]) => `rt.${guard}(${a} ${symbol} ${b})`,
    run: (a: number, b: number) => rt[guard](run(a, b)),
  })
}

/** A date moves by whole days. */
function shiftDate(symbol: '+' | '-'): Overload {
  const name = symbol === '+' ? 'add' : 'sub'
  return fixed(symbol, {
    id: `${name}.date_duration`,
    params: { a: DATE, b: DURATION },
    result: DATE,
    throws: true,
    run: (a: number, b: number) => {
      const days = rt.wholeDays(b)
      return symbol === '+' ? a + days : a - days
    },
  })
}

const concatLists = free({
  id: 'add.list',
  signature: 'array<T> + array<T> -> array<T>',
  resolve: (args) => {
    const type = args.length === 2 ? commonElement(args) : null
    return type === null ? null : { params: [type, type], result: { type, nullable: false } }
  },
  run: (a: readonly unknown[], b: readonly unknown[]) => [...a, ...b],
})

/** A text beside a timestamp is a duration if it reads as one, else a timestamp. */
const minusDuration: Overload = {
  ...shift('-', { id: 'sub.timestamp_duration', params: { a: TIMESTAMP, b: DURATION }, result: TIMESTAMP, guard: 'timestamp', run: (a, b) => a - b }), // prettier-ignore
  resolve([a, b]) {
    if (a?.type.kind !== 'timestamp' || b === undefined) return null
    const isDuration = b.text === undefined ? b.type.kind === 'duration' : isDurationText(b.text)
    if (!isDuration) return null
    return { params: [TIMESTAMP, DURATION], result: { type: TIMESTAMP, nullable: false } }
  },
}

const minusDate: Overload = {
  ...shiftDate('-'),
  resolve([a, b]) {
    if (a?.type.kind !== 'date' || b === undefined) return null
    const isDuration = b.text === undefined ? b.type.kind === 'duration' : isDurationText(b.text)
    if (!isDuration) return null
    return { params: [DATE, DURATION], result: { type: DATE, nullable: false } }
  },
}

const ADD = define(
  { name: '+', group: 'operator', summary: 'Sum; joins texts and lists; moves a time by a duration.' }, // prettier-ignore
  [
    ['1 + 2', '3'],
    ['1 + 0.5', '1.5'],
    ['"a" + "b"', '"ab"'],
    ['timestamp("2026-01-01") + "90m"', '2026-01-01T01:30:00.000Z'],
    ['[1] + [2, 3]', '[1, 2, 3]'],
  ],
  [
    whole('+', 'add', (a, b) => a + b),
    floating('+', 'add', (a, b) => a + b),
    ...decimalOverloads({ symbol: '+', name: 'add', narrow: (a, b) => rt.narrow(a + b), wide: (a, b) => rt.wide(a + b) }), // prettier-ignore
    big('+', 'add', (a, b) => a + b),
    fixed('+', {
      id: 'add.string',
      params: { a: STRING, b: STRING },
      result: STRING,
      inline: ([a, b]) => `(${a} + ${b})`,
      run: (a: string, b: string) => a + b,
    }),
    shift('+', { id: 'add.duration', params: { a: DURATION, b: DURATION }, result: DURATION, guard: 'finite', run: (a, b) => a + b }), // prettier-ignore
    shift('+', { id: 'add.timestamp_duration', params: { a: TIMESTAMP, b: DURATION }, result: TIMESTAMP, guard: 'timestamp', run: (a, b) => a + b }), // prettier-ignore
    shift('+', { id: 'add.duration_timestamp', params: { a: DURATION, b: TIMESTAMP }, result: TIMESTAMP, guard: 'timestamp', run: (a, b) => a + b }), // prettier-ignore
    shiftDate('+'),
    concatLists,
  ],
)

const SUBTRACT = define(
  { name: '-', group: 'operator', summary: 'Difference; of two times the duration between them.' },
  [
    ['5 - 2', '3'],
    ['timestamp("2026-01-02") - timestamp("2026-01-01")', '24h'],
    ['timestamp("2026-01-02") - "1h"', '2026-01-01T23:00:00.000Z'],
    ['date("2026-03-01") - duration("1d")', '2026-02-28'],
  ],
  [
    whole('-', 'sub', (a, b) => a - b),
    floating('-', 'sub', (a, b) => a - b),
    ...decimalOverloads({ symbol: '-', name: 'sub', narrow: (a, b) => rt.narrow(a - b), wide: (a, b) => rt.wide(a - b) }), // prettier-ignore
    big('-', 'sub', (a, b) => a - b),
    minusDuration,
    minusDate,
    shift('-', { id: 'sub.duration', params: { a: DURATION, b: DURATION }, result: DURATION, guard: 'finite', run: (a, b) => a - b }), // prettier-ignore
    shift('-', { id: 'sub.timestamp', params: { a: TIMESTAMP, b: TIMESTAMP }, result: DURATION, guard: 'finite', run: (a, b) => a - b }), // prettier-ignore
    fixed('-', {
      id: 'sub.date',
      params: { a: DATE, b: DATE },
      result: DURATION,
      inline: ([a, b]) => `((${a} - ${b}) * ${DAY_MS})`,
      run: (a: number, b: number) => (a - b) * DAY_MS,
    }),
  ],
)

const MULTIPLY = define(
  { name: '*', group: 'operator', summary: 'Product; of decimals the scales add up.' },
  [
    ['2 * 3', '6'],
    ['to_decimal("1.10", 12, 2) * 0.5', '0.550'],
    ['duration("1m") * 3', '3m'],
  ],
  [
    whole('*', 'mul', (a, b) => a * b),
    floating('*', 'mul', (a, b) => a * b),
    ...decimalOverloads({ symbol: '*', name: 'mul', narrow: (a, b) => rt.narrow(a * b), wide: (a, b) => rt.wide(a * b) }), // prettier-ignore
    big('*', 'mul', (a, b) => a * b),
    fixed('*', { id: 'mul.duration_number', params: { a: DURATION, b: NUMBER }, result: DURATION, throws: true, inline: ([a, b]) => `rt.finite(${a} * ${b})`, run: (a: number, b: number) => rt.finite(a * b) }), // prettier-ignore
    fixed('*', { id: 'mul.number_duration', params: { a: NUMBER, b: DURATION }, result: DURATION, throws: true, inline: ([a, b]) => `rt.finite(${a} * ${b})`, run: (a: number, b: number) => rt.finite(a * b) }), // prettier-ignore
  ],
)

/** Needs a number on one side: integers divide by `div`, decimals by `div` with a scale. */
const divideNumbers: Overload = {
  ...fixed('/', {
    id: 'div.number',
    params: { a: NUMBER, b: NUMBER },
    result: NUMBER,
    throws: true,
    inline: ([a, b]) => `rt.divide(${a}, ${b})`,
    run: rt.divide,
  }),
  resolve(args) {
    const kinds = args.map((arg) => arg.type.kind)
    const isNumeric = kinds.every((kind) => kind === 'number' || kind === 'integer' || kind === 'null') // prettier-ignore
    if (!kinds.includes('number') || !isNumeric || kinds.length !== 2) return null
    return { params: [NUMBER, NUMBER], result: { type: NUMBER, nullable: false } }
  },
}

const DIVIDE = define(
  { name: '/', group: 'operator', summary: 'Quotient of numbers; integers and decimals take `div`.' }, // prettier-ignore
  [
    ['7 / 2.0', '3.5'],
    ['duration("90m") / duration("1h")', '1.5'],
  ],
  [
    divideNumbers,
    fixed('/', { id: 'div.duration', params: { a: DURATION, b: DURATION }, result: NUMBER, throws: true, inline: ([a, b]) => `rt.divide(${a}, ${b})`, run: rt.divide }), // prettier-ignore
    fixed('/', { id: 'div.duration_number', params: { a: DURATION, b: NUMBER }, result: DURATION, throws: true, inline: ([a, b]) => `rt.divide(${a}, ${b})`, run: rt.divide }), // prettier-ignore
  ],
)

const MODULO = define(
  { name: '%', group: 'operator', summary: 'Rest of a division, with the sign of the dividend.' },
  [
    ['7 % 3', '1'],
    ['-7 % 3', '-1'],
    ['7.5 % 2.0', '1.5'],
  ],
  [
    fixed('%', { id: 'mod.integer', params: { a: INTEGER, b: INTEGER }, result: INTEGER, throws: true, inline: ([a, b]) => `rt.moduloInteger(${a}, ${b})`, run: rt.moduloInteger }), // prettier-ignore
    fixed('%', { id: 'mod.number', params: { a: NUMBER, b: NUMBER }, result: NUMBER, throws: true, inline: ([a, b]) => `rt.modulo(${a}, ${b})`, run: rt.modulo }), // prettier-ignore
    ...decimalOverloads({ symbol: '%', name: 'mod', narrow: rt.moduloInteger, wide: bigModulo }),
    big('%', 'mod', bigModulo),
  ],
)

function bigModulo(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero(a)
  return a % b
}

/** Minus one value: its type stays. */
function negate(id: string, type: DataType, inline: boolean): Overload {
  return fixed('-', {
    id,
    params: { a: type },
    result: type,
    ...(inline ? { inline: ([a]: readonly string[]) => `(0 - ${a})` } : {}),
    run: inline ? (a: number) => 0 - a : (a: bigint) => -a,
  })
}

const NEGATE = define(
  { name: 'neg', group: 'operator', summary: 'Minus one value, written `-a`.' },
  [['-(1 + 2)', '-3']],
  [
    negate('neg.integer', INTEGER, true),
    negate('neg.number', NUMBER, true),
    negate('neg.duration', DURATION, true),
    negate('neg.bigint', BIGINT, false),
    free({
      id: 'neg.decimal',
      signature: '-decimal -> decimal',
      resolve: ([arg]) => {
        if (arg?.type.kind !== 'decimal') return null
        return { params: [arg.type], result: { type: arg.type, nullable: false } }
      },
      run: (a: number | bigint) => (typeof a === 'bigint' ? -a : 0 - a),
    }),
  ],
)

export const ARITHMETIC: readonly FunctionDef[] = [ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, NEGATE]
