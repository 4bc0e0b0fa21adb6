/** Functions of lists and maps. Nulls in a list are kept, and skipped by what computes. */
import { StreamError } from '../../base/errors.ts'
import type { DataType, FieldType } from '../../model/data-type.ts'
import { isNarrowDecimal, narrow, resultDecimal, wide } from '../decimal.ts'
import type { FunctionDef, Overload } from '../overload.ts'
import { rt } from '../runtime.ts'
import { accepts, unify } from '../unify.ts'
import { sameValue } from '../value-equality.ts'
import { BOOLEAN, define, fixed, free, INTEGER, NUMBER, STRING } from './define.ts'
import { array, ofList, type Entries, type List } from './lists.ts'

const LISTS = { group: 'lists' } as const

function same(element: FieldType): FieldType {
  return { type: array(element), nullable: false }
}

function orNull(element: FieldType): FieldType {
  return { type: element.type, nullable: true }
}

const ORDERED: ReadonlySet<string> = new Set([
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

function ordered(element: FieldType): boolean {
  return ORDERED.has(element.type.kind) || element.type.kind === 'null'
}

/** Values of one ordered type; nulls last. */
function compare(a: unknown, b: unknown): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a === 'string' && typeof b === 'string') return rt.compareStrings(a, b)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- numbers, bigints or booleans
  const [left, right] = [a as number, b as number]
  return left < right ? -1 : left > right ? 1 : 0
}

function distinct(list: List): unknown[] {
  const seen = new Set<unknown>()
  const kept: unknown[] = []
  for (const value of list) {
    const isKnown =
      typeof value === 'object' && value !== null
        ? kept.some((one) => sameValue(one, value))
        : seen.has(value)
    if (isKnown) continue
    seen.add(value)
    kept.push(value)
  }
  return kept
}

function slice(list: List, from: number, count?: number): unknown[] {
  const start = from < 0 ? Math.max(0, list.length + from) : from
  return list.slice(start, count === undefined ? undefined : start + Math.max(0, count))
}

function best(list: List, sign: 1 | -1): unknown {
  let found: unknown = null
  for (const value of list) {
    if (value !== null && (found === null || sign * compare(value, found) > 0)) found = value
  }
  return found
}

const CONTAINS = define(
  { ...LISTS, name: 'contains', summary: 'Whether a text holds another, or a list a value.' },
  [
    ['contains("banana", "nan")', 'true'],
    ['contains([1, 2], 3)', 'false'],
  ],
  [
    fixed('contains', {
      id: 'contains.string',
      params: { text: STRING, part: STRING },
      result: BOOLEAN,
      inline: ([a, b]) => `${a}.includes(${b})`,
      run: (text: string, part: string) => text.includes(part),
    }),
    free({
      id: 'contains.list',
      signature: 'contains(list: array<T>, value: T) -> boolean',
      resolve: ([list, value, ...more]) => {
        if (list?.type.kind !== 'array' || value === undefined || more.length > 0) return null
        const { element } = list.type
        const type = element.type.kind === 'null' ? value.type : unify([element, value])
        if (type === null) return null
        const params = [array({ type, nullable: element.nullable }), type]
        return { params, result: { type: BOOLEAN, nullable: false } }
      },
      run: (list: List, value: unknown) => list.some((one) => sameValue(one, value)),
    }),
  ],
)

function total(list: List): number {
  return list.reduce((sum: number, one) => (typeof one === 'number' ? sum + one : sum), 0)
}

function sumOf(kind: 'integer' | 'number' | 'duration', check: (x: number) => number): Overload {
  return ofList({
    id: `list_sum.${kind}`,
    signature: `list_sum(list: array<${kind}>) -> ${kind}`,
    throws: true,
    result: ({ type }) => (type.kind === kind ? { type, nullable: false } : null),
    run: (list: List) => check(total(list)),
  })
}

const LIST_SUM = free({
  id: 'list_sum.decimal',
  signature: 'list_sum(list: array<decimal>) -> decimal',
  throws: true,
  resolve: ([list, ...more]) => {
    if (list?.type.kind !== 'array' || more.length > 0) return null
    const { type } = list.type.element
    if (type.kind !== 'decimal') return null
    return {
      params: [list.type],
      result: { type: resultDecimal(type.scale, type), nullable: false },
    }
  },
  prepare: ({ result }) => {
    const { type } = result
    return (list: List) => {
      const values = list.filter((one) => typeof one === 'number' || typeof one === 'bigint')
      const sum = values.reduce((so: bigint, one) => so + BigInt(one), 0n)
      return type.kind === 'decimal' && isNarrowDecimal(type) ? narrow(Number(sum)) : wide(sum)
    }
  },
})

const MAP_KEYS = free({
  id: 'keys',
  signature: 'keys(map: map<T>) -> array<string>',
  resolve: ([map, ...more]) => {
    if (map?.type.kind !== 'map' || more.length > 0) return null
    const element = { type: STRING, nullable: false }
    return { params: [map.type], result: { type: array(element), nullable: false } }
  },
  run: (map: Entries) => [...map.keys()],
})

const MAP_VALUES = free({
  id: 'values',
  signature: 'values(map: map<T>) -> array<T>',
  resolve: ([map, ...more]) => {
    if (map?.type.kind !== 'map' || more.length > 0) return null
    return { params: [map.type], result: { type: array(map.type.value), nullable: false } }
  },
  run: (map: Entries) => [...map.values()],
})

/** An element, or another value where there is none. */
const GET = define(
  { ...LISTS, name: 'get', summary: 'The value of a key, or another where it is absent.' },
  [['get({"a": 1}, "b", 0)', '0']],
  [
    free({
      id: 'get.map',
      signature: 'get(map: map<T>, key: string, otherwise: T) -> T',
      resolve: ([map, key, otherwise, ...more]) => {
        if (map?.type.kind !== 'map' || key === undefined || otherwise === undefined) return null
        if (more.length > 0 || !accepts(key, STRING)) return null
        const type = unify([map.type.value, otherwise])
        if (type === null) return null
        const { nullable } = map.type.value
        const params: DataType[] = [{ kind: 'map', value: { type, nullable } }, STRING, type]
        return { params, result: { type, nullable } }
      },
      run: (map: Entries, key: string, otherwise: unknown) =>
        map.has(key) ? map.get(key) : otherwise,
    }),
  ],
)

export const LIST_FUNCTIONS: readonly FunctionDef[] = [
  CONTAINS,
  GET,
  define(
    { ...LISTS, name: 'keys', summary: 'The keys of a map, in its order.' },
    [['keys({"b": 1, "a": 2})', '["b", "a"]']],
    [MAP_KEYS],
  ),
  define(
    { ...LISTS, name: 'values', summary: 'The values of a map, in its order.' },
    [['values({"b": 1, "a": 2})', '[1, 2]']],
    [MAP_VALUES],
  ),
  define(
    {
      ...LISTS,
      name: 'slice',
      summary: '`count` elements from a position; a negative one counts from the end.',
    },
    [
      ['slice([1, 2, 3], 1)', '[2, 3]'],
      ['slice([1, 2, 3], -2, 1)', '[2]'],
    ],
    [
      ofList({
        id: 'slice',
        signature: 'slice(list: array<T>, from: integer, count?: integer) -> array<T>',
        more: [INTEGER, INTEGER],
        optional: 1,
        result: same,
        run: slice,
      }),
    ],
  ),
  define(
    { ...LISTS, name: 'sort', summary: 'In ascending order, nulls last.' },
    [['sort([3, 1, 2])', '[1, 2, 3]']],
    [
      ofList({
        id: 'sort',
        signature: 'sort(list: array<T>) -> array<T>',
        result: (element) => (ordered(element) ? same(element) : null),
        run: (list: List) => list.toSorted(compare),
      }),
    ],
  ),
  define(
    { ...LISTS, name: 'reverse_list', summary: 'In reverse.' },
    [['reverse_list([1, 2])', '[2, 1]']],
    [
      ofList({
        id: 'reverse_list',
        signature: 'reverse_list(list: array<T>) -> array<T>',
        result: same,
        run: (list: List) => list.toReversed(),
      }),
    ],
  ),
  define(
    { ...LISTS, name: 'distinct', summary: 'Each value once, where it stands first.' },
    [['distinct([1, 2, 1])', '[1, 2]']],
    [
      ofList({
        id: 'distinct',
        signature: 'distinct(list: array<T>) -> array<T>',
        result: same,
        run: distinct,
      }),
    ],
  ),
  define(
    { ...LISTS, name: 'compact', summary: 'Without nulls.' },
    [['compact([1, null, 2])', '[1, 2]']],
    [
      ofList({
        id: 'compact',
        signature: 'compact(list: array<T?>) -> array<T>',
        result: (element) => same({ type: element.type, nullable: false }),
        run: (list: List) => list.filter((one) => one !== null),
      }),
    ],
  ),
  define(
    { ...LISTS, name: 'flatten', summary: 'The elements of a list of lists.' },
    [['flatten([[1], [2, 3]])', '[1, 2, 3]']],
    [
      ofList({
        id: 'flatten',
        signature: 'flatten(list: array<array<T>>) -> array<T>',
        result: (element) =>
          element.type.kind === 'array' ? { type: element.type, nullable: false } : null,
        run: (list: List) => list.flatMap((one) => (Array.isArray(one) ? one : [])),
      }),
    ],
  ),
  define(
    { ...LISTS, name: 'join', summary: 'Texts with a separator between them, nulls skipped.' },
    [['join(["a", "b"], "-")', '"a-b"']],
    [
      ofList({
        id: 'join',
        signature: 'join(list: array<string>, separator: string) -> string',
        more: [STRING],
        result: (element) =>
          element.type.kind === 'string' ? { type: STRING, nullable: false } : null,
        run: (list: List, separator: string) =>
          list.filter((one) => typeof one === 'string').join(separator),
      }),
    ],
  ),
  define(
    { ...LISTS, name: 'list_sum', summary: 'Sum of a list; 0 of an empty one.' },
    [['list_sum([1, 2, 3])', '6']],
    [
      sumOf('integer', rt.integer),
      sumOf('number', rt.finite),
      sumOf('duration', rt.finite),
      LIST_SUM,
    ],
  ),
  define(
    { ...LISTS, name: 'list_avg', summary: 'Mean of a list; null of an empty one.' },
    [['list_avg([1, 2])', '1.5']],
    [
      ofList({
        id: 'list_avg',
        signature: 'list_avg(list: array<number>) -> number?',
        throws: true,
        result: (element) =>
          element.type.kind === 'integer' || element.type.kind === 'number'
            ? { type: NUMBER, nullable: true }
            : null,
        run: average,
      }),
    ],
  ),
  define(
    { ...LISTS, name: 'list_min', summary: 'Smallest value of a list; null of an empty one.' },
    [['list_min([2, 1])', '1']],
    [
      ofList({
        id: 'list_min',
        signature: 'list_min(list: array<T>) -> T?',
        result: (element) => (ordered(element) ? orNull(element) : null),
        run: (list: List) => best(list, -1),
      }),
    ],
  ),
  define(
    { ...LISTS, name: 'list_max', summary: 'Largest value of a list; null of an empty one.' },
    [['list_max([2, 1])', '2']],
    [
      ofList({
        id: 'list_max',
        signature: 'list_max(list: array<T>) -> T?',
        result: (element) => (ordered(element) ? orNull(element) : null),
        run: (list: List) => best(list, 1),
      }),
    ],
  ),
  define(
    {
      ...LISTS,
      name: 'range',
      summary: 'The integers from one up to, not including, another; at most 10,000.',
    },
    [['range(0, 3)', '[0, 1, 2]']],
    [
      fixed('range', {
        id: 'range',
        params: { from: INTEGER, to: INTEGER },
        result: array({ type: INTEGER, nullable: false }),
        throws: true,
        run: range,
      }),
    ],
  ),
]

function average(list: List): number | null {
  const values = list.filter((one) => typeof one === 'number')
  if (values.length === 0) return null
  return rt.finite(values.reduce((sum, one) => sum + one, 0) / values.length)
}

const RANGE_MAX = 10_000

function range(from: number, to: number): number[] {
  if (to - from <= RANGE_MAX)
    return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
  throw new StreamError(
    'EXPR_VALUE_TOO_LARGE',
    `a range has at most ${RANGE_MAX} elements, not ${to - from}`,
  )
}
