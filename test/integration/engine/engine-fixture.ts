/** Sources, sinks, operators and plans small enough to see through, for tests of the runtime. */
import { runPlan } from '../../../scripts/embedded/run-plan.ts'
import type { RunOptions } from '../../../scripts/embedded/run-options.ts'
import {
  DONE,
  type Operator,
  type OperatorContext,
  type Output,
  type Progress,
} from '../../../node/operators/operator.ts'
import type { RunReport } from '../../../shared/api/run-report.ts'
import { NodeDisk } from '../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { batchToRows, rowsToBatch, type JsonRow } from '../../../shared/model/batch-rows.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type {
  OutputPlan,
  Plan,
  PlanBlock,
  SinkBlock,
  SourceBlock,
  TransformBlock,
} from '../../../shared/planning/plan.ts'
import type { Sink, Source, SourceContext, SourceRead } from '../../../shared/spi/connector.ts'

export const COLUMNS: readonly ColumnSpec[] = [
  { path: 'user', type: { kind: 'string' }, nullable: true, layout: 'utf8' },
  { path: 'n', type: { kind: 'integer' }, nullable: false, layout: 'f64' },
  { path: 'at', type: { kind: 'timestamp' }, nullable: true, layout: 'f64' },
]

export interface TestRow {
  readonly user: string | null
  readonly n: number
  readonly at: number | null
}

/** `at` is milliseconds; the batch has them as timestamps. */
export function batchOf(rows: readonly TestRow[], columns: readonly ColumnSpec[] = COLUMNS): Batch {
  const shown = rows.map((row) => ({
    ...row,
    at: row.at === null ? null : new Date(row.at).toISOString(),
  }))
  return rowsToBatch(shown, columns)
}

export function rowsFrom(start: number, count: number): TestRow[] {
  return Array.from({ length: count }, (_, index) => ({
    user: `u${(start + index) % 7}`,
    n: start + index,
    at: (start + index) * 10,
  }))
}

export function output(name: string, columns: readonly ColumnSpec[] = COLUMNS): OutputPlan {
  return {
    name,
    used: columns.map((column) => column.path),
    stream: {
      fields: columns.map(({ path, type, nullable }) => ({ name: path, type, nullable })),
      columns,
      edge: 'append',
      uniqueKey: null,
      eventTime: 'kept',
      lateness: 0,
      window: null,
      bounded: true,
    },
  }
}

const BASE = { onError: 'fail', parallelism: null } as const

export function source(name: string, more: Partial<SourceBlock> = {}): SourceBlock {
  return {
    ...BASE,
    kind: 'source',
    name,
    inputs: [],
    outputs: [output('main')],
    connector: 'test',
    config: {},
    primaryKey: null,
    changes: 'append',
    eventTime: 'at',
    watermark: { outOfOrdernessMs: 0, idleAfterMs: null, maxAheadMs: null },
    bounded: true,
    ...more,
  }
}

export function steps(
  name: string,
  from: readonly string[],
  more: Partial<TransformBlock> = {},
): TransformBlock {
  return {
    ...BASE,
    kind: 'transform',
    name,
    inputs: from.map((text) => {
      const [block = text, side = 'main'] = text.split('.')
      return { block, output: side }
    }),
    outputs: [output('main')],
    pre: [],
    core: null,
    post: [],
    ttlMs: null,
    stateBound: 'none',
    ...more,
  }
}

export function sink(name: string, from: string, more: Partial<SinkBlock> = {}): SinkBlock {
  const [block = from, side = 'main'] = from.split('.')
  return {
    ...BASE,
    kind: 'sink',
    name,
    inputs: [{ block, output: side }],
    outputs: [],
    connector: 'test',
    config: {},
    mode: 'append',
    key: null,
    latestBy: null,
    materializer: false,
    columns: COLUMNS,
    ...more,
  }
}

export function planOf(...blocks: readonly PlanBlock[]): Plan {
  return { pipeline: 'test', blocks, tables: [], params: {} }
}

/** Gives its reads one by one; a function is called for each, and may wait. */
export class TestSource implements Source {
  readonly #reads: (SourceRead | ((signal: AbortSignal) => Promise<SourceRead>))[]
  isClosed = false
  readCount = 0
  hasUnopened = false

  constructor(reads: readonly (SourceRead | ((signal: AbortSignal) => Promise<SourceRead>))[]) {
    this.#reads = [...reads]
  }

  async read(signal: AbortSignal): Promise<SourceRead> {
    this.readCount++
    const next = this.#reads.shift() ?? { kind: 'end' }
    return typeof next === 'function' ? next(signal) : next
  }

  hasUnopenedSplits(): boolean {
    return this.hasUnopened
  }

  progress(): null {
    return null
  }

  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }
}

export function splitOf(rows: readonly TestRow[], batchRows: number, split = 's'): SourceRead[] {
  const reads: SourceRead[] = []
  for (let at = 0; at < rows.length; at += batchRows) {
    reads.push({ kind: 'batch', split, batch: batchOf(rows.slice(at, at + batchRows)) })
  }
  return [...reads, { kind: 'split-end', split }]
}

export class TestSink implements Sink {
  readonly rows: JsonRow[] = []
  readonly batches: Batch[] = []
  ending: 'none' | 'finished' | 'aborted' = 'none'
  isClosed = false
  readonly #onWrite: (batch: Batch) => Promise<void>

  constructor(onWrite: (batch: Batch) => Promise<void> = () => Promise.resolve()) {
    this.#onWrite = onWrite
  }

  async write(batch: Batch): Promise<void> {
    await this.#onWrite(batch)
    this.batches.push(batch)
    this.rows.push(...batchToRows(batch))
  }

  finish(): ReturnType<Sink['finish']> {
    this.ending = 'finished'
    return Promise.resolve({ rows: this.rows.length, bytes: null, places: [] })
  }

  abort(): Promise<void> {
    this.ending = 'aborted'
    return Promise.resolve()
  }

  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }
}

/** Passes every batch on; the base of the operators of the tests. */
export class PassOperator implements Operator {
  protected context: OperatorContext | null = null
  readonly watermarks: number[] = []
  readonly ends: number[] = []

  open(context: OperatorContext): void {
    this.context = context
  }

  onBatch(_: number, batch: Batch): Progress {
    this.context!.counters.passed += batch.length
    this.main.emit(batch)
    return DONE
  }

  onWatermark(watermark: number): Progress {
    this.watermarks.push(watermark)
    return DONE
  }

  readonly wokenAt: number[] = []

  onProcessingTime(now: number): Progress {
    this.wokenAt.push(now)
    return DONE
  }

  onEnd(input: number): Progress {
    this.ends.push(input)
    return DONE
  }

  resume(): Progress {
    return DONE
  }

  outputWatermark(watermark: number): number {
    return watermark
  }

  close(): void {
    this.context = null
  }

  protected get main(): Output {
    return this.context!.output('main')
  }
}

export interface EngineTest {
  readonly sources: Readonly<Record<string, Source | ((context: SourceContext) => Source)>>
  readonly sinks: Readonly<Record<string, Sink>>
  /** By block, or by stage id; others pass on. */
  readonly operators?: Readonly<Record<string, () => Operator>>
  readonly run?: Partial<RunOptions>
}

export async function runTest(plan: Plan, given: EngineTest): Promise<RunReport> {
  const { sources, sinks, operators = {}, run = {} } = given
  return runPlan({
    plan,
    connectors: {
      config: () => null,
      code: () =>
        Promise.resolve({
          openSource(context) {
            const made = sources[context.block]!
            return Promise.resolve(typeof made === 'function' ? made(context) : made)
          },
          openSink: (context) => Promise.resolve(sinks[context.block]!),
        }),
    },
    operators: ({ stage }) => {
      const isPlain = stage.role === 'core' || stage.role === 'steps'
      const own = operators[stage.id] ?? (isPlain ? operators[stage.block.name] : undefined)
      return own?.() ?? new PassOperator()
    },
    clock: new VirtualClock({ autoAdvance: true }),
    random: new SeededRandom(1),
    disk: new NodeDisk(),
    baseDirectory: '.',
    ...run,
  })
}
