/**
 * The order of rows for `top` and `keep: last`: several columns, each ascending or descending, then
 * the canonical bytes of the row, so that it never depends on arrival.
 *
 * Leading columns of numbers, dates, times and booleans become one double each, in which larger is
 * better; they lie in words of the state, so that most comparisons touch no column. Null is worse
 * than every value, in either direction. Columns of other layouts, and all after them, are compared
 * by value.
 */
import { assert, unreachable } from '../../../shared/base/assert.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { compareCanonical } from '../../../shared/model/canonical/canonical-order.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { RowValues } from './row-values.ts'

export interface OrderColumn {
  /** Index into the input; −1 for event time. */
  readonly column: number
  readonly descending: boolean
}

export const EVENT_TIME = -1

export class RowOrder {
  /** Columns that have a word, in order. */
  readonly #words: readonly OrderColumn[]
  /** What is left, compared by value. */
  readonly #rest: readonly OrderColumn[]

  constructor(order: readonly OrderColumn[], input: readonly ColumnSpec[]) {
    const first = order.findIndex(({ column }) => column !== EVENT_TIME && !hasWord(input[column]))
    const count = first < 0 ? order.length : first
    this.#words = order.slice(0, count)
    this.#rest = order.slice(count)
  }

  get wordCount(): number {
    return this.#words.length
  }

  /** Whether equal words leave nothing but the canonical bytes to compare. */
  get isAllWords(): boolean {
    return this.#rest.length === 0
  }

  /** The words of every row of a batch: word w of row i at `into[w][i]`. */
  fillWords(batch: Batch, into: readonly Float64Array[]): void {
    this.#words.forEach(({ column, descending }, index) => {
      const words = into[index]
      assert(words !== undefined, 'there is an array per word')
      fillWord(batch, column, descending ? 1 : -1, words)
    })
  }

  /** Columns that are compared by value, in order. */
  get restColumns(): readonly number[] {
    return this.#rest.map(({ column }) => column)
  }

  /**
   * Of two rows with equal words, whatever their canonical bytes; negative when `a` is better.
   * `positions` say where the columns of `restColumns` stand.
   */
  compareRest(a: RowValues, b: RowValues, positions: readonly number[]): number {
    for (let index = 0; index < this.#rest.length; index++) {
      const position = positions[index] as number
      const one = a.value(position)
      const other = b.value(position)
      if (one === null || other === null) {
        if (one !== other) return one === null ? 1 : -1
        continue
      }
      const order = compareCanonical(one, other)
      if (order !== 0) return this.#rest[index]?.descending === true ? -order : order
    }
    return 0
  }
}

/** By the canonical bytes of these columns; 0 for rows that are equal there. */
export function compareTies(a: RowValues, b: RowValues, positions: readonly number[]): number {
  for (const position of positions) {
    const order = compareCanonical(a.value(position), b.value(position))
    if (order !== 0) return order
  }
  return 0
}

function hasWord(spec: ColumnSpec | undefined): boolean {
  assert(spec !== undefined, 'an order column is in the input')
  return spec.layout === 'f64' || spec.layout === 'i32' || spec.layout === 'bool'
}

function fillWord(batch: Batch, index: number, sign: number, words: Float64Array): void {
  const { length, eventTime } = batch
  if (index === EVENT_TIME) {
    for (let row = 0; row < length; row++) words[row] = sign * (eventTime[row] as number)
    return
  }
  const column = batch.columns[index]
  assert(column !== undefined, `order column ${index} exists`)
  fillNumbers(column, length, sign, words)
  const nulls = column.layout === 'any' ? null : column.nulls
  if (nulls === null) return
  for (let row = 0; row < length; row++) if (nulls[row] === 1) words[row] = Number.NEGATIVE_INFINITY
}

/** `+ 0`: one zero. */
function fillNumbers(column: Column, length: number, sign: number, words: Float64Array): void {
  switch (column.layout) {
    case 'f64': {
      const { values } = column
      for (let row = 0; row < length; row++) words[row] = sign * (values[row] as number) + 0
      break
    }
    case 'i32': {
      const { values } = column
      for (let row = 0; row < length; row++) words[row] = sign * (values[row] as number) + 0
      break
    }
    case 'bool': {
      const { values } = column
      for (let row = 0; row < length; row++) words[row] = sign * (values[row] as number) + 0
      break
    }
    case 'utf8':
    case 'bytes':
    case 'dict':
    case 'any':
      assert(false, 'only numbers have words')
      break
    default:
      unreachable(column)
  }
}
