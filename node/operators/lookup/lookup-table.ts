/**
 * The rows of a lookup table in memory, found by key (lookup-index.ts).
 *
 * Who calls: `replace` by the runtime, at the start and whenever the cache's time is over, between
 * batches; the rest by the lookups of one thread. A batch sees one version of the table.
 *
 * Owns: the rows, an index per set of key columns, hits and misses.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch, BatchSchema, Column } from '../../../shared/model/batch.ts'
import { concat } from '../../../shared/model/concat-batches.ts'
import { convertBatch } from '../../../shared/model/convert-batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { LookupIndex } from './lookup-index.ts'

export class LookupTable {
  readonly name: string
  readonly schema: BatchSchema
  hits = 0
  misses = 0
  #rows: Batch | null = null
  readonly #indexes = new Map<string, LookupIndex>()

  constructor(name: string, columns: readonly ColumnSpec[]) {
    this.name = name
    this.schema = { columns }
  }

  /** The whole table anew. */
  replace(batches: readonly Batch[]): void {
    const fitting = batches.map((batch) => convertBatch(batch, this.schema))
    this.#rows = concat(this.schema, fitting)
    for (const index of this.#indexes.values()) index.build(this.#rows)
  }

  get rowCount(): number {
    return this.#rows?.length ?? 0
  }

  /** Share of lookups that found a row; null before the first. */
  get hitRate(): number | null {
    const all = this.hits + this.misses
    return all === 0 ? null : this.hits / all
  }

  column(path: string): Column {
    const index = this.schema.columns.findIndex((spec) => spec.path === path)
    const column = this.#rows?.columns[index]
    assert(column !== undefined, `table ${this.name} is loaded and has a column ${path}`)
    return column
  }

  index(paths: readonly string[]): LookupIndex {
    const name = JSON.stringify(paths)
    let index = this.#indexes.get(name)
    if (index === undefined) {
      const positions = paths.map((path) =>
        this.schema.columns.findIndex((spec) => spec.path === path),
      )
      assert(!positions.includes(-1), `table ${this.name} has columns ${paths.join()}`)
      index = new LookupIndex(positions)
      this.#indexes.set(name, index)
      if (this.#rows !== null) index.build(this.#rows)
    }
    return index
  }
}
