/**
 * Runs a query of the benchmark in all its forms over the same events: the oracle, the hand-written
 * loop, and the pipeline file through the engine with batches cut where a test wants them.
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import * as stateless from '../../../bench/nexmark/oracle/stateless.ts'
import * as updating from '../../../bench/nexmark/oracle/updating.ts'
import * as windows from '../../../bench/nexmark/oracle/windows.ts'
import {
  type NexmarkStreams,
  type ResultRow,
  streamsOf,
} from '../../../bench/nexmark/oracle/nexmark-events.ts'
import type { MakeBaseline } from '../../../bench/nexmark/baseline/baseline.ts'
import { runBaseline, type Stream } from '../../../bench/nexmark/baseline-side.ts'
import { Checksum } from '../../../bench/measure/checksum.ts'
import { rangeSize } from '../../../connectors/generator/split-ranges.ts'
import { EventBlock } from '../../../connectors/generator/nexmark/event-block.ts'
import { NexmarkColumns } from '../../../connectors/generator/nexmark/nexmark-columns.ts'
import { NexmarkEvents } from '../../../connectors/generator/nexmark/nexmark-events.ts'
import { NEXMARK_FIELDS } from '../../../connectors/generator/nexmark/nexmark-fields.ts'
import { createOperator } from '../../../node/operators/create-operator.ts'
import { runPlan } from '../../../scripts/embedded/run-plan.ts'
import { connectorRegistry } from '../../../scripts/pipeline/connector-registry.ts'
import { CONNECTORS, loadPipeline } from '../../../scripts/pipeline/load-pipeline.ts'
import { styleFor } from '../../../scripts/terminal/style.ts'
import type { RunReport } from '../../../shared/api/run-report.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import { NodeDisk } from '../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { SystemClock } from '../../../shared/base/system-clock.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { slice } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import { toJsonValue } from '../../../shared/model/value-json.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import type { Plan } from '../../../shared/planning/plan.ts'
import { resolveConfig } from '../../../shared/spec/resolve-references.ts'
import type { ConnectorCode, Sink, Source, SourceRead } from '../../../shared/spi/connector.ts'

export interface Setup {
  readonly events: number
  readonly seed: number
  /** Events per second of event time. */
  readonly rate: number
  /** Size of the groups within which events are permuted. */
  readonly group: number
  /** Rows of a batch, at most; batches are cut at random places below it. Null: as they come. */
  readonly cut: number | null
  readonly parallelism?: number
}

export const BENCH = resolve(import.meta.dirname, '../../../bench')
type Oracle = (streams: NexmarkStreams) => ResultRow[]

const ORACLES: Readonly<Record<string, unknown>> = { ...stateless, ...updating, ...windows }

export function oracleLines(query: string, setup: Setup): string[] {
  const oracle = ORACLES[query] as Oracle
  return sortedLines(oracle(eventStreams(setup)))
}

const madeStreams = new Map<string, NexmarkStreams>()

export function eventStreams({ events, seed, rate }: Setup): NexmarkStreams {
  const key = `${events} ${seed} ${rate}`
  const made = madeStreams.get(key)
  if (made !== undefined) return made
  const maker = new NexmarkEvents({ seed, rate })
  const streams = streamsOf(Array.from({ length: events }, (_, id) => maker.eventAt(id)))
  madeStreams.set(key, streams)
  return streams
}

export function sortedLines(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted()
}

/**
 * Cut places depend on the seed and the stream alone, so that both sides have the same. A source of
 * the engine lets a watermark go after every full batch of records of a split, so there is always
 * a cut there.
 */
function cutsOf({ cut, seed }: Setup, entity: string): (length: number, split: string) => number {
  const random = new SeededRandom(seed * 31 + entity.length)
  let count = 0
  let current = ''
  return (length, split) => {
    if (split !== current) count = 0
    current = split
    const wanted = cut === null ? length : 1 + Math.floor(random.next() * cut)
    const taken = Math.min(length, wanted, BATCH_RECORDS_MAX - (count % BATCH_RECORDS_MAX))
    count += taken
    return taken
  }
}

export async function baselineChecksum(file: string, setup: Setup): Promise<Checksum> {
  const name = nameOf(file)
  const path = resolve(BENCH, dirname(file), 'baseline', `${name}.ts`)
  const module = (await import(path)) as Record<string, MakeBaseline>
  const checksum = new Checksum()
  const baseline = module[name]?.(checksum)
  if (baseline === undefined) throw new TypeError(`${path} exports ${name}`)
  const streams = Object.entries(baseline.inputs).map(([entity, paths]) =>
    streamOf(entity as 'bid' | 'auction' | 'person', paths, setup),
  )
  runBaseline(baseline, streams)
  return checksum
}

function nameOf(file: string): string {
  return file.split('/').at(-1)?.replace('.yaml', '') ?? ''
}

function streamOf(
  entity: 'bid' | 'auction' | 'person',
  paths: readonly string[],
  setup: Setup,
): Stream {
  const { seed, rate, group, events } = setup
  const block = new EventBlock(entity, { seed, rate, group, compat: false })
  const columns = new NexmarkColumns(seed)
  const all = columnsOf(NEXMARK_FIELDS[entity])
  const specs = paths.map((path) => all.find((one) => one.path === path) as ColumnSpec)
  const cut = cutsOf(setup, entity)
  let from = 0
  let split = ''
  let rest: Batch | null = null
  const size = rangeSize(events)
  const make = (): Batch | null => {
    while (from < events) {
      split = String(Math.floor(from / size))
      from = block.fill(from, Math.min(events, from - (from % size) + size))
      if (block.count === 0) continue
      const made = specs.map((spec) => columns.column(spec, block))
      const eventTime = new Float64Array(block.count)
      return {
        schema: { columns: specs },
        length: block.count,
        eventTime,
        kind: null,
        columns: made,
      }
    }
    return null
  }
  return {
    entity,
    next: () => {
      const batch = rest ?? make()
      if (batch === null) return null
      const length = cut(batch.length, split)
      rest = length < batch.length ? slice(batch, length, batch.length) : null
      return slice(batch, 0, length)
    },
  }
}

export interface EngineResult {
  readonly lines: readonly string[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly checksum: Checksum
  readonly report: RunReport
}

const plans = new Map<string, Plan>()

async function planOf(file: string): Promise<Plan> {
  const known = plans.get(file)
  if (known !== undefined) return known
  const style = styleFor(process.stderr, { NO_COLOR: '1' })
  const { plan, diagnostics } = await loadPipeline(
    file,
    {},
    {
      stdout: process.stdout,
      stderr: process.stderr,
      env: {},
      style,
      outStyle: style,
      workingDirectory: BENCH,
      onInterrupt: () => () => {},
    },
  )
  if (plan === null) throw new TypeError(JSON.stringify(diagnostics))
  plans.set(file, plan)
  return plan
}

/** `file` is relative to the folder of benchmarks. */
export async function runEngine(file: string, setup: Setup): Promise<EngineResult> {
  const plan = await planOf(file)
  const generator = await connectorRegistry.code('generator')
  const sinks: CollectingSink[] = []
  const cutting: ConnectorCode = {
    openSource: async (context) => {
      const config = { ...context.config, out_of_order_group: setup.group }
      const entity = String(context.config['entity'])
      const source = await generator?.openSource?.({ ...context, config })
      if (source === undefined) throw new TypeError('the generator is a source')
      return new CutSource(source, cutsOf(setup, entity))
    },
  }
  const isJoined = plan.blocks.filter((block) => block.kind === 'source').length > 1
  const collecting: ConnectorCode = {
    openSink: ({ mode, key, columns }) => {
      const sink = new CollectingSink(columns, mode === 'upsert' ? key : null, isJoined)
      sinks.push(sink)
      return Promise.resolve(sink)
    },
  }
  const { EVENTS, SEED, RATE } = environmentOf(setup)
  const report = await runPlan({
    plan,
    connectors: {
      config: (name) => connectorRegistry.config(name),
      code: async (name) => {
        if (name === 'generator') return cutting
        return { ...(await connectorRegistry.code(name)), ...collecting }
      },
    },
    operators: createOperator,
    clock: new SystemClock(),
    random: new SeededRandom(1),
    disk: new NodeDisk(),
    baseDirectory: resolve(BENCH, dirname(file)),
    resolveConfig: (config, { connector, side }) => {
      const values = { env: { EVENTS, SEED, RATE }, params: {}, secrets: () => undefined }
      const schema = CONNECTORS.get(connector)?.[side] ?? null
      return { ...resolveConfig(config, values, schema).config }
    },
    ...(setup.parallelism === undefined ? {} : { parallelism: setup.parallelism }),
  })
  const [sink] = sinks
  if (report.failure !== null) throw new Error(JSON.stringify(report.failure))
  if (sink === undefined) throw new TypeError('the query has a sink')
  const rows = sink.rows()
  return { rows, lines: sortedLines(rows), checksum: sink.checksum, report }
}

/** What a pipeline file of the benchmark reads from the environment. */
export function environmentOf({ events, seed, rate }: Setup) {
  return { EVENTS: String(events), SEED: String(seed), RATE: String(rate) }
}

class CutSource implements Source {
  readonly #source: Source
  readonly #cut: (length: number, split: string) => number
  #rest: Extract<SourceRead, { kind: 'batch' }> | null = null

  constructor(source: Source, cut: (length: number, split: string) => number) {
    this.#source = source
    this.#cut = cut
  }

  async read(signal: AbortSignal): Promise<SourceRead> {
    const read = this.#rest ?? (await this.#source.read(signal))
    if (read.kind !== 'batch') return read
    const { split, batch } = read
    const length = this.#cut(batch.length, split)
    const isWhole = length === batch.length
    this.#rest = isWhole ? null : { ...read, batch: slice(batch, length, batch.length) }
    return { kind: 'batch', split, batch: slice(batch, 0, length) }
  }

  progress(): null {
    return null
  }

  close(): Promise<void> {
    return this.#source.close()
  }
}

class CollectingSink implements Sink {
  readonly checksum = new Checksum()
  readonly #columns: readonly ColumnSpec[]
  readonly #keyIndexes: readonly number[] | null
  readonly #isJoined: boolean
  readonly #rows = new Map<string | number, Record<string, unknown>>()

  constructor(columns: readonly ColumnSpec[], key: readonly string[] | null, isJoined: boolean) {
    this.#columns = columns
    this.#isJoined = isJoined
    this.#keyIndexes =
      key?.map((path) => columns.findIndex((column) => column.path === path)) ?? null
  }

  rows(): Record<string, unknown>[] {
    return [...this.#rows.values()]
  }

  write(batch: Batch): Promise<void> {
    const [first = 0] = this.#keyIndexes ?? []
    if (this.#keyIndexes !== null && this.#isJoined) this.checksum.putBatch(batch, first)
    else this.checksum.addBatch(batch)
    for (let row = 0; row < batch.length; row++) this.#put(batch, row)
    return Promise.resolve()
  }

  #put(batch: Batch, row: number): void {
    const made: Record<string, unknown> = {}
    for (const [index, { path, type }] of this.#columns.entries()) {
      const column = batch.columns[index]
      made[path] = column === undefined ? null : toJsonValue(valueAt(column, row), type)
    }
    const key = this.#keyIndexes?.map((index) => made[this.#columns[index]?.path ?? '']).join('\n')
    if (key === undefined && batch.kind !== null && batch.kind[row] !== 0) {
      throw new TypeError('a sink that appends is given new rows only')
    }
    this.#rows.set(key ?? this.#rows.size, made)
  }

  finish() {
    return Promise.resolve({ rows: this.#rows.size, bytes: null, places: [] })
  }

  abort(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

export async function linesOfFile(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8')
  return text === '' ? [] : text.trimEnd().split('\n').toSorted()
}
