/** The operator of a join core, by its mode. */
import type { Operator } from '../operator.ts'
import { AsOfJoin } from './as-of-join.ts'
import type { JoinOptions } from './join-options.ts'
import { KeyedJoin } from './keyed-join.ts'

export type { JoinOptions } from './join-options.ts'
export { pairColumns, type PairPredicate } from './pair-filter.ts'

export function joinOperator(options: JoinOptions): Operator {
  return options.core.mode.kind === 'as_of' ? new AsOfJoin(options) : new KeyedJoin(options)
}
