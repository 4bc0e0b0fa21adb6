/**
 * The best rows of a window without a key, where most batches are seen off by the front, equal those
 * of sorting each window.
 */
import test from 'ava'
import { EVENT_TIME } from '../../../node/operators/top/row-order.ts'
import { topOperator } from '../../../node/operators/top/top-operator.ts'
import { WindowFront } from '../../../node/operators/top/window-front.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import { INSERT } from '../../../shared/model/batch.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import type { TopCore, WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { spec } from '../window/window-model.ts'
import { Driven } from './top-drive.ts'

const SIZE = 1000
const COLUMNS = [
  spec('id', 'integer'),
  spec('price', 'integer', { nullable: true }),
  spec('day', 'date', { layout: 'i32' }),
]
const WINDOW: WindowPlan = {
  time: 'event',
  allowedLatenessMs: 0,
  earlyMs: null,
  emit: 'updates',
  type: 'tumbling',
  size: { ms: SIZE },
  offsetMs: 0,
  zone: 'UTC',
}

interface Case {
  readonly n: number
  readonly ties: boolean
  readonly column: number
  readonly descending: boolean
}

interface Row {
  readonly time: number
  readonly values: readonly (number | null)[]
}

function coreOf({ n, ties, column, descending }: Case): TopCore {
  const bounds = [spec('window_start', 'timestamp'), spec('window_end', 'timestamp')]
  return {
    kind: 'top',
    input: COLUMNS.map((one) => ({
      spec: one,
      expr: { node: 'column', path: one.path, type: one.type, nullable: one.nullable },
    })),
    key: [],
    window: WINDOW,
    n,
    order: [{ column, descending }],
    ties,
    rankAs: null,
    kept: [0, 1, 2],
    edge: 'append',
    uniqueKey: [0],
    output: [...COLUMNS, ...bounds],
  }
}

/** Larger is better; null is worse than everything. */
function wordOf({ column, descending }: Case, { time, values }: Row): number {
  const value = column === EVENT_TIME ? time : values[column]
  return value === null || value === undefined ? -Infinity : descending ? value : -value
}

function expectedOf(of: Case, rows: readonly Row[]): string[] {
  const windows = Map.groupBy(rows, ({ time }) => Math.floor(time / SIZE) * SIZE)
  return [...windows]
    .flatMap(([start, own]) => {
      // Ties go by the canonical bytes of the row, which begin with those of its id, that grows.
      const sorted = own.toSorted((a, b) => wordOf(of, b) - wordOf(of, a) || 0)
      const least = wordOf(of, sorted[Math.min(of.n, sorted.length) - 1] as Row)
      const best = sorted.filter((row, at) => at < of.n || (of.ties && wordOf(of, row) === least))
      return best.map(({ values }) => JSON.stringify([...values, start, start + SIZE]))
    })
    .toSorted()
}

function batchOf(rows: readonly Row[]) {
  const builder = new BatchBuilder({ columns: COLUMNS }, Math.max(1, rows.length))
  for (const { time, values } of rows) builder.append(values, time, INSERT)
  return builder.finish()
}

for (const of of [
  { n: 1, ties: true, column: 1, descending: true },
  { n: 1, ties: false, column: 1, descending: false },
  { n: 3, ties: true, column: 1, descending: false },
  { n: 3, ties: false, column: 2, descending: true },
  { n: 2, ties: true, column: 2, descending: false },
  { n: 2, ties: true, column: EVENT_TIME, descending: true },
] as const) {
  test(`front of a window: ${JSON.stringify(of)} equals sorting each window`, (t) => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = new SeededRandom(seed * 13)
      const store = new StateStore(new CountingMemory())
      const operator = topOperator({
        core: coreOf(of),
        store,
        ttlMs: null,
        edge: 'append',
        uniqueKey: ['id'],
      })
      const driven = new Driven(operator)
      const all: Row[] = []
      let clock = 10_000
      for (let step = 0; step < 40; step++) {
        const hasNulls = random.below(4) === 0
        const rows = Array.from({ length: random.below(60) }, (_, at): Row => {
          const price = hasNulls && random.below(5) === 0 ? null : random.below(300)
          const time = clock + at * 2 - random.below(random.below(9) === 0 ? 50 : 3)
          return { time, values: [all.length + at, price, random.below(300)] }
        })
        all.push(...rows)
        clock += rows.length * 2
        driven.give(batchOf(rows))
        if (step % 4 === 0) driven.watermark(clock - 60)
      }
      driven.watermark(Number.POSITIVE_INFINITY)
      t.is(driven.counters.late, 0)
      t.is(driven.counters.absorbed, all.length)
      const rows = driven.changes.map(({ values }) => JSON.stringify(values)).toSorted()
      t.deepEqual(rows, expectedOf(of, all), `seed ${seed}`)
    }
  })
}

for (const column of [1, 2]) {
  for (const descending of [true, false]) {
    const way = descending ? 'descending' : 'ascending'
    test(`front of a window: batches of it below the front are told, column ${column} ${way}`, (t) => {
      const sign = descending ? 1 : -1
      const front = new WindowFront({ column, descending }, 2)
      const [start, end] = [SIZE, 2 * SIZE]
      const isAbove = (rows: readonly (readonly [time: number, value: number | null])[]) =>
        front.isAbove(
          batchOf(rows.map(([time, value], id) => ({ time, values: [id, value, value ?? 0] }))),
          { start, end },
        )
      t.deepEqual(front.rowsOf(Float64Array.of(50, 90, 70, 10), 4, end), Int32Array.of(1, 2))
      t.is(front.end, end)
      const below = [start, sign * 69] as const
      t.true(isAbove([below, [end - 1, sign * -3]]))
      t.false(isAbove([below, [start, sign * 70]]), 'a tie with the front')
      t.false(isAbove([[start - 1, sign * 69]]), 'before the window')
      t.false(isAbove([[end, sign * 69]]), 'after the window')
      t.false(isAbove([[Number.NaN, sign * 69]]), 'without a time')
      if (column === 1) t.false(isAbove([[start, null]]), 'a null')
    })
  }
}
