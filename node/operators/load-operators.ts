/**
 * The operators that one plan needs, and no others: a start is mostly imports. Who makes any kind
 * there is uses create-operator.ts.
 */
import type { Plan } from '../../shared/planning/plan.ts'
import { makersNeeded, operatorsBy, type OperatorMakers } from './operator-makers.ts'
import type { OperatorFactory } from './operator-place.ts'

const LOADERS: { readonly [Kind in keyof OperatorMakers]: () => Promise<OperatorMakers[Kind]> } = {
  aggregate: async () => (await import('./aggregate/create-aggregate.ts')).aggregateOf,
  dedupe: async () => (await import('./dedupe/create-dedupe.ts')).dedupeOf,
  join: async () => (await import('./join/create-join.ts')).joinOf,
  materializer: async () => (await import('./changes/create-changes.ts')).materializerOf,
  normalizer: async () => (await import('./changes/create-changes.ts')).normalizerOf,
  process: async () => (await import('./process/create-process.ts')).processOf,
  top: async () => (await import('./top/create-top.ts')).topOf,
}

export async function loadOperators(plan: Plan): Promise<OperatorFactory> {
  const kinds = [...makersNeeded(plan)]
  const makers = await Promise.all(
    kinds.map(async (kind) => [kind, await LOADERS[kind]()] as const),
  )
  return operatorsBy(Object.fromEntries(makers))
}
