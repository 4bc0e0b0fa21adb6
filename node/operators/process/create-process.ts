/** From a block with a function per record to its operator. */
import type { ProcessorDefinition } from '../../../shared/api/processor-definition.ts'
import { assert } from '../../../shared/base/assert.ts'
import type { ProcessCore, TransformBlock } from '../../../shared/planning/plan.ts'
import { keyedParts } from '../core-parts.ts'
import type { Operator } from '../operator.ts'
import type { OperatorPlace } from '../operator-place.ts'
import { countsByProcessingTime } from '../ttl-clock.ts'
import { ProcessOperator } from './process-operator.ts'

export function processOf(
  block: TransformBlock,
  core: ProcessCore,
  place: OperatorPlace,
): Operator {
  const { definition, ref } = core.fn
  assert(isProcessor(definition), `the process function ${ref} is loaded`)
  const ttlByProcessingTime = countsByProcessingTime(place.environment.plan, block)
  return new ProcessOperator({ core, definition, ttlByProcessingTime, ...keyedParts(block, place) })
}

function isProcessor(definition: unknown): definition is ProcessorDefinition {
  return typeof definition === 'object' && definition !== null && 'onRecord' in definition
}
