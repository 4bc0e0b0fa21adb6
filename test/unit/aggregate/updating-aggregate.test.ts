/**
 * Aggregation without a window against a naive model: random inserts and take-backs, cut anywhere.
 * After every batch the folded output must equal the aggregate of the records in force, and the
 * output of a batch must say each key's net change once.
 */
import test from 'ava'
import type { DataType } from '../../../shared/model/data-type.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, coreOf, fold, Harness, type InputRow, spec } from '../window/window-model.ts'

const INPUT = [
  spec('k', 'string', { layout: 'utf8', nullable: true }),
  spec('x', 'integer', { nullable: true }),
  spec('d', 'decimal', { scale: 2 }),
  spec('n', 'number'),
  spec('f', 'boolean', { nullable: true }),
  spec('s', 'string', { layout: 'dict', nullable: true }),
]
const integer = spec('r', 'integer')
const maybe = (kind: string, scale = 2) => spec('r', kind, { nullable: true, scale })
const CALLS = [
  call('count', [], integer),
  call('count', [1], integer),
  call('sum', [1], maybe('integer')),
  call('sum', [2], maybe('decimal'), 4),
  call('avg', [2], maybe('decimal', 6)),
  call('avg', [1], maybe('number')),
  call('any', [4], maybe('boolean')),
  call('all', [4], maybe('boolean')),
  call('count_distinct', [5], integer),
  call('count_distinct', [5], integer, 4),
]

function sum(list: readonly number[]): number {
  return list.reduce((total, x) => total + x, 0)
}

function texts(list: readonly InputRow[]): number {
  return new Set(list.map((row) => row.values[5]).filter((s) => s !== null)).size
}

function keyed(k: string, s: string): InputRow {
  return { time: 1, values: [k, 1, 1, 1, true, s] }
}

function numbered(n: number): InputRow {
  return { time: 1, values: ['a', 1, 1, n, true, 's'] }
}

function model(rows: readonly InputRow[]): unknown[] {
  const xs = rows.map((row) => row.values[1]).filter((x) => x !== null) as number[]
  const flags = rows.map((row) => row.values[4]).filter((x) => x !== null)
  const kept = rows.filter((row) => row.values[4] === true)
  const decimals = rows.map((row) => row.values[2] as number)
  const total = sum(decimals) * 10_000
  const rounded =
    Math.sign(total) * Math.floor((Math.abs(total) * 2 + rows.length) / (2 * rows.length)) + 0
  return [
    rows.length,
    xs.length,
    xs.length === 0 ? null : sum(xs),
    kept.length === 0 ? null : sum(kept.map((row) => row.values[2] as number)),
    rounded,
    xs.length === 0 ? null : sum(xs) / xs.length,
    flags.length === 0 ? null : flags.includes(true),
    flags.length === 0 ? null : !flags.includes(false),
    texts(rows),
    texts(kept),
  ]
}

for (const outputEdge of ['upsert', 'retract'] as const) {
  for (const retracts of [false, true]) {
    test(`updating aggregate: ${retracts ? 'retract' : 'append'} input, ${outputEdge} output equal the model`, (t) => {
      for (let seed = 1; seed <= 8; seed++) {
        const random = new SeededRandom(seed)
        const core = coreOf(INPUT, [0], null, CALLS)
        const harness = new Harness(
          {
            core,
            inputEdge: retracts ? 'retract' : 'append',
            outputEdge,
            ttlMs: null,
            lateColumns: null,
          },
          { pushBack: seed % 2 === 0 },
        )
        const inForce: InputRow[] = []
        for (let step = 0; step < 40; step++) {
          const rows: InputRow[] = []
          for (let n = random.below(25); n > 0; n--) {
            const old =
              retracts && random.below(3) === 0
                ? inForce.splice(random.below(Math.max(1, inForce.length)), 1)[0]
                : undefined
            if (old !== undefined) {
              rows.push({ ...old, kind: random.below(2) === 0 ? 1 : 3 })
              continue
            }
            const row = {
              time: step,
              kind: retracts && random.below(2) === 0 ? 2 : 0,
              values: [
                random.below(9) === 0 ? null : `key ${random.below(6)}`,
                random.below(4) === 0 ? null : random.below(100) - 50,
                random.below(2000) - 1000,
                random.next(),
                random.below(4) === 0 ? null : random.below(2) === 0,
                random.below(5) === 0 ? null : `t${random.below(7)}`,
              ],
            }
            rows.push(row)
            inForce.push(row)
          }
          const before = harness.rows.length
          harness.batch(rows)
          const groups = Map.groupBy(inForce, (row) => row.values[0])
          const expected = [...groups]
            .map(([key, group]) => JSON.stringify([key, ...model(group)]))
            .toSorted()
          t.deepEqual(
            fold(harness.rows, CALLS.length, { retract: outputEdge === 'retract' }),
            expected,
            `seed ${seed} step ${step}`,
          )
          const told = harness.rows
            .slice(before)
            .filter((row) => row.kind !== 1)
            .map((row) => JSON.stringify(row.values[0]))
          t.is(new Set(told).size, told.length, 'a key is told once per batch')
        }
        t.is(harness.counters.unmatchedRetractions, 0)
        harness.end()
      }
    })
  }
}

test('updating aggregate: without a key there is one group', (t) => {
  const harness = new Harness({
    core: coreOf(INPUT, [], null, [CALLS[0]!]),
    inputEdge: 'append',
    outputEdge: 'upsert',
    ttlMs: null,
    lateColumns: null,
  })
  const row = { time: 1, values: ['a', 1, 1, 1, true, 's'] }
  harness.batch([row, row])
  harness.batch([row])
  t.deepEqual(
    harness.rows.map(({ kind, values }) => [kind, ...values]),
    [
      [0, 2],
      [2, 3],
    ],
  )
})

test('updating aggregate: a retraction that finds nothing is dropped and counted', (t) => {
  const harness = new Harness({
    core: coreOf(INPUT, [0], null, [CALLS[0]!]),
    inputEdge: 'retract',
    outputEdge: 'upsert',
    ttlMs: null,
    lateColumns: null,
  })
  const row = { time: 1, values: ['a', 1, 1, 1, true, 's'] }
  harness.batch([{ ...row, kind: 3 }])
  harness.batch([row, { ...row, kind: 3 }, { ...row, kind: 1 }])
  t.deepEqual(harness.rows, [])
  t.is(harness.counters.unmatchedRetractions, 2)
  t.is(harness.counters.absorbed, 4)
})

test('updating aggregate: a sum beyond 2^53 fails its row and comes back when it is small again', (t) => {
  const harness = new Harness({
    core: coreOf(INPUT, [0], null, [CALLS[2]!]),
    inputEdge: 'retract',
    outputEdge: 'retract',
    ttlMs: null,
    lateColumns: null,
  })
  const big = { time: 1, values: ['a', Number.MAX_SAFE_INTEGER, 1, 1, true, 's'] }
  const odd = { time: 1, values: ['a', -3, 1, 1, true, 's'] }
  harness.batch([big])
  harness.batch([big, big])
  t.is(harness.failures.length, 1)
  t.is(harness.failures[0]!.code, 'RESULT_OUT_OF_RANGE')
  t.deepEqual(harness.failures[0]!.payload(), { k: 'a' })
  harness.batch([{ ...big, kind: 3 }, odd, { ...big, kind: 3 }])
  t.deepEqual(
    harness.rows.map(({ kind, values }) => [kind, values[1]]),
    [
      [0, Number.MAX_SAFE_INTEGER],
      [3, Number.MAX_SAFE_INTEGER],
      [0, Number.MAX_SAFE_INTEGER - 3],
    ],
  )
})

test('updating aggregate: a key is forgotten ttl after its last write, and starts anew', (t) => {
  const harness = new Harness({
    core: coreOf(INPUT, [0], null, [CALLS[0]!, CALLS[8]!]),
    inputEdge: 'append',
    outputEdge: 'upsert',
    ttlMs: 100,
    lateColumns: null,
  })
  harness.watermark(0)
  harness.batch([keyed('a', 'x'), keyed('a', 'y'), keyed('b', 'x')])
  harness.watermark(60)
  harness.batch([keyed('b', 'x')])
  harness.watermark(120)
  harness.batch([keyed('a', 'x'), keyed('b', 'z')])
  t.deepEqual(
    harness.rows.map(({ kind, values }) => [kind, ...values]),
    [
      [0, 'a', 2, 2],
      [0, 'b', 1, 1],
      [2, 'b', 2, 1],
      [0, 'a', 1, 1],
      [2, 'b', 3, 2],
    ],
  )
  t.is(harness.counters.expiredKeys, 1)
  for (let watermark = 400; watermark < 500; watermark++) harness.watermark(watermark)
  t.is(harness.counters.expiredKeys, 3)
})

test('aggregates: standard deviation of a sample, null of fewer than two', (t) => {
  const type: DataType = { kind: 'number' }
  const result = { ...spec('r', 'number', { nullable: true }), type }
  const harness = new Harness({
    core: coreOf(INPUT, [0], null, [call('stddev', [3], result)]),
    inputEdge: 'retract',
    outputEdge: 'upsert',
    ttlMs: null,
    lateColumns: null,
  })
  harness.batch([numbered(2)])
  harness.batch([
    numbered(4),
    numbered(4),
    numbered(4),
    numbered(5),
    numbered(5),
    numbered(7),
    numbered(9),
  ])
  harness.batch([{ ...numbered(9), kind: 3 }])
  t.is(harness.rows[0]!.values[1], null)
  t.true(Math.abs((harness.rows[1]!.values[1] as number) - Math.sqrt(32 / 7)) < 1e-12)
  t.true(Math.abs((harness.rows[2]!.values[1] as number) - 1.5118578920369088) < 1e-12)
})

test('updating aggregate: text keys that repeat from row to row are told apart where one column changes', (t) => {
  const harness = new Harness({
    core: coreOf(INPUT, [0, 5], null, [CALLS[0]!]),
    inputEdge: 'append',
    outputEdge: 'upsert',
    ttlMs: null,
    lateColumns: null,
  })
  const runs: [string | null, string | null, number][] = [
    ['a', 'x', 9],
    ['a', 'y', 8],
    ['b', 'y', 7],
    ['b', null, 6],
    [null, null, 9],
    ['', null, 5],
    ['', '', 4],
    ['a', 'x', 3],
  ]
  for (let batch = 1; batch <= 2; batch++) {
    const rows = runs.flatMap(([k, s, count]) =>
      Array.from({ length: count }, () => keyed(k as string, s as string)),
    )
    harness.batch(rows)
    const counts = harness.rows.slice(-7).map(({ values }) => values)
    t.deepEqual(
      counts,
      runs
        .slice(0, 7)
        .map(([k, s, count]) => [k, s, (k === 'a' && s === 'x' ? count + 3 : count) * batch]),
    )
  }
})
