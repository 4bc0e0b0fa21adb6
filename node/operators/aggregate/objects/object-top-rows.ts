/**
 * The best rows of a group, for `top` in windows that aggregates keep (see top-by-aggregate.ts): no
 * aggregate that a user can name.
 *
 * The state is a list of rows in order, best first. Of rows that nothing takes back only those are
 * kept that may be in the result; what is best of several groups is among the best of each.
 */
import { assert } from '../../../../shared/base/assert.ts'
import {
  compareCanonical,
  compareCanonicalRows,
} from '../../../../shared/model/canonical/canonical-order.ts'
import { sameValue } from '../../../state/same-value.ts'
import type { ObjectAccumulator, ObjectCallContext } from './object-accumulator.ts'

type Row = readonly unknown[]

interface TopState {
  rows: Row[]
}

/** Places in the arguments of the call, and which way each goes. */
export type TopTerms = readonly { readonly at: number; readonly descending: boolean }[]

/** A row of the result. */
export interface RankedRow {
  readonly values: Row
  readonly rank: number
}

export function topRows({ call, retracts }: ObjectCallContext): ObjectAccumulator {
  const { n, ties, terms } = call.options
  assert(typeof n === 'number' && typeof terms === 'string', 'the best of rows has an order')
  return new TopRowsAccumulator({
    n,
    isTied: ties === true,
    keepsAll: retracts,
    terms: JSON.parse(terms) as TopTerms,
  })
}

interface TopRowsOptions {
  readonly n: number
  readonly isTied: boolean
  readonly keepsAll: boolean
  readonly terms: TopTerms
}

class TopRowsAccumulator implements ObjectAccumulator<TopState> {
  readonly #options: TopRowsOptions

  constructor(options: TopRowsOptions) {
    this.#options = options
  }

  create(): TopState {
    return { rows: [] }
  }

  add({ rows }: TopState, args: Row): void {
    this.#insert(rows, [...args])
  }

  retract({ rows }: TopState, args: Row): void {
    const at = rows.findIndex((row) => sameValue(row, args))
    if (at >= 0) rows.splice(at, 1)
  }

  merge(into: TopState, from: TopState): void {
    for (const row of from.rows) this.#insert(into.rows, row)
  }

  result({ rows }: TopState): readonly RankedRow[] {
    const count = this.#bestCount(rows)
    const ranked: RankedRow[] = []
    for (let at = 0; at < count; at++) {
      const values = rows[at] as Row
      const before = rows[at - 1]
      const isTied =
        this.#options.isTied && before !== undefined && this.#compare(before, values) === 0
      ranked.push({ values, rank: isTied ? (ranked[at - 1] as RankedRow).rank : at + 1 })
    }
    return ranked
  }

  #insert(rows: Row[], row: Row): void {
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#comesBefore(row, rows[middle] as Row)) high = middle
      else low = middle + 1
    }
    const { n, keepsAll, isTied } = this.#options
    if (!keepsAll && !isTied && low >= n) return
    rows.splice(low, 0, row)
    if (!keepsAll) rows.length = this.#bestCount(rows)
  }

  #bestCount(rows: readonly Row[]): number {
    const { n, isTied } = this.#options
    if (rows.length <= n || !isTied) return Math.min(rows.length, n)
    let count = n
    const last = rows[n - 1] as Row
    while (count < rows.length && this.#compare(rows[count] as Row, last) === 0) count++
    return count
  }

  #comesBefore(a: Row, b: Row): boolean {
    const order = this.#compare(a, b)
    return order === 0 ? compareCanonicalRows(a, b) < 0 : order < 0
  }

  /** Negative when `a` is better. A null is worse than every value, in either direction. */
  #compare(a: Row, b: Row): number {
    for (const { at, descending } of this.#options.terms) {
      const one = a[at] ?? null
      const other = b[at] ?? null
      if (one === null || other === null) {
        if (one !== other) return one === null ? 1 : -1
        continue
      }
      const order = compareCanonical(one, other)
      if (order !== 0) return descending ? -order : order
    }
    return 0
  }
}
