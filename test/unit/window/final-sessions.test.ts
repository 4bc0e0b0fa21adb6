/**
 * Sessions that are told once against those that may be told again: the same rows, late rows and
 * failures, over seeded random records out of order, cut into batches anywhere.
 */
import test from 'ava'
import { FinalSessions } from '../../../node/operators/window/session/final-sessions.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { AggregateCall, WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import {
  call,
  coreOf,
  Harness,
  type InputRow,
  lateColumnsOf,
  type OutputRow,
  spec,
  TIMING,
} from './window-model.ts'

const GAP = 50
const INPUT = [
  spec('k', 'integer', { nullable: true }),
  spec('b', 'boolean'),
  spec('x', 'integer', { nullable: true }),
  spec('y', 'number'),
]
const whole = spec('r', 'integer', { nullable: true })
const CALLS = [
  call('count', [], spec('r', 'integer')),
  call('sum', [2], whole),
  call('max', [3], spec('r', 'number', { nullable: true })),
  call('avg', [2], spec('r', 'number', { nullable: true })),
  call('first', [2], whole),
  call('last', [3], spec('r', 'number', { nullable: true })),
  call('any', [1], spec('r', 'boolean', { nullable: true })),
  call('count', [], spec('r', 'integer'), 1),
]
const LATE = lateColumnsOf(INPUT)
const plan = { ...TIMING, type: 'session', gapMs: GAP } as const satisfies WindowPlan

interface Options {
  readonly window?: WindowPlan
  readonly key?: readonly number[]
  readonly input?: readonly ColumnSpec[]
  readonly calls?: readonly AggregateCall[]
  readonly pushBack?: boolean
  readonly isGeneral?: boolean
}

function harnessOf(options: Options): Harness {
  const { window = plan, key = [0], input = INPUT, calls = CALLS } = options
  const { pushBack = false, isGeneral = false } = options
  const core = coreOf(input, key, window, calls)
  const edges = { inputEdge: 'append', outputEdge: 'append' } as const
  const setup = { core, ...edges, ttlMs: null, lateColumns: LATE, isGeneral }
  return new Harness(setup, { pushBack })
}

function pairOf(options: Options): readonly [Harness, Harness] {
  return [harnessOf(options), harnessOf({ ...options, isGeneral: true })]
}

function assertHolds({ operator }: Harness): void {
  if (operator instanceof FinalSessions) operator.assertHolds()
}

/** Rows that are told at once come in order of their ends; among equal ends any order will do. */
function sorted(rows: readonly OutputRow[]): string {
  const lines = rows.map((row) => JSON.stringify(row))
  return lines.toSorted().join('\n')
}

function failuresOf({ failures }: Harness) {
  return failures.map(({ code, message, key, payload }) => ({
    code,
    message,
    key: key?.(),
    payload: payload(),
  }))
}

interface Pace {
  readonly keys: number
  /** How far records may lie behind the clock, mostly and at worst; how far it goes on per step. */
  readonly behind: number
  readonly worst: number
  readonly step: number
}

const PACES: Readonly<Record<string, Pace>> = {
  'few keys, out of order': { keys: 4, behind: 60, worst: 400, step: 40 },
  'many keys, sparse': { keys: 300, behind: 30, worst: 60, step: 12 },
  'few keys, far apart': { keys: 3, behind: 20, worst: 3000, step: 900 },
}

function randomRows(random: SeededRandom, clock: number, pace: Pace): InputRow[] {
  return Array.from({ length: random.below(4) === 0 ? 0 : random.below(40) }, () => ({
    time: clock - random.below(random.below(6) === 0 ? pace.worst : pace.behind),
    values: [
      random.below(19) === 0 ? null : random.below(pace.keys) - 1,
      random.below(3) === 0,
      random.below(8) === 0 ? null : random.below(9) - 4,
      random.below(1000) / 8,
    ],
  }))
}

const WINDOWS: Readonly<Record<string, WindowPlan>> = {
  'no lateness': plan,
  'final after lateness': { ...plan, allowedLatenessMs: 70, emit: 'final' },
}

for (const [name, window] of Object.entries(WINDOWS)) {
  for (const [paceName, pace] of Object.entries(PACES)) {
    test(`final sessions: ${name}, ${paceName}: both ways tell the same`, (t) => {
      let told = 0
      for (let seed = 1; seed <= 3; seed++) {
        const random = new SeededRandom(seed * 7)
        const key = [[0], [0, 1], [1]][seed % 3]!
        const [own, general] = pairOf({ window, key, pushBack: seed % 2 === 0 })
        t.true(own.operator instanceof FinalSessions)
        t.false(general.operator instanceof FinalSessions)
        let clock = 1000
        let seen = 0
        const newRows = ({ rows }: Harness) => sorted(rows.slice(seen))
        for (let step = 0; step < 50; step++) {
          clock += random.below(pace.step)
          const rows = randomRows(random, clock, pace)
          for (const one of [own, general]) one.batch(rows)
          if (random.below(3) === 0) {
            const watermark = clock - 40 - random.below(pace.behind)
            for (const one of [own, general]) one.watermark(watermark)
            t.is(newRows(own), newRows(general), `seed ${seed} step ${step}`)
            seen = own.rows.length
          }
          assertHolds(own)
        }
        for (const one of [own, general]) one.end()
        t.is(newRows(own), newRows(general), `seed ${seed}`)
        t.is(JSON.stringify(own.late), JSON.stringify(general.late))
        t.deepEqual(own.counters, general.counters)
        told += own.rows.length
      }
      t.true(told > 60, `${told}`)
    })
  }
}

const row = (time: number, key: number | null = 1, x = 1): InputRow => ({
  time,
  values: [key, true, x, 1.5],
})

test('final sessions: rows that become due together are told in order of their ends', (t) => {
  const random = new SeededRandom(3)
  const harness = harnessOf({})
  const rows = Array.from({ length: 1500 }, (_, key) => row(random.below(100_000), key))
  harness.batch(rows)
  harness.watermark(20_000)
  harness.batch([row(20_010, 1, 5), row(19_999, 9999), row(19_998, 9998)])
  harness.watermark(30_000)
  harness.end()
  const ends = harness.rows.map(({ values }) => values[2] as number)
  t.deepEqual(
    ends,
    ends.toSorted((left, right) => left - right),
  )
  t.true(harness.rows.every(({ time, values }) => time === (values[2] as number) - 1))
})

test('final sessions: times over many years before the first watermark', (t) => {
  const day = 86_400_000
  const [own, general] = pairOf({})
  for (const harness of [own, general]) {
    const random = new SeededRandom(5)
    for (let batch = 0; batch < 4; batch++) {
      harness.batch(
        Array.from({ length: 400 }, () =>
          row((random.below(40_000) - 9000) * day + random.below(100), random.below(50)),
        ),
      )
    }
    assertHolds(harness)
    harness.watermark(9000 * day)
    harness.end()
  }
  t.is(sorted(own.rows), sorted(general.rows))
})

test('final sessions: a key that comes again and again leaves no trace', (t) => {
  const harness = harnessOf({})
  harness.batch(Array.from({ length: 500 }, (_, key) => row(key % 10, key)))
  const bytes = () => harness.operator.store.figures()[0]!.bytes
  harness.watermark(GAP + 20)
  const before = bytes()
  for (let n = 1; n <= 500; n++) {
    harness.batch([row(n * 200, 7)])
    harness.watermark(n * 200 + GAP)
  }
  assertHolds(harness)
  t.is(harness.rows.length, 1000)
  t.is(bytes(), before)
  t.is(harness.operator.store.figures()[0]!.entries, 0)
})

test('final sessions: a rush of keys gives its blocks back', (t) => {
  const harness = harnessOf({})
  const used = () => harness.operator.store.figures()[0]!.usedBytes
  const rush = (time: number, count: number) => {
    for (let from = 0; from < count; from += 1000)
      harness.batch(Array.from({ length: 1000 }, (_, n) => row(time, from + n)))
  }
  rush(0, 1000)
  const few = used()
  rush(1, 20_000)
  const many = used()
  harness.watermark(1000)
  for (let n = 1; n < 10; n++) {
    rush(n * 1000, 1000)
    harness.watermark(n * 1000 + 500)
  }
  assertHolds(harness)
  t.true(used() < many / 3, `${few} ${many} ${used()}`)
  t.is(harness.rows.length, 20_000 + 9000)
})

test('final sessions: places among sessions that stay are given to those that come', (t) => {
  const harness = harnessOf({ calls: [call('count', [], spec('r', 'integer'))] })
  const batch = (time: number, first: number, step: number) => {
    const count = 5000 / step
    for (let from = 0; from < count; from += 1000) {
      const length = Math.min(1000, count - from)
      harness.batch(Array.from({ length }, (_, n) => row(time, first + (from + n) * step)))
    }
  }
  let most = 0
  for (let round = 0; round < 30; round++) {
    // A few of each round stay for ten more, some in every block.
    for (let before = Math.max(0, round - 10); before < round; before++)
      batch(round * 40, before * 5000, 50)
    batch(round * 40, round * 5000, 1)
    harness.watermark(round * 40)
    const [figures] = harness.operator.store.figures()
    if (round > 10) most = Math.max(most, figures!.usedBytes / figures!.entries)
  }
  assertHolds(harness)
  // Bytes per session; a block of their own for those of each round took three times as much.
  t.true(most < 200, `${most}`)
})

test('final sessions: one that grows while its span is the front is told by its new end', (t) => {
  const harness = harnessOf({ window: { ...plan, gapMs: 1600 } })
  const keys = () => harness.rows.map(({ values }) => values[0])
  harness.batch([row(10, 1), row(40, 2)])
  // Ends from 1600 to 1664 are sorted now.
  harness.watermark(1605)
  harness.batch([row(500, 2), row(60, 3)])
  harness.watermark(1700)
  t.deepEqual(keys(), [1, 3])
  harness.end()
  t.deepEqual(harness.rows.at(-1)!.values.slice(0, 3), [2, 40, 2100])
  t.is(harness.rows.length, 3)
})

test('final sessions: very many of one key that end together cost as much each as a few', (t) => {
  const harness = harnessOf({ calls: [call('count', [], spec('r', 'integer'))] })
  const count = 30_000
  for (let from = 0; from < count; from += 1000)
    harness.batch(Array.from({ length: 1000 }, (_, n) => row((from + n) * 100)))
  assertHolds(harness)
  const before = process.cpuUsage()
  harness.watermark(count * 100)
  const used = process.cpuUsage(before)
  // Each was looked for from the latest one on, which took some seconds.
  t.true(used.user + used.system < 1.2e6, JSON.stringify(used))
  t.is(harness.rows.length, count)
  assertHolds(harness)
})

test('final sessions: a result that cannot be told fails alone, as the general way has it', (t) => {
  const [own, general] = pairOf({ calls: [call('sum', [2], whole)] })
  const large = Number.MAX_SAFE_INTEGER
  for (const harness of [own, general]) {
    // The null of a row that fails does not stay behind for the next one.
    const rows = [1, 2, 3, 4, 5].flatMap((time) => {
      const key = time === 2 ? null : time
      return [row(time, key, large), row(time, key, time % 2 === 0 ? large : 0)]
    })
    harness.batch(rows)
    harness.end()
  }
  t.is(own.rows.length, 3)
  t.is(sorted(own.rows), sorted(general.rows))
  t.deepEqual(failuresOf(own), failuresOf(general))
  t.is(own.failures.length, 2)
})

test('final sessions: not for texts, objects, corrections, early rows or processing time', (t) => {
  const text = spec('s', 'string', { layout: 'utf8' })
  const others: readonly Options[] = [
    { input: [text, ...INPUT.slice(1)] },
    { calls: [call('count_distinct', [2], spec('r', 'integer'))] },
    { window: { ...plan, allowedLatenessMs: 10 } },
    { window: { ...plan, earlyMs: 10 } },
    { window: { ...plan, time: 'processing' } },
    { key: [] },
  ]
  for (const one of others) t.false(harnessOf(one).operator instanceof FinalSessions)
  t.true(harnessOf({ key: [1] }).operator instanceof FinalSessions)
})
