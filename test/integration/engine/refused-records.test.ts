/**
 * Records that a source refuses: those too far ahead can be read, and refused ones count where a
 * split says its watermark, so that lateness does not depend on how many there are (D13).
 */
import test from 'ava'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'
import { planText } from '../../unit/planning/plan-text.ts'
import {
  COLUMNS,
  output,
  PassOperator,
  planOf,
  rowsFrom,
  runTest,
  sink,
  source,
  splitOf,
  steps,
  TestSink,
  TestSource,
} from './engine-fixture.ts'

const HOUR_MS = 3_600_000

test('max_ahead: refused rows can be read as SOURCE.rejected, with their rule', async (t) => {
  const rule = {
    path: '_rule',
    type: { kind: 'array', element: { type: { kind: 'string' }, nullable: false } },
    nullable: false,
    layout: 'any',
  } as const
  const columns = [...COLUMNS, rule]
  const plan = planOf(
    source('s', {
      watermark: { outOfOrdernessMs: 0, idleAfterMs: null, maxAheadMs: HOUR_MS },
      outputs: [output('main'), output('rejected', columns)],
    }),
    sink('out', 's'),
    sink('ahead', 's.rejected', { columns }),
  )
  const now = Date.UTC(2024, 0, 1)
  const rows = [0, 2, 1, 5].map((hours, n) => ({ user: 'u', n, at: now + hours * HOUR_MS }))
  const sinks = { out: new TestSink(), ahead: new TestSink() }
  const report = await runTest(plan, {
    sources: { s: new TestSource(splitOf(rows, 10)) },
    sinks,
    run: { clock: new VirtualClock({ startMs: now, autoAdvance: true }) },
  })
  t.is(report.failure, null)
  t.deepEqual(
    sinks.out.rows.map((row) => row['n']),
    [0, 2],
  )
  t.deepEqual(
    sinks.ahead.rows.map((row) => [row['n'], row['_rule']]),
    [
      [1, ['max_ahead']],
      [3, ['max_ahead']],
    ],
  )
  t.is(report.blocks[0]?.records.rejected, 2)
})

test('max_ahead: the planner gives the source its rejected output', async (t) => {
  const { plan } = await planText(`pipeline: ahead
schemas:
  Row: { id: integer, ts: timestamp }
sources:
  s: { connector: kafka, brokers: "localhost:9092", topic: o, schema: Row, event_time: ts, watermark: { out_of_orderness: 5s } }
sinks:
  out: { from: s, connector: stdout }
  ahead: { from: s.rejected, connector: stdout }
`)
  const block = plan?.blocks.find((one) => one.name === 's')
  const rejected = block?.outputs.find((one) => one.name === 'rejected')
  t.deepEqual(rejected?.used, ['id', 'ts', '_rule'])
})

for (const batchRows of [1000, 4096, 5000]) {
  test(`watermarks: refused records count up to the 4,096th, batches of ${batchRows}`, async (t) => {
    // The first hundred have no event time; the split is read to 4,096 records all the same.
    const rows = rowsFrom(0, 9000).map((row) => (row.n < 100 ? { ...row, at: null } : row))
    const seen = new PassOperator()
    const out = new TestSink()
    const report = await runTest(
      planOf(source('s', { onError: 'skip' }), steps('p', ['s']), sink('out', 'p')),
      {
        sources: { s: new TestSource(splitOf(rows, batchRows)) },
        sinks: { out },
        operators: { p: () => seen },
      },
    )
    t.is(report.failure, null)
    t.is(report.blocks[0]?.records.skipped, 100)
    t.is(out.rows.length, 8900)
    t.deepEqual(seen.watermarks.slice(0, 2), [4095 * 10 - 1, 8191 * 10 - 1])
  })
}
