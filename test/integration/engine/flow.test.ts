/** Flow through a run: backpressure, sharing, unions, parallelism, and equal results every time. */
import test from 'ava'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'
import type { AggregateCore } from '../../../shared/planning/plan.ts'
import type { SourceContext, SourceRead } from '../../../shared/spi/connector.ts'
import {
  COLUMNS,
  planOf,
  rowsFrom,
  runTest,
  sink,
  source,
  splitOf,
  steps,
  TestSink,
  TestSource,
  type TestRow,
} from './engine-fixture.ts'
import { MultiplyOperator, WindowSumOperator } from './operators-fixture.ts'

const SUMS: AggregateCore = {
  kind: 'aggregate',
  input: COLUMNS.map((spec) => ({
    spec,
    expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable } as const,
  })),
  key: [0],
  window: {
    type: 'tumbling',
    size: { ms: 1000 },
    offsetMs: 0,
    zone: 'UTC',
    time: 'event',
    allowedLatenessMs: 0,
    earlyMs: null,
    emit: 'final',
  },
  calls: [],
  passed: [],
  output: COLUMNS,
}

test('backpressure: a sink of one record per second holds the source back', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const out = new TestSink((batch) => clock.sleep(batch.length * 1000))
  const given = new TestSource(splitOf(rowsFrom(0, 1000), 1))
  const stop = new AbortController()
  void clock.sleep(20_500).then(() => stop.abort())
  let readMost = 0
  const report = await runTest(
    planOf(source('in'), steps('a', ['in']), steps('b', ['a']), sink('out', 'b')),
    {
      sources: { in: given },
      sinks: { out },
      run: {
        clock,
        cancelSignal: stop.signal,
        onProgress: () => (readMost = given.readCount - out.rows.length),
      },
    },
  )
  t.is(report.outcome, 'cancelled')
  t.is(out.rows.length, 21)
  t.true(readMost <= 10, `${readMost} batches were read ahead of the sink`)
  const times = report.subtasks.find((subtask) => subtask.id.startsWith('in'))!
  t.true(times.backpressuredMs > 10_000, JSON.stringify(times))
})

test('backpressure: an operator that makes many batches of one pauses with MORE', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const out = new TestSink(() => clock.sleep(10))
  const report = await runTest(
    planOf(source('in'), steps('many', ['in']), steps('more', ['many']), sink('out', 'more')),
    {
      sources: { in: new TestSource(splitOf(rowsFrom(0, 20), 10)) },
      sinks: { out },
      operators: { many: () => new MultiplyOperator(30), more: () => new MultiplyOperator(3) },
      run: { clock },
    },
  )
  t.is(report.outcome, 'finished')
  t.is(out.rows.length, 20 * 30 * 3)
  t.deepEqual(
    out.rows.slice(0, 11).map((row) => row['n']),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0],
  )
})

test('fan-out: consumers share batches by reference, the slowest holds the source', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  const fast = new TestSink()
  const slow = new TestSink(() => clock.sleep(5))
  await runTest(planOf(source('in'), sink('fast', 'in'), sink('slow', 'in')), {
    sources: { in: new TestSource(splitOf(rowsFrom(0, 100), 10)) },
    sinks: { fast, slow },
    run: { clock },
  })
  t.deepEqual(fast.rows, slow.rows)
  t.is(fast.batches[0]!.columns[1], slow.batches[0]!.columns[1])
})

test('union: rows of all inputs arrive, and each input is counted', async (t) => {
  const out = new TestSink()
  const report = await runTest(
    planOf(source('a'), source('b'), steps('both', ['a', 'b']), sink('out', 'both')),
    {
      sources: {
        a: new TestSource(splitOf(rowsFrom(0, 100), 10)),
        b: new TestSource(splitOf(rowsFrom(100, 50), 10)),
      },
      sinks: { out },
    },
  )
  t.deepEqual(
    out.rows.map((row) => Number(row['n'])).toSorted((x, y) => x - y),
    rowsFrom(0, 150).map((row) => row.n),
  )
  t.is(report.blocks.find((block) => block.name === 'both')!.records.read, 150)
})

test('side outputs: one that nobody reads only counts', async (t) => {
  const report = await runTest(
    planOf(source('in'), steps('sums', ['in'], { core: SUMS }), sink('out', 'sums')),
    {
      sources: { in: new TestSource(splitOf(rowsFrom(0, 100), 10)) },
      sinks: { out: new TestSink() },
      operators: { sums: () => new WindowSumOperator(1000) },
    },
  )
  t.is(report.outcome, 'finished')
})

interface Given {
  readonly parallelism: number
  readonly batchRows: number
  readonly splits?: number
}

/** Says that splits are unopened until an answer has named them all. */
class ManySplits extends TestSource {
  readonly #count: number
  readonly #named = new Set<string>()

  constructor(reads: readonly SourceRead[], count: number) {
    super(reads)
    this.#count = count
  }

  override async read(signal: AbortSignal): Promise<SourceRead> {
    const answer = await super.read(signal)
    if (answer.kind === 'batch') this.#named.add(answer.split)
    return answer
  }

  override hasUnopenedSplits(): boolean {
    return this.#named.size < this.#count
  }
}

/** Four splits, disordered within 500 ms, into windows by user, behind them an exchange again. */
async function windowed({ parallelism, batchRows, splits = 4 }: Given) {
  const out = new TestSink()
  const random = new SeededRandom(3)
  const rows: TestRow[] = rowsFrom(0, 20_000).map((row) => ({
    ...row,
    user: `user ${random.below(100)}`,
    at: row.at! + random.below(500),
  }))
  const open = (context: SourceContext): TestSource => {
    const own = Array.from({ length: splits }, (_, split) => split)
      .filter((split) => context.owns(`split-${split}`))
      .map((split) => {
        const part = rows.filter((_, index) => index % splits === split)
        return splitOf(part, batchRows, `split-${split}`)
      })
    return new ManySplits(interleaved(own), own.length)
  }
  const report = await runTest(
    planOf(
      source('in', { watermark: { outOfOrdernessMs: 500, idleAfterMs: null, maxAheadMs: null } }),
      steps('sums', ['in'], { core: SUMS }),
      steps('again', ['sums'], { core: { ...SUMS, key: [1] } }),
      sink('out', 'again'),
    ),
    {
      sources: { in: open },
      sinks: { out },
      operators: {
        sums: () => new WindowSumOperator(1000),
        'sums/core': () => new WindowSumOperator(1000),
      },
      run: { parallelism },
    },
  )
  return { out, report }
}

function interleaved(splits: readonly SourceRead[][]): SourceRead[] {
  const longest = Math.max(0, ...splits.map((split) => split.length))
  return Array.from({ length: longest }, (_, at) =>
    splits.flatMap((split) => split[at] ?? []),
  ).flat()
}

function folded(out: TestSink): string {
  const rows = out.rows.map((row) => JSON.stringify(row))
  return rows.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join('\n')
}

test('parallelism: three subtasks give the rows of one', async (t) => {
  const one = await windowed({ parallelism: 1, batchRows: 500 })
  const three = await windowed({ parallelism: 3, batchRows: 500 })
  t.true(one.out.rows.length > 1000)
  t.is(folded(three.out), folded(one.out))
  t.is(three.report.blocks[1]!.records.late, 0)
  t.deepEqual(three.report.blocks[1]!.records, one.report.blocks[1]!.records)
  const ids = three.report.subtasks.map((subtask) => subtask.id)
  t.deepEqual(
    ids.filter((id) => id.startsWith('sums')),
    ['sums#0', 'sums#1', 'sums#2'],
  )
})

test('determinism: the same run twice is the same to the byte, counters included', async (t) => {
  const first = await windowed({ parallelism: 3, batchRows: 333 })
  const second = await windowed({ parallelism: 3, batchRows: 333 })
  t.deepEqual(second.out.rows, first.out.rows)
  t.deepEqual(second.out.batches, first.out.batches)
  t.deepEqual(second.report, first.report)
})

test('determinism: other cuts of the same rows give the same results', async (t) => {
  const reference = folded((await windowed({ parallelism: 1, batchRows: 500 })).out)
  for (const batchRows of [37, 4096, 5000]) {
    t.is(folded((await windowed({ parallelism: 2, batchRows })).out), reference)
  }
})
