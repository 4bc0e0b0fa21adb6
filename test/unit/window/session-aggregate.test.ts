/**
 * Session windows against a naive model: seeded random records, out of order, cut into batches
 * anywhere, watermarks anywhere, pushed back after every batch.
 */
import test from 'ava'
import type { WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import {
  call,
  coreOf,
  fold,
  RowsInForce,
  Harness,
  type InputRow,
  lateColumnsOf,
  spec,
  TIMING,
} from './window-model.ts'

const GAP = 50
const INPUT = [
  spec('k', 'integer', { nullable: true }),
  spec('x', 'integer', { nullable: true }),
  spec('s', 'string', { layout: 'utf8' }),
]
const CALLS = [
  call('count', [], spec('r', 'integer')),
  call('sum', [1], spec('r', 'integer', { nullable: true })),
  call('last', [2], spec('r', 'string', { nullable: true })),
  call('count_distinct', [1], spec('r', 'integer')),
]

const plan = { ...TIMING, type: 'session', gapMs: GAP } as const satisfies WindowPlan

const LATE = lateColumnsOf(INPUT)

function harnessOf(
  window: WindowPlan,
  options: { outputEdge?: 'append' | 'upsert' | 'retract'; pushBack?: boolean } = {},
): Harness {
  const core = coreOf(INPUT, [0], window, CALLS)
  const { outputEdge = 'append', pushBack = false } = options
  const setup = { core, inputEdge: 'append', outputEdge, ttlMs: null, lateColumns: LATE } as const
  return new Harness(setup, { pushBack })
}

interface Session {
  readonly key: unknown
  start: number
  end: number
  readonly rows: InputRow[]
}

/** Sessions that still take records, and those that were closed. */
class Model {
  open: Session[] = []
  closed: Session[] = []
  late = 0
  watermark = Number.NEGATIVE_INFINITY
  readonly #lateness: number

  constructor(lateness: number) {
    this.#lateness = lateness
  }

  take(row: InputRow): void {
    const [key] = row.values
    const made: Session = { key, start: row.time, end: row.time + GAP, rows: [row] }
    const touched = this.open.filter(
      (one) => one.key === key && row.time >= one.start - GAP && row.time <= one.end,
    )
    if (touched.length === 0 && this.watermark >= made.end + this.#lateness) {
      this.late += 1
      return
    }
    for (const one of touched) {
      made.start = Math.min(made.start, one.start)
      made.end = Math.max(made.end, one.end)
      made.rows.push(...one.rows)
    }
    this.open = [...this.open.filter((one) => !touched.includes(one)), made]
  }

  advance(watermark: number): void {
    this.watermark = watermark
    const isClosed = (one: Session) => watermark >= one.end + this.#lateness
    this.closed.push(...this.open.filter(isClosed))
    this.open = this.open.filter((one) => !isClosed(one))
  }

  /** Rows in force; `hold` is what a session waits beyond its end. */
  rows(hold: number): string[] {
    const due = this.open.filter((one) => this.watermark >= one.end + hold)
    return [...this.closed, ...due].map(resultOf).toSorted()
  }
}

function resultOf({ key, start, end, rows }: Session): string {
  const numbers = rows.map((row) => row.values[1]).filter((x) => x !== null) as number[]
  const byTime = rows.toSorted(
    (left, right) =>
      left.time - right.time || (String(left.values[2]) < String(right.values[2]) ? -1 : 1),
  )
  return JSON.stringify([
    key,
    start,
    end,
    rows.length,
    numbers.length === 0 ? null : numbers.reduce((sum, x) => sum + x, 0),
    byTime.at(-1)?.values[2],
    new Set(numbers).size,
  ])
}

function randomRows(random: SeededRandom, clock: number): InputRow[] {
  return Array.from({ length: random.below(3) === 0 ? 0 : random.below(12) }, () => ({
    time: clock - random.below(random.below(4) === 0 ? 400 : 60),
    values: [
      random.below(9) === 0 ? null : random.below(6),
      random.below(8) === 0 ? null : random.below(9) - 4,
      `t${random.below(30)}`,
    ],
  }))
}

for (const lateness of [0, 120]) {
  for (const emit of ['updates', 'final'] as const) {
    for (const outputEdge of ['upsert', 'retract'] as const) {
      test(`session: lateness ${lateness}, emit ${emit}, ${outputEdge} output: rows in force equal the model after every step`, (t) => {
        for (let seed = 1; seed <= 25; seed++) {
          const random = new SeededRandom(seed * 31 + lateness)
          const window: WindowPlan = { ...plan, allowedLatenessMs: lateness, emit }
          const harness = harnessOf(window, { outputEdge, pushBack: seed % 2 === 0 })
          const model = new Model(lateness)
          const hold = emit === 'final' ? lateness : 0
          const inForce = new RowsInForce(CALLS.length, { retract: outputEdge === 'retract' })
          let clock = 1000
          for (let step = 0; step < 60; step++) {
            clock += random.below(40)
            const rows = randomRows(random, clock)
            harness.batch(rows)
            for (const row of rows) model.take(row)
            if (random.below(2) === 0) {
              const watermark = Math.max(model.watermark + 1, clock - 70 - random.below(60))
              const next = Number.isFinite(watermark) ? watermark : clock - 70
              harness.watermark(next)
              model.advance(next)
            }
            t.deepEqual(inForce.after(harness.rows), model.rows(hold), `seed ${seed} step ${step}`)
          }
          harness.end()
          model.advance(Number.POSITIVE_INFINITY)
          t.deepEqual(inForce.after(harness.rows), model.rows(0), `seed ${seed}`)
          t.is(harness.counters.late, model.late)
          t.is(harness.late.length, model.late)
          t.true(harness.rows.every((row) => row.time === (row.values[2] as number) - 1))
          if (emit === 'final' || lateness === 0) {
            t.true(harness.rows.every((row) => row.kind === 0))
          }
        }
      })
    }
  }
}

const row = (time: number, key = 1, x = 1): InputRow => ({ time, values: [key, x, 'a'] })

test('session: a gap exactly as long as the gap is no gap', (t) => {
  const harness = harnessOf(plan)
  harness.batch([row(0), row(GAP), row(2 * GAP + 1)])
  harness.end()
  t.deepEqual(
    harness.rows.map(({ values }) => values.slice(1, 4)),
    [
      [0, 2 * GAP, 2],
      [2 * GAP + 1, 3 * GAP + 1, 1],
    ],
  )
})

test('session: fires when no record that touches it can come in time', (t) => {
  const harness = harnessOf(plan)
  harness.batch([row(0)])
  harness.watermark(GAP - 1)
  t.is(harness.rows.length, 0)
  t.is(harness.operator.outputWatermark(GAP - 1), GAP - 2)
  harness.batch([row(GAP)])
  harness.watermark(2 * GAP)
  t.deepEqual(
    harness.rows.map(({ values }) => values.slice(1, 4)),
    [[0, 2 * GAP, 2]],
  )
})

test('session: a late record that joins two emitted sessions deletes both in order, then tells the whole', (t) => {
  const window: WindowPlan = { ...plan, allowedLatenessMs: 1000 }
  const harness = harnessOf(window, { outputEdge: 'retract' })
  harness.batch([row(100), row(0)])
  harness.watermark(300)
  t.is(harness.rows.length, 2)
  harness.batch([row(50)])
  t.deepEqual(
    harness.rows.slice(2).map(({ kind, values }) => [kind, ...values.slice(1, 4)]),
    [
      [3, 0, 50, 1],
      [3, 100, 150, 1],
      [0, 0, 150, 3],
    ],
  )
})

test('session: one that grows beyond the watermark is deleted, and told when the watermark passes it', (t) => {
  const window: WindowPlan = { ...plan, allowedLatenessMs: 1000 }
  const harness = harnessOf(window, { outputEdge: 'retract' })
  harness.batch([row(0)])
  harness.watermark(60)
  harness.batch([row(45)])
  harness.watermark(94)
  t.deepEqual(
    harness.rows.map(({ kind, values }) => [kind, ...values.slice(1, 4)]),
    [
      [0, 0, 50, 1],
      [3, 0, 50, 1],
    ],
  )
  harness.watermark(95)
  t.deepEqual(harness.rows[2]!.values.slice(1, 4), [0, 95, 2])
})

test('session: a change that leaves the row as it is emits nothing', (t) => {
  const window: WindowPlan = { ...plan, allowedLatenessMs: 1000 }
  const core = coreOf(INPUT, [0], window, [CALLS[1]!])
  const setup = { core, inputEdge: 'append', outputEdge: 'retract', ttlMs: null } as const
  const harness = new Harness({ ...setup, lateColumns: null })
  harness.batch([row(0), row(10)])
  harness.watermark(100)
  harness.batch([row(5, 1, 0)])
  t.is(harness.rows.length, 1)
  harness.batch([row(5, 1, 3)])
  t.deepEqual(
    harness.rows.slice(1).map(({ kind, values }) => [kind, values[3]]),
    [
      [1, 2],
      [2, 5],
    ],
  )
})

for (const outputEdge of ['upsert', 'retract'] as const) {
  test(`session: early firings fold to the rows of a run without them, ${outputEdge} output`, (t) => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = new SeededRandom(seed)
      const options = { outputEdge, pushBack: seed % 2 === 0 }
      const lateness = seed % 3 === 0 ? 120 : 0
      const early = harnessOf({ ...plan, allowedLatenessMs: lateness, earlyMs: 10 }, options)
      const plain = harnessOf({ ...plan, allowedLatenessMs: lateness }, options)
      let clock = 1000
      for (let step = 0; step < 60; step++) {
        clock += random.below(40)
        const rows = randomRows(random, clock)
        early.batch(rows)
        plain.batch(rows)
        if (random.below(2) === 0) early.processingTime(step * 7)
        if (random.below(3) === 0) {
          early.watermark(clock - 100)
          plain.watermark(clock - 100)
        }
      }
      early.end()
      plain.end()
      const retract = outputEdge === 'retract'
      t.deepEqual(
        fold(early.rows, CALLS.length, { retract }),
        fold(plain.rows, CALLS.length, { retract }),
        `seed ${seed}`,
      )
      t.true(early.rows.length > plain.rows.length)
    }
  })
}

test('session: by processing time it ends when the clock has passed the gap, or at end of input', (t) => {
  const harness = harnessOf({ ...plan, time: 'processing' })
  harness.now = 1000
  harness.batch([row(1), row(7)])
  harness.now = 1040
  harness.batch([row(3)])
  t.is(harness.wakes.at(-1), 1051)
  harness.processingTime(1051)
  t.is(harness.wakes.at(-1), 1091)
  harness.processingTime(1091)
  harness.batch([row(9, 2)])
  harness.end()
  t.deepEqual(
    harness.rows.map(({ values }) => values.slice(0, 4)),
    [
      [1, 1000, 1090, 3],
      [2, 1091, 1141, 1],
    ],
  )
})
