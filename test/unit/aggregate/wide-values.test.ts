/** Aggregates of values that lie as BigInt, and batches larger than a channel's. */
import test from 'ava'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { WindowPlan } from '../../../shared/planning/plan.ts'
import { call, coreOf, Harness, type InputRow, spec } from '../window/window-model.ts'

const wide = (path: string, scale: number): ColumnSpec => ({
  path,
  type: { kind: 'decimal', precision: 38, scale },
  nullable: true,
  layout: 'any',
})
const INPUT = [spec('k', 'integer'), wide('w', 2), spec('x', 'integer')]
const sliding: WindowPlan = {
  type: 'sliding',
  sizeMs: 100,
  slideMs: 50,
  time: 'event',
  allowedLatenessMs: 0,
  earlyMs: null,
  emit: 'updates',
}

test('aggregates: wide decimals are exact in every window they lie in', (t) => {
  const calls = [
    call('sum', [1], wide('r', 2)),
    call('avg', [1], wide('r', 6)),
    call('min', [1], wide('r', 2)),
    call('max', [1], wide('r', 2)),
    call('stddev', [1], spec('r', 'number', { nullable: true })),
    call('sum', [2], wide('r', 0)),
  ]
  const harness = new Harness({
    core: coreOf(INPUT, [0], sliding, calls),
    inputEdge: 'append',
    outputEdge: 'append',
    ttlMs: null,
    lateColumns: null,
  })
  const big = 10n ** 30n
  harness.batch([
    { time: 10, values: [1, big, Number.MAX_SAFE_INTEGER] },
    { time: 60, values: [1, big + 1n, Number.MAX_SAFE_INTEGER] },
    { time: 61, values: [1, null, Number.MAX_SAFE_INTEGER] },
  ])
  harness.end()
  t.is(harness.rows.length, 3)
  const [, middle, last] = harness.rows
  t.deepEqual(middle!.values.slice(3, 7), [2n * big + 1n, big * 10_000n + 5000n, big, big + 1n])
  t.is(middle!.values[8], 3n * BigInt(Number.MAX_SAFE_INTEGER))
  t.deepEqual(last!.values.slice(3, 8), [big + 1n, (big + 1n) * 10_000n, big + 1n, big + 1n, null])
})

test('aggregates: a batch of 10,000 records is taken whole', (t) => {
  const rows: InputRow[] = Array.from({ length: 10_000 }, (_, index) => ({
    time: index,
    values: [index % 7000, null, index],
  }))
  for (const window of [null, { ...sliding, sizeMs: 1_000_000, slideMs: 500_000 }]) {
    const harness = new Harness(
      {
        core: coreOf(INPUT, [0], window, [call('count', [], spec('r', 'integer'))]),
        inputEdge: 'append',
        outputEdge: window === null ? 'retract' : 'append',
        ttlMs: null,
        lateColumns: null,
      },
      { pushBack: true },
    )
    harness.batch(rows)
    harness.batch(rows)
    harness.end()
    const told = harness.rows.filter((row) => row.kind !== 1)
    t.is(told.length, 14_000)
    t.is(harness.counters.absorbed, 20_000)
  }
})
