/**
 * By what rows of a key are ranked: the order columns, a null worse than every value, then as ties
 * the kept columns by their canonical order (see canonical-order.ts), so that the rank never depends
 * on arrival. Columns of the key and columns that were compared already are left out.
 *
 * The first terms that are numbers can be kept beside the row as doubles (`inline`), so that most
 * comparisons touch no batch. The first that differs decides; where none does, whole rows are
 * compared. That is their order as long as doubles of which none is larger stand for equal values:
 * true of finite numbers (both zeros are one value) and an infinity for null. An infinite value would
 * tie with null, and NaN with everything, and the next term decide. Expressions give neither; only
 * the event time of a row that lost it is NaN.
 *
 * Names in the generated lines: `v3` the values of input column 3, `n3` its nulls, `times` the event
 * times, `i` the row.
 */
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { EVENT_TIME, type OrderColumn } from './row-order.ts'

export interface RankTerm {
  /** Index into the input; EVENT_TIME for event time. */
  readonly column: number
  readonly descending: boolean
  /** Whether a null is worse than every value, or better. */
  readonly nullsLast: boolean
}

export interface RankOptions {
  readonly order: readonly OrderColumn[]
  readonly key: readonly number[]
  readonly kept: readonly number[]
}

export function rankTerms({ order, key, kept }: RankOptions): RankTerm[] {
  const terms: RankTerm[] = order.map((one) => ({ ...one, nullsLast: true }))
  const seen = new Set([...key, ...order.map(({ column }) => column)])
  for (const column of kept) {
    if (seen.has(column)) continue
    seen.add(column)
    terms.push({ column, descending: false, nullsLast: false })
  }
  return terms
}

/** Those of the terms, from the front, that have doubles. */
export function inlineTerms(
  terms: readonly RankTerm[],
  input: readonly ColumnSpec[],
): readonly RankTerm[] {
  const first = terms.findIndex(({ column }) => !isNumber(input[column], column))
  return first < 0 ? terms : terms.slice(0, first)
}

function isNumber(spec: ColumnSpec | undefined, column: number): boolean {
  if (column === EVENT_TIME) return true
  return spec?.layout === 'f64' || spec?.layout === 'i32' || spec?.layout === 'bool'
}

/** Text of the double of a term at row i. */
export function termValue(term: RankTerm, input: readonly ColumnSpec[]): string {
  const { column } = term
  if (column === EVENT_TIME) return `times[i]`
  if (input[column]?.nullable !== true) return `v${column}[i]`
  return `(n${column} !== null && n${column}[i] === 1 ? ${nullDouble(term)} : v${column}[i])`
}

/** The double that is worse (or better) than every number. */
function nullDouble({ descending, nullsLast }: RankTerm): string {
  return descending === nullsLast ? '-Infinity' : 'Infinity'
}

/** Text that is true where the double `own` is plainly better than `other`. */
export function isBetter(term: RankTerm, own: string, other: string): string {
  return term.descending ? `${own} > ${other}` : `${own} < ${other}`
}

export function isWorse(term: RankTerm, own: string, other: string): string {
  return isBetter(term, other, own)
}

/** A double that every row is as good as or better than: of places that are not taken. */
export function worstDouble({ descending }: RankTerm): number {
  return descending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** Lines that name the input columns, `columns`, which the other lines read. */
export function openColumns(indexes: Iterable<number>, input: readonly ColumnSpec[]): string[] {
  const read = [...new Set(indexes)].filter((column) => column !== EVENT_TIME)
  return read
    .toSorted((a, b) => a - b)
    .flatMap((column) => [
      `const c${column} = columns[${column}], n${column} = c${column}.nulls`,
      ...(isNumber(input[column], column) ? [`const v${column} = c${column}.values`] : []),
    ])
}
