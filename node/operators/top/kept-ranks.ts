/**
 * The rows of ranked keys, by reference (kept-batches.ts): keeps of each batch the columns that whole
 * rows are compared and emitted by, and compares them.
 *
 * Owns: the kept batches. Which of their rows matter is the business of whoever ranks them.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { compareCells } from '../../../shared/model/canonical/canonical-cells.ts'
import { isNullAt } from '../../../shared/model/column-value.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { KeptBatches } from '../../state/kept/kept-batches.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { RankTerm } from './rank-terms.ts'
import { EVENT_TIME } from './row-order.ts'

export interface KeptRanksOptions {
  readonly input: readonly ColumnSpec[]
  readonly terms: readonly RankTerm[]
  /** Input columns (EVENT_TIME: event time) that are gathered of rows of earlier batches. */
  readonly gathered: readonly number[]
}

const TIME: ColumnSpec = {
  path: '$time',
  type: { kind: 'timestamp' },
  nullable: false,
  layout: 'f64',
}

export class KeptRanks {
  readonly rows: KeptBatches
  /** Input columns that are kept, in the order of the kept batches. */
  readonly #stored: readonly number[]
  readonly #terms: readonly RankTerm[]
  readonly #positions: readonly number[]

  constructor(store: StateStore, { input, terms, gathered }: KeptRanksOptions) {
    this.#terms = terms
    this.#stored = [...new Set([...terms.map(({ column }) => column), ...gathered])]
    this.#positions = terms.map(({ column }) => this.#stored.indexOf(column))
    const specs = this.#stored.map((column) => {
      const spec = column === EVENT_TIME ? TIME : input[column]
      assert(spec !== undefined, `column ${column} is in the input`)
      return spec
    })
    this.rows = store.kept('kept', specs, { order: 'counted' })
  }

  /** The number of the batch's first row; the others follow one by one. */
  keep(batch: Batch): number {
    const columns = this.#stored.map((column): Column => {
      if (column === EVENT_TIME) return { layout: 'f64', values: batch.eventTime, nulls: null }
      const found = batch.columns[column]
      assert(found !== undefined, `column ${column} of a batch exists`)
      return found
    })
    return this.rows.keep(columns, batch.length)
  }

  /** Negative when kept row `a` is better than `b`, positive when it is worse; 0 for equal rows. */
  compare(a: number, b: number): number {
    const rowA = this.rows.placeOf(a)
    const rowB = this.rows.placeOf(b)
    for (let index = 0; index < this.#terms.length; index++) {
      const position = this.#positions[index] as number
      const one = this.rows.columnAt(a, position)
      const other = this.rows.columnAt(b, position)
      const { descending, nullsLast } = this.#terms[index] as RankTerm
      const isNull = isNullAt(one, rowA)
      if (isNull || isNullAt(other, rowB)) {
        if (isNull !== isNullAt(other, rowB)) return isNull === nullsLast ? 1 : -1
        continue
      }
      const order = compareCells(one, rowA, other, rowB)
      if (order !== 0) return descending ? -order : order
    }
    return 0
  }

  /** An input column of kept rows, by their numbers. */
  gather(rows: Int32Array, count: number, column: number): Column {
    return this.rows.gather(rows, count, this.#stored.indexOf(column))
  }
}
