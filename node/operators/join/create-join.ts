/** From a joining block to its operator. */
import { compilePredicate } from '../../../shared/expr/compile/compile-predicate.ts'
import type { JoinCore, TransformBlock } from '../../../shared/planning/plan.ts'
import { StateStore } from '../../state/state-store.ts'
import { forgettingKeys } from '../core-parts.ts'
import type { Operator } from '../operator.ts'
import type { OperatorEnvironment, OperatorPlace } from '../operator-place.ts'
import { joinOperator, pairColumns, type PairPredicate } from './join-operator.ts'

export function joinOf(block: TransformBlock, core: JoinCore, place: OperatorPlace): Operator {
  const { environment } = place
  const predicate = pairPredicate(core, environment)
  const store = new StateStore(environment.memory)
  const { overload } = environment
  const operator = joinOperator({ core, store, predicate, overload, ttlMs: block.ttlMs })
  return core.mode.kind === 'updating' ? forgettingKeys(operator, 'at-once', place) : operator
}

/** What is left of the condition, after the terms of the key. */
function pairPredicate(core: JoinCore, { overload }: OperatorEnvironment): PairPredicate | null {
  if (core.residual === null) return null
  const compiled = compilePredicate(core.residual, pairColumns(core), overload)
  return (pairs, fail) => compiled.run(pairs, fail)
}
