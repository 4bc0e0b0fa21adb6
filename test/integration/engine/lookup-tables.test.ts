/** Lookup tables of a run: loaded before the first batch, refreshed, and what a failed load does. */
import test from 'ava'
import type { RunOptions } from '../../../scripts/embedded/run-options.ts'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'
import type { Plan } from '../../../shared/planning/plan.ts'
import {
  batchOf,
  COLUMNS,
  PassOperator,
  planOf,
  rowsFrom,
  sink,
  source,
  steps,
  TestSink,
  TestSource,
} from './engine-fixture.ts'
import { runPlan } from '../../../scripts/embedded/run-plan.ts'
import { NodeDisk } from '../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'

function withTable(cacheTtlMs: number | null): Plan {
  const fields = COLUMNS.map(({ path, type, nullable }) => ({ name: path, type, nullable }))
  const used = COLUMNS.map((column) => column.path)
  const table = { name: 'users', connector: 'test', config: {}, key: ['user'], fields, used }
  return {
    ...planOf(source('in'), steps('seen', ['in']), sink('out', 'seen')),
    tables: [{ ...table, columns: COLUMNS, cacheTtlMs }],
  }
}

/** Notes how many rows the table has when a batch is seen. */
class TableWatcher extends PassOperator {
  readonly #rowCount: () => number
  readonly seen: number[] = []

  constructor(rowCount: () => number) {
    super()
    this.#rowCount = rowCount
  }

  override onBatch(...given: Parameters<PassOperator['onBatch']>) {
    this.seen.push(this.#rowCount())
    return super.onBatch(...given)
  }
}

interface Given {
  readonly cacheTtlMs: number | null
  readonly loads: readonly (number | Error)[]
}

async function watch({ cacheTtlMs, loads }: Given) {
  const clock = new VirtualClock({ autoAdvance: true })
  const left = [...loads]
  const notes: string[] = []
  const watchers: TableWatcher[] = []
  const reads = [0, 1, 2].map((at) => async (signal: AbortSignal) => {
    await clock.sleep(100, signal)
    return { kind: 'batch', split: 's', batch: batchOf(rowsFrom(at, 1)) } as const
  })
  const options: RunOptions = {
    plan: withTable(cacheTtlMs),
    connectors: {
      config: () => null,
      code: () =>
        Promise.resolve({
          openSource: () => Promise.resolve(new TestSource(reads)),
          openSink: () => Promise.resolve(new TestSink()),
          readTable: () => {
            const next = left.shift() ?? 0
            if (next instanceof Error) return Promise.reject(next)
            return Promise.resolve([batchOf(rowsFrom(0, next))])
          },
        }),
    },
    operators: ({ environment }) => {
      const watcher = new TableWatcher(() => environment.table('users').rowCount)
      watchers.push(watcher)
      return watcher
    },
    clock,
    random: new SeededRandom(1),
    disk: new NodeDisk(),
    baseDirectory: '.',
    onNote: (block, text) => notes.push(`${block}: ${text}`),
  }
  const report = await runPlan(options)
  return { report, seen: watchers[0]?.seen ?? [], notes }
}

test('tables: they are loaded before the first batch', async (t) => {
  const { report, seen } = await watch({ cacheTtlMs: null, loads: [5] })
  t.deepEqual(seen, [5, 5, 5])
  t.deepEqual(report.tables, [{ name: 'users', rows: 5, hits: 0, misses: 0 }])
})

test('tables: they are read again when their cache time is over', async (t) => {
  const { seen } = await watch({ cacheTtlMs: 170, loads: [5, 6, 7] })
  t.deepEqual(seen, [5, 6, 6])
})

test('tables: one that cannot be read fails the run before anything is read', async (t) => {
  const { report } = await watch({ cacheTtlMs: null, loads: [new Error('gone')] })
  t.like(report.failure, { block: 'users', code: 'TABLE_FAILED', message: 'gone' })
})

test('tables: a refresh that fails keeps the rows and is noted', async (t) => {
  const { report, seen, notes } = await watch({ cacheTtlMs: 170, loads: [5, new Error('gone')] })
  t.is(report.outcome, 'finished')
  t.deepEqual(seen, [5, 5, 5])
  t.deepEqual(notes, ['users: could not be read again and stays as it was: gone'])
})
