/** Failures of records: `on_error` decides, dead letters arrive, everything stays counted. */
import test from 'ava'
import type { OnError } from '../../../shared/spec/pipeline-spec.ts'
import { DEAD_LETTER_COLUMNS } from '../../../node/task/dead-letters.ts'
import { imbalances } from '../../../shared/api/run-report.ts'
import type { SourceContext, SourceRead } from '../../../shared/spi/connector.ts'
import {
  batchOf,
  output,
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
import { FailingOperator } from './operators-fixture.ts'

function failingPlan(onError: OnError) {
  return planOf(source('in'), steps('divided', ['in'], { onError }), sink('out', 'divided'))
}

function given(out: TestSink) {
  return {
    sources: { in: new TestSource(splitOf(rowsFrom(0, 100), 30)) },
    sinks: { out },
    operators: { divided: () => new FailingOperator(10) },
  }
}

test('on_error fail: the run ends with block, code, message, record and key', async (t) => {
  const out = new TestSink()
  const report = await runTest(failingPlan('fail'), given(out))
  t.is(report.outcome, 'failed')
  t.like(report.failure, {
    block: 'divided',
    code: 'DIVISION_BY_ZERO',
    message: 'n is 0',
    key: 'u0',
  })
  t.like(report.failure?.payload, { n: 0, user: 'u0' })
  t.is(out.ending, 'aborted')
})

test('on_error skip: the records are counted and the others arrive', async (t) => {
  const out = new TestSink()
  const report = await runTest(failingPlan('skip'), given(out))
  t.is(report.outcome, 'finished')
  t.is(out.rows.length, 90)
  t.like(report.blocks[1]!.records, { read: 100, passed: 90, skipped: 10, deadLettered: 0 })
})

test('on_error dead_letter: they reach the reader of the block, whole', async (t) => {
  const out = new TestSink()
  const dead = new TestSink()
  const report = await runTest(
    planOf(
      source('in'),
      steps('divided', ['in'], {
        onError: 'dead_letter',
        outputs: [output('main'), output('dead_letter', DEAD_LETTER_COLUMNS)],
      }),
      sink('dead', 'divided.dead_letter', { columns: DEAD_LETTER_COLUMNS }),
      sink('out', 'divided'),
    ),
    { ...given(out), sinks: { out, dead } },
  )
  t.is(out.rows.length, 90)
  t.is(dead.rows.length, 10)
  t.like(dead.rows[1], { _block: 'divided', _code: 'DIVISION_BY_ZERO', _message: 'n is 10' })
  t.is(dead.rows[1]!['_key'], 'u3')
  t.like(JSON.parse(String(dead.rows[1]!['payload'])), { n: 10, user: 'u3' })
  t.regex(String(dead.rows[1]!['_trace']), /divided by zero/)
  t.like(report.blocks[1]!.records, { read: 100, passed: 90, deadLettered: 10 })
})

test('on_error dead_letter: unread ones go to the sink of the runner, opened at the first', async (t) => {
  const dead = new TestSink()
  let openCount = 0
  const run = {
    openDeadLetters: () => {
      openCount++
      return Promise.resolve(dead)
    },
  }
  const report = await runTest(failingPlan('dead_letter'), { ...given(new TestSink()), run })
  t.is(dead.rows.length, 10)
  t.is(dead.ending, 'finished')
  t.is(openCount, 1)
  t.deepEqual(imbalances(report), [])
  const clean = await runTest(failingPlan('dead_letter'), {
    ...given(new TestSink()),
    operators: {},
    run,
  })
  t.is(clean.outcome, 'finished')
  t.is(openCount, 1)
})

function sourceWithBadRecord(context: SourceContext): TestSource {
  const read = (): Promise<SourceRead> => {
    context.fail({
      code: 'JSON_INVALID',
      message: 'a brace is missing',
      position: 'in.jsonl:3',
      payload: '{"n": 1',
    })
    return Promise.resolve({ kind: 'batch', split: 's', batch: batchOf(rowsFrom(0, 2)) })
  }
  return new TestSource([read])
}

test('on_error of a source: a record it cannot read is counted with its position', async (t) => {
  const dead = new TestSink()
  const report = await runTest(
    planOf(source('in', { onError: 'dead_letter' }), sink('out', 'in')),
    {
      sources: { in: sourceWithBadRecord },
      sinks: { out: new TestSink() },
      run: { openDeadLetters: () => Promise.resolve(dead) },
    },
  )
  t.like(report.blocks[0]!.records, { read: 3, passed: 2, deadLettered: 1 })
  t.like(dead.rows[0], { _block: 'in', _position: 'in.jsonl:3', payload: '{"n": 1' })
})

test('on_error of a source: `fail` ends the run with the position', async (t) => {
  const report = await runTest(planOf(source('in'), sink('out', 'in')), {
    sources: { in: sourceWithBadRecord },
    sinks: { out: new TestSink() },
  })
  t.like(report.failure, { block: 'in', code: 'JSON_INVALID', position: 'in.jsonl:3' })
})

test('event time: a record without one goes by on_error', async (t) => {
  const rows = [
    { user: 'a', n: 1, at: 10 },
    { user: 'b', n: 2, at: null },
    { user: 'c', n: 3, at: 30 },
  ]
  const out = new TestSink()
  const report = await runTest(planOf(source('in', { onError: 'skip' }), sink('out', 'in')), {
    sources: { in: new TestSource(splitOf(rows, 3)) },
    sinks: { out },
  })
  t.like(report.blocks[0]!.records, { read: 3, passed: 2, skipped: 1 })
  t.deepEqual(
    out.rows.map((row) => row['user']),
    ['a', 'c'],
  )
  const failed = await runTest(planOf(source('in'), sink('out', 'in')), {
    sources: { in: new TestSource(splitOf(rows, 1)) },
    sinks: { out: new TestSink() },
  })
  t.like(failed.failure, { block: 'in', code: 'EVENT_TIME_NULL', position: 's, record 2' })
  t.like(failed.failure?.payload, { user: 'b', n: 2 })
})
