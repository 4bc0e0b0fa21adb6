/** From a deduplicating block to its operator. */
import type { DedupeCore, TransformBlock } from '../../../shared/planning/plan.ts'
import { forgettingKeys, identityOf, keyedParts } from '../core-parts.ts'
import type { Operator } from '../operator.ts'
import type { OperatorPlace } from '../operator-place.ts'
import { dedupeOperator } from './dedupe-operator.ts'

export function dedupeOf(block: TransformBlock, core: DedupeCore, place: OperatorPlace): Operator {
  const operator = dedupeOperator({ core, ...keyedParts(block, place), ...identityOf(block) })
  return core.mode.kind === 'within' ? operator : forgettingKeys(operator, 'at-once', place)
}
