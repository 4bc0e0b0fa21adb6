/** `== != < <= > >=` per type, `in`, and null tests. */
import type { DataType } from '../../model/data-type.ts'
import { compareDecimals, isNarrowDecimal, type DecimalType } from '../decimal.ts'
import type { ArgumentType, FunctionDef, Overload, OverloadMatch } from '../overload.ts'
import { rt } from '../runtime.ts'
import { accepts, asDecimal, unify } from '../unify.ts'
import { sameValue } from '../value-equality.ts'
import { BOOLEAN, define, free, STRING, type Implementation } from './define.ts'

/** Kinds whose internal values are numbers. */
const NUMERIC: ReadonlySet<string> = new Set(['integer', 'number', 'timestamp', 'date', 'duration'])
const EQUAL_BY_VALUE: ReadonlySet<string> = new Set([...NUMERIC, 'string', 'boolean', 'bigint'])

type Symbol = '==' | '!=' | '<' | '<=' | '>' | '>='
const NAMES: Readonly<Record<Symbol, string>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
}

function decide(symbol: Symbol, order: number): boolean {
  switch (symbol) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    default:
      return order >= 0
  }
}

function result(params: readonly DataType[]): OverloadMatch {
  return { params, result: { type: BOOLEAN, nullable: false } }
}

/** Takes two arguments that unify to `kind`. */
function ofKind(
  symbol: Symbol,
  kind: DataType['kind'],
  parts: { inline?: NonNullable<Overload['inline']>; run: Implementation },
): Overload {
  return free({
    id: `${NAMES[symbol]}.${kind}`,
    signature: `${kind} ${symbol} ${kind} -> boolean`,
    resolve: (args) => {
      if (args.length !== 2 || args.every((arg) => arg.type.kind === 'null')) return null
      const type = unify(args)
      return type?.kind === kind ? result([type, type]) : null
    },
    ...parts,
  })
}

function byOperator(symbol: Symbol, kind: DataType['kind']): Overload {
  const strict = symbol === '==' ? '===' : symbol === '!=' ? '!==' : symbol
  return ofKind(symbol, kind, {
    inline: ([a, b]) => `(${a} ${strict} ${b})`,
    run: (a: number, b: number) =>
      decide(symbol, a < b ? -1 : a > b ? 1 : a === b ? 0 : Number.NaN),
  })
}

function byCompareStrings(symbol: Symbol): Overload {
  return ofKind(symbol, 'string', {
    inline: ([a, b]) => `(rt.compareStrings(${a}, ${b}) ${symbol} 0)`,
    run: (a: string, b: string) => decide(symbol, rt.compareStrings(a, b)),
  })
}

/** Decimals keep their own scales: bringing them to one could overflow where comparing cannot. */
function ofDecimals(symbol: Symbol): Overload {
  return free({
    id: `${NAMES[symbol]}.decimal`,
    signature: `decimal ${symbol} decimal -> boolean`,
    resolve: matchDecimals,
    inline: ([a, b], match) => {
      const { left, right } = scales(match)
      const strict = symbol === '==' ? '===' : symbol === '!=' ? '!==' : symbol
      if (left === right) return `(${a} ${strict} ${b})`
      return `(rt.compareDecimals(${a}, ${left}, ${b}, ${right}) ${strict} 0)`
    },
    prepare: (match) => {
      const { left, right } = scales(match)
      return (a: number, b: number) => decide(symbol, compareDecimals(a, left, b, right))
    },
  })
}

function scales(match: OverloadMatch): { readonly left: number; readonly right: number } {
  const [left, right] = match.params
  return {
    left: left?.kind === 'decimal' ? left.scale : 0,
    right: right?.kind === 'decimal' ? right.scale : 0,
  }
}

function matchDecimals(args: readonly ArgumentType[]): OverloadMatch | null {
  if (args.length !== 2) return null
  const type = unify(args)
  if (type?.kind !== 'decimal') return null
  const isNarrow = isNarrowDecimal(type)
  const params = args.map((arg): DecimalType => {
    const own = arg.digits === undefined ? asDecimal(arg) : null
    // A literal with no more digits than the column lies at the column's scale.
    return { ...(own ?? type), precision: isNarrow ? (own ?? type).precision : 38 }
  })
  return result(params)
}

function bySame(symbol: '==' | '!=', kind: DataType['kind']): Overload {
  const equal = symbol === '=='
  return ofKind(symbol, kind, { run: (a: unknown, b: unknown) => sameValue(a, b) === equal })
}

function overloads(symbol: Symbol): Overload[] {
  const ordered = [...NUMERIC, 'bigint'].map((kind) => byOperator(symbol, asKind(kind)))
  if (symbol === '==' || symbol === '!=') {
    const byValue = ['string', 'boolean'].map((kind) => byOperator(symbol, asKind(kind)))
    const deep = ['bytes', 'json', 'array', 'map', 'struct'].map((kind) =>
      bySame(symbol, asKind(kind)),
    )
    return [...ordered, ...byValue, ofDecimals(symbol), ...deep]
  }
  return [...ordered, byCompareStrings(symbol), ofDecimals(symbol), bytesOrder(symbol)]
}

function bytesOrder(symbol: Symbol): Overload {
  return ofKind(symbol, 'bytes', {
    run: (a: Uint8Array, b: Uint8Array) => decide(symbol, rt.compareBytes(a, b)),
  })
}

function asKind(kind: string): DataType['kind'] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the lists above hold kinds only
  return kind as DataType['kind']
}

const SUMMARIES: Readonly<Record<Symbol, string>> = {
  '==': 'Equal. Null beside a value gives null; `x == null` is always true or false.',
  '!=': 'Not equal. Null beside a value gives null; `x != null` is always true or false.',
  '<': 'Less; texts by code points.',
  '<=': 'Less or equal.',
  '>': 'Greater.',
  '>=': 'Greater or equal.',
}

const EXAMPLES: Readonly<Record<Symbol, readonly (readonly [string, string])[]>> = {
  '==': [
    ['1 == 1.0', 'true'],
    ['timestamp("2026-01-01") == "2026-01-01T00:00:00Z"', 'true'],
    ['[1, 2] == [1, 2]', 'true'],
  ],
  '!=': [['"a" != "b"', 'true']],
  '<': [['"Z" < "a"', 'true']],
  '<=': [['2 <= 1', 'false']],
  '>': [['to_decimal("1.10", 12, 2) > 1.099', 'true']],
  '>=': [['date("2026-02-01") >= "2026-01-31"', 'true']],
}

function comparison(symbol: Symbol): FunctionDef {
  return define(
    { name: symbol, group: 'operator', summary: SUMMARIES[symbol] },
    EXAMPLES[symbol],
    overloads(symbol),
  )
}

/** Three-valued: null where the list holds a null and not the value. */
const IN_LIST = free({
  id: 'in.list',
  signature: 'x in array<T> -> boolean',
  nulls: 'own',
  resolve: ([value, list]) => {
    if (value === undefined || list?.type.kind !== 'array') return null
    const { element } = list.type
    const type = element.type.kind === 'null' ? value.type : unify([value, element])
    if (type === null) return null
    return {
      params: [type, { kind: 'array', element: { type, nullable: element.nullable } }],
      result: { type: BOOLEAN, nullable: value.nullable || list.nullable || element.nullable },
    }
  },
  run: (value: unknown, list: readonly unknown[] | null) => isIn(value, list),
})

export function isIn(value: unknown, list: readonly unknown[] | null): boolean | null {
  if (list === null || value === null) return list?.length === 0 ? false : null
  let sawNull = false
  for (const one of list) {
    if (one === null) sawNull = true
    else if (one === value || (typeof value === 'object' && sameValue(one, value))) return true
  }
  return sawNull ? null : false
}

const IN = define(
  { name: 'in', group: 'operator', summary: 'Whether a list holds a value, or a map a key.' },
  [
    ['2 in [1, 2]', 'true'],
    ['"a" in {"a": 1}', 'true'],
    ['3 in [1, null]', 'null'],
  ],
  [
    IN_LIST,
    free({
      id: 'in.map',
      signature: 'key in map<T> -> boolean',
      resolve: ([key, map]) => {
        if (key === undefined || map?.type.kind !== 'map' || !accepts(key, STRING)) return null
        return result([STRING, map.type])
      },
      run: (key: string, map: ReadonlyMap<string, unknown>) => map.has(key),
    }),
  ],
)

export const COMPARISON: readonly FunctionDef[] = [
  comparison('=='),
  comparison('!='),
  comparison('<'),
  comparison('<='),
  comparison('>'),
  comparison('>='),
  IN,
]

/** Kinds that may be compared by `===` on internal values. */
export function isPlainKind(kind: string): boolean {
  return EQUAL_BY_VALUE.has(kind)
}
