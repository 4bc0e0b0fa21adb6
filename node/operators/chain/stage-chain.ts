/** What the chain of a stateless stage is: its steps, what goes in and what somebody reads of it. */
import { assert } from '../../../shared/base/assert.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { inputColumns } from '../../../shared/planning/execution/execution-plan.ts'
import type { Stage } from '../../../shared/planning/execution/stage.ts'
import type { ProjectedColumn, Step, TransformBlock } from '../../../shared/planning/plan.ts'
import { ChainOperator } from './chain-operator.ts'
import type { ChainEnvironment, ChainSpec } from './compile-chain.ts'

export type ChainStage = Extract<Stage, { role: 'steps' | 'pre' | 'core' | 'post' }>

/** `input`: the columns of the batches that come. */
export function chainOperatorOf(
  stage: ChainStage,
  input: readonly ColumnSpec[],
  environment: ChainEnvironment,
): ChainOperator {
  return new ChainOperator(chainSpecOf(stage, input), environment)
}

export function chainSpecOf(stage: ChainStage, input: readonly ColumnSpec[]): ChainSpec {
  const { block, outputs, role } = stage
  const main = (outputs.find((output) => output.name === 'main')?.columns ?? []).map(asItIs)
  const rejected = outputs.find((output) => output.name === 'rejected')?.columns ?? []
  switch (role) {
    case 'steps': {
      const steps = [...block.pre, ...block.post]
      return { input: block.inputColumns ?? input, steps, output: main, rejected }
    }
    case 'pre':
      return { ...coreInput(block, stage.blockInput, input), rejected }
    case 'post':
      return { input, steps: block.post, output: main, rejected }
    case 'core':
      return { input, steps: [], output: main, rejected }
  }
}

/** The columns a core reads, with the steps in front of it. Those of a join stand on the left. */
function coreInput(
  block: TransformBlock,
  blockInput: number,
  input: readonly ColumnSpec[],
): ChainSpec {
  const { core } = block
  assert(core !== null, 'a stage before a core has a core')
  if (core.kind === 'join' && blockInput === block.inputs.length - 1) {
    return { input, steps: rightSteps(core.right.where ?? null), output: core.right.input }
  }
  const output = inputColumns(core, 0)
  return { input: block.inputColumns ?? input, steps: block.pre, output }
}

/** Rows of the right side for which its own condition is not true take no part. */
function rightSteps(predicate: ProjectedColumn['expr'] | null): readonly Step[] {
  return predicate === null ? [] : [{ kind: 'filter', predicate, role: 'where' }]
}

/** A column of the scope as a projected one. */
function asItIs(spec: ColumnSpec): ProjectedColumn {
  const { path, type, nullable } = spec
  return { spec, expr: { node: 'column', path, type, nullable } }
}
