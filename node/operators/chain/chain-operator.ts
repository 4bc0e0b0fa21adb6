/**
 * The operator of a block without a core: its steps as one chain over every batch. Stateless; a
 * union's inputs all run through the same chain.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { OutputPlan, ProjectedColumn, TransformBlock } from '../../../shared/planning/plan.ts'
import { DONE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { ChainRunner } from './chain-runner.ts'
import type { ChainEnvironment } from './compile-chain.ts'

export class ChainOperator implements Operator {
  readonly #runner: ChainRunner
  #context: OperatorContext | null = null

  /** `input`: the columns of the batches that come, where the plan does not say them. */
  constructor(block: TransformBlock, input: readonly ColumnSpec[], environment: ChainEnvironment) {
    assert(block.core === null, 'a chain operator has no core')
    this.#runner = new ChainRunner({
      input: block.inputColumns ?? input,
      steps: [...block.pre, ...block.post],
      output: columnsRead(block, 'main').map(asItIs),
      rejected: columnsRead(block, 'rejected'),
      counting: 'block',
      ...environment,
    })
  }

  get code(): string {
    return this.#runner.code
  }

  open(context: OperatorContext): void {
    this.#context = context
    this.#runner.open(context)
  }

  onBatch(_input: number, batch: Batch): Progress {
    const left = this.#runner.run(batch)
    if (left !== null) this.#context?.output('main').emit(left)
    return DONE
  }

  onWatermark(): Progress {
    return DONE
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    return DONE
  }

  outputWatermark(watermark: number): number {
    return watermark
  }

  close(): void {}
}

/** The columns of a block's output that somebody reads. */
export function columnsRead(block: TransformBlock, output: string): ColumnSpec[] {
  const plan: OutputPlan | undefined = block.outputs.find((one) => one.name === output)
  if (plan === undefined) return []
  const used = new Set(plan.used)
  return plan.stream.columns.filter((spec) => used.has(spec.path))
}

/** A column of the scope as a projected one. */
export function asItIs(spec: ColumnSpec): ProjectedColumn {
  const { path, type, nullable } = spec
  return { spec, expr: { node: 'column', path, type, nullable } }
}
