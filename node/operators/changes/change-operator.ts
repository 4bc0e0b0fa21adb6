/**
 * What the operators of this folder share: records come in, are applied to keyed state one by one,
 * and the changes they cause go out in the same order. They have no time: watermarks pass.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { KeyedBatch } from '../keyed-batch.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { StateBatches } from '../state-batches.ts'

export interface ChangeOptions {
  readonly columns: readonly ColumnSpec[]
  /** Indexes of the key's columns. */
  readonly key: readonly number[]
  /** Rows of emitted batches, at most; for tests. */
  readonly batchRows?: number
}

export abstract class ChangeOperator implements Operator {
  protected readonly key: KeyedBatch
  protected readonly out: StateBatches
  #context: OperatorContext | null = null

  constructor({ columns, key, batchRows }: ChangeOptions) {
    this.key = new KeyedBatch(columns, key)
    this.out = new StateBatches(columns, batchRows)
  }

  /** Applies row i of the batch, whose key is open, and writes to `out` what changes. */
  protected abstract apply(batch: Batch, row: number): void

  protected get context(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    this.key.open(batch)
    for (let row = 0; row < batch.length; row++) this.apply(batch, row)
    this.context.counters.absorbed += batch.length
    this.out.finish()
    return this.resume()
  }

  resume(): Progress {
    return this.out.drain(this.context.output('main')) ? DONE : MORE
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

  outputWatermark(watermark: number): number {
    return watermark
  }

  close(): void {
    this.#context = null
  }
}
