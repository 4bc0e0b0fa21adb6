/** How runs end: finish, limit, drain, cancel, failures of every part, and what sinks then show. */
import test from 'ava'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import type { SourceRead } from '../../../shared/spi/connector.ts'
import {
  batchOf,
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
import { WindowSumOperator } from './operators-fixture.ts'

const UNBOUNDED = {
  bounded: false,
  watermark: { outOfOrdernessMs: 0, idleAfterMs: null, maxAheadMs: null },
}

/** Ctrl-C while it makes its output visible. */
class CancellingSink extends TestSink {
  readonly #cancel: AbortController

  constructor(cancel: AbortController) {
    super()
    this.#cancel = cancel
  }

  override finish(): ReturnType<TestSink['finish']> {
    this.#cancel.abort()
    return super.finish()
  }
}

/** Gives a batch every 100 ms, for ever. */
function endless(clock: VirtualClock): TestSource {
  let n = 0
  const read = async (signal: AbortSignal): Promise<SourceRead> => {
    await clock.sleep(100, signal)
    return { kind: 'batch', split: 's', batch: batchOf([{ user: 'u', n, at: n++ * 10 }]) }
  }
  return new TestSource(Array.from({ length: 10_000 }, () => read))
}

test('limit: a source ends after so many records, in the middle of a batch', async (t) => {
  const out = new TestSink()
  const report = await runTest(planOf(source('in'), sink('out', 'in')), {
    sources: { in: new TestSource(splitOf(rowsFrom(0, 10_000), 1000)) },
    sinks: { out },
    run: { limit: 2500 },
  })
  t.is(report.outcome, 'finished')
  t.is(out.rows.length, 2500)
  t.is(report.blocks[0]!.records.read, 2500)
  t.is(out.ending, 'finished')
})

test('drain: sources stop, open windows fire, sinks finish', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const drain = new AbortController()
  const out = new TestSink()
  const given = endless(clock)
  void clock.sleep(550).then(() => drain.abort())
  const report = await runTest(
    planOf(source('in', UNBOUNDED), steps('sums', ['in']), sink('out', 'sums')),
    {
      sources: { in: given },
      sinks: { out },
      operators: { sums: () => new WindowSumOperator(1000) },
      run: { clock, signal: drain.signal },
    },
  )
  t.is(report.outcome, 'drained')
  t.deepEqual(
    out.rows.map((row) => row['n']),
    [0 + 1 + 2 + 3 + 4],
  )
  t.is(out.ending, 'finished')
  t.true(given.isClosed)
})

test('duration: a run drains when its time is up', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const out = new TestSink()
  const report = await runTest(planOf(source('in', UNBOUNDED), sink('out', 'in')), {
    sources: { in: endless(clock) },
    sinks: { out },
    run: { clock, durationMs: 1050 },
  })
  t.is(report.outcome, 'drained')
  t.is(out.rows.length, 10)
})

test('cancel: the run ends now and sinks abort', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const cancel = new AbortController()
  const out = new TestSink()
  const given = endless(clock)
  void clock.sleep(550).then(() => cancel.abort())
  const report = await runTest(planOf(source('in', UNBOUNDED), sink('out', 'in')), {
    sources: { in: given },
    sinks: { out },
    run: { clock, cancelSignal: cancel.signal },
  })
  t.is(report.outcome, 'cancelled')
  t.is(out.ending, 'aborted')
  t.true(out.isClosed && given.isClosed)
})

test('cancel: a run that waits for a slow sink ends as well', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const cancel = new AbortController()
  const out = new TestSink((batch) => clock.sleep(batch.length * 1000))
  void clock.sleep(2500).then(() => cancel.abort())
  const report = await runTest(planOf(source('in'), sink('out', 'in')), {
    sources: { in: new TestSource(splitOf(rowsFrom(0, 100), 1)) },
    sinks: { out },
    run: { clock, cancelSignal: cancel.signal },
  })
  t.is(report.outcome, 'cancelled')
  t.true(out.rows.length < 5)
})

test('cancel: output that is being shown is no longer taken back, and the report says so', async (t) => {
  const cancel = new AbortController()
  const [first, second] = [new CancellingSink(cancel), new TestSink()]
  const report = await runTest(planOf(source('in'), sink('a', 'in'), sink('b', 'in')), {
    sources: { in: new TestSource(splitOf(rowsFrom(0, 10), 5)) },
    sinks: { a: first, b: second },
    run: { cancelSignal: cancel.signal },
  })
  t.true(cancel.signal.aborted)
  t.is(report.outcome, 'finished')
  t.deepEqual([first.ending, second.ending], ['finished', 'finished'])
})

test('cancel: whenever it comes near the end, output and report agree', async (t) => {
  const outcomes = new Set<string>()
  for (let steps = 0; steps < 60; steps++) {
    const cancel = new AbortController()
    const later = async (): Promise<void> => {
      for (let step = 0; step < steps; step++) await Promise.resolve()
      cancel.abort()
    }
    const out = new TestSink(() => {
      void later()
      return Promise.resolve()
    })
    const { outcome } = await runTest(planOf(source('in'), sink('out', 'in')), {
      sources: { in: new TestSource(splitOf(rowsFrom(0, 1), 1)) },
      sinks: { out },
      run: { cancelSignal: cancel.signal },
    })
    t.is(out.ending, outcome === 'cancelled' ? 'aborted' : 'finished', `after ${steps} steps`)
    outcomes.add(outcome)
  }
  t.deepEqual([...outcomes].toSorted(), ['cancelled', 'finished'])
})

test('cancel: an error as its reason is why the run failed', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const cancel = new AbortController()
  const out = new TestSink()
  void clock.sleep(550).then(() => cancel.abort(new StreamError('ERROR_UNAWAITED', 'in a timer')))
  const report = await runTest(planOf(source('in', UNBOUNDED), sink('out', 'in')), {
    sources: { in: endless(clock) },
    sinks: { out },
    run: { clock, cancelSignal: cancel.signal },
  })
  t.is(report.outcome, 'failed')
  t.like(report.failure, { block: 'pipeline', code: 'ERROR_UNAWAITED', message: 'in a timer' })
  t.is(out.ending, 'aborted')
})

test('failure: a source that throws fails the run by its name, and sinks abort', async (t) => {
  const out = new TestSink()
  const reads = splitOf(rowsFrom(0, 10), 5).slice(0, 1)
  const given = new TestSource([...reads, () => Promise.reject(new Error('connection lost'))])
  const report = await runTest(planOf(source('in'), sink('out', 'in')), {
    sources: { in: given },
    sinks: { out },
  })
  t.is(report.outcome, 'failed')
  t.like(report.failure, { block: 'in', code: 'SOURCE_FAILED', message: 'connection lost' })
  t.is(out.ending, 'aborted')
  t.true(given.isClosed)
})

test('failure: a sink that cannot write fails the run, and the other sinks abort too', async (t) => {
  const good = new TestSink()
  const bad = new TestSink(() => Promise.reject(new Error('no route')))
  const report = await runTest(planOf(source('in'), sink('bad', 'in'), sink('good', 'in')), {
    sources: { in: new TestSource(splitOf(rowsFrom(0, 100), 10)) },
    sinks: { good, bad },
  })
  t.is(report.outcome, 'failed')
  t.like(report.failure, { block: 'bad', code: 'SINK_FAILED', message: 'no route' })
  t.deepEqual([good.ending, bad.ending], ['aborted', 'aborted'])
})

test('failure: when one sink cannot finish, those that did not finish yet abort', async (t) => {
  const first = new TestSink()
  const second = new TestSink()
  const third = new TestSink()
  second.finish = () => Promise.reject(new Error('rename refused'))
  const report = await runTest(
    planOf(source('in'), sink('a', 'in'), sink('b', 'in'), sink('c', 'in')),
    {
      sources: { in: new TestSource(splitOf(rowsFrom(0, 10), 10)) },
      sinks: { a: first, b: second, c: third },
    },
  )
  t.like(report.failure, { block: 'b', code: 'SINK_FAILED' })
  t.deepEqual([first.ending, second.ending, third.ending], ['finished', 'aborted', 'aborted'])
})

test('failure: an operator that throws fails the run by its block', async (t) => {
  class Throwing extends WindowSumOperator {
    override onBatch(): never {
      throw new TypeError('cannot read')
    }
  }
  const report = await runTest(planOf(source('in'), steps('sums', ['in']), sink('out', 'sums')), {
    sources: { in: new TestSource(splitOf(rowsFrom(0, 10), 10)) },
    sinks: { out: new TestSink() },
    operators: { sums: () => new Throwing(10) },
  })
  t.like(report.failure, { block: 'sums', code: 'OPERATOR_THREW', message: 'cannot read' })
})

test('failure: a sink that cannot open fails the run before anything is read', async (t) => {
  const given = new TestSource(splitOf(rowsFrom(0, 10), 10))
  const report = await runTest(planOf(source('in'), sink('out', 'in')), {
    sources: { in: given },
    sinks: {},
    run: {
      connectors: {
        config: () => null,
        code: () =>
          Promise.resolve({
            openSource: () => Promise.resolve(given),
            openSink: () => Promise.reject(new Error('no such directory')),
          }),
      },
    },
  })
  t.like(report.failure, { block: 'out', code: 'SINK_FAILED', message: 'no such directory' })
  t.is(given.readCount, 0)
})

test('failure: a connector that is not there yet is refused by name', async (t) => {
  const report = await runTest(planOf(source('in'), sink('out', 'in')), {
    sources: {},
    sinks: {},
    run: { connectors: { config: () => null, code: () => Promise.resolve(null) } },
  })
  t.is(report.failure?.code, 'CONNECTOR_SIDE_MISSING')
})

test('balance: an operator that counts wrongly fails the run before anything is visible', async (t) => {
  class Forgetful extends WindowSumOperator {
    override onBatch(...given: Parameters<WindowSumOperator['onBatch']>) {
      const progress = super.onBatch(...given)
      this.context!.counters.absorbed--
      return progress
    }
  }
  const out = new TestSink()
  const report = await runTest(planOf(source('in'), steps('sums', ['in']), sink('out', 'sums')), {
    sources: { in: new TestSource(splitOf(rowsFrom(0, 10), 10)) },
    sinks: { out },
    operators: { sums: () => new Forgetful(1000) },
  })
  t.is(report.failure?.code, 'COUNTS_UNBALANCED')
  t.regex(report.failure?.message ?? '', /records of sums: 10 read and made, 9 accounted for/)
  t.is(out.ending, 'aborted')
})

test('progress: snapshots come while the run goes on, and one at its end', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const seen: number[] = []
  await runTest(planOf(source('in', UNBOUNDED), sink('out', 'in')), {
    sources: { in: endless(clock) },
    sinks: { out: new TestSink() },
    run: {
      clock,
      durationMs: 1000,
      onProgress: (progress) => seen.push(progress.blocks[0]!.read),
    },
  })
  t.true(seen.length >= 4, String(seen))
  t.is(seen.at(-1), 9)
})
