/** From a block of best rows to its operator. */
import type { TopCore, TransformBlock } from '../../../shared/planning/plan.ts'
import { forgettingKeys, identityOf, keyedParts, outputColumns } from '../core-parts.ts'
import type { Operator } from '../operator.ts'
import type { OperatorPlace } from '../operator-place.ts'
import { countsByProcessingTime } from '../ttl-clock.ts'
import { isTopByAggregate, TopByAggregate } from './top-by-aggregate.ts'
import { topOperator } from './top-operator.ts'

export function topOf(block: TransformBlock, core: TopCore, place: OperatorPlace): Operator {
  if (isTopByAggregate(core)) return topByAggregate(block, core, place)
  const operator = topOperator({ core, ...keyedParts(block, place), ...identityOf(block) })
  return core.window === null ? forgettingKeys(operator, 'at-once', place) : operator
}

function topByAggregate(block: TransformBlock, core: TopCore, place: OperatorPlace): Operator {
  const { plan, memory } = place.environment
  const hasLate = block.outputs.some((output) => output.name === 'late')
  const operator = new TopByAggregate({
    core,
    edge: identityOf(block).edge,
    ttlMs: block.ttlMs,
    ttlByProcessingTime: countsByProcessingTime(plan, block),
    lateColumns: hasLate ? outputColumns(place.stage, 'late') : null,
    memory,
  })
  return core.window?.type === 'count' ? forgettingKeys(operator, 'in-slices', place) : operator
}
