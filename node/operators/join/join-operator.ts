/** The operator of a join core, by its mode. */
import type { Operator } from '../operator.ts'
import { asOfJoin } from './as-of-join.ts'
import { KeyedJoin, type JoinOptions } from './keyed-join.ts'

export type { JoinOptions } from './keyed-join.ts'
export { pairColumns, type PairPredicate } from './pair-filter.ts'

export function joinOperator(options: JoinOptions): Operator {
  return options.core.mode.kind === 'as_of' ? asOfJoin(options) : new KeyedJoin(options)
}
