/** Runs a planned pipeline over given rows, under one way of cutting batches, and folds its sinks. */
import { withColumns } from '../../../../connectors/memory/source.ts'
import { createOperator } from '../../../../node/operators/create-operator.ts'
import { runPlan } from '../../../../scripts/embedded/run-plan.ts'
import { imbalances, type RunReport } from '../../../../shared/api/run-report.ts'
import { NodeDisk } from '../../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../../shared/base/seeded-random.ts'
import { VirtualClock } from '../../../../shared/base/virtual-clock.ts'
import type { Batch } from '../../../../shared/model/batch.ts'
import { batchToRows, rowsToBatch, type JsonRow } from '../../../../shared/model/batch-rows.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import { columnsOf } from '../../../../shared/model/row-schema.ts'
import { FinalRows } from '../../../../shared/model/rows/final-rows.ts'
import type { Plan, SinkBlock } from '../../../../shared/planning/plan.ts'
import type {
  Sink,
  SinkContext,
  Source,
  SourceContext,
  SourceRead,
} from '../../../../shared/spi/connector.ts'
import { CITIES, type Given } from './pipeline-text.ts'

export interface RunChoice {
  readonly parallelism: number
  /** Rows per batch, at most. */
  readonly cut: number
  readonly cutSeed: number
  readonly given: Readonly<Record<string, readonly Given[]>>
}

export interface Observed {
  readonly report: RunReport
  /** Per sink: every batch as text, and the folded rows, sorted. */
  readonly emitted: Readonly<Record<string, readonly string[]>>
  readonly folded: Readonly<Record<string, readonly string[]>>
  readonly problems: readonly string[]
}

export async function runRandom(plan: Plan, choice: RunChoice): Promise<Observed> {
  const sinks = new Map<string, { batches: Batch[]; context: SinkContext }>()
  const report = await runPlan({
    plan,
    connectors: {
      config: () => null,
      code: () =>
        Promise.resolve({
          openSource: (context) => Promise.resolve(new GivenSource(context, choice)),
          openSink: (context) => {
            const held = sinks.get(context.block) ?? { batches: [], context }
            sinks.set(context.block, held)
            return Promise.resolve(collectingSink(held.batches))
          },
          readTable: (context) => Promise.resolve([rowsToBatch(CITIES, context.columns)]),
        }),
    },
    operators: createOperator,
    clock: new VirtualClock({ autoAdvance: true }),
    random: new SeededRandom(1),
    disk: new NodeDisk(),
    baseDirectory: '.',
    parallelism: choice.parallelism,
    watermarks: 'given',
  })
  const problems = [...imbalances(report)]
  if (report.failure !== null)
    problems.push(`${report.failure.code} in ${report.failure.block}: ${report.failure.message}`)
  const emitted: Record<string, readonly string[]> = {}
  const folded: Record<string, readonly string[]> = {}
  for (const [name, { batches, context }] of sinks) {
    emitted[name] = batches.flatMap((batch) => rowTexts(batch, { kinds: true }))
    folded[name] = foldSink(plan, { name, batches, context, problems })
  }
  return { report, emitted, folded, problems }
}

interface FoldParts {
  readonly name: string
  readonly batches: readonly Batch[]
  readonly context: SinkContext
  readonly problems: string[]
}

function foldSink(plan: Plan, { name, batches, context, problems }: FoldParts): string[] {
  const block = plan.blocks.find(
    (one): one is SinkBlock => one.kind === 'sink' && one.name === name,
  )
  const from = plan.blocks.find((one) => one.name === block?.inputs[0]?.block)
  const stream = from?.outputs.find((one) => one.name === block?.inputs[0]?.output)?.stream
  const key = stream?.edge === 'upsert' ? stream.uniqueKey : null
  const paths = context.columns.map((column) => column.path)
  const indexes = key === null || key === undefined ? null : key.map((path) => paths.indexOf(path))
  if (indexes?.includes(-1) === true) return ['(its key is not written)']
  const final = new FinalRows(indexes)
  for (const batch of batches) final.addBatch(batch)
  // A late row may take back one that was in time.
  if (final.unmatchedCount > 0 && block?.inputs[0]?.output !== 'late')
    problems.push(`${name}: ${final.unmatchedCount} rows were taken back that were not there`)
  const columns = stream?.columns.length === 0 ? [] : context.columns
  return final
    .rows()
    .map((row) => rowTextOf(row, columns))
    .toSorted()
}

const UNSTABLE = new Set(['_at', '_trace', '_position', '_message'])

function rowTextOf(
  row: { readonly values: readonly unknown[]; readonly eventTime: number },
  columns: readonly ColumnSpec[],
): string {
  const shown = columns.map(({ path }, index) =>
    UNSTABLE.has(path) ? '' : `${path}=${textOf(row.values[index])}`,
  )
  const isLetter = columns.some(({ path }) => path === '_code')
  return `${isLetter ? '' : row.eventTime} ${shown.filter((one) => one !== '').join(' ')}`
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' ? `${one}n` : one instanceof Map ? [...one] : one,
  )
}

function rowTexts(batch: Batch, options: { kinds: boolean }): string[] {
  return batchToRows(batch, { ...options, eventTime: true }).map((row) => JSON.stringify(row))
}

function collectingSink(batches: Batch[]): Sink {
  return {
    write: (batch) => Promise.resolve(void batches.push(batch)),
    finish: () => Promise.resolve({ rows: 0, bytes: null, places: [] }),
    abort: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

/** One split, owned by one subtask; batches end at random places and where a watermark stands. */
class GivenSource implements Source {
  readonly #reads: SourceRead[] = []

  constructor(context: SourceContext, { given, cut, cutSeed }: RunChoice) {
    if (!context.owns('only')) return
    const random = new SeededRandom(cutSeed)
    const columns = columnsOf(context.fields)
    let rows: JsonRow[] = []
    let room = 1
    const close = (): void => {
      if (rows.length > 0) this.#reads.push(readOf(rows, columns, context))
      rows = []
      room = 1 + random.below(cut)
    }
    for (const one of given[context.block] ?? []) {
      if (one.kind === 'row') rows.push(one.row)
      if (one.kind === 'watermark' || rows.length >= room) close()
      if (one.kind === 'watermark') this.#reads.push(one)
    }
    close()
    this.#reads.push({ kind: 'split-end', split: 'only' })
  }

  read(): Promise<SourceRead> {
    return Promise.resolve(this.#reads.shift() ?? { kind: 'end' })
  }

  progress(): null {
    return null
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

function readOf(
  rows: readonly JsonRow[],
  columns: readonly ColumnSpec[],
  context: SourceContext,
): SourceRead {
  const batch = withColumns(rowsToBatch(rows, columns), context.columns)
  return { kind: 'batch', split: 'only', batch }
}
