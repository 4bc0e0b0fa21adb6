/** What every join operator is made of. */
import type { Overload } from '../../../shared/expr/overload.ts'
import type { JoinCore } from '../../../shared/planning/plan.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { PairPredicate } from './pair-filter.ts'

export interface JoinOptions {
  readonly core: JoinCore
  readonly store: StateStore
  /** The residual condition, compiled over `pairColumns(core)`; null when the plan has none. */
  readonly predicate: PairPredicate | null
  /** For conditions that an operator compiles into its own loop; without it there are none. */
  readonly overload?: (id: string) => Overload
  readonly ttlMs: number | null
  /** Rows of emitted batches and pairs of a chunk, at most. For tests; at least 2. */
  readonly batchRows?: number
}
