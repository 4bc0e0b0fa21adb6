/**
 * Hunts: values that are not of the type the checker promised, nulls where it promised none, and
 * evaluation that fails with anything but a coded error. Random expressions over random rows.
 */
import { inspect } from 'node:util'
import test from 'ava'
import * as fc from 'fast-check'
import { StreamError } from '../../../shared/base/errors.ts'
import type { TypedExpr } from '../../../shared/expr/ast.ts'
import { canCastThrow } from '../../../shared/expr/cast.ts'
import { checkExpression } from '../../../shared/expr/check.ts'
import { interpret } from '../../../shared/expr/interpret.ts'
import { functionNames, overloadById } from '../../../shared/expr/library.ts'
import { parseExpression } from '../../../shared/expr/parse.ts'
import type { DataType, FieldType } from '../../../shared/model/data-type.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import { printFieldType } from '../../../shared/model/type-text.ts'
import { FIELDS, SCOPE } from './expr-kit.ts'

const LEAVES = [
  'n',
  'm',
  'x',
  'd',
  'e',
  'w',
  'b',
  'ts',
  'day',
  'dur',
  'user',
  'url',
  'bot',
  'maybe',
  'tags',
  'attrs',
  'j',
  'merchant.mcc',
  'customer.age',
  'items',
  'items[0].qty',
  '1',
  '0',
  '-3',
  '2.5',
  '"a"',
  '"5m"',
  '"2026-01-31"',
  '"day"',
  '"Europe/Berlin"',
  'null',
  'true',
  '[1, null]',
  '{"a": 2}',
]
const BINARY = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in']
const FUNCTIONS = [
  'coalesce',
  'null_if',
  'least',
  'greatest',
  'abs',
  'sign',
  'round',
  'floor',
  'ceil',
  'trunc',
  'div',
  'mod',
  'ratio',
  'clamp',
  'bucket',
  'sqrt',
  'pow',
  'lower',
  'title',
  'length',
  'size',
  'substring',
  'left',
  'lpad',
  'split',
  'split_part',
  'index_of',
  'contains',
  'concat',
  'replace',
  'repeat',
  'regex_extract',
  'url_host',
  'to_string',
  'to_integer',
  'to_number',
  'to_bigint',
  'to_boolean',
  'try_to_integer',
  'try_to_number',
  'year',
  'week',
  'hour',
  'day_of_year',
  'date',
  'timestamp',
  'date_trunc',
  'date_add',
  'date_diff',
  'unix_millis',
  'in_hours',
  'format_time',
  'last_day',
  'as_json',
  'to_json',
  'json_get',
  'json_string',
  'json_integer',
  'sort',
  'distinct',
  'slice',
  'compact',
  'join',
  'list_sum',
  'list_max',
  'list_avg',
  'keys',
  'values',
  'get',
  'sha256',
  'crc32',
  'flags',
  'change',
  'now',
]

const { text } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: fc.constantFrom(...LEAVES) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(tie('text'), fc.constantFrom(...BINARY), tie('text'))
        .map(([a, op, b]) => `((${a}) ${op} (${b}))`),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...FUNCTIONS), fc.array(tie('text'), { minLength: 1, maxLength: 3 }))
        .map(([fn, args]) => `${fn}(${args.join(', ')})`),
    },
    fc
      .tuple(tie('text'), tie('text'), tie('text'))
      .map(([condition, a, b]) => `((${condition}) ? (${a}) : (${b}))`),
    fc.tuple(fc.constantFrom('!', '-'), tie('text')).map(([op, a]) => `${op}(${a})`),
    fc
      .tuple(tie('text'), fc.constantFrom('map', 'filter', 'exists', 'all'), tie('text'))
      .map(([over, op, body]) => `(${over}).${op}(i, ${body})`),
  ),
}))

function valueFor(type: DataType): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'integer':
      return fc.oneof(fc.integer({ min: -5, max: 5 }), fc.maxSafeInteger())
    case 'number':
      return fc.oneof(
        fc.integer({ min: -3, max: 3 }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      )
    case 'decimal':
      return type.precision <= 15
        ? fc.integer({ min: -(10 ** 12), max: 10 ** 12 })
        : fc.bigInt(-(10n ** 30n), 10n ** 30n)
    case 'bigint':
      return fc.bigInt(-(10n ** 20n), 10n ** 20n)
    case 'timestamp':
      return fc.integer({ min: -(10 ** 13), max: 10 ** 13 })
    case 'date':
      return fc.integer({ min: -50_000, max: 50_000 })
    case 'duration':
      return fc.oneof(fc.constantFrom(0, 86_400_000, -86_400_000), fc.integer())
    case 'boolean':
      return fc.boolean()
    case 'string':
      return fc.oneof(
        fc.constantFrom('a', '42', 'yes', '', 'https://a.b/c', '2026-01-31'),
        fc.string({ unit: 'grapheme', maxLength: 6 }),
      )
    case 'bytes':
      return fc.uint8Array({ maxLength: 4 })
    case 'json':
      return fc.jsonValue({ maxDepth: 2 })
    case 'array':
      return fc.array(nullable(type.element), { maxLength: 3 })
    case 'map':
      return fc
        .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), nullable(type.value)), { maxLength: 3 })
        .map((all) => new Map(all))
    case 'struct':
      return fc.record(
        Object.fromEntries(type.fields.map((field) => [field.name, nullable(field)])),
      )
    default:
      return fc.constant(null)
  }
}

function nullable(field: FieldType): fc.Arbitrary<unknown> {
  return field.nullable ? fc.option(valueFor(field.type), { freq: 3 }) : valueFor(field.type)
}

const row = fc.record(
  Object.fromEntries(columnsOf(FIELDS).map((column) => [column.path, nullable(column)])),
)

function conforms(value: unknown, { type, nullable: mayBeNull }: FieldType): boolean {
  if (value === null) return mayBeNull || type.kind === 'json'
  switch (type.kind) {
    case 'integer':
      return Number.isSafeInteger(value) && !Object.is(value, -0)
    case 'date':
    case 'timestamp':
      return Number.isInteger(value)
    case 'number':
    case 'duration':
      return Number.isFinite(value)
    case 'decimal':
      return type.precision <= 15 ? Number.isSafeInteger(value) : typeof value === 'bigint'
    case 'string':
    case 'boolean':
    case 'bigint':
      return typeof value === type.kind
    case 'bytes':
      return value instanceof Uint8Array
    case 'array':
      return Array.isArray(value) && value.every((one) => conforms(one, type.element))
    case 'map':
      return value instanceof Map && [...value.values()].every((one) => conforms(one, type.value))
    default:
      return value !== undefined
  }
}

test('soundness: a value is of its type, null only where that allows it', (t) => {
  let evaluated = 0
  fc.assert(
    fc.property(text, row, (source, values) => {
      const { expr } = parseExpression(source)
      const typed = expr === null ? null : checkExpression(expr, SCOPE).typed
      if (typed === null || typed.node === 'struct') return
      let value: unknown
      try {
        value = interpret(typed, { column: (path) => values[path], now: 1_764_000_000_000 })
      } catch (cause) {
        t.true(cause instanceof StreamError, `${source}: ${String(cause)}`)
        return
      }
      evaluated += 1
      t.true(conforms(value, typed), `${source} is ${printFieldType(typed)}, not ${inspect(value)}`)
    }),
    { numRuns: 4000 },
  )
  t.true(evaluated > 400, `${evaluated} evaluated`)
})

/** Arguments for every function: columns of each type, and literals that units, zones, … need. */
const ARGUMENTS = [
  'n',
  'm',
  'x',
  'd',
  'w',
  'b',
  'ts',
  'day',
  'dur',
  'user',
  'url',
  'maybe',
  'tags',
  'attrs',
  'j',
  'items',
  'b"a\\xff"',
  '"day"',
  '"Europe/Berlin"',
  '"yyyy-MM-dd"',
  '2',
  '-1',
  '[1, 2, null]',
  '{"a": true}',
  '[[1], [2]]',
]

function tuples(): string[] {
  const two = ARGUMENTS.flatMap((first) => ARGUMENTS.map((second) => `${first}, ${second}`))
  const three = [
    'user, 2, url',
    'user, "a", "b"',
    'user, "/", n',
    'attrs, "a", 0',
    'd, 3, 2',
    'd, w, 4',
    'w, 20, 3',
    'x, 12, 2',
    'user, 12, 2',
    'n, 12, 2',
    '"day", ts, ts',
    '"month", day, day',
    '"week", ts, "Europe/Berlin"',
    'ts, n, "month"',
    'day, m, "year"',
    'ts, 2, "day"',
    'ts, "EEE", "Europe/Berlin"',
    'user, "yyyy", "UTC"',
    'n, 0, 10',
    'x, 0, 1.5',
    'n, m, n',
    'tags, 1, 1',
  ]
  return ['', ...ARGUMENTS, ...two, ...three]
}

test('soundness: every function keeps its promise over every kind of argument', (t) => {
  const rows = fc.sample(row, { numRuns: 12, seed: 7 })
  const seen = new Set<string>()
  const broken: string[] = []
  for (const name of functionNames()) {
    for (const args of tuples()) {
      const source = name === 'list' || name === 'map' ? 'true' : `${name}(${args})`
      const { expr } = parseExpression(source)
      const typed = expr === null ? null : checkExpression(expr, SCOPE).typed
      if (typed === null || typed.node !== 'call') continue
      seen.add(typed.overload)
      for (const values of rows) {
        const value = outcome(() => interpret(typed, { column: (path) => values[path], now: 1 }))
        const isCoded = value instanceof StreamError
        const holds = isCoded ? mayThrow(typed) : conforms(value, typed)
        if (!holds) broken.push(`${source} is ${printFieldType(typed)}, not ${inspect(value)}`)
      }
    }
  }
  t.deepEqual(broken.slice(0, 10), [])
  t.true(seen.size > 180, `${seen.size} overloads seen`)
})

function mayThrow(typed: Extract<TypedExpr, { node: 'call' }>): boolean {
  const throws = overloadById(typed.overload)?.throws ?? false
  return (
    throws || typed.args.some((arg) => arg.node === 'cast' && canCastThrow(arg.arg.type, arg.to))
  )
}

function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (cause) {
    return cause
  }
}
