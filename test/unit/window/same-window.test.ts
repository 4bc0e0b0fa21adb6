/** Grouping again inside the window of the input: corrections, retractions, late rows. */
import test from 'ava'
import type { AggregateCore, WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, coreOf, fold, Harness, type InputRow, lateColumnsOf, spec } from './window-model.ts'

const INPUT = [
  spec('k', 'integer'),
  spec('window_start', 'timestamp'),
  spec('window_end', 'timestamp'),
  spec('x', 'integer', { nullable: true }),
]
const CALLS = [
  call('count', [], spec('r', 'integer')),
  call('max', [3], spec('r', 'integer', { nullable: true })),
]
const LATE = lateColumnsOf(INPUT)

function sameCore(latenessMs: number, key: readonly number[]): AggregateCore {
  const timing = { time: 'event', earlyMs: null, emit: 'updates' } as const
  const of: WindowPlan = { ...timing, type: 'session', gapMs: 10, allowedLatenessMs: latenessMs }
  const window: WindowPlan = { ...timing, type: 'same', of, allowedLatenessMs: latenessMs }
  return coreOf(INPUT, key, window, CALLS)
}

function inputRow(start: number, end: number, x: number | null, kind = 0): InputRow {
  return { time: end - 1, kind, values: [start % 3, start, end, x] }
}

for (const inputEdge of ['append', 'retract'] as const) {
  test(`same: groups by the bounds of the rows, ${inputEdge} input`, (t) => {
    for (let seed = 1; seed <= 15; seed++) {
      const random = new SeededRandom(seed)
      const lateness = inputEdge === 'append' ? 0 : 200
      const core = sameCore(lateness, [0])
      const setup = { core, inputEdge, outputEdge: 'retract', ttlMs: null } as const
      const harness = new Harness({ ...setup, lateColumns: LATE }, { pushBack: seed % 2 === 0 })
      const live: InputRow[] = []
      let watermark = Number.NEGATIVE_INFINITY
      for (let step = 1; step < 40; step++) {
        const rows: InputRow[] = []
        for (let n = random.below(8); n > 0; n--) {
          const open = live.filter((row) => watermark < row.time + lateness)
          const back = inputEdge === 'retract' && open.length > 0 && random.below(3) === 0
          if (back) {
            const row = open[random.below(open.length)]!
            live.splice(live.indexOf(row), 1)
            rows.push({ ...row, kind: 1 })
            continue
          }
          const end = step * 20 + random.below(60)
          const start = end - 10 * (1 + random.below(3))
          const row = inputRow(start, end, random.below(5) === 0 ? null : random.below(50))
          rows.push(row)
          live.push(row)
        }
        harness.batch(rows)
        if (random.below(2) === 0) {
          watermark = step * 20 - 2
          harness.watermark(watermark)
        }
      }
      harness.end()
      const groups = new Map<string, InputRow[]>()
      for (const row of live) {
        const key = JSON.stringify(row.values.slice(0, 3))
        groups.set(key, [...(groups.get(key) ?? []), row])
      }
      const expected = [...groups].map(([key, rows]) => {
        const xs = rows.map((row) => row.values[3]).filter((x) => x !== null) as number[]
        const max = xs.length === 0 ? null : Math.max(...xs)
        return JSON.stringify([...(JSON.parse(key) as unknown[]), rows.length, max])
      })
      t.deepEqual(fold(harness.rows, 2, { retract: true }), expected.toSorted(), `seed ${seed}`)
      t.true(harness.rows.every((row) => row.time === (row.values[2] as number) - 1))
      t.is(harness.counters.late, 0)
    }
  })
}

test('same: closes when the watermark passes the end; what comes later is late with its own bounds', (t) => {
  const setup = { core: sameCore(0, []), inputEdge: 'append', outputEdge: 'append' } as const
  const harness = new Harness({ ...setup, ttlMs: null, lateColumns: LATE })
  harness.batch([inputRow(0, 30, 5), inputRow(10, 30, 7)])
  harness.watermark(28)
  t.is(harness.rows.length, 0)
  harness.watermark(29)
  t.deepEqual(harness.rows.map((row) => JSON.stringify(row.values)).toSorted(), [
    '[0,30,1,5]',
    '[10,30,1,7]',
  ])
  harness.batch([inputRow(20, 30, 1)])
  t.deepEqual(harness.late[0]!.values.slice(4), [0, 29, 20, 30])
})
