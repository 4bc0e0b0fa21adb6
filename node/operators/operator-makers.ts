/** Who makes the operators of a plan, by kind, and how a stage finds its own. */
import { assert, AssertionError, unreachable } from '../../shared/base/assert.ts'
import { isMaterialized, type Plan, type TransformBlock } from '../../shared/planning/plan.ts'
import type { aggregateOf } from './aggregate/create-aggregate.ts'
import type { materializerOf, normalizerOf } from './changes/create-changes.ts'
import { chainOperatorOf } from './chain/stage-chain.ts'
import type { dedupeOf } from './dedupe/create-dedupe.ts'
import type { joinOf } from './join/create-join.ts'
import type { Operator } from './operator.ts'
import type { OperatorFactory, OperatorPlace } from './operator-place.ts'
import type { processOf } from './process/create-process.ts'
import type { topOf } from './top/create-top.ts'

/** Chains need none: every plan has them. */
export interface OperatorMakers {
  readonly aggregate: typeof aggregateOf
  readonly dedupe: typeof dedupeOf
  readonly join: typeof joinOf
  readonly materializer: typeof materializerOf
  readonly normalizer: typeof normalizerOf
  readonly process: typeof processOf
  readonly top: typeof topOf
}

export function operatorsBy(makers: Partial<OperatorMakers>): OperatorFactory {
  return (place) => operatorOf(place, makers)
}

/** The makers that a plan needs. */
export function makersNeeded({ blocks }: Plan): Set<keyof OperatorMakers> {
  const needed = new Set<keyof OperatorMakers>()
  for (const block of blocks) {
    if (block.kind === 'source' && block.normalizer === true) needed.add('normalizer')
    if (block.kind === 'sink' && isMaterialized(block)) needed.add('materializer')
    if (block.kind === 'transform' && block.core !== null) needed.add(block.core.kind)
  }
  return needed
}

function operatorOf(place: OperatorPlace, makers: Partial<OperatorMakers>): Operator {
  const { stage } = place
  switch (stage.role) {
    case 'steps':
    case 'pre':
    case 'post':
      return chainOperatorOf(stage, place.inputs[0] ?? [], place.environment)
    case 'core':
      return coreOf(stage.block, place, makers)
    case 'normalize':
      return loaded(makers.normalizer, 'normalizer')(stage.block, place)
    case 'materialize':
      return loaded(makers.materializer, 'materializer')(stage.block, place)
    case 'source':
    case 'sink':
      throw new AssertionError(`assertion failed: a ${stage.role} has an operator`)
    default:
      return unreachable(stage)
  }
}

function coreOf(
  block: TransformBlock,
  place: OperatorPlace,
  makers: Partial<OperatorMakers>,
): Operator {
  const { core } = block
  assert(core !== null, 'a core stage has a core')
  switch (core.kind) {
    case 'aggregate':
      return loaded(makers.aggregate, core.kind)(block, core, place)
    case 'join':
      return loaded(makers.join, core.kind)(block, core, place)
    case 'top':
      return loaded(makers.top, core.kind)(block, core, place)
    case 'dedupe':
      return loaded(makers.dedupe, core.kind)(block, core, place)
    case 'process':
      return loaded(makers.process, core.kind)(block, core, place)
    default:
      return unreachable(core)
  }
}

function loaded<Maker>(maker: Maker | undefined, kind: string): Maker {
  assert(maker !== undefined, `the operators of ${kind} are loaded`)
  return maker
}
