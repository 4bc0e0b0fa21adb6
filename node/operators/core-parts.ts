/** What operators of several kinds are made from, taken out of the plan. */
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Stage } from '../../shared/planning/execution/stage.ts'
import type { EdgeKind, TransformBlock } from '../../shared/planning/plan.ts'
import { StateStore } from '../state/state-store.ts'
import type { Operator } from './operator.ts'
import type { OperatorPlace } from './operator-place.ts'
import { countsByProcessingTime, ProcessingTimeTtl, type Sweep } from './ttl-clock.ts'

export interface KeyedParts {
  readonly store: StateStore
  readonly ttlMs: number | null
  readonly late: readonly ColumnSpec[]
}

export function keyedParts(
  block: TransformBlock,
  { stage, environment }: OperatorPlace,
): KeyedParts {
  const store = new StateStore(environment.memory)
  return { store, ttlMs: block.ttlMs, late: outputColumns(stage, 'late') }
}

export function identityOf(block: TransformBlock): {
  readonly edge: EdgeKind
  readonly uniqueKey: readonly string[] | null
} {
  const stream = block.outputs.find((output) => output.name === 'main')?.stream
  return { edge: stream?.edge ?? 'append', uniqueKey: stream?.uniqueKey ?? null }
}

export function outputColumns(stage: Stage, name: string): readonly ColumnSpec[] {
  return stage.outputs.find((output) => output.name === name)?.columns ?? []
}

/** An operator whose state nothing bounds but `ttl`, by the time that `ttl` counts by. */
export function forgettingKeys(operator: Operator, sweep: Sweep, place: OperatorPlace): Operator {
  const { block } = place.stage
  if (block.kind !== 'transform' || block.ttlMs === null) return operator
  if (!countsByProcessingTime(place.environment.plan, block)) return operator
  return new ProcessingTimeTtl(operator, block.ttlMs, sweep)
}
