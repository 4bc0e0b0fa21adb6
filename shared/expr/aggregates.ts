/** Aggregates as far as types and changes go (D1, D18); accumulators live in node/operators. */
import type { DataType, FieldType } from '../model/data-type.ts'
import { resultDecimal } from './decimal.ts'
import type { AggregateDef } from './overload.ts'

const INTEGER: DataType = { kind: 'integer' }
const NUMBER: DataType = { kind: 'number' }
const BOOLEAN: DataType = { kind: 'boolean' }
const STRING: DataType = { kind: 'string' }

type Resolution = NonNullable<ReturnType<AggregateDef['resolve']>>
type Traits = Pick<AggregateDef, 'retraction' | 'mergeable' | 'ordered'>

const SUBTRACTS: Traits = { retraction: 'subtract', mergeable: true, ordered: false }
const MULTISET: Traits = { retraction: 'multiset', mergeable: true, ordered: false }
const ORDERED: Traits = { retraction: 'multiset', mergeable: true, ordered: true }

function never(type: DataType): FieldType {
  return { type, nullable: false }
}

/** Of no rows it is null. */
function maybe(type: DataType): FieldType {
  return { type, nullable: true }
}

function ofColumns(
  result: FieldType,
  params: readonly DataType[],
  options: Resolution['options'] = {},
): Resolution {
  return { result, columns: params.map((_, index) => index), params, options }
}

function isNumeric(type: DataType): boolean {
  return type.kind === 'integer' || type.kind === 'number' || type.kind === 'decimal'
}

function isOrdered(type: DataType): boolean {
  return isNumeric(type) || ORDERED_KINDS.has(type.kind)
}

const ORDERED_KINDS: ReadonlySet<DataType['kind']> = new Set([
  'string',
  'bigint',
  'boolean',
  'timestamp',
  'date',
  'duration',
  'bytes',
])

function sumType(type: DataType): DataType | null {
  if (type.kind === 'decimal') return resultDecimal(type.scale, type)
  return type.kind === 'integer' ||
    type.kind === 'number' ||
    type.kind === 'duration' ||
    type.kind === 'bigint'
    ? type
    : null
}

/** Four more digits than the sum; of integers a number. */
function avgType(type: DataType): DataType | null {
  if (type.kind === 'decimal') return resultDecimal(Math.min(type.scale + 4, 38), type)
  if (type.kind === 'integer' || type.kind === 'number') return NUMBER
  return type.kind === 'duration' ? type : null
}

function one(
  head: Pick<AggregateDef, 'name' | 'summary' | 'signature'>,
  traits: Traits,
  result: (type: DataType) => FieldType | null,
): AggregateDef {
  return {
    ...head,
    ...traits,
    resolve: ([arg, ...more]) => {
      if (arg === undefined || more.length > 0) return null
      const made = result(arg.type)
      return made === null ? null : ofColumns(made, [arg.type])
    },
  }
}

/** One column and one constant. */
function withConstant(
  head: Pick<AggregateDef, 'name' | 'summary' | 'signature'>,
  traits: Traits,
  result: (
    type: DataType,
    constant: unknown,
  ) => { result: FieldType; param: DataType; options: Resolution['options'] } | null,
): AggregateDef {
  return {
    ...head,
    ...traits,
    resolve: ([arg, constant, ...more], literals) => {
      if (arg === undefined || constant === undefined || more.length > 0) return null
      const made = result(arg.type, literals[1])
      if (made === null) return null
      return { result: made.result, columns: [0], params: [made.param], options: made.options }
    },
  }
}

/** The value of one column where another is smallest or largest. */
function byOther(name: 'min_by' | 'max_by', word: string): AggregateDef {
  return {
    name,
    summary: `The value where another is ${word}; ties by the smaller bytes.`,
    signature: `${name}(value: T, by: ordered) -> T?`,
    ...MULTISET,
    resolve: ([value, by, ...more]) => {
      if (value === undefined || by === undefined || more.length > 0) return null
      return isOrdered(by.type) ? ofColumns(maybe(value.type), [value.type, by.type]) : null
    },
  }
}

const COUNT: AggregateDef = {
  name: 'count',
  summary: 'How many rows; with an argument, how many where it is not null.',
  signature: 'count() -> integer or count(x: T) -> integer',
  ...SUBTRACTS,
  resolve: (args) => {
    if (args.length > 1) return null
    return ofColumns(
      never(INTEGER),
      args.map((arg) => arg.type),
    )
  },
}

export const AGGREGATES: readonly AggregateDef[] = [
  COUNT,
  one(
    {
      name: 'count_distinct',
      summary: 'How many different values, exactly; null is none.',
      signature: 'count_distinct(x: T) -> integer',
    },
    { ...MULTISET, retraction: 'subtract' },
    (type) => (type.kind === 'json' ? null : never(INTEGER)),
  ),
  one(
    {
      name: 'approx_count_distinct',
      summary: 'How many different values, within about 2 %, in a few KiB.',
      signature: 'approx_count_distinct(x: T) -> integer',
    },
    { ...MULTISET, retraction: 'refused' },
    (type) => (type.kind === 'json' ? null : never(INTEGER)),
  ),
  one(
    {
      name: 'sum',
      summary: 'Sum; null of no values.',
      signature: 'sum(x: numeric or duration) -> same?',
    },
    SUBTRACTS,
    (type) => mapType(sumType(type)),
  ),
  one(
    {
      name: 'min',
      summary: 'Smallest value; null of no values.',
      signature: 'min(x: ordered) -> same?',
    },
    MULTISET,
    (type) => (isOrdered(type) ? maybe(type) : null),
  ),
  one(
    {
      name: 'max',
      summary: 'Largest value; null of no values.',
      signature: 'max(x: ordered) -> same?',
    },
    MULTISET,
    (type) => (isOrdered(type) ? maybe(type) : null),
  ),
  one(
    {
      name: 'avg',
      summary: 'Mean: of integers a number, of decimals four more digits.',
      signature: 'avg(x: numeric or duration) -> number or decimal?',
    },
    SUBTRACTS,
    (type) => mapType(avgType(type)),
  ),
  one(
    {
      name: 'stddev',
      summary: 'Sample standard deviation; null of fewer than two values.',
      signature: 'stddev(x: numeric) -> number?',
    },
    SUBTRACTS,
    (type) => (isNumeric(type) ? maybe(NUMBER) : null),
  ),
  withConstant(
    {
      name: 'quantile',
      summary: 'The value below which the share q lies, within 1 %.',
      signature: 'quantile(x: numeric or duration, q: 0…1) -> number?',
    },
    MULTISET,
    (type, q) => {
      if (typeof q !== 'number' || q < 0 || q > 1) return null
      if (type.kind === 'duration') return { result: maybe(type), param: type, options: { q } }
      return isNumeric(type) ? { result: maybe(NUMBER), param: type, options: { q } } : null
    },
  ),
  one(
    {
      name: 'first',
      summary: 'The value of the earliest row by event time, null included.',
      signature: 'first(x: T) -> T?',
    },
    ORDERED,
    maybe,
  ),
  one(
    {
      name: 'last',
      summary: 'The value of the latest row by event time, null included.',
      signature: 'last(x: T) -> T?',
    },
    ORDERED,
    maybe,
  ),
  byOther('min_by', 'smallest'),
  byOther('max_by', 'largest'),
  one(
    {
      name: 'collect',
      summary: 'All values that are not null, in order of event time.',
      signature: 'collect(x: T) -> array<T>',
    },
    ORDERED,
    (type) => never({ kind: 'array', element: never(type) }),
  ),
  withConstant(
    {
      name: 'top_k',
      summary: 'The n most frequent values, most frequent first (space-saving).',
      signature: 'top_k(x: T, n: integer) -> array<T>',
    },
    { ...MULTISET, mergeable: true },
    (type, n) => {
      if (typeof n !== 'number' || !Number.isInteger(n) || n < 1 || n > 10_000) return null
      const result = never({ kind: 'array', element: never(type) })
      return { result, param: type, options: { n } }
    },
  ),
  withConstant(
    {
      name: 'string_agg',
      summary: 'Texts that are not null, joined in order of event time.',
      signature: 'string_agg(x: string, separator: string) -> string?',
    },
    ORDERED,
    (type, separator) => {
      if (type.kind !== 'string' || typeof separator !== 'string') return null
      return { result: maybe(STRING), param: STRING, options: { separator } }
    },
  ),
  one(
    {
      name: 'any',
      summary: 'Whether it is true in some row; null values do not count.',
      signature: 'any(x: boolean) -> boolean?',
    },
    SUBTRACTS,
    (type) => (type.kind === 'boolean' ? maybe(BOOLEAN) : null),
  ),
  one(
    {
      name: 'all',
      summary: 'Whether it is true in every row; null values do not count.',
      signature: 'all(x: boolean) -> boolean?',
    },
    SUBTRACTS,
    (type) => (type.kind === 'boolean' ? maybe(BOOLEAN) : null),
  ),
]

function mapType(type: DataType | null): FieldType | null {
  return type === null ? null : maybe(type)
}

const BY_NAME: ReadonlyMap<string, AggregateDef> = new Map(AGGREGATES.map((def) => [def.name, def]))

export function aggregateNamed(name: string): AggregateDef | null {
  return BY_NAME.get(name) ?? null
}
