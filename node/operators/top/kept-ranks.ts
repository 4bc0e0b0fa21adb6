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
import { gatherColumn } from '../../../shared/model/gather.ts'
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
  /** See KeptOptions. */
  readonly copiedRowsMax?: number
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
  /** Stored columns of the open batch, and of the rows that were kept last. */
  #columns: readonly Column[] = []
  #some: readonly Column[] = []

  constructor(store: StateStore, options: KeptRanksOptions) {
    const { input, terms, gathered, copiedRowsMax } = options
    this.#terms = terms
    this.#stored = [...new Set([...terms.map(({ column }) => column), ...gathered])]
    this.#positions = terms.map(({ column }) => this.#stored.indexOf(column))
    const specs = this.#stored.map((column) => {
      const spec = column === EVENT_TIME ? TIME : input[column]
      assert(spec !== undefined, `column ${column} is in the input`)
      return spec
    })
    this.rows = store.kept('kept', specs, {
      order: 'counted',
      ...(copiedRowsMax === undefined ? {} : { copiedRowsMax }),
    })
  }

  /** The batch whose rows are compared, and their stored columns. */
  open(batch: Batch): void {
    this.#columns = this.#stored.map((column): Column => {
      if (column === EVENT_TIME) return { layout: 'f64', values: batch.eventTime, nulls: null }
      const found = batch.columns[column]
      assert(found !== undefined, `column ${column} of a batch exists`)
      return found
    })
  }

  /** Keeps all rows of the open batch: the number of the first; the others follow one by one. */
  keepAll(length: number): number {
    return this.rows.keep(this.#columns, length)
  }

  /** As keepAll, some rows, in their own columns; those can be emitted: see `keptColumn`. */
  keepSome(selection: Int32Array, count: number): number {
    this.#some = this.#columns.map((column) => gatherColumn(column, selection, count))
    return this.rows.keep(this.#some, count)
  }

  /** An input column of the rows that were kept last by keepSome; undefined if it is not stored. */
  keptColumn(column: number): Column | undefined {
    return this.#some[this.#stored.indexOf(column)]
  }

  /** Negative when kept row `a` is better than `b`, positive when it is worse; 0 for equal rows. */
  compare(a: number, b: number): number {
    const rowA = this.rows.placeOf(a)
    const rowB = this.rows.placeOf(b)
    for (let index = 0; index < this.#terms.length; index++) {
      const position = this.#positions[index] as number
      const one = this.rows.columnAt(a, position)
      const other = this.rows.columnAt(b, position)
      const order = compareBy(this.#terms[index] as RankTerm, one, rowA, other, rowB)
      if (order !== 0) return order
    }
    return 0
  }

  /** As `compare`, two rows of the open batch. */
  compareRows(a: number, b: number): number {
    for (let index = 0; index < this.#terms.length; index++) {
      const column = this.#columns[this.#positions[index] as number] as Column
      const order = compareBy(this.#terms[index] as RankTerm, column, a, column, b)
      if (order !== 0) return order
    }
    return 0
  }

  /** As `compare`, a row of the open batch and a kept one. */
  compareKept(a: number, b: number): number {
    const rowB = this.rows.placeOf(b)
    for (let index = 0; index < this.#terms.length; index++) {
      const position = this.#positions[index] as number
      const one = this.#columns[position] as Column
      const other = this.rows.columnAt(b, position)
      const order = compareBy(this.#terms[index] as RankTerm, one, a, other, rowB)
      if (order !== 0) return order
    }
    return 0
  }

  /** An input column of kept rows, by their numbers. */
  gather(rows: Int32Array, count: number, column: number): Column {
    return this.rows.gather(rows, count, this.#stored.indexOf(column))
  }
}

// oxlint-disable-next-line max-params -- two rows of two columns
function compareBy(term: RankTerm, a: Column, rowA: number, b: Column, rowB: number): number {
  const isNull = isNullAt(a, rowA)
  const isOtherNull = isNullAt(b, rowB)
  if (isNull || isOtherNull) {
    if (isNull === isOtherNull) return 0
    return isNull === term.nullsLast ? 1 : -1
  }
  const order = compareCells(a, rowA, b, rowB)
  return term.descending ? -order : order
}
