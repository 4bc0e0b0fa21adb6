/** Event time through a run: who moves the watermark, who holds it, what idleness does. */
import test from 'ava'
import { DONE, type OperatorContext, type Progress } from '../../../node/operators/operator.ts'
import type { SourceRead } from '../../../shared/spi/connector.ts'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'
import type { JoinCore } from '../../../shared/planning/plan.ts'
import {
  batchOf,
  COLUMNS,
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
import { MeetingOperator } from './operators-fixture.ts'

const END = Number.POSITIVE_INFINITY
const unbounded = (outOfOrdernessMs: number, idleAfterMs: number | null) => ({
  bounded: false,
  watermark: { outOfOrdernessMs, idleAfterMs, maxAheadMs: null },
})

function batch(split: string, ...times: readonly number[]): SourceRead {
  return { kind: 'batch', split, batch: batchOf(times.map((at, n) => ({ user: 'u', n, at }))) }
}

/** As many records as a bounded source reads between two watermarks. */
function wholeSecond(split: string, from: number): SourceRead {
  return batch(
    split,
    ...Array.from({ length: 4096 }, (_, n) => from + Math.floor((n * 1000) / 4096)),
  )
}

async function watermarksOf(
  block: Parameters<typeof source>[1],
  given: TestSource,
): Promise<readonly number[]> {
  const seen = new PassOperator()
  await runTest(planOf(source('in', block), steps('seen', ['in']), sink('out', 'seen')), {
    sources: { in: given },
    sinks: { out: new TestSink() },
    operators: { seen: () => seen },
  })
  return seen.watermarks
}

test('time: a bounded source says where it is after every 4,096th record and at its end', async (t) => {
  const rows = rowsFrom(0, 9000)
  const watermarks = await watermarksOf({}, new TestSource(splitOf(rows, 1000)))
  t.deepEqual(watermarks, [4095 * 10 - 1, 8191 * 10 - 1, 8999 * 10 - 1, END])
})

test('time: how a reader cuts its batches changes no watermark', async (t) => {
  const rows = rowsFrom(0, 9000)
  const cuts = [1, 7, 4096].map((size) => watermarksOf({}, new TestSource(splitOf(rows, size))))
  const [first, ...others] = await Promise.all(cuts)
  for (const other of others) t.deepEqual(other, first)
})

test('time: a bounded source without a watermark strategy says nothing until its end', async (t) => {
  const watermarks = await watermarksOf(
    { watermark: null },
    new TestSource([...splitOf(rowsFrom(0, 5000), 1000), ...splitOf(rowsFrom(0, 10), 10, 'b')]),
  )
  t.deepEqual(watermarks, [END])
})

test('time: an unbounded source says where it is with every batch, less its disorder', async (t) => {
  const given = new TestSource([batch('a', 100, 50), batch('a', 90), batch('a', 200)])
  t.deepEqual(await watermarksOf(unbounded(30, null), given), [69, 169, END])
})

test('time: splits that are not opened hold the watermark', async (t) => {
  const given = new TestSource([
    batch('a', 1000),
    { kind: 'split-end', split: 'a' },
    async () => {
      given.hasUnopened = false
      return batch('b', 10)
    },
  ])
  given.hasUnopened = true
  t.deepEqual(await watermarksOf(unbounded(0, null), given), [9, END])
})

test('time: the slowest split decides until it is idle', async (t) => {
  const given = new TestSource([
    batch('slow', 10),
    batch('fast', 100),
    { kind: 'idle', retryMs: 40 },
    batch('fast', 200),
    { kind: 'idle', retryMs: 70 },
    batch('fast', 300),
    batch('slow', 20),
    batch('slow', 400),
  ])
  t.deepEqual(await watermarksOf(unbounded(0, 100), given), [9, 199, 299, END])
})

test('time: an idle source holds up nobody, an active one again', async (t) => {
  const joined = new MeetingOperator()
  const clock = new VirtualClock({ autoAdvance: true })
  const quiet = new TestSource([
    batch('q', 5),
    { kind: 'idle', retryMs: 500 },
    { kind: 'idle', retryMs: 500 },
    batch('q', 5000),
  ])
  const busy = new TestSource([
    batch('b', 10),
    async (signal) => {
      await clock.sleep(700, signal)
      return batch('b', 3000)
    },
  ])
  await runTest(
    planOf(
      source('quiet', unbounded(0, 300)),
      source('busy', unbounded(0, null)),
      steps('joined', ['quiet', 'busy'], { core: JOIN }),
      sink('out', 'joined'),
    ),
    {
      sources: { quiet, busy },
      sinks: { out: new TestSink() },
      operators: { 'joined/core': () => joined },
      run: { clock },
    },
  )
  t.deepEqual(joined.watermarks, [4, 9, 2999, 4999, END])
})

test('time: a source without end and without event time holds up nobody', async (t) => {
  const joined = new MeetingOperator()
  const timeless = { bounded: false, eventTime: null, watermark: null }
  await runTest(
    planOf(
      source('timeless', timeless),
      source('timed', unbounded(0, null)),
      steps('joined', ['timeless', 'timed'], { core: JOIN }),
      sink('out', 'joined'),
    ),
    {
      sources: {
        timeless: new TestSource([batch('q', 7), batch('q', 8)]),
        timed: new TestSource([batch('b', 10), batch('b', 3000)]),
      },
      sinks: { out: new TestSink() },
      operators: { 'joined/core': () => joined },
    },
  )
  t.deepEqual(joined.watermarks, [9, 2999, END])
})

const JOIN_SIDE = {
  input: COLUMNS.map((spec) => ({
    spec,
    expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable } as const,
  })),
  key: [0],
  kept: [0, 1, 2],
  edge: 'append',
  uniqueKey: null,
  keepLongerMs: 0,
} as const
const JOIN: JoinCore = {
  kind: 'join',
  alias: 'r',
  type: 'inner',
  mode: { kind: 'interval', lowMs: 0, highMs: 0 },
  left: JOIN_SIDE,
  right: JOIN_SIDE,
  residual: null,
  output: COLUMNS,
}

test('time: the watermark of an operator is the minimum over its inputs', async (t) => {
  const joined = new MeetingOperator()
  await runTest(
    planOf(
      source('left'),
      source('right'),
      steps('joined', ['left', 'right'], { core: JOIN }),
      sink('out', 'joined'),
    ),
    {
      sources: {
        left: new TestSource(splitOf(rowsFrom(0, 9000), 4096)),
        right: new TestSource(splitOf(rowsFrom(0, 5000), 4096)),
      },
      sinks: { out: new TestSink() },
      operators: { 'joined/core': () => joined },
    },
  )
  t.is(joined.watermarks.at(-1), END)
  t.true(joined.watermarks.includes(4095 * 10 - 1))
  t.deepEqual(
    joined.ends.toSorted((a, b) => a - b),
    [0, 1],
  )
})

test('time: a fast source waits for a slow one that it meets in event-time state', async (t) => {
  const joined = new MeetingOperator()
  const clock = new VirtualClock({ autoAdvance: true })
  const minutes = Array.from({ length: 100 }, (_, at) => at * 60_000)
  const slowReads = minutes.map((at) => async (signal: AbortSignal) => {
    await clock.sleep(10, signal)
    return batch('s', at)
  })
  const fast = new TestSource(minutes.map((at) => batch('f', at)))
  await runTest(
    planOf(
      source('fast', unbounded(0, null)),
      source('slow', unbounded(0, null)),
      steps('joined', ['fast', 'slow'], { core: JOIN }),
      sink('out', 'joined'),
    ),
    {
      sources: { fast, slow: new TestSource(slowReads) },
      sinks: { out: new TestSink() },
      operators: { 'joined/core': () => joined },
      run: { clock },
    },
  )
  t.true(joined.heldMax < 10, `${joined.heldMax} rows held`)
  t.is(joined.watermarks.at(-1), END)
})

test('time: bounded sources that meet keep within about a second of each other', async (t) => {
  const joined = new MeetingOperator()
  const clock = new VirtualClock({ autoAdvance: true })
  const seconds = Array.from({ length: 8 }, (_, second) => second * 1000)
  const slowReads = seconds.map((second) => async (signal: AbortSignal) => {
    await clock.sleep(10, signal)
    return wholeSecond('s', second)
  })
  await runTest(
    planOf(
      source('fast'),
      source('slow'),
      steps('joined', ['fast', 'slow'], { core: JOIN }),
      sink('out', 'joined'),
    ),
    {
      sources: {
        fast: new TestSource(seconds.map((second) => wholeSecond('f', second))),
        slow: new TestSource(slowReads),
      },
      sinks: { out: new TestSink() },
      operators: { 'joined/core': () => joined },
      run: { clock },
    },
  )
  t.true(joined.heldMax < 5 * 4096, `${joined.heldMax} rows held`)
})

test('time: watermarks that a source gives count only when the run asks for them', async (t) => {
  const seen = new PassOperator()
  await runTest(planOf(source('in'), steps('seen', ['in']), sink('out', 'seen')), {
    sources: { in: new TestSource([batch('a', 100), { kind: 'watermark', time: 40 }]) },
    sinks: { out: new TestSink() },
    operators: { seen: () => seen },
    run: { watermarks: 'given' },
  })
  t.deepEqual(seen.watermarks, [40, END])
})

test('time: a record too far ahead is rejected and does not move the watermark', async (t) => {
  const seen = new PassOperator()
  const clock = new VirtualClock({ startMs: 1_000_000, autoAdvance: true })
  const report = await runTest(
    planOf(
      source('in', {
        bounded: false,
        watermark: { outOfOrdernessMs: 0, idleAfterMs: null, maxAheadMs: 1000 },
      }),
      steps('seen', ['in']),
      sink('out', 'seen'),
    ),
    {
      sources: { in: new TestSource([batch('a', 1_000_500, 9_000_000)]) },
      sinks: { out: new TestSink() },
      operators: { seen: () => seen },
      run: { clock },
    },
  )
  t.deepEqual(seen.watermarks, [1_000_499, END])
  t.is(report.blocks[0]!.records.rejected, 1)
  t.is(report.blocks[1]!.records.read, 1)
})

class TimerOperator extends PassOperator {
  override open(context: OperatorContext): void {
    super.open(context)
    context.wakeAt(50)
    context.wakeAt(20)
  }

  override onProcessingTime(now: number): Progress {
    super.onProcessingTime(now)
    if (this.wokenAt.length < 3) this.context!.wakeAt(now + 100)
    return DONE
  }
}

test('time: processing-time timers fire when they are due', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const timer = new TimerOperator()
  const waiting = new TestSource([
    async (signal) => {
      await clock.sleep(1000, signal)
      return { kind: 'end' }
    },
  ])
  await runTest(planOf(source('in'), steps('timer', ['in']), sink('out', 'timer')), {
    sources: { in: waiting },
    sinks: { out: new TestSink() },
    operators: { timer: () => timer },
    run: { clock },
  })
  t.deepEqual(timer.wokenAt, [20, 120, 220])
})
