/** Aggregators of the author: what they throw or give wrong, in every window, with nothing half-added. */
import test from 'ava'
import { aggregator } from '../../../shared/api/function-definition.ts'
import type { AggregateCall, WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, coreOf, fold, Harness, type InputRow, spec } from '../window/window-model.ts'

const INPUT = [
  spec('k', 'integer'),
  spec('x', 'number', { nullable: true }),
  spec('keep', 'boolean', { nullable: true }),
]

/** Changes its accumulator, then throws for 13: what it did must be gone. */
const spread = aggregator({
  input: ['number'],
  output: 'string',
  create: () => ({ sum: 0, seen: [] as number[] }),
  add: (acc, x) => {
    acc.sum += x
    acc.seen.push(x)
    if (x === 13) throw new Error('thirteen')
    return acc
  },
  merge: (acc, other) => ({ sum: acc.sum + other.sum, seen: [...acc.seen, ...other.seen] }),
  result: (acc) => `${acc.sum} of ${acc.seen.length}`,
})

function text(rows: readonly InputRow[]): string {
  const xs = rows.map((row) => row.values[1]).filter((x) => x !== null) as number[]
  return `${xs.reduce((total, x) => total + x, 0)} of ${xs.length}`
}

function row(time: number, x: number, kind = 0): InputRow {
  return { time, kind, values: [1, x, true] }
}

function userCall(definition: unknown, where: number | null = null): AggregateCall {
  const base = call('spread', [1], spec('r', 'string', { nullable: true }), where)
  return { ...base, user: { ref: './f.ts#spread', definition } }
}

function harnessOf(
  window: WindowPlan | null,
  calls: readonly AggregateCall[],
  inputEdge: 'append' | 'retract' = 'append',
): Harness {
  const core = coreOf(INPUT, [0], window, calls)
  return new Harness({ core, inputEdge, outputEdge: 'retract', ttlMs: null, lateColumns: null })
}

const timing = { time: 'event', allowedLatenessMs: 0, earlyMs: null, emit: 'updates' } as const
const WINDOWS: readonly [string, WindowPlan | null, (time: number) => number[]][] = [
  ['no window', null, () => [0]],
  [
    'tumbling',
    { ...timing, type: 'tumbling', size: { ms: 100 }, offsetMs: 0, zone: 'UTC' },
    (time) => [Math.floor(time / 100) * 100],
  ],
  [
    'sliding',
    { ...timing, type: 'sliding', sizeMs: 100, slideMs: 50 },
    (time) => [0, 50].map((back) => Math.floor(time / 50) * 50 - back),
  ],
]

for (const [name, window, starts] of WINDOWS) {
  test(`user aggregates: ${name}: records that throw fail and leave nothing behind`, (t) => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = new SeededRandom(seed)
      const calls = [
        call('count', [], spec('r', 'integer')),
        userCall(spread),
        userCall(spread, 2),
        call('sum', [1], spec('r', 'number', { nullable: true })),
      ]
      const harness = harnessOf(window, calls)
      const groups = new Map<string, InputRow[]>()
      let thrown = 0
      let read = 0
      for (let step = 0; step < 25; step++) {
        const rows = Array.from({ length: random.below(9) }, () => ({
          time: step * 10 + random.below(30),
          values: [
            random.below(3),
            random.below(7) === 0 ? null : random.below(5) === 0 ? 13 : random.below(50),
            random.below(2) === 0,
          ],
        }))
        harness.batch(rows)
        read += rows.length
        for (const row of rows) {
          if (row.values[1] === 13) {
            thrown += 1
            continue
          }
          for (const start of starts(row.time)) {
            const bounds = window === null ? [] : [start, start + 100]
            const key = JSON.stringify([row.values[0], ...bounds])
            groups.set(key, [...(groups.get(key) ?? []), row])
          }
        }
        if (step % 5 === 0) harness.watermark(step * 10 - 15)
      }
      harness.end()
      const expected = [...groups].map(([key, rows]) => {
        const xs = rows.map((row) => row.values[1]).filter((x) => x !== null) as number[]
        const sum = xs.length === 0 ? null : xs.reduce((total, x) => total + x, 0)
        const kept = rows.filter((row) => row.values[2] === true)
        return JSON.stringify([...(JSON.parse(key) as unknown[]), rows.length, text(rows), text(kept), sum]) // prettier-ignore
      })
      t.deepEqual(fold(harness.rows, 4, { retract: true }), expected.toSorted(), `seed ${seed}`)
      t.is(harness.failures.length, thrown)
      t.is(harness.counters.absorbed, read - thrown)
      const [failure] = harness.failures
      if (failure === undefined) continue
      t.is(failure.code, 'FUNCTION_THREW')
      t.regex(failure.message, /add of \.\/f\.ts#spread threw: thirteen/)
      t.is((failure.payload() as { x: number }).x, 13)
    }
  })
}

test('user aggregates: on retract input they are made of the rows that are left', (t) => {
  const harness = harnessOf(null, [userCall(spread)], 'retract')
  harness.batch([row(1, 5), row(2, 7), row(3, 5)])
  harness.batch([row(1, 5, 3)])
  t.is(harness.rows.at(-1)!.values[1], '12 of 2')
})

test('user aggregates: without merge, windows of several panes are made of their rows', (t) => {
  const { merge: _, ...rest } = spread
  const window: WindowPlan = { ...timing, type: 'sliding', sizeMs: 100, slideMs: 50 }
  const harness = harnessOf(window, [userCall({ ...rest, merge: null })])
  harness.batch([
    { time: 10, values: [1, 5, true] },
    { time: 60, values: [1, 6, true] },
  ])
  harness.end()
  t.deepEqual(
    harness.rows.map((row) => row.values.slice(1)),
    [
      [-50, 50, '5 of 1'],
      [0, 100, '11 of 2'],
      [50, 150, '6 of 1'],
    ],
  )
})

for (const [what, part, code] of [
  ['a result of another type', { result: () => 5 }, 'VALUE_TYPE_WRONG'],
  ['a result that throws', { result: () => { throw new Error('no') } }, 'FUNCTION_THREW'], // prettier-ignore
  ['a merge that throws', { merge: () => { throw new Error('no') } }, 'FUNCTION_THREW'], // prettier-ignore
  ['a create that throws', { create: () => { throw new Error('no') } }, 'FUNCTION_THREW'], // prettier-ignore
  ['an add that gives nothing', { add: () => undefined }, 'FUNCTION_RESULT_WRONG'],
] as const) {
  test(`user aggregates: ${what} fails by on_error, not the run`, (t) => {
    const window: WindowPlan = { ...timing, type: 'sliding', sizeMs: 100, slideMs: 50 }
    const definition = { ...spread, ...part }
    const harness = harnessOf(window, [userCall(definition)])
    harness.batch([{ time: 10, values: [1, 5, true] }])
    harness.batch([{ time: 60, values: [1, 6, true] }])
    harness.end()
    t.true(harness.failures.length > 0)
    t.true(
      harness.failures.every((failure) => failure.code === code),
      harness.failures[0]?.code,
    )
  })
}
