/** Whole runs over small plans: what arrives, what is counted, how a run ends. */
import test from 'ava'
import {
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

test('run: what a source gives arrives at the sink, counted in every block', async (t) => {
  const out = new TestSink()
  const report = await runTest(
    planOf(source('numbers'), steps('same', ['numbers']), sink('out', 'same')),
    { sources: { numbers: new TestSource(splitOf(rowsFrom(0, 10_000), 1000)) }, sinks: { out } },
  )
  t.is(report.outcome, 'finished')
  t.is(report.failure, null)
  t.deepEqual(
    out.rows.map((row) => row['n']),
    rowsFrom(0, 10_000).map((row) => row.n),
  )
  t.is(out.ending, 'finished')
  t.true(out.isClosed)
  for (const block of report.blocks) {
    t.is(block.records.read, 10_000, block.name)
    t.is(block.records.passed, 10_000, block.name)
  }
})
