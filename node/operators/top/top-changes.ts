/**
 * The net change of the best rows of a key: what was emitted against what is best now.
 *
 * How a change is said depends on what names a row downstream. `rank`: key and rank, or the key alone
 * where it has one row; a place that has another row says only the new one. `row`: the row's own unique key; a row that moved says
 * only its new rank. `full`: nothing; what was said is taken back before the new is said. In any
 * case everything that is taken back comes before everything that is said, per key.
 */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import type { EdgeKind, TopCore } from '../../../shared/planning/plan.ts'

export type TopIdentity = 'rank' | 'row' | 'full'

export interface Placed {
  readonly ref: number
  readonly rank: number
}

export interface TopChange extends Placed {
  readonly kind: number
}

export function topIdentity(
  core: TopCore,
  edge: EdgeKind,
  uniqueKey: readonly string[] | null,
): TopIdentity {
  if (edge !== 'upsert' || uniqueKey === null) return 'full'
  if (core.rankAs !== null && uniqueKey.includes(core.rankAs)) return 'rank'
  return isOnePerKey(core, uniqueKey) ? 'rank' : 'row'
}

/** Whether a key has one row, which the key names. */
function isOnePerKey(core: TopCore, uniqueKey: readonly string[]): boolean {
  const { n, ties, window, key, input } = core
  const paths = key.map((column) => input[column]?.spec.path)
  return n === 1 && !ties && window === null && uniqueKey.every((path) => paths.includes(path))
}

export function topChanges(
  core: TopCore,
  identity: TopIdentity,
  { before, after }: { readonly before: readonly Placed[]; readonly after: readonly Placed[] },
): TopChange[] {
  const isSame = (a: Placed, b: Placed | undefined): boolean =>
    b !== undefined && (core.rankAs === null || a.rank === b.rank)
  const beforeRefs = new Map(before.map((one) => [one.ref, one]))
  const afterRefs = new Map(after.map((one) => [one.ref, one]))
  const leaving = before.filter((one) => !isSame(one, afterRefs.get(one.ref)))
  const coming = after.filter((one) => !isSame(one, beforeRefs.get(one.ref)))
  if (identity === 'row') return rowChanges(leaving, coming, { beforeRefs, afterRefs })
  const byPlace = (core.rankAs !== null || identity === 'rank') && !core.ties
  const left = new Set(byPlace ? leaving.map((one) => one.rank) : [])
  const taken = new Set(byPlace ? coming.map((one) => one.rank) : [])
  const isSaid = (one: Placed): boolean => identity === 'full' || !taken.has(one.rank)
  return [
    ...leaving
      .filter(isSaid)
      .map((one) => ({ ...one, kind: taken.has(one.rank) ? UPDATE_BEFORE : DELETE })),
    ...coming.map((one) => ({ ...one, kind: left.has(one.rank) ? UPDATE_AFTER : INSERT })),
  ]
}

function rowChanges(
  leaving: readonly Placed[],
  coming: readonly Placed[],
  refs: {
    readonly beforeRefs: ReadonlyMap<number, Placed>
    readonly afterRefs: ReadonlyMap<number, Placed>
  },
): TopChange[] {
  return [
    ...leaving
      .filter((one) => !refs.afterRefs.has(one.ref))
      .map((one) => ({ ...one, kind: DELETE })),
    ...coming.map((one) => ({
      ...one,
      kind: refs.beforeRefs.has(one.ref) ? UPDATE_AFTER : INSERT,
    })),
  ]
}
