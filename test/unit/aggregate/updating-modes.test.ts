/**
 * The ways an aggregate without a window finds out what changed, against each other: random batches,
 * keys of all layouts, many groups (pages move in the middle of a batch), take-backs, ttl, sums that
 * fail. The same rows must come in the same order, whatever the way; counts of what side tables say
 * are also those of sets, since all ways read the same tables.
 */
import test from 'ava'
import { compileAggregate } from '../../../node/operators/aggregate/compile-aggregate.ts'
import { UpdatingAggregate } from '../../../node/operators/aggregate/updating-aggregate.ts'
import { assertTable } from '../../../node/state/assert-pages.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { slice } from '../../../shared/model/gather.ts'
import type { AggregateCall, EdgeKind } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, coreOf, Harness, type InputRow, spec } from '../window/window-model.ts'

const INPUT = [
  spec('id', 'integer'), // 0
  spec('channel', 'string', { layout: 'dict', nullable: true }),
  spec('day', 'string', { layout: 'dict' }),
  spec('name', 'string', { layout: 'utf8', nullable: true }),
  spec('n', 'number', { nullable: true }), // 4
  spec('flag', 'boolean', { nullable: true }),
  spec('price', 'integer'),
  spec('amount', 'decimal', { scale: 2, nullable: true }), // 7
  spec('big', 'integer', { nullable: true }),
  spec('even', 'boolean'),
]
const KEYS: readonly (readonly number[])[] = [[0], [2], [1, 2], [0, 1], [3], [4], [5, 0], []]

const integer = spec('r', 'integer')
const maybe = (kind: string, scale = 2) => spec('r', kind, { nullable: true, scale })
const dictText = spec('r', 'string', { layout: 'dict', nullable: true })
const NUMBERS = [
  call('count', [], integer),
  call('count', [4], integer),
  call('count', [], integer, 9),
  call('sum', [6], maybe('integer')),
  call('avg', [6], maybe('number')),
  call('sum', [6], maybe('integer'), 9),
  call('avg', [7], maybe('decimal', 6)),
  call('sum', [4], maybe('number')),
  call('avg', [4], maybe('number'), 5),
  call('any', [5], maybe('boolean')),
  call('stddev', [6], maybe('number')),
  call('count_distinct', [6], integer),
  call('count_distinct', [6], integer, 9),
  call('count_distinct', [4], integer, 5),
  call('count_distinct', [3], integer),
  call('count_distinct', [1], integer, 9),
  call('count_distinct', [5], integer),
]
const MANY_DISTINCT = [...Array.from({ length: 28 }).keys()].map((n) =>
  call('count_distinct', [n % 5 === 0 ? 3 : 6], integer, n % 3 === 0 ? null : n % 3 === 1 ? 5 : 9),
)
const APPENDED = [
  ...NUMBERS,
  call('min', [6], maybe('integer')),
  call('max', [4], maybe('number'), 9),
  call('max', [6], maybe('integer')),
]
const KEPT = [
  call('count', [], integer),
  call('max', [1], dictText),
  call('min', [2], spec('r', 'string', { nullable: true }), 9),
  call('max', [3], spec('r', 'string', { nullable: true })),
  call('count_distinct', [6], integer),
  call('last', [4], maybe('number')),
]
const FAILING = [call('count', [], integer, 9), call('sum', [8], maybe('integer'))]

interface Case {
  readonly name: string
  readonly calls: readonly AggregateCall[]
  readonly inputEdge: EdgeKind
  readonly outputEdge: EdgeKind
  readonly ttlMs?: number
}

const CASES: readonly Case[] = [
  { name: 'numbers', calls: APPENDED, inputEdge: 'append', outputEdge: 'upsert' },
  { name: 'numbers, retract output', calls: APPENDED, inputEdge: 'append', outputEdge: 'retract' },
  { name: 'numbers, ttl', calls: APPENDED, inputEdge: 'append', outputEdge: 'retract', ttlMs: 30 },
  { name: 'taken back', calls: NUMBERS, inputEdge: 'retract', outputEdge: 'retract' },
  { name: 'taken back, upsert', calls: NUMBERS, inputEdge: 'retract', outputEdge: 'upsert' },
  {
    name: 'taken back, ttl',
    calls: NUMBERS,
    inputEdge: 'retract',
    outputEdge: 'upsert',
    ttlMs: 30,
  },
  { name: 'filtered only', calls: NUMBERS.slice(2, 3), inputEdge: 'append', outputEdge: 'upsert' },
  { name: 'many distinct', calls: MANY_DISTINCT, inputEdge: 'append', outputEdge: 'upsert' },
  { name: 'many distinct, back', calls: MANY_DISTINCT, inputEdge: 'retract', outputEdge: 'upsert' },
  { name: 'kept values', calls: KEPT, inputEdge: 'append', outputEdge: 'upsert' },
  { name: 'kept values, ttl', calls: KEPT, inputEdge: 'append', outputEdge: 'upsert', ttlMs: 30 },
  { name: 'failing sums', calls: FAILING, inputEdge: 'append', outputEdge: 'upsert' },
  { name: 'failing sums, back', calls: FAILING, inputEdge: 'retract', outputEdge: 'retract' },
]

function randomRow(random: SeededRandom, step: number, groups: number): InputRow {
  const maybeNull = <T>(value: T): T | null => (random.below(9) === 0 ? null : value)
  const n = random.below(6)
  const values = [
    random.below(groups),
    maybeNull(`channel ${random.below(Math.min(groups, 300))}`),
    `2026-01-0${random.below(4) + 1}`,
    maybeNull(`name ${random.below(groups)}`),
    maybeNull(n === 0 ? -0 : n === 1 ? 0 : random.below(groups) / 4),
    maybeNull(random.below(2) === 0),
    random.below(50) - 20,
    maybeNull(random.below(5000) - 2000),
    maybeNull(random.below(5) === 0 ? Number.MAX_SAFE_INTEGER : -random.below(9)),
    random.below(2) === 0,
  ]
  return { time: step * 10 + random.below(20), kind: 0, values }
}

/** Rows of a batch; on retract input some take back what is in force, some what never was. */
function randomRows(
  random: SeededRandom,
  inForce: InputRow[] | null,
  { step, groups }: { readonly step: number; readonly groups: number },
): InputRow[] {
  return Array.from({ length: random.below(300) + 1 }, () => {
    const isBack = inForce !== null && random.below(5) < 2
    if (isBack && random.below(20) > 0 && inForce.length > 0) {
      const [old] = inForce.splice(random.below(inForce.length), 1)
      return { ...old!, kind: random.below(2) === 0 ? 1 : 3 }
    }
    const row = randomRow(random, step, groups)
    if (isBack) return { ...row, kind: 3 }
    inForce?.push(row)
    return { ...row, kind: inForce !== null && random.below(2) === 0 ? 2 : 0 }
  })
}

for (const one of CASES) {
  test(`updating modes: all give the same changes: ${one.name}`, (t) => {
    const seen = { expired: 0, unmatched: 0, failed: 0 }
    for (const [k, key] of KEYS.entries()) {
      const random = new SeededRandom(k * 7 + one.name.length)
      const core = coreOf(INPUT, key, null, one.calls)
      const { inputEdge, outputEdge, ttlMs = null } = one
      const setup = { core, inputEdge, outputEdge, ttlMs, lateColumns: null }
      const own = new Harness(setup, { pushBack: k % 2 === 0 })
      const general = new Harness({ ...setup, isGeneral: true })
      const inForce: InputRow[] | null = inputEdge === 'retract' ? [] : null
      const groups = k % 3 === 0 ? 3000 : 40
      for (let step = 0; step < 8; step++) {
        const rows = randomRows(random, inForce, { step, groups })
        for (const harness of [own, general]) {
          harness.batch(rows)
          if (step % 3 === 2) harness.watermark(step * 10)
        }
      }
      t.is(textOf(own.rows), textOf(general.rows), `key ${key.join()}`)
      t.deepEqual(own.counters, general.counters, `key ${key.join()}`)
      t.deepEqual(own.failures.map(failureOf), general.failures.map(failureOf))
      t.deepEqual(entriesOf(own), entriesOf(general), `states of key ${key.join()}`)
      seen.expired += own.counters.expiredKeys
      seen.unmatched += own.counters.unmatchedRetractions
      seen.failed += own.failures.length
    }
    // What the case is about was there.
    t.is(seen.expired > 0, one.ttlMs !== undefined)
    t.is(seen.unmatched > 0, one.inputEdge === 'retract')
    t.is(seen.failed > 0, one.calls === FAILING)
  })
}

/** Comparing texts is a hundred times faster, and as good. */
function textOf(rows: Harness['rows']): string {
  return rows.map((row) => JSON.stringify(row)).join('\n')
}

function failureOf({ code, key }: Harness['failures'][number]): unknown {
  return [code, key?.()]
}

function entriesOf({ operator }: Harness): unknown {
  return operator.store.figures().map(({ name, entries }) => [name, entries])
}

test('updating modes: a mode of its own wherever results are numbers or every row changes them', (t) => {
  const options = { merges: false, touches: true, countsRows: false, expires: false }
  const modeOf = (calls: readonly AggregateCall[], edge: EdgeKind, retracts = false) =>
    compileAggregate(coreOf(INPUT, [2], null, calls), { ...options, edge, retracts }).mode
  t.is(modeOf(NUMBERS, 'retract', true), 'values')
  t.is(modeOf(APPENDED, 'upsert'), 'values')
  t.is(modeOf(KEPT, 'upsert'), 'kept')
  t.is(modeOf(KEPT, 'retract'), 'general')
  t.is(modeOf(KEPT.slice(1), 'upsert'), 'general')
  t.is(modeOf([call('max', [6], maybe('integer'))], 'retract', true), 'general')
})

test('updating modes: one dictionary over many batches gives what one per batch gives', (t) => {
  const core = coreOf(INPUT, [1, 2], null, KEPT)
  const setup = { core, inputEdge: 'append', outputEdge: 'upsert', ttlMs: null } as const
  const own = new Harness({ ...setup, lateColumns: null })
  const general = new Harness({ ...setup, lateColumns: null, isGeneral: true })
  const random = new SeededRandom(5)
  for (let round = 0; round < 4; round++) {
    const builder = new BatchBuilder({ columns: INPUT }, 2000)
    for (let n = 0; n < 2000; n++) {
      const { values, time } = randomRow(random, n, 400)
      builder.append(values, time, 0)
    }
    const batch = builder.finish()
    for (let start = 0; start < 2000; start += 250) {
      for (const { operator } of [own, general])
        operator.onBatch(0, slice(batch, start, start + 250))
    }
  }
  t.is(textOf(own.rows), textOf(general.rows))
})

test('updating modes: side tables of distinct numbers keep the laws of pages', (t) => {
  const calls = [call('count_distinct', [6], integer), call('count_distinct', [4], integer, 9)]
  const core = coreOf(INPUT, [2], null, calls)
  for (const inputEdge of ['retract', 'append'] as const) {
    const setup = { core, inputEdge, outputEdge: 'upsert', ttlMs: null } as const
    const harness = new Harness({ ...setup, lateColumns: null })
    const random = new SeededRandom(11)
    const inForce: InputRow[] | null = inputEdge === 'retract' ? [] : null
    for (let step = 0; step < 60; step++) {
      harness.batch(randomRows(random, inForce, { step, groups: 5000 }))
    }
    const { operator } = harness
    if (!(operator instanceof UpdatingAggregate)) return t.fail('an aggregate without a window')
    const { groups } = operator
    assertTable(groups)
    for (const side of groups.beside) assertTable(side)
    t.true(groups.beside.every((side) => side.size > 0))
  }
  return undefined
})

test('updating modes: more distinct counts of one column than a side entry has bits are those of sets', (t) => {
  const filters = [null, 5, 9]
  const calls = [...Array.from({ length: 60 }).keys()].map((n) =>
    call('count_distinct', [n < 30 ? 6 : 3], integer, filters[n % 3]),
  )
  const core = coreOf(INPUT, [2], null, calls)
  const setup = { core, inputEdge: 'append', outputEdge: 'upsert', ttlMs: null } as const
  for (const isGeneral of [false, true]) {
    const harness = new Harness({ ...setup, lateColumns: null, isGeneral })
    const random = new SeededRandom(3)
    const seen = new Map<unknown, Set<unknown>[]>()
    for (let step = 0; step < 4; step++) {
      const rows = randomRows(random, null, { step, groups: 40 })
      harness.batch(rows)
      for (const { values } of rows) {
        const sets = seen.get(values[2]) ?? calls.map(() => new Set())
        seen.set(values[2], sets)
        for (const [n, { args, where }] of calls.entries()) {
          const value = values[args[0]!]
          if (value !== null && (where === null || values[where] === true)) sets[n]!.add(value)
        }
      }
    }
    const last = new Map(harness.rows.map(({ values: [key, ...counts] }) => [key, counts]))
    t.is(last.size, 4)
    const sizes = [...seen].map(([key, sets]) => [key, sets.map(({ size }) => size)] as const)
    t.deepEqual(last, new Map<unknown, unknown[]>(sizes))
  }
})
