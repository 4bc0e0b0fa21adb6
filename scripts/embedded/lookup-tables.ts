/**
 * The lookup tables of a run: loaded before the first batch, loaded anew when their cache time is
 * over.
 *
 * Owns: the tables and the loads under way. A batch sees one version: tables are replaced between
 * turns only. A load that fails after the start keeps the rows that are there, says so once, and is
 * tried again when the cache time has passed once more.
 */
import { StreamError } from '../../shared/base/errors.ts'
import { LookupTable } from '../../node/operators/lookup/lookup-table.ts'
import { failureOf } from '../../node/task/run-failure.ts'
import type { TableReport } from '../../shared/api/run-report.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { TableBlock } from '../../shared/planning/plan.ts'
import type { ConnectorContext } from '../../shared/spi/connector.ts'
import type { RunOptions } from './run-options.ts'

type Contexts = (block: TableBlock) => ConnectorContext

export class LookupTables {
  readonly #options: RunOptions
  readonly #contextOf: Contexts
  readonly #tables = new Map<string, LookupTable>()
  readonly #stop = new AbortController()
  readonly #refreshes: Promise<void>[] = []

  constructor(options: RunOptions, contextOf: Contexts) {
    this.#options = options
    this.#contextOf = contextOf
    for (const block of options.plan.tables) {
      this.#tables.set(block.name, new LookupTable(block.name, usedColumns(block)))
    }
  }

  get(name: string): LookupTable {
    const table = this.#tables.get(name)
    if (table !== undefined) return table
    throw new StreamError('INTERNAL_ERROR', `the plan looks up in ${name}, which is no table of it`)
  }

  async load(): Promise<void> {
    for (const block of this.#options.plan.tables) {
      try {
        await this.#read(block)
      } catch (cause) {
        throw failureOf(block.name, 'TABLE_FAILED', cause)
      }
    }
    for (const block of this.#options.plan.tables) {
      if (block.cacheTtlMs !== null) this.#refreshes.push(this.#refresh(block, block.cacheTtlMs))
    }
  }

  reports(): TableReport[] {
    return [...this.#tables.values()].map(({ name, rowCount, hits, misses }) => ({
      name,
      rows: rowCount,
      hits,
      misses,
    }))
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#refreshes)
  }

  async #refresh(block: TableBlock, everyMs: number): Promise<void> {
    const { clock } = this.#options
    for (;;) {
      await clock.sleep(everyMs, this.#stop.signal)
      if (this.#stop.signal.aborted) return
      try {
        await this.#read(block)
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        this.#options.onNote?.(block.name, `could not be read again and stays as it was: ${reason}`)
      }
    }
  }

  async #read(block: TableBlock): Promise<void> {
    const { connectors } = this.#options
    const code = await connectors.code(block.connector)
    if (code?.readTable === undefined) {
      throw new StreamError('CONNECTOR_SIDE_MISSING', `${block.connector} cannot be looked up in`, {
        fix: 'choose a connector that is a table',
      })
    }
    const batches = await code.readTable({
      ...this.#contextOf(block),
      columns: usedColumns(block),
      fields: block.fields,
    })
    this.get(block.name).replace(batches)
  }
}

function usedColumns(block: TableBlock): readonly ColumnSpec[] {
  const used = new Set([...block.used, ...block.key])
  return block.columns.filter((column) => used.has(column.path))
}
