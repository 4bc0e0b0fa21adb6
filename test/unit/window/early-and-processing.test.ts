/** Windows that go by the clock: early firings of open windows, and processing-time windows. */
import test from 'ava'
import type { WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, coreOf, fold, Harness, type InputRow, spec } from './window-model.ts'

const INPUT = [spec('k', 'integer', { nullable: true }), spec('x', 'integer')]
const COUNT = call('count', [], spec('r', 'integer'))
const SUM = call('sum', [1], spec('r', 'integer', { nullable: true }))
const MAX = call('max', [1], spec('r', 'integer', { nullable: true }))

const tumbling: WindowPlan = {
  type: 'tumbling',
  size: { ms: 100 },
  offsetMs: 0,
  zone: 'UTC',
  time: 'event',
  allowedLatenessMs: 0,
  earlyMs: 10,
  emit: 'updates',
}

function harnessOf(
  window: WindowPlan,
  options: {
    outputEdge?: 'upsert' | 'retract'
    inputEdge?: 'append' | 'retract'
    pushBack?: boolean
    max?: boolean
  } = {},
): Harness {
  const calls = options.max === true ? [COUNT, SUM, MAX] : [COUNT, SUM]
  const core = coreOf(INPUT, [0], window, calls)
  const { inputEdge = 'append', outputEdge = 'upsert', pushBack = false } = options
  const setup = { core, inputEdge, outputEdge, ttlMs: null, lateColumns: null }
  return new Harness(setup, { pushBack })
}

test('early firing: tells what changed in open windows, then the rest at the end', (t) => {
  const harness = harnessOf(tumbling)
  harness.batch([
    { time: 5, values: [1, 10] },
    { time: 6, values: [2, 20] },
  ])
  t.deepEqual(harness.wakes, [10])
  harness.processingTime(10)
  harness.batch([{ time: 7, values: [1, 1] }])
  harness.processingTime(20)
  harness.processingTime(30)
  harness.batch([{ time: 8, values: [null, 3] }])
  harness.watermark(99)
  const told = harness.rows.map(({ kind, values }) => [kind, values[0], ...values.slice(3)])
  t.deepEqual(
    told.slice(0, 2).toSorted((left, right) => Number(left[1]) - Number(right[1])),
    [
      [0, 1, 1, 10],
      [0, 2, 1, 20],
    ],
  )
  t.deepEqual(told.slice(2), [
    [2, 1, 2, 11],
    [0, null, 1, 3],
  ])
  t.true(harness.rows.every((row) => row.time === 99))
})

const WINDOWS: readonly WindowPlan[] = [
  tumbling,
  {
    type: 'sliding',
    sizeMs: 100,
    slideMs: 25,
    time: 'event',
    allowedLatenessMs: 40,
    earlyMs: 10,
    emit: 'updates',
  },
  { type: 'global', time: 'event', allowedLatenessMs: 0, earlyMs: 10, emit: 'updates' },
]

for (const window of WINDOWS) {
  for (const outputEdge of ['upsert', 'retract'] as const) {
    for (const inputEdge of ['append', 'retract'] as const) {
      test(`early firing: ${window.type}, ${inputEdge} input: the ${outputEdge} changes fold to the rows of a run without it`, (t) => {
        for (let seed = 1; seed <= 6; seed++) {
          const random = new SeededRandom(seed)
          const options = {
            outputEdge,
            inputEdge,
            pushBack: seed % 2 === 0,
            max: inputEdge === 'append',
          }
          const early = harnessOf(window, options)
          const plain = harnessOf({ ...window, earlyMs: null }, options)
          const inForce: InputRow[] = []
          let clock = 0
          for (let step = 0; step < 60; step++) {
            const rows: InputRow[] = []
            for (let n = random.below(12); n > 0; n--) {
              clock += random.below(5)
              const taken =
                inputEdge === 'retract' && random.below(3) === 0 ? inForce.pop() : undefined
              if (taken !== undefined && taken.time > clock - 40) {
                rows.push({ ...taken, kind: 3 })
                continue
              }
              const key = random.below(8) === 0 ? null : random.below(5)
              const row = { time: clock - random.below(30), values: [key, random.below(100)] }
              rows.push(row)
              inForce.push(row)
            }
            early.batch(rows)
            plain.batch(rows)
            if (random.below(2) === 0) early.processingTime(step * 7)
            if (random.below(4) === 0) {
              early.watermark(clock - 45)
              plain.watermark(clock - 45)
            }
          }
          early.end()
          plain.end()
          const results = options.max ? 3 : 2
          const retract = outputEdge === 'retract'
          t.deepEqual(
            fold(early.rows, results, { retract }),
            fold(plain.rows, results, { retract }),
            `seed ${seed}`,
          )
          t.true(early.rows.length > plain.rows.length)
        }
      })
    }
  }
}

test('processing-time windows: go by the clock, fire when it passes their end, and at the end of input', (t) => {
  const harness = harnessOf({ ...tumbling, time: 'processing', earlyMs: null })
  harness.now = 1030
  harness.batch([
    { time: 1, values: [1, 10] },
    { time: 900, values: [1, 20] },
  ])
  t.deepEqual(harness.wakes, [1100])
  harness.watermark(5000)
  t.is(harness.rows.length, 0)
  harness.processingTime(1100)
  t.deepEqual(
    harness.rows.map((row) => [row.time, ...row.values]),
    [[1099, 1, 1000, 1100, 2, 30]],
  )
  harness.now = 1150
  harness.batch([{ time: 2, values: [2, 5] }])
  harness.end()
  t.deepEqual(harness.rows[1]!.values, [2, 1100, 1200, 1, 5])
  t.is(harness.counters.late, 0)
})

test('processing-time windows: a clock that jumps back neither fires twice nor loses records', (t) => {
  const harness = harnessOf({ ...tumbling, time: 'processing', earlyMs: null })
  harness.now = 1030
  harness.batch([{ time: 1, values: [1, 10] }])
  harness.processingTime(1200)
  harness.now = 1020
  harness.batch([{ time: 1, values: [1, 5] }])
  harness.end()
  const total = harness.rows.reduce((sum, row) => sum + (row.values[3] as number), 0)
  t.is(total + harness.counters.late, 2)
  t.is(harness.counters.late, 0)
  t.is(new Set(harness.rows.map((row) => row.values[2])).size, 2)
})
