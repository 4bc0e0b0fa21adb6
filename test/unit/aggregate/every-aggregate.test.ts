/**
 * Every aggregate against a naive model that keeps all rows: with nulls and filters, without a
 * window, in windows of several panes (merged and taken out again), and with rows taken back.
 */
import test from 'ava'
import { AGGREGATES } from '../../../shared/expr/aggregates.ts'
import type { AggregateCall, WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { coreOf, fold, Harness, type InputRow, spec } from '../window/window-model.ts'

const INPUT = [
  spec('k', 'integer'),
  spec('x', 'integer', { nullable: true }),
  spec('s', 'string', { nullable: true, layout: 'utf8' }),
  spec('b', 'boolean', { nullable: true }),
  spec('y', 'number', { nullable: true }),
  spec('d', 'date', { nullable: true, layout: 'i32' }),
  spec('w', 'bigint', { nullable: true, layout: 'any' }),
  spec('c', 'string', { layout: 'dict' }),
]
const FILTER = 3
const COLUMN = { x: 1, s: 2, b: 3, y: 4, d: 5, w: 6, c: 7 } as const
type Name = keyof typeof COLUMN

interface Case {
  readonly call: AggregateCall
  /** Over rows in order of time and value. */
  readonly model: (rows: readonly InputRow[]) => unknown
}

const nullable = (kind: string) =>
  spec('r', kind, { nullable: true, ...(kind === 'bigint' ? { layout: 'any' } : {}) })
const kinds = { x: 'integer', s: 'string', b: 'boolean', y: 'number', d: 'date', w: 'bigint', c: 'string' } // prettier-ignore
const list = { path: 'r', type: { kind: 'array', element: { type: { kind: 'string' }, nullable: false } }, nullable: false, layout: 'any' } as const // prettier-ignore

function at(rows: readonly InputRow[], name: Name): unknown[] {
  return rows.map((row) => row.values[COLUMN[name]]).filter((one) => one !== null)
}

function compare(a: unknown, b: unknown): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return (a as number) < (b as number) ? -1 : a === b ? 0 : 1
}

function sorted(rows: readonly InputRow[], name: Name): unknown[] {
  return rows
    .toSorted((a, b) => a.time - b.time || compare(a.values[COLUMN[name]], b.values[COLUMN[name]]))
    .map((row) => row.values[COLUMN[name]])
}

function numbers(rows: readonly InputRow[], name: Name): number[] {
  return at(rows, name).map(Number)
}

const sum = (xs: readonly number[]) => xs.reduce((total, x) => total + x, 0)

function deviation(xs: readonly number[]): number | null {
  if (xs.length < 2) return null
  const mean = sum(xs) / xs.length
  return Math.sqrt(sum(xs.map((x) => (x - mean) ** 2)) / (xs.length - 1))
}

function best(rows: readonly InputRow[], value: Name, by: Name, sign: 1 | -1): unknown {
  const found = rows
    .filter((row) => row.values[COLUMN[by]] !== null)
    .toSorted(
      (a, b) =>
        compare(a.values[COLUMN[by]], b.values[COLUMN[by]]) * -sign ||
        compare(a.values[COLUMN[value]], b.values[COLUMN[value]]),
    )
  return found[0]?.values[COLUMN[value]] ?? null
}

function mostFrequent(values: readonly unknown[], n: number): unknown[] {
  const counts = new Map<unknown, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts]
    .toSorted((a, b) => b[1] - a[1] || compare(a[0], b[0]))
    .slice(0, n)
    .map(([value]) => value)
}

// oxlint-disable-next-line max-params -- a line per aggregate
function one(
  fn: string,
  args: readonly Name[],
  result: AggregateCall['result'],
  model: Case['model'],
  options: AggregateCall['options'] = {},
): Case {
  const columns = args.map((name) => COLUMN[name])
  return { call: { fn, args: columns, where: null, lastMs: null, options, result, user: null }, model } // prettier-ignore
}

const EXTREMES = (['x', 's', 'b', 'y', 'd', 'w', 'c'] as const).flatMap((name) => [
  one('min', [name], nullable(kinds[name]), (rows) => at(rows, name).toSorted(compare)[0] ?? null),
  one('max', [name], nullable(kinds[name]), (rows) => at(rows, name).toSorted(compare).at(-1) ?? null), // prettier-ignore
  one('first', [name], nullable(kinds[name]), (rows) => sorted(rows, name)[0] ?? null),
  one('last', [name], nullable(kinds[name]), (rows) => sorted(rows, name).at(-1) ?? null),
])

const CASES: readonly Case[] = [
  ...EXTREMES,
  one('count', [], spec('r', 'integer'), (rows) => rows.length),
  one('count', ['s'], spec('r', 'integer'), (rows) => at(rows, 's').length),
  one('count_distinct', ['s'], spec('r', 'integer'), (rows) => new Set(at(rows, 's')).size),
  one('sum', ['x'], nullable('integer'), (rows) => at(rows, 'x').length === 0 ? null : sum(numbers(rows, 'x'))), // prettier-ignore
  one('avg', ['y'], nullable('number'), (rows) => at(rows, 'y').length === 0 ? null : sum(numbers(rows, 'y')) / at(rows, 'y').length), // prettier-ignore
  one('stddev', ['x'], nullable('number'), (rows) => deviation(numbers(rows, 'x'))),
  one('any', ['b'], nullable('boolean'), (rows) => at(rows, 'b').length === 0 ? null : at(rows, 'b').includes(true)), // prettier-ignore
  one('all', ['b'], nullable('boolean'), (rows) => at(rows, 'b').length === 0 ? null : !at(rows, 'b').includes(false)), // prettier-ignore
  one('min_by', ['s', 'x'], nullable('string'), (rows) => best(rows, 's', 'x', -1)),
  one('max_by', ['s', 'y'], nullable('string'), (rows) => best(rows, 's', 'y', 1)),
  one('collect', ['c'], list, (rows) => sorted(rows, 'c')),
  one('collect', ['s'], list, (rows) => sorted(rows, 's').filter((s) => s !== null)),
  one('top_k', ['s'], list, (rows) => mostFrequent(at(rows, 's'), 3), { n: 3 }),
  one('string_agg', ['s'], nullable('string'), (rows) => at(rows, 's').length === 0 ? null : sorted(rows, 's').filter((s) => s !== null).map(String).join('; '), { separator: '; ' }), // prettier-ignore
  one('quantile', ['x'], nullable('number'), (rows) => numbers(rows, 'x').toSorted((a, b) => a - b)[Math.floor(0.7 * (at(rows, 'x').length - 1))] ?? null, { q: 0.7 }), // prettier-ignore
  one('quantile', ['y'], nullable('number'), (rows) => numbers(rows, 'y').toSorted((a, b) => a - b)[Math.floor(0.2 * (at(rows, 'y').length - 1))] ?? null, { q: 0.2 }), // prettier-ignore
]
const APPROXIMATE = one('approx_count_distinct', ['s'], spec('r', 'integer'), (rows) => new Set(at(rows, 's')).size) // prettier-ignore

/** Each twice: once for all rows, once for those that pass the filter. */
function withFilters(cases: readonly Case[]): Case[] {
  return cases.flatMap(({ call, model }) => [
    { call, model },
    {
      call: { ...call, where: FILTER },
      model: (rows: readonly InputRow[]) =>
        model(rows.filter((row) => row.values[FILTER] === true)),
    },
  ])
}

function randomRow(random: SeededRandom, clock: number): InputRow {
  const orNull = <T>(value: T): T | null => (random.below(6) === 0 ? null : value)
  return {
    time: clock - random.below(40),
    values: [
      random.below(4),
      orNull(random.below(2000) - 900),
      orNull(`t${random.below(12)}`),
      orNull(random.below(2) === 0),
      orNull(random.below(100_000) / 64),
      orNull(random.below(40)),
      orNull(BigInt(random.below(50)) * 10n ** 20n),
      `c${random.below(9)}`,
    ],
  }
}

function equals(told: unknown, expected: unknown, isRough: boolean): boolean {
  if (typeof told !== 'number' || typeof expected !== 'number')
    return JSON.stringify(told) === JSON.stringify(expected)
  const error = isRough ? 0.0101 : 1e-9
  return Math.abs(told - expected) <= Math.abs(expected) * error + 1e-7
}

const timing = { time: 'event', allowedLatenessMs: 0, earlyMs: null, emit: 'updates' } as const
const WINDOWS: readonly {
  name: string
  window: WindowPlan | null
  starts: (time: number) => number[]
}[] = [
  // prettier-ignore
  { name: 'without a window', window: null, starts: () => [0] },
  {
    name: 'tumbling',
    window: { ...timing, type: 'tumbling', size: { ms: 200 }, offsetMs: 0, zone: 'UTC' },
    starts: (time) => [Math.floor(time / 200) * 200],
  },
  {
    name: 'sliding',
    window: { ...timing, type: 'sliding', sizeMs: 200, slideMs: 50 },
    starts: (time) => [0, 50, 100, 150].map((back) => Math.floor(time / 50) * 50 - back),
  },
]

for (const { name, window, starts } of WINDOWS) {
  for (const inputEdge of ['append', 'retract'] as const) {
    test(`aggregates: ${name}, ${inputEdge} input: all equal the naive model`, (t) => {
      const base = inputEdge === 'append' ? [...CASES, APPROXIMATE] : CASES
      const cases = withFilters(base)
      for (let seed = 1; seed <= 6; seed++) {
        const random = new SeededRandom(seed * 13)
        const core = coreOf(
          INPUT,
          [0],
          window,
          cases.map((each) => each.call),
        )
        const setup = { core, inputEdge, outputEdge: 'retract', ttlMs: null } as const
        const harness = new Harness({ ...setup, lateColumns: null }, { pushBack: seed % 2 === 0 })
        const live: InputRow[] = []
        let clock = 1000
        for (let step = 0; step < 30; step++) {
          const rows = Array.from({ length: random.below(12) }, () => {
            clock += random.below(5)
            const back = inputEdge === 'retract' && live.length > 0 && random.below(3) === 0
            if (back) {
              const [row] = live.splice(random.below(live.length), 1) as [InputRow]
              return { ...row, kind: random.below(2) === 0 ? 1 : 3 }
            }
            const made = randomRow(random, clock)
            live.push(made)
            return made
          })
          harness.batch(rows)
          // Rows may be taken back at any time only while their windows are open.
          if (inputEdge === 'append' && random.below(3) === 0) harness.watermark(clock - 60)
        }
        harness.end()
        t.is(harness.counters.late, 0)
        const groups = new Map<string, InputRow[]>()
        for (const row of live) {
          for (const start of starts(row.time)) {
            const key = JSON.stringify([
              row.values[0],
              ...(window === null ? [] : [start, start + 200]),
            ])
            groups.set(key, [...(groups.get(key) ?? []), row])
          }
        }
        const told = fold(harness.rows, cases.length, { retract: true }).map(
          (text) => JSON.parse(text) as unknown[],
        )
        t.is(told.length, groups.size, `seed ${seed}`)
        for (const values of told) {
          const key = JSON.stringify(values.slice(0, -cases.length))
          const rows = groups.get(key) ?? []
          for (const [index, each] of cases.entries()) {
            const got = values[values.length - cases.length + index]
            const made = each.model(rows)
            const expected = typeof made === 'bigint' ? `${made}n` : made
            const what = `seed ${seed}: ${each.call.fn}(${each.call.args.join()}) of ${key}`
            const isEqual = equals(got, expected, each.call.fn === 'quantile')
            if (!isEqual) t.fail(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`)
          }
        }
      }
    })
  }
}

test('aggregates: the test knows every aggregate there is', (t) => {
  const tested = new Set([...CASES, APPROXIMATE].map((each) => each.call.fn))
  t.deepEqual(
    AGGREGATES.map((def) => def.name).filter((name) => !tested.has(name)),
    [],
  )
})
