/**
 * Hunts: examples of the reference that are not true, inline code that differs from the function it
 * stands for, and functions that throw something other than a coded error.
 */
import test from 'ava'
import * as fc from 'fast-check'
import { StreamError } from '../../../shared/base/errors.ts'
import type { FieldType } from '../../../shared/model/data-type.ts'
import { FUNCTIONS } from '../../../shared/expr/library.ts'
import type { ArgumentType, Overload, OverloadMatch } from '../../../shared/expr/overload.ts'
import { rt } from '../../../shared/expr/runtime.ts'
import { fieldsOf, typed, valueOf } from './expr-kit.ts'

for (const def of FUNCTIONS) {
  for (const { expr, result } of def.examples) {
    test(`library: \`${expr}\` is ${result}`, (t) => t.is(valueOf(expr), result))
  }
}

test('library: every function says what it does and shows it', (t) => {
  for (const def of FUNCTIONS) {
    t.regex(def.summary, /\.$/, def.name)
    const isOfRow = def.name === 'now' || def.name === 'change'
    t.true(def.examples.length > 0 || isOfRow, `${def.name} has an example`)
    t.true(def.overloads.length > 0)
  }
})

test('library: ids and names are words that plans can hold', (t) => {
  for (const def of FUNCTIONS) {
    for (const overload of def.overloads) t.regex(overload.id, /^[a-z][a-z0-9_]*(\.[a-z_]+)?$/)
  }
})

/** Values per kind, the awkward ones among them. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  integer: [0, 1, -1, 2, 7, -13, 100, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
  number: [0, -0, 1.5, -2.5, 1e308, -1e-300, 3, 0.1],
  decimal: [0, 1, -150, 999, Number.MAX_SAFE_INTEGER],
  timestamp: [0, 1_764_000_000_123, -1, 8.64e15],
  date: [0, 20_454, -719_468],
  duration: [0, 300_000, -86_400_000, 1],
  string: ['', 'a', 'ab', 'Ω', '😀a', '\uffff', 'A b'],
  boolean: [true, false],
  bigint: [0n, 5n, -7n, 10n ** 30n],
  bytes: [new Uint8Array(), Uint8Array.of(1, 255)],
  json: [1, 'a', { a: [1, { b: null }] }, [], true],
  array: [[], [1, 2], ['a'], [null]],
  map: [new Map(), new Map([['a', 1]])],
}

const TYPES: readonly FieldType[] = fieldsOf(
  `{ integer: integer, number: number, decimal: decimal(12,2), scaled: decimal(10,3),
     wide: decimal(30,4), timestamp: timestamp, date: date, duration: duration, string: string,
     boolean: boolean, bigint: bigint, bytes: bytes, json: json, array: array<integer>,
     texts: array<string>, map: map<integer> }`,
)

function combinations(length: number): ArgumentType[][] {
  if (length === 0) return [[]]
  return combinations(length - 1).flatMap((rest) =>
    TYPES.map(({ type, nullable }) => [...rest, { type, nullable }]),
  )
}

/** Every way in which an overload takes up to three typed arguments without literals. */
function matches(overload: Overload): OverloadMatch[] {
  const found: OverloadMatch[] = []
  for (const length of [1, 2]) {
    for (const args of combinations(length)) {
      const match = overload.resolve(
        args,
        args.map(() => undefined),
      )
      if (match !== null && typeof match !== 'string') found.push(match)
    }
  }
  return found
}

function valuesOf(param: FieldType['type']): readonly unknown[] {
  const values = VALUES[param.kind] ?? []
  if (param.kind !== 'decimal' || param.precision <= 15) return values
  return values.map((value) => BigInt(value as number))
}

function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (cause) {
    return cause instanceof StreamError ? cause.code : cause
  }
}

test('library: inline code evaluates each argument once, in order', (t) => {
  for (const overload of FUNCTIONS.flatMap((def) => def.overloads)) {
    for (const match of overload.inline === undefined ? [] : matches(overload)) {
      const names = match.params.map((_, index) => `$${index}$`)
      const text = overload.inline?.(names, match) ?? null
      if (text === null) continue
      const found = text.match(/\$\d\$/g) ?? []
      t.deepEqual([...found], names, overload.id)
    }
  }
})

test('library: inline to_decimal of whole numbers gives what the function gives', (t) => {
  const overload = FUNCTIONS.flatMap((def) => def.overloads).find(({ id }) => id === 'to_decimal')
  const integer = { type: { kind: 'integer' }, nullable: false } as const
  let compared = 0
  for (let precision = 1; precision <= 15; precision++) {
    for (let scale = 0; scale <= precision; scale++) {
      const match = overload?.resolve([integer, integer, integer], [undefined, precision, scale])
      if (overload === undefined || typeof match !== 'object' || match === null) continue
      // oxlint-disable-next-line no-implied-eval -- generated code is what is tested
      const code = new Function('rt', 'x', `return ${overload.inline?.(['x'], match)}`)
      const limit = 10 ** (precision - scale)
      for (const x of [
        0,
        1,
        -1,
        7,
        limit - 1,
        limit,
        -limit,
        1 - limit,
        2 ** 53 - 1,
        1 - 2 ** 53,
      ]) {
        const inlined = outcome(() => code(rt, x) as unknown)
        t.deepEqual(
          inlined,
          outcome(() => overload.prepare?.(match)(...([x] as never[]))),
          `${x}`,
        )
        compared += 1
      }
    }
  }
  t.is(compared, 1350)
})

test('library: inline code gives what the function gives', (t) => {
  let compared = 0
  for (const overload of FUNCTIONS.flatMap((def) => def.overloads)) {
    if (overload.inline === undefined) continue
    for (const match of matches(overload)) {
      const names = match.params.map((_, index) => `a${index}`)
      const text = overload.inline(names, match)
      if (text === null) continue
      // oxlint-disable-next-line no-implied-eval -- generated code is what is tested
      const code = new Function('rt', ...names, `return ${text}`)
      for (const first of valuesOf(match.params[0] ?? { kind: 'null' })) {
        for (const second of match.params[1] === undefined ? [0] : valuesOf(match.params[1])) {
          const args = [first, second].slice(0, names.length)
          const inlined = outcome(() => code(rt, ...args) as unknown)
          const called = outcome(() => overload.run(args, match))
          t.deepEqual(
            inlined === 0 ? 0 : inlined,
            called === 0 ? 0 : called,
            `${overload.id} ${args.map(String).join(', ')}`,
          )
          compared += 1
        }
      }
    }
  }
  t.true(compared > 1000, `${compared} compared`)
})

test('library: a function gives a value or a coded error, and says so when it can', (t) => {
  for (const overload of FUNCTIONS.flatMap((def) => def.overloads)) {
    if (overload.id === 'now' || overload.id === 'change') continue
    for (const match of matches(overload)) {
      for (const first of valuesOf(match.params[0] ?? { kind: 'null' })) {
        for (const second of match.params[1] === undefined ? [0] : valuesOf(match.params[1])) {
          const args = [first, second].slice(0, match.params.length)
          const result = outcome(() => overload.run(args, match))
          const label = `${overload.id}(${args.map(String).join(', ')})`
          t.false(result instanceof Error, `${label}: ${String(result)}`)
          if (typeof result === 'string' && result.startsWith('EXPR_'))
            t.true(overload.throws, label)
          if (result === null && overload.nulls === 'propagate')
            t.true(match.result.nullable, label)
          t.not(result, undefined, label)
        }
      }
    }
  }
})

test('library: what reads JSON, maps and lists never reaches a prototype', (t) => {
  const values = { j: { a: 1 }, attrs: new Map(), tags: ['a'], items: [{ sku: 'a' }] }
  for (const name of ['__proto__', 'constructor', 'toString', 'length']) {
    t.is(valueOf(`j.${name}`, values), 'null')
    t.is(valueOf(`j["${name}"]`, values), 'null')
    t.is(valueOf(`json_get(j, "${name}")`, values), 'null')
    t.is(valueOf(`attrs["${name}"]`, values), 'null')
    t.is(valueOf(`"${name}" in attrs`, values), 'false')
  }
  t.is(valueOf('parse_json("{\\"__proto__\\": {\\"x\\": 1}}").x'), 'null')
})

test('library: regular expressions take time in proportion to the text', (t) => {
  const text = 'a'.repeat(5000)
  t.is(valueOf(`regex_match(url, "(a+)+$")`, { url: `${text}b` }), 'false')
})

test('library: rounding is half away from zero and inverse to nothing else', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: -10_000_000, max: 10_000_000 }),
      fc.integer({ min: 0, max: 4 }),
      (n, digits) => {
        const x = n / 1000
        const exact = Math.sign(n) * Math.round(Math.abs(n) / 10 ** (3 - digits))
        const expected = digits >= 3 ? x : exact / 10 ** digits
        t.is(Number(valueOf(`round(x, ${digits})`, { x })), expected === 0 ? 0 : expected)
      },
    ),
    { numRuns: 2000 },
  )
})

function shown(value: boolean | null): string {
  return String(value)
}

function and(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false
  return a === null || b === null ? null : true
}

test('library: three-valued logic is that of SQL', (t) => {
  const all = [true, false, null]
  for (const maybe of all) {
    t.is(valueOf('!maybe', { maybe }), shown(maybe === null ? null : !maybe))
    for (const bot of all) {
      t.is(valueOf('maybe && bot', { maybe, bot }), shown(and(maybe, bot)))
      const or = and(maybe === null ? null : !maybe, bot === null ? null : !bot)
      t.is(valueOf('maybe || bot', { maybe, bot }), shown(or === null ? null : !or))
    }
  }
})

test('library: what is not needed is not evaluated', (t) => {
  t.is(valueOf('m == null || div(n, m) > 1', { m: null, n: 4 }), 'true')
  t.is(valueOf('n != 0 && div(4, n) > 1', { n: 0 }), 'false')
  t.is(valueOf('n == 0 ? 0 : div(4, n)', { n: 0 }), '0')
  t.is(valueOf('coalesce(m, div(4, n))', { n: 0, m: 7 }), '7')
  t.is(typed('now()').node, 'call')
})
