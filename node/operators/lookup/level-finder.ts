/**
 * Rows by any key: several columns, or values that are JavaScript objects. Maps below Maps, one per
 * key column; the last holds first rows.
 */
import type { Column } from '../../../shared/model/batch.ts'
import { canonicalText } from '../../../shared/model/canonical/canonical-text.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { ColumnText } from '../../../shared/model/string-columns.ts'
import { NO_MATCH, type RowFinder } from './row-finder.ts'

type Level = Map<unknown, Level | number>

export class LevelFinder implements RowFinder {
  readonly #columns: readonly Column[]
  readonly #root: Level = new Map()

  constructor(columns: readonly Column[]) {
    this.#columns = columns
  }

  add(row: number): number {
    const key = this.#columns.map((column) => keyOf(valueAt(column, row)))
    let level = this.#root
    for (const value of key.slice(0, -1)) {
      let below = level.get(value)
      if (below === undefined || typeof below === 'number') level.set(value, (below = new Map()))
      level = below
    }
    const last = key.at(-1)
    const next = level.get(last)
    level.set(last, row)
    return typeof next === 'number' ? next : NO_MATCH
  }

  find(keys: readonly Column[], length: number, first: Int32Array): number {
    const readers = keys.map((column) => keyReader(column, length))
    let hits = 0
    for (let row = 0; row < length; row++) {
      const found = this.#findOne(readers, row)
      first[row] = found
      hits += found === NO_MATCH ? 0 : 1
    }
    return hits
  }

  #findOne(readers: readonly KeyReader[], row: number): number {
    let level = this.#root
    for (const read of readers) {
      const value = read(row)
      const below = value === null ? undefined : level.get(value)
      if (below === undefined) return NO_MATCH
      if (typeof below === 'number') return below
      level = below
    }
    return NO_MATCH
  }
}

type KeyReader = (row: number) => unknown

/** Values of a key column by row; null for null. */
function keyReader(column: Column, length: number): KeyReader {
  if (column.layout === 'utf8') {
    const text = new ColumnText(column, length)
    const { nulls } = column
    return (row) => (nulls !== null && nulls[row] === 1 ? null : text.at(row))
  }
  return (row) => keyOf(valueAt(column, row))
}

/** A value as a key of a Map: equal values are one key. */
function keyOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? canonicalText(value) : value
}
