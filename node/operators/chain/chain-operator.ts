/**
 * The operator of a stateless stage: a block without a core, the steps before a core together with
 * the columns it reads, or the steps behind one. Every record that comes is counted.
 */
import type { Batch } from '../../../shared/model/batch.ts'
import { DONE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { ChainRunner } from './chain-runner.ts'
import type { ChainEnvironment, ChainSpec } from './compile-chain.ts'

export class ChainOperator implements Operator {
  readonly #runner: ChainRunner
  #context: OperatorContext | null = null

  constructor(spec: ChainSpec, environment: ChainEnvironment) {
    this.#runner = new ChainRunner({ ...spec, ...environment })
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
