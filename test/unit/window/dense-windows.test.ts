/**
 * Windows whose panes are cells by number emit the rows that windows of tables emit: random records,
 * out of order and late, cut anywhere, pushed back after every batch; keys that come for a moment and
 * keys that come again; windows of few panes and of many, with calls that subtract and such that do
 * not; input that is taken back.
 */
import test from 'ava'
import type { AggregateSetup } from '../../../node/operators/aggregate/aggregate-setup.ts'
import { DenseAggregate } from '../../../node/operators/window/dense/dense-aggregate.ts'
import { WindowAggregate } from '../../../node/operators/window/window-aggregate.ts'
import type { AggregateCall, WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import {
  call,
  coreOf,
  Harness,
  type InputRow,
  type OutputRow,
  spec,
  TIMING,
} from './window-model.ts'

const INPUT = [
  spec('k', 'integer'),
  spec('b', 'boolean', { nullable: true }),
  spec('t', 'timestamp', { nullable: true }),
  spec('x', 'integer', { nullable: true }),
  spec('n', 'number'),
  spec('keep', 'boolean', { nullable: true }),
]
const DELETE = 3
const nullable = { nullable: true } as const
const COUNT = call('count', [], spec('r', 'integer'))
const SUBTRACTING = [
  COUNT,
  call('count', [3], spec('r', 'integer'), 5),
  call('sum', [3], spec('r', 'integer', nullable)),
  call('avg', [3], spec('r', 'number', nullable)),
  call('any', [5], spec('r', 'boolean', nullable)),
]
const ALL = [
  ...SUBTRACTING.slice(1),
  call('min', [4], spec('r', 'number', nullable)),
  call('max', [3], spec('r', 'integer', nullable), 5),
  call('stddev', [3], spec('r', 'number', nullable)),
]

const sliding = (sizeMs: number, slideMs: number): WindowPlan => {
  return { ...TIMING, type: 'sliding', sizeMs, slideMs }
}
const WINDOWS: Readonly<Record<string, WindowPlan>> = {
  'sliding 100 by 20': sliding(100, 20),
  'sliding 90 by 60': sliding(90, 60),
  'sliding 96 by 6': sliding(96, 6),
  'sliding with gaps, 20 by 50': sliding(20, 50),
  'sliding, final': { ...sliding(60, 20), allowedLatenessMs: 30, emit: 'final' },
  cumulate: { ...TIMING, type: 'cumulate', size: { ms: 100 }, stepMs: 25, zone: 'UTC' },
}

/** Keys of the moment, keys of long ago, and a few that are always there. */
function keyAt(random: SeededRandom, time: number): number {
  const kind = random.below(8)
  if (kind < 5) return Math.floor(time / 4) + random.below(20)
  return kind === 5 ? random.below(4) * 2 ** 33 : -random.below(200)
}

function rowAt(random: SeededRandom, time: number): InputRow {
  const orNull = (value: unknown) => (random.below(6) === 0 ? null : value)
  return {
    time,
    values: [
      keyAt(random, time),
      orNull(random.below(2) === 1),
      orNull(random.below(3) * 1000),
      orNull(random.below(2000) - 1000),
      random.below(1000) / 8,
      orNull(random.below(2) === 0),
    ],
  }
}

interface Played {
  readonly seed: number
  readonly steps: number
  readonly retracts: boolean
}

/** The same batches and watermarks for every harness; rows between two watermarks in any order. */
function play(setups: readonly AggregateSetup[], { seed, steps, retracts }: Played): Harness[] {
  const random = new SeededRandom(seed)
  const harnesses = setups.map((setup) => new Harness(setup, { pushBack: seed % 2 === 0 }))
  const before: InputRow[] = []
  let clock = 0
  for (let step = 0; step < steps; step++) {
    // A long silence: every pane closes.
    if (random.below(20) === 0) clock += 1000
    const rows: InputRow[] = []
    for (let n = random.below(50); n > 0; n--) {
      clock += random.below(3)
      const row = rowAt(random, clock - random.below(random.below(10) === 0 ? 300 : 15))
      if (!retracts || random.below(3) > 0) {
        rows.push(row)
        before.push(row)
        continue
      }
      const [taken] = before.splice(-1 - random.below(Math.min(60, before.length)), 1)
      if (taken !== undefined) rows.push({ ...taken, kind: DELETE })
      // Nobody brought this one.
      if (random.below(9) === 0)
        rows.push({ ...row, values: [1e9, ...row.values.slice(1)], kind: DELETE })
    }
    const watermark = clock - 20 - random.below(30)
    for (const harness of harnesses) {
      harness.batch(rows)
      if (step % 2 === 0) harness.watermark(watermark)
    }
  }
  return harnesses
}

/** Rows in order of their windows and keys: within a firing any order will do. */
function sorted(rows: readonly OutputRow[]): string {
  return rows
    .map(({ time, kind, values }) =>
      [time, kind, ...values.map((value) => rounded(value))].map(String).join(),
    )
    .toSorted()
    .join('\n')
}

/** Sums of fractions depend on the order in which panes come together. */
function rounded(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(9) : value
}

interface Case {
  readonly key: readonly number[]
  readonly calls: readonly AggregateCall[]
  readonly retracts?: boolean
}

const CASES: Readonly<Record<string, Case>> = {
  'a count': { key: [0], calls: [COUNT] },
  'calls that subtract': { key: [0, 1], calls: SUBTRACTING },
  'calls that do not': { key: [2, 0], calls: ALL },
  'a count, taken back': { key: [0], calls: [COUNT], retracts: true },
  'sums, taken back': {
    key: [1, 0],
    calls: [...SUBTRACTING, call('sum', [4], spec('r', 'number', nullable))],
    retracts: true,
  },
}

/** Seeds; outputs of every other case push back. */
let cases = 0

for (const [windowName, window] of Object.entries(WINDOWS)) {
  for (const [name, { key, calls, retracts = false }] of Object.entries(CASES)) {
    const seed = ++cases
    test(`dense windows: ${windowName}, ${name}: the rows of windows of tables`, (t) => {
      const core = coreOf(INPUT, key, window, calls)
      const inputEdge = retracts ? 'retract' : 'append'
      const setup = { core, inputEdge, outputEdge: 'append', ttlMs: null } as const
      const dense: AggregateSetup = { ...setup, lateColumns: [...INPUT] }
      const [one, other] = play([dense, { ...dense, isGeneral: true }], {
        seed,
        steps: 30,
        retracts,
      })
      t.true(one!.operator instanceof DenseAggregate)
      t.true(other!.operator instanceof WindowAggregate)
      // What is open when it ends comes out, and nothing is kept.
      for (const harness of [one!, other!]) harness.watermark(Number.POSITIVE_INFINITY)
      const [figures] = one!.operator.store.figures()
      t.is(figures?.entries, 0)
      t.is(sorted(one!.rows), sorted(other!.rows))
      t.true(one!.rows.length > 50)
      t.is(sorted(one!.late), sorted(other!.late))
      t.deepEqual(one!.counters, other!.counters)
    })
  }
}

test('dense windows: what keys of the moment took is given to those that follow', (t) => {
  const core = coreOf(INPUT, [0], sliding(100, 20), [COUNT])
  const setup: AggregateSetup = { core, inputEdge: 'append', outputEdge: 'append', ttlMs: null, lateColumns: null } // prettier-ignore
  const { operator, batch, watermark } = harnessOf(setup)
  const sizes: number[] = []
  for (let time = 0; time < 3000; time += 20) {
    batch(
      Array.from({ length: 100 }, (_, n) => [time * 100 + n, null, null, null, 0, null]),
      time,
    )
    watermark(time - 1)
    sizes.push(operator.store.figures()[0]!.usedBytes)
  }
  t.true(Math.max(...sizes.slice(75)) <= Math.max(...sizes.slice(0, 75)))
  watermark(Number.POSITIVE_INFINITY)
  t.true(operator.store.figures()[0]!.usedBytes < Math.max(...sizes) / 4)
})

test('dense windows: what fractions left when they were taken back is not given to a new key', (t) => {
  const sum = call('sum', [4], spec('r', 'number', nullable))
  const core = coreOf(INPUT, [0], sliding(60, 20), [sum])
  const harness = new Harness({ core, inputEdge: 'retract', outputEdge: 'append', ttlMs: null, lateColumns: null }) // prettier-ignore
  const keys = Array.from({ length: 64 }, (_, key) => key)
  harness.batch(keys.map((key) => fractionAt(5, key, 1)))
  // A sum and its rest, in which what is small is lost.
  const came = keys
    .slice(1)
    .flatMap((key) => [fractionAt(65, key, 1e40), fractionAt(65, key, 1e20)])
  harness.batch([fractionAt(65, 0, 1), ...came, ...came.map((one) => ({ ...one, kind: DELETE }))])
  harness.watermark(59)
  const [figures] = harness.operator.store.figures()
  t.is(figures!.entries, 1)
  const before = harness.rows.length
  // So many that the numbers of those that went are given again.
  harness.batch(Array.from({ length: 127 }, (_, n) => fractionAt(66, 100 + n, 0.5)))
  harness.watermark(Number.POSITIVE_INFINITY)
  const sums = harness.rows.slice(before).filter(({ values }) => values[0] !== 0)
  t.is(sums.length, 127 * 3)
  t.true(sums.every(({ values }) => values[3] === 0.5))
})

test('dense windows: very many panes that one watermark closes cost as much each as a few', (t) => {
  const core = coreOf(INPUT, [0], sliding(60, 20), [COUNT])
  const setup: AggregateSetup = { core, inputEdge: 'append', outputEdge: 'append', ttlMs: null, lateColumns: null } // prettier-ignore
  const harness = new Harness(setup)
  const panes = 4000
  harness.batch(Array.from({ length: panes }, (_, n) => ({ ...rowOf(n % 10, 1), time: n * 20 })))
  const { user, system } = process.cpuUsage()
  harness.watermark(Number.POSITIVE_INFINITY)
  const used = process.cpuUsage({ user, system })
  // Each asking all others, it took seven seconds.
  t.true(used.user + used.system < 3e6)
  t.is(harness.rows.length, panes * 3)
  t.is(harness.operator.store.figures()[0]!.entries, 0)
})

test('dense windows: keys go also where thousands of panes wait for late records', (t) => {
  const window: WindowPlan = { ...sliding(60, 20), allowedLatenessMs: 100_000, emit: 'final' }
  const core = coreOf(INPUT, [0], window, [COUNT])
  const setup: AggregateSetup = { core, inputEdge: 'append', outputEdge: 'append', ttlMs: null, lateColumns: null } // prettier-ignore
  const harness = new Harness(setup)
  const keys = () => harness.operator.store.figures()[0]!.entries
  let most = 0
  for (let pane = 0; pane < 8000; pane += 50) {
    // Every 5000 panes other keys come.
    const row = (n: number) => ({ ...rowOf((pane + n) % 10 + pane - (pane % 5000), 1), time: (pane + n) * 20 }) // prettier-ignore
    harness.batch(Array.from({ length: 50 }, (_, n) => row(n)))
    harness.watermark(pane * 20)
    most = Math.max(most, keys())
  }
  t.is(most, 20)
  harness.watermark(10_000 * 20 + 100_000)
  t.is(keys(), 0)
  t.is(harness.rows.length, 8000 * 3)
})

function harnessOf(setup: AggregateSetup) {
  const harness = new Harness(setup)
  return {
    operator: harness.operator,
    batch: (rows: readonly unknown[][], time: number) =>
      harness.batch(rows.map((values) => ({ time, values }))),
    watermark: (time: number) => harness.watermark(time),
  }
}

function fractionAt(time: number, key: number, n: number): InputRow {
  return { time, values: [key, null, null, null, n, null] }
}

function rowOf(key: number, x: number): InputRow {
  return { time: 5, values: [key, null, null, x, 0, null] }
}

test('dense windows: a result that cannot be told fails its row, and the others come', (t) => {
  const sum = call('sum', [3], spec('r', 'integer', nullable))
  const core = coreOf(INPUT, [0], sliding(100, 20), [sum])
  const harness = new Harness({ core, inputEdge: 'append', outputEdge: 'append', ttlMs: null, lateColumns: null }) // prettier-ignore
  const large = Number.MAX_SAFE_INTEGER
  harness.batch([rowOf(1, 1), rowOf(2, large), rowOf(2, large), rowOf(3, 3)])
  harness.watermark(19)
  t.deepEqual(
    harness.rows.map(({ values }) => values[0]),
    [1, 3],
  )
  t.is(harness.failures[0]?.code, 'RESULT_OUT_OF_RANGE')
  t.deepEqual(harness.failures[0]?.payload(), {
    k: 2,
    window_start: new Date(-80).toISOString(),
    window_end: new Date(20).toISOString(),
  })
})
