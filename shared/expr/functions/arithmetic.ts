/** `+ - *` and negation, per type. Integers and decimals are exact or an error. */
import type { DataType } from '../../model/data-type.ts'
import type { FunctionDef, Overload } from '../overload.ts'
import { rt } from '../runtime.ts'
import { isDurationText } from '../checking/time-literal.ts'
import { commonElement } from '../unify.ts'
import { decimalOverloads } from './decimal-operators.ts'
import {
  BIGINT,
  DATE,
  define,
  DURATION,
  fixed,
  free,
  INTEGER,
  NUMBER,
  STRING,
  TIMESTAMP,
} from './define.ts'

const DAY_MS = 86_400_000

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
  ...shift('-', {
    id: 'sub.timestamp_duration',
    params: { a: TIMESTAMP, b: DURATION },
    result: TIMESTAMP,
    guard: 'timestamp',
    run: (a, b) => a - b,
  }),
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
  {
    name: '+',
    group: 'operator',
    summary: 'Sum; joins texts and lists; moves a time by a duration.',
  },
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
    ...decimalOverloads({
      symbol: '+',
      name: 'add',
      narrow: (a, b) => rt.narrow(a + b),
      wide: (a, b) => rt.wide(a + b),
    }),
    big('+', 'add', (a, b) => a + b),
    fixed('+', {
      id: 'add.string',
      params: { a: STRING, b: STRING },
      result: STRING,
      inline: ([a, b]) => `(${a} + ${b})`,
      run: (a: string, b: string) => a + b,
    }),
    shift('+', {
      id: 'add.duration',
      params: { a: DURATION, b: DURATION },
      result: DURATION,
      guard: 'finite',
      run: (a, b) => a + b,
    }),
    shift('+', {
      id: 'add.timestamp_duration',
      params: { a: TIMESTAMP, b: DURATION },
      result: TIMESTAMP,
      guard: 'timestamp',
      run: (a, b) => a + b,
    }),
    shift('+', {
      id: 'add.duration_timestamp',
      params: { a: DURATION, b: TIMESTAMP },
      result: TIMESTAMP,
      guard: 'timestamp',
      run: (a, b) => a + b,
    }),
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
    ...decimalOverloads({
      symbol: '-',
      name: 'sub',
      narrow: (a, b) => rt.narrow(a - b),
      wide: (a, b) => rt.wide(a - b),
    }),
    big('-', 'sub', (a, b) => a - b),
    minusDuration,
    minusDate,
    shift('-', {
      id: 'sub.duration',
      params: { a: DURATION, b: DURATION },
      result: DURATION,
      guard: 'finite',
      run: (a, b) => a - b,
    }),
    shift('-', {
      id: 'sub.timestamp',
      params: { a: TIMESTAMP, b: TIMESTAMP },
      result: DURATION,
      guard: 'finite',
      run: (a, b) => a - b,
    }),
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
    ...decimalOverloads({
      symbol: '*',
      name: 'mul',
      narrow: (a, b) => rt.narrow(a * b),
      wide: (a, b) => rt.wide(a * b),
    }),
    big('*', 'mul', (a, b) => a * b),
    fixed('*', {
      id: 'mul.duration_number',
      params: { a: DURATION, b: NUMBER },
      result: DURATION,
      throws: true,
      inline: ([a, b]) => `rt.finite(${a} * ${b})`,
      run: (a: number, b: number) => rt.finite(a * b),
    }),
    fixed('*', {
      id: 'mul.number_duration',
      params: { a: NUMBER, b: DURATION },
      result: DURATION,
      throws: true,
      inline: ([a, b]) => `rt.finite(${a} * ${b})`,
      run: (a: number, b: number) => rt.finite(a * b),
    }),
  ],
)

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

export const ARITHMETIC: readonly FunctionDef[] = [ADD, SUBTRACT, MULTIPLY, NEGATE]
