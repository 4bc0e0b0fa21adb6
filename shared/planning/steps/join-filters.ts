/**
 * The `where` behind a join: which of its terms run before the join. Terms on `from` fields do, and
 * with an inner join those on the right side too, since then both only take rows away.
 *
 * Not before a right or full join: a row whose partner was filtered would come out alone. Not on
 * the right of `as_of`: the version is chosen before anything is asked of it.
 */
import type { TypedExpr } from '../../expr/ast.ts'
import type { JoinSpec, StepSpec } from '../../spec/pipeline-spec.ts'
import type { Draft } from '../draft.ts'
import { bothSides, sideOf, withoutAlias } from '../equality-pairs.ts'
import { conjunction, conjuncts, readsChange } from '../expr-shape.ts'
import { tryRowExpr } from '../expression-checks.ts'
import type { Stream } from '../planning.ts'
import { addFilter, planWhere } from './filter-steps.ts'
import { isHaving, planSteps } from './plan-steps.ts'

export interface EarlyTerms {
  /** Indexes of the terms of that `where` that need not run again. */
  readonly done: ReadonlySet<number>
  /** Over the right row itself. */
  readonly rightWhere: TypedExpr | null
}

export const NOTHING_EARLY: EarlyTerms = { done: new Set(), rightWhere: null }

type Place = 'left' | 'right' | 'behind'

export function filterBeforeJoin(
  draft: Draft,
  first: StepSpec | undefined,
  right: Stream,
): EarlyTerms {
  const join = draft.spec.core?.kind === 'join' ? draft.spec.core.join : null
  if (join === null || first?.kind !== 'where' || isHaving(first)) return NOTHING_EARLY
  if (join.type === 'right' || join.type === 'full') return NOTHING_EARLY
  const sides = { left: draft.row, right: right.row, alias: join.alias }
  const row = bothSides(sides, join.type === 'left')
  const at = first.key
  const predicate = tryRowExpr(draft, first.expr, { at, row, want: 'boolean', allowChange: true })
  if (predicate === null) return NOTHING_EARLY
  const terms = conjuncts(predicate)
  const places = terms.map((term) => placeOf(term, join))
  const termsAt = (place: Place): TypedExpr[] => terms.filter((_, index) => places[index] === place)
  const left = conjunction(termsAt('left'), predicate)
  if (left !== null) addFilter(draft, { predicate: left, role: 'where', at })
  const rights = termsAt('right').map((term) => withoutAlias(term, join.alias))
  const done = places.flatMap((place, index) => (place === 'behind' ? [] : [index]))
  return { done: new Set(done), rightWhere: conjunction(rights, predicate) }
}

function placeOf(term: TypedExpr, join: JoinSpec): Place {
  const side = sideOf(term, join.alias)
  if (side === 'left' || side === 'none') return 'left'
  const isInner = (join.type ?? 'inner') === 'inner' && join.as_of === undefined
  return side === 'right' && isInner && !readsChange(term) ? 'right' : 'behind'
}

/** The steps behind the core, without the terms of a join's first `where` that ran before it. */
export function planBehindJoin(
  draft: Draft,
  steps: readonly StepSpec[],
  done: ReadonlySet<number>,
): void {
  const [first, ...others] = steps
  if (first?.kind !== 'where' || done.size === 0) {
    planSteps(draft, steps)
    return
  }
  planWhere(draft, first, { role: 'where', done })
  planSteps(draft, others)
}
