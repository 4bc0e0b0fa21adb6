/**
 * First rows of a table by the values of some of its columns. Rows with equal keys are chained in
 * the order of the table; a null key is never found.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { isNullAt } from '../../../shared/model/column-value.ts'
import { LevelFinder } from './level-finder.ts'
import { numberFinder } from './number-finder.ts'
import { NO_MATCH, type RowFinder } from './row-finder.ts'
import { textFinder } from './text-finder.ts'

export class LookupIndex {
  readonly #positions: readonly number[]
  #finder: RowFinder = new LevelFinder([])
  /** Per row, the next one with the same key. */
  #next = new Int32Array(0)
  /** Whether no two rows have the same key, so that no row has a next one. */
  isUnique = true

  /** Positions of the key columns in the table. */
  constructor(positions: readonly number[]) {
    this.#positions = positions
  }

  build(rows: Batch): void {
    const columns = this.#positions.map((position) => {
      const column = rows.columns[position]
      assert(column !== undefined, `column ${position} exists`)
      return column
    })
    this.#finder = finderFor(columns, rows.length)
    this.#next = new Int32Array(rows.length).fill(NO_MATCH)
    this.isUnique = true
    // From the last row to the first, so that a chain runs in the order of the table.
    for (let row = rows.length - 1; row >= 0; row--) {
      if (columns.some((column) => isNullAt(column, row))) continue
      const next = this.#finder.add(row)
      this.#next[row] = next
      if (next !== NO_MATCH) this.isUnique = false
    }
  }

  /**
   * The first row with the key of each row of a batch, or NO_MATCH, into `first`. Answers how many
   * rows found one.
   */
  find(keys: readonly Column[], length: number, first: Int32Array): number {
    return this.#finder.find(keys, length, first)
  }

  next(row: number): number {
    return this.#next[row] ?? NO_MATCH
  }
}

function finderFor(columns: readonly Column[], length: number): RowFinder {
  const [only] = columns
  if (only === undefined || columns.length > 1) return new LevelFinder(columns)
  switch (only.layout) {
    case 'f64':
    case 'i32':
    case 'bool':
      return numberFinder(only, length)
    case 'utf8':
    case 'dict':
      return textFinder(only, length)
    case 'bytes':
    case 'any':
      return new LevelFinder(columns)
  }
}
