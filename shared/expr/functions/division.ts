/** Quotients and rests. Integers and decimals say what becomes of the fraction; 0 is an error. */
import type { DataType } from '../../model/data-type.ts'
import { divideWide, isNarrowDecimal, numberOfDecimal, resultDecimal, wide } from '../decimal.ts'
import type { ArgumentType, FunctionDef, Overload, OverloadMatch } from '../overload.ts'
import { divisionByZero, rt } from '../runtime.ts'
import { asDecimal } from '../unify.ts'
import { asWideAs, decimalOverloads } from './decimal-operators.ts'
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
    const isNumeric = kinds.every(
      (kind) => kind === 'number' || kind === 'integer' || kind === 'null',
    )
    if (!kinds.includes('number') || !isNumeric || kinds.length !== 2) return null
    return { params: [NUMBER, NUMBER], result: { type: NUMBER, nullable: false } }
  },
}

const DIVIDE = define(
  {
    name: '/',
    group: 'operator',
    summary: 'Quotient of numbers; integers and decimals take `div`.',
  },
  [
    ['7 / 2.0', '3.5'],
    ['duration("90m") / duration("1h")', '1.5'],
  ],
  [
    divideNumbers,
    fixed('/', {
      id: 'div.duration',
      params: { a: DURATION, b: DURATION },
      result: NUMBER,
      throws: true,
      inline: ([a, b]) => `rt.divide(${a}, ${b})`,
      run: rt.divide,
    }),
    fixed('/', {
      id: 'div.duration_number',
      params: { a: DURATION, b: NUMBER },
      result: DURATION,
      throws: true,
      inline: ([a, b]) => `rt.divide(${a}, ${b})`,
      run: rt.divide,
    }),
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
    fixed('%', {
      id: 'mod.integer',
      params: { a: INTEGER, b: INTEGER },
      result: INTEGER,
      throws: true,
      inline: ([a, b]) => `rt.moduloInteger(${a}, ${b})`,
      run: rt.moduloInteger,
    }),
    fixed('%', {
      id: 'mod.number',
      params: { a: NUMBER, b: NUMBER },
      result: NUMBER,
      throws: true,
      inline: ([a, b]) => `rt.modulo(${a}, ${b})`,
      run: rt.modulo,
    }),
    ...decimalOverloads({ symbol: '%', name: 'mod', narrow: rt.moduloInteger, wide: bigModulo }),
    fixed('%', {
      id: 'mod.bigint',
      params: { a: BIGINT, b: BIGINT },
      result: BIGINT,
      throws: true,
      run: bigModulo,
    }),
  ],
)

function bigModulo(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero(a)
  return a % b
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
  const statics = { shift: b.scale + scale - a.scale }
  const params: DataType[] = [asWideAs(type, a), asWideAs(type, b), INTEGER]
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
    fixed('div', {
      id: 'div.integer',
      params: { a: INTEGER, b: INTEGER },
      result: INTEGER,
      throws: true,
      inline: ([a, b]) => `rt.divideInteger(${a}, ${b})`,
      run: rt.divideInteger,
    }),
    fixed('div', {
      id: 'div.bigint',
      params: { a: BIGINT, b: BIGINT },
      result: BIGINT,
      throws: true,
      run: divideBig,
    }),
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
  {
    id: 'mod_floor.integer',
    params: { a: INTEGER, b: INTEGER },
    result: INTEGER,
    throws: true,
    run: floorMod,
  },
  {
    id: 'mod_floor.number',
    params: { a: NUMBER, b: NUMBER },
    result: NUMBER,
    throws: true,
    run: floorMod,
  },
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
    fixed('ratio', {
      id: 'ratio.number',
      params: { a: NUMBER, b: NUMBER },
      result: NUMBER,
      nullable: true,
      throws: true,
      run: ratio,
    }),
    fixed('ratio', {
      id: 'ratio.duration',
      params: { a: DURATION, b: DURATION },
      result: NUMBER,
      nullable: true,
      throws: true,
      run: ratio,
    }),
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
        const [left = 0, right = 0] = params.map((type) =>
          type.kind === 'decimal' ? type.scale : 0,
        )
        return (a: number | bigint, b: number | bigint) =>
          ratio(numberOfDecimal(a, left), numberOfDecimal(b, right))
      },
    }),
  ],
)

function ratio(a: number, b: number): number | null {
  return b === 0 ? null : rt.finite(a / b)
}

export const DIVISION: readonly FunctionDef[] = [DIVIDE, MODULO, DIV, MOD, RATIO]
