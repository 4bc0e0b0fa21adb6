/**
 * Pairs expected rows with rows that came, so that as many as possible fit; what is left over is
 * paired by likeness, for the differences that a person wants to see.
 */
import type { Field } from '../../../shared/model/data-type.ts'
import { differingCells, type DifferingCell, type ExpectedRow } from './expected-row.ts'
import type { SeenRow } from './seen-rows.ts'

export interface MatchOptions {
  readonly fields: readonly Field[]
  readonly isOrdered: boolean
  readonly isContained: boolean
}

export interface RowDifference {
  readonly expected: ExpectedRow
  readonly got: SeenRow
  readonly cells: readonly DifferingCell[]
  /** All cells fit, only the place in the order does not. */
  readonly isMisplaced: boolean
}

export interface RowMatch {
  readonly differing: readonly RowDifference[]
  readonly missing: readonly ExpectedRow[]
  readonly surplus: readonly SeenRow[]
}

export function matchRows(
  expected: readonly ExpectedRow[],
  got: readonly SeenRow[],
  options: MatchOptions,
): RowMatch {
  const fits = expected.map((row) =>
    got.flatMap((one, index) =>
      differingCells(row, one, options.fields).length === 0 ? [index] : [],
    ),
  )
  const pairs = options.isOrdered ? pairInOrder(fits) : pairAny(fits)
  const taken = new Set(pairs.filter((index) => index !== null))
  const left = expected.filter((_, index) => pairs[index] === null)
  const rest = got.filter((_, index) => !taken.has(index))
  return pairByLikeness(left, rest, options)
}

export function isMatch({ differing, missing, surplus }: RowMatch): boolean {
  return differing.length === 0 && missing.length === 0 && surplus.length === 0
}

type Pairs = (number | null)[]

/** Longest common run in order: what stands in both in the same order stays paired. */
function pairInOrder(fits: readonly (readonly number[])[]): Pairs {
  const pairs: Pairs = fits.map(() => null)
  // best[k]: smallest last index of a chain of k + 1 pairs, with the pair before it.
  const best: { last: number; row: number; before: Link | null }[] = []
  for (const [row, options] of fits.entries()) {
    for (const index of options.toReversed()) {
      let length = best.findIndex((link) => link.last >= index)
      if (length < 0) length = best.length
      const before = length === 0 ? null : (best[length - 1] ?? null)
      best[length] = { last: index, row, before }
    }
  }
  for (let link: Link | null = best.at(-1) ?? null; link !== null; link = link.before) {
    pairs[link.row] = link.last
  }
  return pairs
}

interface Link {
  readonly last: number
  readonly row: number
  readonly before: Link | null
}

/** A largest pairing: a row that could take another place gives its own to one that cannot. */
function pairAny(fits: readonly (readonly number[])[]): Pairs {
  const owner = new Map<number, number>()
  for (const row of fits.keys()) place(row, { fits, owner, tried: new Set() })
  const pairs: Pairs = fits.map(() => null)
  for (const [index, row] of owner) pairs[row] = index
  return pairs
}

interface Pairing {
  readonly fits: readonly (readonly number[])[]
  readonly owner: Map<number, number>
  readonly tried: Set<number>
}

function place(row: number, pairing: Pairing): boolean {
  const { fits, owner, tried } = pairing
  const options = fits[row] ?? []
  const free = options.find((index) => !owner.has(index))
  if (free !== undefined) {
    owner.set(free, row)
    return true
  }
  for (const index of options) {
    if (tried.has(index)) continue
    tried.add(index)
    const other = owner.get(index)
    if (other === undefined || !place(other, pairing)) continue
    owner.set(index, row)
    return true
  }
  return false
}

/** The most alike first; rows that share no listed cell are missing and surplus, not different. */
function pairByLikeness(
  expected: readonly ExpectedRow[],
  got: readonly SeenRow[],
  { fields, isContained }: MatchOptions,
): RowMatch {
  const candidates = expected.flatMap((row) =>
    got.map((one) => {
      const cells = differingCells(row, one, fields)
      return { expected: row, got: one, cells, isMisplaced: cells.length === 0 }
    }),
  )
  const likely = candidates
    .filter(({ expected: row, cells }) => cells.length < listedCount(row))
    .toSorted((a, b) => a.cells.length - b.cells.length)
  const usedRows = new Set<ExpectedRow>()
  const usedGot = new Set<SeenRow>()
  const differing: RowDifference[] = []
  for (const one of likely) {
    if (usedRows.has(one.expected) || usedGot.has(one.got)) continue
    usedRows.add(one.expected)
    usedGot.add(one.got)
    differing.push(one)
  }
  return {
    differing: differing.toSorted(
      (a, b) => expected.indexOf(a.expected) - expected.indexOf(b.expected),
    ),
    missing: expected.filter((row) => !usedRows.has(row)),
    surplus: isContained ? [] : got.filter((row) => !usedGot.has(row)),
  }
}

function listedCount({ values, kind, at }: ExpectedRow): number {
  return Object.keys(values).length + (kind === null ? 0 : 1) + (at === null ? 0 : 1)
}
