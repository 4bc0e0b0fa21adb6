/**
 * Windows against a naive model: seeded random records, out of order, cut into batches anywhere,
 * watermarks anywhere, pushed back after every batch. The folded output must equal the aggregate over
 * the records that were not late when they arrived.
 */
import test from 'ava'
import type { WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import {
  call,
  coreOf,
  RowsInForce,
  Harness,
  type InputRow,
  spec,
  TIMING,
  lateColumnsOf,
} from './window-model.ts'

const INPUT = [
  spec('k', 'integer'),
  spec('x', 'integer', { nullable: true }),
  spec('s', 'string', { layout: 'utf8' }),
  spec('keep', 'boolean', { nullable: true }),
]
const CALLS = [
  call('count', [], spec('r', 'integer')),
  call('sum', [1], spec('r', 'integer', { nullable: true })),
  call('max', [1], spec('r', 'integer', { nullable: true }), 3),
  call('min', [2], spec('r', 'string', { nullable: true })),
  call('last', [2], spec('r', 'string', { nullable: true })),
  call('count_distinct', [1], spec('r', 'integer')),
]
const SUBTRACTING = [CALLS[0]!, CALLS[1]!, CALLS[5]!]

interface Bounds {
  readonly start: number
  readonly end: number
}

type Windows = (time: number) => Bounds[]

const SHAPES: readonly { name: string; plan: WindowPlan; windows: Windows }[] = [
  {
    name: 'tumbling with an offset',
    plan: { ...TIMING, type: 'tumbling', size: { ms: 100 }, offsetMs: 30, zone: 'UTC' },
    windows: (time) => {
      const start = Math.floor((time - 30) / 100) * 100 + 30
      return [{ start, end: start + 100 }]
    },
  },
  {
    name: 'sliding 100 by 20',
    plan: { ...TIMING, type: 'sliding', sizeMs: 100, slideMs: 20 },
    windows: sliding(100, 20),
  },
  {
    name: 'sliding 100 by 30',
    plan: { ...TIMING, type: 'sliding', sizeMs: 100, slideMs: 30 },
    windows: sliding(100, 30),
  },
  {
    name: 'cumulate 100 by 25',
    plan: { ...TIMING, type: 'cumulate', size: { ms: 100 }, stepMs: 25, zone: 'UTC' },
    windows: (time) => {
      const start = Math.floor(time / 100) * 100
      return [25, 50, 75, 100]
        .map((step) => ({ start, end: start + step }))
        .filter((one) => time < one.end)
    },
  },
]

function sliding(size: number, slide: number): Windows {
  return (time) => {
    const found: Bounds[] = []
    for (let start = Math.floor(time / slide) * slide; start > time - size; start -= slide)
      found.push({ start, end: start + size })
    return found
  }
}

function modelResults(
  rows: readonly InputRow[],
  calls: readonly (typeof CALLS)[number][],
): unknown[] {
  const numbers = rows.map((row) => row.values[1]).filter((x) => x !== null) as number[]
  const kept = rows
    .filter((row) => row.values[3] === true && row.values[1] !== null)
    .map((row) => row.values[1] as number)
  const texts = rows.map((row) => row.values[2] as string).toSorted()
  const byTime = rows.toSorted(
    (left, right) =>
      left.time - right.time || (String(left.values[2]) < String(right.values[2]) ? -1 : 1),
  )
  const all: Record<number, unknown> = {
    0: rows.length,
    1: numbers.length === 0 ? null : numbers.reduce((sum, x) => sum + x, 0),
    2: kept.length === 0 ? null : Math.max(...kept),
    3: texts[0],
    4: byTime.at(-1)?.values[2],
    5: new Set(numbers).size,
  }
  return calls.map((one) => all[CALLS.indexOf(one)])
}

for (const shape of SHAPES) {
  for (const lateness of [0, 60]) {
    for (const emit of ['updates', 'final'] as const) {
      for (const [calls, what] of [
        [CALLS, 'all'],
        [SUBTRACTING, 'subtracting'],
      ] as const) {
        for (const outputEdge of ['upsert', 'retract'] as const) {
          test(`windows: ${shape.name}, lateness ${lateness}, emit ${emit}, ${what} calls, ${outputEdge} output equal the model`, (t) => {
            for (let seed = 1; seed <= 4; seed++) {
              const random = new SeededRandom(seed * 97 + lateness)
              const plan = { ...shape.plan, allowedLatenessMs: lateness, emit } as WindowPlan
              const core = coreOf(INPUT, [0], plan, calls)
              const lateColumns = lateColumnsOf(INPUT)
              const harness = new Harness(
                { core, inputEdge: 'append', outputEdge, ttlMs: null, lateColumns },
                { pushBack: seed % 2 === 0 },
              )
              const inForce = new RowsInForce(calls.length, { retract: outputEdge === 'retract' })
              const groups = new Map<string, InputRow[]>()
              let watermark = Number.NEGATIVE_INFINITY
              let clock = 1000
              let lateCount = 0
              let fired = 0
              for (let step = 0; step < 60; step++) {
                const rows: InputRow[] = []
                const size = random.below(4) === 0 ? 0 : random.below(30)
                for (let n = 0; n < size; n++) {
                  const time = clock - random.below(random.below(5) === 0 ? 250 : 40)
                  clock += random.below(6)
                  const x = random.below(8) === 0 ? null : random.below(9) - 4
                  rows.push({
                    time,
                    values: [
                      random.below(5),
                      x,
                      `t${random.below(30)}`,
                      random.below(4) === 0 ? null : random.below(2) === 0,
                    ],
                  })
                }
                harness.batch(rows)
                for (const row of rows) {
                  const open = shape
                    .windows(row.time)
                    .filter((one) => watermark < one.end - 1 + lateness)
                  if (open.length === 0) lateCount += 1
                  for (const { start, end } of open) {
                    const key = JSON.stringify([row.values[0], start, end])
                    const list = groups.get(key)
                    if (list === undefined) groups.set(key, [row])
                    else list.push(row)
                  }
                }
                if (random.below(2) === 0) {
                  watermark = Math.max(watermark + 1, clock - 50 - random.below(40))
                  if (!Number.isFinite(watermark)) watermark = clock - 50
                  harness.watermark(watermark)
                  const due = [...groups].filter(
                    ([key]) =>
                      (JSON.parse(key) as number[])[2]! - 1 + (emit === 'final' ? lateness : 0) <=
                      watermark,
                  )
                  fired = due.length
                  t.is(inForce.after(harness.rows).length, fired, `seed ${seed} step ${step}`)
                }
              }
              harness.end()
              const expected = [...groups]
                .map(([key, rows]) =>
                  JSON.stringify([...(JSON.parse(key) as unknown[]), ...modelResults(rows, calls)]),
                )
                .toSorted()
              t.deepEqual(inForce.after(harness.rows), expected, `seed ${seed}`)
              t.is(harness.counters.late, lateCount)
              t.is(harness.late.length, lateCount)
              for (const { values } of harness.late) {
                const [by, mark, start, end] = values.slice(4) as [number, number, number, number]
                t.true(by > 0 && mark >= end - 1 + lateness && start < end)
              }
              for (const row of harness.rows) t.is(row.time, (row.values[2] as number) - 1)
              if (emit === 'final' || lateness === 0)
                t.true(harness.rows.every((row) => row.kind === 0))
            }
          })
        }
      }
    }
  }
}

test('windows: a global window fires at the end, without bounds and event time', (t) => {
  const plan: WindowPlan = { ...TIMING, type: 'global' }
  const harness = new Harness({
    core: coreOf(INPUT, [0], plan, [CALLS[0]!]),
    inputEdge: 'append',
    outputEdge: 'append',
    ttlMs: null,
    lateColumns: null,
  })
  harness.batch([
    { time: 5, values: [1, 1, 'a', true] },
    { time: Number.NaN, values: [1, 1, 'a', true] },
  ])
  harness.watermark(1000)
  harness.batch([{ time: 3, values: [2, 1, 'a', true] }])
  t.is(harness.rows.length, 0)
  harness.end()
  t.deepEqual(
    harness.rows
      .map((row) => row.values)
      .toSorted((left, right) => Number(left[0]) - Number(right[0])),
    [
      [1, null, null, 2],
      [2, null, null, 1],
    ],
  )
  t.true(harness.rows.every((row) => Number.isNaN(row.time)))
})

for (const [zone, day, hours] of [
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['UTC', '2026-03-29', 24],
] as const) {
  test(`windows: the day ${day} in ${zone} has ${hours} hours`, (t) => {
    const plan: WindowPlan = {
      ...TIMING,
      type: 'tumbling',
      size: { calendar: 'day', count: 1 },
      offsetMs: 0,
      zone,
    }
    const harness = new Harness({
      core: coreOf(INPUT, [0], plan, [CALLS[0]!]),
      inputEdge: 'append',
      outputEdge: 'append',
      ttlMs: null,
      lateColumns: null,
    })
    const first = Date.parse(`${day}T00:00:00Z`) - 36 * 3_600_000
    const rows = Array.from({ length: 96 }, (_, hour) => ({
      time: first + hour * 3_600_000,
      values: [1, 1, 'a', true],
    }))
    harness.batch(rows)
    harness.end()
    const counts = harness.rows.map(
      (row) => [new Date(row.values[1] as number).toISOString(), row.values[3]] as const,
    )
    const whole = harness.rows.slice(1, -1)
    t.true(
      whole.some((row) => row.values[3] === hours),
      JSON.stringify(counts),
    )
    for (const row of whole)
      t.is(
        ((row.values[2] as number) - (row.values[1] as number)) / 3_600_000,
        row.values[3] as number,
      )
  })
}

function bounds(size: { calendar: 'week' | 'month'; count: number }): string[] {
  const plan: WindowPlan = { ...TIMING, type: 'tumbling', size, offsetMs: 0, zone: 'UTC' }
  const harness = new Harness({
    core: coreOf(INPUT, [0], plan, [CALLS[0]!]),
    inputEdge: 'append',
    outputEdge: 'append',
    ttlMs: null,
    lateColumns: null,
  })
  harness.batch([{ time: Date.parse('2026-11-24T12:00:00Z'), values: [1, 1, 'a', true] }])
  harness.end()
  return harness.rows[0]!.values.slice(1, 3).map((time) =>
    new Date(time as number).toISOString().slice(0, 10),
  )
}

test('windows: months and weeks start where the calendar says', (t) => {
  t.deepEqual(bounds({ calendar: 'week', count: 1 }), ['2026-11-23', '2026-11-30'])
  t.deepEqual(bounds({ calendar: 'month', count: 1 }), ['2026-11-01', '2026-12-01'])
  t.deepEqual(bounds({ calendar: 'month', count: 3 }), ['2026-10-01', '2027-01-01'])
})
