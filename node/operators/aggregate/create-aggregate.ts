/** From an aggregating block to its operator. */
import type {
  AggregateCore,
  EdgeKind,
  InputRef,
  TransformBlock,
} from '../../../shared/planning/plan.ts'
import { forgettingKeys, outputColumns } from '../core-parts.ts'
import type { Operator } from '../operator.ts'
import type { OperatorEnvironment, OperatorPlace } from '../operator-place.ts'
import { countsByProcessingTime } from '../ttl-clock.ts'
import { aggregateOperator } from './aggregate-operator.ts'

export function aggregateOf(
  block: TransformBlock,
  core: AggregateCore,
  place: OperatorPlace,
): Operator {
  const { stage, environment } = place
  const { plan, memory } = environment
  const hasLate = block.outputs.some((output) => output.name === 'late')
  const operator = aggregateOperator({
    core,
    inputEdge: edgeOf(environment, block.inputs[0]),
    outputEdge: block.outputs.find((output) => output.name === 'main')?.stream.edge ?? 'append',
    ttlMs: block.ttlMs,
    ttlByProcessingTime: countsByProcessingTime(plan, block),
    lateColumns: hasLate ? outputColumns(stage, 'late') : null,
    memory,
  })
  const isBounded = core.window !== null && core.window.type !== 'count'
  return isBounded ? operator : forgettingKeys(operator, 'in-slices', place)
}

function edgeOf({ plan }: OperatorEnvironment, ref: InputRef | undefined): EdgeKind {
  const block = plan.blocks.find((one) => one.name === ref?.block)
  return block?.outputs.find((output) => output.name === ref?.output)?.stream.edge ?? 'append'
}
