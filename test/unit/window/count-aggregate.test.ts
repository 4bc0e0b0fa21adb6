/** Count windows: every n records of a key in order of arrival, the rest at end of input. */
import test from 'ava'
import type { AggregateCore, WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, coreOf, Harness, type InputRow, spec } from './window-model.ts'

const INPUT = [spec('k', 'integer', { nullable: true }), spec('s', 'string', { layout: 'utf8' })]
const CALLS = [
  call('count', [], spec('r', 'integer')),
  call('last', [1], spec('r', 'string', { nullable: true })),
  call('count_distinct', [1], spec('r', 'integer')),
]

function countCore(size: number): AggregateCore {
  const window: WindowPlan = { type: 'count', size, time: 'event', allowedLatenessMs: 0, earlyMs: null, emit: 'updates' } // prettier-ignore
  const core = coreOf(INPUT, [0], window, CALLS)
  const output = [...core.output.slice(0, 3), spec('window_number', 'integer'), ...core.output.slice(3)] // prettier-ignore
  return { ...core, output }
}

function harnessOf(size: number, options: { ttlMs?: number; pushBack?: boolean } = {}): Harness {
  const { ttlMs = null, pushBack = false } = options
  const setup = { core: countCore(size), inputEdge: 'append', outputEdge: 'append' } as const
  return new Harness({ ...setup, ttlMs, lateColumns: null }, { pushBack })
}

function windowOf(rows: readonly InputRow[], number: number): unknown[] {
  const times = rows.map((row) => row.time)
  const newest = rows.toSorted((a, b) => a.time - b.time || (String(a.values[1]) < String(b.values[1]) ? -1 : 1)) // prettier-ignore
  return [
    rows[0]?.values[0],
    Math.min(...times),
    Math.max(...times),
    number,
    rows.length,
    newest.at(-1)?.values[1],
    new Set(rows.map((row) => row.values[1])).size,
  ]
}

function row(time: number, key: number): InputRow {
  return { time, values: [key, 'a'] }
}

test('count: windows, bounds and numbers equal the model', (t) => {
  for (let seed = 1; seed <= 15; seed++) {
    const random = new SeededRandom(seed)
    const size = 1 + random.below(7)
    const harness = harnessOf(size, { pushBack: seed % 2 === 0 })
    const byKey = new Map<unknown, InputRow[]>()
    for (let step = 0; step < 40; step++) {
      const rows = Array.from({ length: random.below(15) }, () => ({
        time: random.below(5000),
        values: [random.below(9) === 0 ? null : random.below(4), `t${random.below(20)}`],
      }))
      harness.batch(rows)
      for (const row of rows) byKey.set(row.values[0], [...(byKey.get(row.values[0]) ?? []), row])
      if (step % 3 === 0) harness.watermark(step * 1000)
    }
    const whole = harness.rows.length
    harness.end()
    const expected: string[] = []
    let full = 0
    for (const rows of byKey.values()) {
      full += Math.floor(rows.length / size)
      for (let from = 0; from < rows.length; from += size)
        expected.push(JSON.stringify(windowOf(rows.slice(from, from + size), from / size + 1)))
    }
    const told = harness.rows.map((row) => JSON.stringify(row.values))
    t.deepEqual(told.toSorted(), expected.toSorted(), `seed ${seed}`)
    t.is(whole, full, 'full windows fire with their last record')
    t.true(harness.rows.every((row) => Number.isNaN(row.time) && row.kind === 0))
    t.is(harness.counters.late, 0)
  }
})

test('count: a key is forgotten ttl after its last write, and its windows start anew', (t) => {
  const harness = harnessOf(2, { ttlMs: 100 })
  harness.watermark(0)
  harness.batch([row(1, 1), row(2, 1), row(3, 1)])
  harness.watermark(100)
  harness.batch([row(101, 1)])
  harness.end()
  t.deepEqual(
    harness.rows.map(({ values }) => values.slice(1, 5)),
    [
      [1, 2, 1, 2],
      [101, 101, 1, 1],
    ],
  )
  t.is(harness.counters.expiredKeys, 1)
})
