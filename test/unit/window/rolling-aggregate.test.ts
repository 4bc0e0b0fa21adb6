/** Rolling windows against a naive model that keeps every record. */
import test from 'ava'
import type { AggregateCall, AggregateCore, WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, coreOf, Harness, type InputRow, lateColumnsOf, spec } from './window-model.ts'

const SIZE = 100
const INPUT = [
  spec('k', 'integer', { nullable: true }),
  spec('x', 'integer', { nullable: true }),
  spec('s', 'string', { layout: 'utf8' }),
  spec('keep', 'boolean', { nullable: true }),
]
const LATE = lateColumnsOf(INPUT)
const CALLS: readonly AggregateCall[] = [
  call('count', [], spec('r', 'integer')),
  { ...call('count', [], spec('r', 'integer')), lastMs: 30 },
  call('sum', [1], spec('r', 'integer', { nullable: true })),
  { ...call('max', [2], spec('r', 'string', { nullable: true }), 3), lastMs: 60 },
  call('count_distinct', [2], spec('r', 'integer')),
  call('approx_count_distinct', [2], spec('r', 'integer')),
]

function rollingCore(emit: 'arrival' | 'final', calls = CALLS): AggregateCore {
  const window: WindowPlan = { type: 'rolling', sizeMs: SIZE, time: 'event', allowedLatenessMs: 0, earlyMs: null, emit } // prettier-ignore
  const core = coreOf(INPUT, [0], window, calls)
  const output = [INPUT[1]!, INPUT[2]!, INPUT[3]!, INPUT[0]!, ...core.output.slice(3)]
  return { ...core, passed: [1, 2, 3], output }
}

function harnessOf(emit: 'arrival' | 'final', pushBack = false): Harness {
  const core = rollingCore(emit)
  const setup = { core, inputEdge: 'append', outputEdge: 'append', ttlMs: null } as const
  return new Harness({ ...setup, lateColumns: LATE }, { pushBack })
}

/** The row of a record that sees `seen`, itself among them. */
function rowOf({ time, values }: InputRow, seen: readonly InputRow[]): string {
  const last = (ms: number) => seen.filter((one) => one.time > time - ms && one.time <= time)
  const whole = last(SIZE)
  const xs = whole.map((one) => one.values[1]).filter((x) => x !== null) as number[]
  const texts = last(60).filter((one) => one.values[3] === true).map((one) => one.values[2] as string) // prettier-ignore
  const distinct = new Set(whole.map((one) => one.values[2])).size
  return JSON.stringify([
    time,
    ...values.slice(1),
    values[0],
    whole.length,
    last(30).length,
    xs.length === 0 ? null : xs.reduce((sum, x) => sum + x, 0),
    texts.toSorted().at(-1) ?? null,
    distinct,
    distinct,
  ])
}

function randomRow(random: SeededRandom, clock: number): InputRow {
  return {
    time: clock - random.below(random.below(4) === 0 ? 260 : 30),
    values: [
      random.below(9) === 0 ? null : random.below(4),
      random.below(8) === 0 ? null : random.below(50) - 20,
      `t${random.below(20)}`,
      random.below(5) === 0 ? null : random.below(2) === 0,
    ],
  }
}

for (const emit of ['arrival', 'final'] as const) {
  test(`rolling, emit ${emit}: every record has the figures of the model`, (t) => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed * 7)
      const harness = harnessOf(emit, seed % 2 === 0)
      const taken: InputRow[] = []
      const arrived: string[] = []
      let watermark = Number.NEGATIVE_INFINITY
      let clock = 1000
      let late = 0
      for (let step = 0; step < 50; step++) {
        const rows = Array.from({ length: random.below(12) }, () => {
          clock += random.below(6)
          return randomRow(random, clock)
        })
        harness.batch(rows)
        for (const row of rows) {
          if (row.time <= (emit === 'final' ? watermark : watermark - SIZE)) {
            late += 1
            continue
          }
          taken.push(row)
          const own = taken.filter((one) => one.values[0] === row.values[0])
          arrived.push(rowOf(row, own))
        }
        if (random.below(3) === 0 && clock - 70 > watermark) {
          watermark = clock - 70
          harness.watermark(watermark)
          if (emit === 'final')
            t.is(harness.rows.length, taken.filter((row) => row.time <= watermark).length)
        }
      }
      harness.end()
      const told = harness.rows.map(({ time, values }) => JSON.stringify([time, ...values]))
      const final = taken.map((row) =>
        rowOf(
          row,
          taken.filter((one) => one.values[0] === row.values[0]),
        ),
      )
      if (emit === 'arrival') t.deepEqual(told, arrived, `seed ${seed}`)
      else t.deepEqual(told.toSorted(), final.toSorted(), `seed ${seed}`)
      if (emit === 'final') {
        const times = harness.rows.map((row) => row.time)
        t.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        )
      }
      t.is(harness.counters.late, late)
      t.is(harness.late.length, late)
      t.is(harness.counters.absorbed, taken.length)
    }
  })
}

test('rolling: rows that nobody will see are forgotten', (t) => {
  for (const emit of ['arrival', 'final'] as const) {
    const harness = harnessOf(emit)
    for (let n = 0; n < 400; n++) {
      harness.batch([{ time: n * 50, values: [n % 40, 1, 'a', true] }])
      harness.watermark(n * 50)
    }
    const keys = harness.operator.store.figures().find((one) => one.name === 'rows')
    t.true((keys?.entries ?? 99) <= 40)
    const values = harness.operator.store.figures().find((one) => one.name === `range ${SIZE}`)
    t.true((values?.entries ?? 99) <= 40)
  }
})
