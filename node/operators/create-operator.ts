/** From a stage of the plan to its operator. The only place that knows all kinds of operators. */
import { assert, unreachable } from '../../shared/base/assert.ts'
import { compilePredicate } from '../../shared/expr/compile/compile-predicate.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Stage } from '../../shared/planning/execution/stage.ts'
import type {
  AggregateCore,
  Core,
  EdgeKind,
  InputRef,
  JoinCore,
  TransformBlock,
} from '../../shared/planning/plan.ts'
import { StateStore } from '../state/state-store.ts'
import { aggregateOperator } from './aggregate/aggregate-operator.ts'
import { chainOperatorOf } from './chain/stage-chain.ts'
import { joinOperator, pairColumns, type PairPredicate } from './join/join-operator.ts'
import type { Operator } from './operator.ts'
import type { OperatorEnvironment, OperatorPlace } from './operator-place.ts'

export function createOperator(place: OperatorPlace): Operator {
  const { stage } = place
  switch (stage.role) {
    case 'steps':
    case 'pre':
    case 'post':
      return chainOperatorOf(stage, place.inputs[0] ?? [], place.environment)
    case 'core':
      assert(stage.block.core !== null, 'a core stage has a core')
      return coreOf(stage.block, stage.block.core, place)
    case 'normalize':
    case 'materialize':
      throw new Error(`${stage.role} is not wired`)
    default:
      throw new Error(`a ${stage.role} has no operator`)
  }
}

function coreOf(block: TransformBlock, core: Core, place: OperatorPlace): Operator {
  switch (core.kind) {
    case 'aggregate':
      return aggregateOf(block, core, place)
    case 'join':
      return joinOf(block, core, place)
    case 'top':
    case 'dedupe':
    case 'process':
      throw new Error(`${core.kind} is not wired`)
    default:
      return unreachable(core)
  }
}

function aggregateOf(block: TransformBlock, core: AggregateCore, place: OperatorPlace): Operator {
  const { stage, environment } = place
  const { plan, memory } = environment
  const hasLate = block.outputs.some((output) => output.name === 'late')
  return aggregateOperator({
    core,
    inputEdge: edgeOf(environment, block.inputs[0]),
    outputEdge: block.outputs.find((output) => output.name === 'main')?.stream.edge ?? 'append',
    ttlMs: block.ttlMs,
    ttlByProcessingTime: plan.blocks.every((one) => one.kind !== 'source' || !one.eventTime),
    lateColumns: hasLate ? outputColumns(stage, 'late') : null,
    memory,
  })
}

function joinOf(block: TransformBlock, core: JoinCore, { environment }: OperatorPlace): Operator {
  const { memory } = environment
  const predicate = pairPredicate(core, environment)
  return joinOperator({ core, store: new StateStore(memory), predicate, ttlMs: block.ttlMs })
}

/** What is left of the condition; a pair for which it throws fails the run, as no row of ours did. */
function pairPredicate(core: JoinCore, { overload }: OperatorEnvironment): PairPredicate | null {
  if (core.residual === null) return null
  const compiled = compilePredicate(core.residual, pairColumns(core), overload)
  return (pairs) =>
    compiled.run(pairs, (_row, error) => {
      throw error
    })
}

function edgeOf({ plan }: OperatorEnvironment, ref: InputRef | undefined): EdgeKind {
  const block = plan.blocks.find((one) => one.name === ref?.block)
  return block?.outputs.find((output) => output.name === ref?.output)?.stream.edge ?? 'append'
}

function outputColumns(stage: Stage, name: string): readonly ColumnSpec[] {
  return stage.outputs.find((output) => output.name === name)?.columns ?? []
}
