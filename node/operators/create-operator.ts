/** From a stage of the plan to its operator. The only place that knows all kinds of operators. */
import { assert, AssertionError, unreachable } from '../../shared/base/assert.ts'
import { compilePredicate } from '../../shared/expr/compile/compile-predicate.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Stage } from '../../shared/planning/execution/stage.ts'
import type {
  AggregateCore,
  Core,
  DedupeCore,
  EdgeKind,
  InputRef,
  JoinCore,
  ProcessCore,
  TopCore,
  TransformBlock,
} from '../../shared/planning/plan.ts'
import type { ProcessorDefinition } from '../../shared/api/processor-definition.ts'
import { StateStore } from '../state/state-store.ts'
import { aggregateOperator } from './aggregate/aggregate-operator.ts'
import { chainOperatorOf } from './chain/stage-chain.ts'
import { materializer } from './changes/materializer.ts'
import { Normalizer } from './changes/normalizer.ts'
import { dedupeOperator } from './dedupe/dedupe-operator.ts'
import { joinOperator, pairColumns, type PairPredicate } from './join/join-operator.ts'
import type { Operator } from './operator.ts'
import { ProcessOperator } from './process/process-operator.ts'
import { isTopByAggregate, TopByAggregate } from './top/top-by-aggregate.ts'
import { topOperator } from './top/top-operator.ts'
import { countsByProcessingTime, ProcessingTimeTtl, type Sweep } from './ttl-clock.ts'
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
    case 'normalize': {
      const { columns, store } = changeParts(place)
      return new Normalizer({ columns, store, key: indexesOf(columns, stage.block.primaryKey) })
    }
    case 'materialize': {
      const { columns, store } = changeParts(place)
      const { key, latestBy } = stage.block
      const by = latestBy === null ? null : (indexesOf(columns, [latestBy])[0] ?? null)
      return materializer({ columns, store, key: indexesOf(columns, key), latestBy: by })
    }
    case 'source':
    case 'sink':
      throw new AssertionError(`assertion failed: a ${stage.role} has an operator`)
    default:
      return unreachable(stage)
  }
}

function coreOf(block: TransformBlock, core: Core, place: OperatorPlace): Operator {
  switch (core.kind) {
    case 'aggregate':
      return aggregateOf(block, core, place)
    case 'join':
      return joinOf(block, core, place)
    case 'top':
      return topOf(block, core, place)
    case 'dedupe':
      return dedupeOf(block, core, place)
    case 'process':
      return processOf(block, core, place)
    default:
      return unreachable(core)
  }
}

function aggregateOf(block: TransformBlock, core: AggregateCore, place: OperatorPlace): Operator {
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

function joinOf(block: TransformBlock, core: JoinCore, place: OperatorPlace): Operator {
  const { environment } = place
  const predicate = pairPredicate(core, environment)
  const store = new StateStore(environment.memory)
  const { overload } = environment
  const operator = joinOperator({ core, store, predicate, overload, ttlMs: block.ttlMs })
  return core.mode.kind === 'updating' ? forgettingKeys(operator, 'at-once', place) : operator
}

function topOf(block: TransformBlock, core: TopCore, place: OperatorPlace): Operator {
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

function dedupeOf(block: TransformBlock, core: DedupeCore, place: OperatorPlace): Operator {
  const operator = dedupeOperator({ core, ...keyedParts(block, place), ...identityOf(block) })
  return core.mode.kind === 'within' ? operator : forgettingKeys(operator, 'at-once', place)
}

/** An operator whose state nothing bounds but `ttl`, by the time that `ttl` counts by. */
function forgettingKeys(operator: Operator, sweep: Sweep, place: OperatorPlace): Operator {
  const { block } = place.stage
  if (block.kind !== 'transform' || block.ttlMs === null) return operator
  if (!countsByProcessingTime(place.environment.plan, block)) return operator
  return new ProcessingTimeTtl(operator, block.ttlMs, sweep)
}

interface KeyedParts {
  readonly store: StateStore
  readonly ttlMs: number | null
  readonly late: readonly ColumnSpec[]
}

function keyedParts(block: TransformBlock, { stage, environment }: OperatorPlace): KeyedParts {
  const store = new StateStore(environment.memory)
  return { store, ttlMs: block.ttlMs, late: outputColumns(stage, 'late') }
}

function identityOf(block: TransformBlock): {
  readonly edge: EdgeKind
  readonly uniqueKey: readonly string[] | null
} {
  const stream = block.outputs.find((output) => output.name === 'main')?.stream
  return { edge: stream?.edge ?? 'append', uniqueKey: stream?.uniqueKey ?? null }
}

function processOf(block: TransformBlock, core: ProcessCore, place: OperatorPlace): Operator {
  const { definition, ref } = core.fn
  assert(isProcessor(definition), `the process function ${ref} is loaded`)
  const ttlByProcessingTime = countsByProcessingTime(place.environment.plan, block)
  return new ProcessOperator({ core, definition, ttlByProcessingTime, ...keyedParts(block, place) })
}

function isProcessor(definition: unknown): definition is ProcessorDefinition {
  return typeof definition === 'object' && definition !== null && 'onRecord' in definition
}

function changeParts({ inputs, environment }: OperatorPlace): {
  readonly columns: readonly ColumnSpec[]
  readonly store: StateStore
} {
  return { columns: inputs[0] ?? [], store: new StateStore(environment.memory) }
}

function indexesOf(columns: readonly ColumnSpec[], paths: readonly string[] | null): number[] {
  return (paths ?? []).map((path) => {
    const index = columns.findIndex((column) => column.path === path)
    assert(index >= 0, `the key column ${path} comes in`)
    return index
  })
}

/** What is left of the condition, after the terms of the key. */
function pairPredicate(core: JoinCore, { overload }: OperatorEnvironment): PairPredicate | null {
  if (core.residual === null) return null
  const compiled = compilePredicate(core.residual, pairColumns(core), overload)
  return (pairs, fail) => compiled.run(pairs, fail)
}

function edgeOf({ plan }: OperatorEnvironment, ref: InputRef | undefined): EdgeKind {
  const block = plan.blocks.find((one) => one.name === ref?.block)
  return block?.outputs.find((output) => output.name === ref?.output)?.stream.edge ?? 'append'
}

function outputColumns(stage: Stage, name: string): readonly ColumnSpec[] {
  return stage.outputs.find((output) => output.name === name)?.columns ?? []
}
