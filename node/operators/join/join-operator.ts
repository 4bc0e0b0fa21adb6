/** The operator of a join core, by its mode. */
import type { Operator } from '../operator.ts'
import { AppendJoin, isAppendJoin } from './append/append-join.ts'
import { AsOfJoin } from './as-of-join.ts'
import type { JoinOptions } from './join-options.ts'
import { KeyedJoin } from './keyed-join.ts'
import { collectsWindows, WindowJoin } from './window/window-join.ts'

export type { JoinOptions } from './join-options.ts'
export { pairColumns, type PairPredicate } from './pair-filter.ts'

export function joinOperator(options: JoinOptions): Operator {
  if (options.core.mode.kind === 'as_of') return new AsOfJoin(options)
  if (isAppendJoin(options)) return new AppendJoin(options)
  return collectsWindows(options.core) ? new WindowJoin(options) : new KeyedJoin(options)
}
