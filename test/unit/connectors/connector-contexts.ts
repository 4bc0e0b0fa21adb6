/** Contexts for connectors under test: a folder of the machine, a seeded chance, collected failures. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { NodeDisk } from '../../../shared/base/node-disk.ts'
import type { Disk } from '../../../shared/base/disk.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { SystemClock } from '../../../shared/base/system-clock.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { batchToRows, type JsonRow } from '../../../shared/model/batch-rows.ts'
import type { Field } from '../../../shared/model/data-type.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import { parseTypeText } from '../../../shared/model/type-text.ts'
import type {
  SinkContext,
  Source,
  SourceContext,
  SourceFailure,
} from '../../../shared/spi/connector.ts'

/** `fields('{ a: integer, b: string? }')`. */
export function fields(text: string): readonly Field[] {
  const { type, problem } = parseTypeText(text)
  if (problem !== null || type.type.kind !== 'struct') throw new Error(problem?.message ?? text)
  return type.type.fields
}

/** A new folder, removed after the test. */
export async function folder(t: ExecutionContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'millrace-test-'))
  t.teardown(() => rm(path, { recursive: true, force: true }))
  return path
}

export interface TestSource {
  readonly schema: string
  readonly config: Readonly<Record<string, unknown>>
  readonly baseDirectory: string
  readonly columns?: readonly string[]
  readonly eventTime?: string
  readonly changes?: 'append' | 'kinds'
  readonly owns?: (splitId: string) => boolean
  readonly disk?: Disk
}

export function sourceContext(options: TestSource): SourceContext & {
  readonly failures: SourceFailure[]
  readonly notes: string[]
} {
  const failures: SourceFailure[] = []
  const notes: string[] = []
  const declared = fields(options.schema)
  const columns = columnsOf(declared).filter(
    (column) => options.columns === undefined || options.columns.includes(column.path),
  )
  return {
    block: 'in',
    config: options.config,
    baseDirectory: options.baseDirectory,
    clock: new SystemClock(),
    random: new SeededRandom(1),
    disk: options.disk ?? new NodeDisk(),
    note: (text) => notes.push(text),
    columns,
    fields: declared,
    eventTime: options.eventTime ?? null,
    changes: options.changes ?? 'append',
    subtask: 0,
    subtaskCount: 1,
    owns: options.owns ?? (() => true),
    fail: (failure) => failures.push(failure),
    failures,
    notes,
  }
}

export function sinkContext(options: {
  readonly schema: string
  readonly config: Readonly<Record<string, unknown>>
  readonly baseDirectory: string
  readonly mode?: 'append' | 'upsert' | 'changes'
  readonly key?: readonly string[]
  readonly disk?: Disk
}): SinkContext {
  return {
    block: 'out',
    config: options.config,
    baseDirectory: options.baseDirectory,
    clock: new SystemClock(),
    random: new SeededRandom(2),
    disk: options.disk ?? new NodeDisk(),
    note: () => {},
    columns: columnsOf(fields(options.schema)),
    mode: options.mode ?? 'append',
    key: options.key ?? null,
    subtask: 0,
    subtaskCount: 1,
    pipeline: 'test',
  }
}

/** Everything a bounded source gives; it is closed afterwards. */
export async function readAll(source: Source): Promise<Batch[]> {
  const batches: Batch[] = []
  const signal = new AbortController().signal
  try {
    for (;;) {
      const step = await source.read(signal)
      if (step.kind === 'batch') batches.push(step.batch)
      if (step.kind === 'end') return batches
    }
  } finally {
    await source.close()
  }
}

export function rowsOf(batches: readonly Batch[]): JsonRow[] {
  return batches.flatMap((batch) => batchToRows(batch))
}
