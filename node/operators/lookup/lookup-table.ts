/**
 * The rows of a lookup table in memory, found by key. Rows with equal keys are chained, so that one
 * key may have several; a null key is never found.
 *
 * Who calls: `replace` by the runtime, at the start and whenever the cache's time is over, between
 * batches; the rest by the lookups of one thread. A batch sees one version of the table.
 *
 * Owns: the rows, an index per set of key columns, hits and misses.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch, BatchSchema, Column } from '../../../shared/model/batch.ts'
import { canonicalText } from '../../../shared/model/canonical/canonical-text.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { concat } from '../../../shared/model/concat-batches.ts'
import { convertBatch } from '../../../shared/model/convert-batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'

/** No row, or no further one. */
export const NO_MATCH = -1

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

/** Values of one key column to what is below them; the last level holds first rows. */
type Level = Map<unknown, Level | number>

export class LookupIndex {
  readonly #positions: readonly number[]
  #root: Level = new Map()
  /** Per row, the next one with the same key. */
  #next = new Int32Array(0)
  /** Counts the builds, for results that are kept. */
  version = 0

  constructor(positions: readonly number[]) {
    this.#positions = positions
  }

  build(rows: Batch): void {
    this.#root = new Map()
    this.#next = new Int32Array(rows.length).fill(NO_MATCH)
    this.version++
    const columns = this.#positions.map((position) => {
      const column = rows.columns[position]
      assert(column !== undefined, `column ${position} exists`)
      return column
    })
    // From the last row to the first, so that a chain runs in the order of the table.
    for (let row = rows.length - 1; row >= 0; row--) {
      const key = columns.map((column) => lookupKey(valueAt(column, row)))
      if (!key.includes(null)) this.#add(key, row)
    }
  }

  /** The first row with this key (values by lookupKey), or NO_MATCH. */
  find(key: readonly unknown[]): number {
    let level = this.#root
    for (let at = 0; at < key.length; at++) {
      const below = key[at] === null ? undefined : level.get(key[at])
      if (below === undefined) return NO_MATCH
      if (typeof below === 'number') return below
      level = below
    }
    return NO_MATCH
  }

  next(row: number): number {
    return this.#next[row] ?? NO_MATCH
  }

  #add(key: readonly unknown[], row: number): void {
    let level = this.#root
    for (const value of key.slice(0, -1)) {
      let below = level.get(value)
      if (below === undefined || typeof below === 'number') level.set(value, (below = new Map()))
      level = below
    }
    const last = key.at(-1)
    const first = level.get(last)
    if (typeof first === 'number') this.#next[row] = first
    level.set(last, row)
  }
}

/** A value as a key of a Map: equal values are one key. */
export function lookupKey(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? canonicalText(value) : value
}
