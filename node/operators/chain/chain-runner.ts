/**
 * A compiled chain at work in an operator: counts records, routes failures and rejected rows, fits
 * batches to the columns the chain was compiled for.
 *
 * Owns: the rejected rows of the batch at hand. They are emitted when the batch is done.
 */
import { StreamError } from '../../../shared/base/errors.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { INSERT, type Batch } from '../../../shared/model/batch.ts'
import { rowAt } from '../../../shared/model/batch-rows.ts'
import { BatchFit } from '../../../shared/model/convert-batch.ts'
import type { OperatorContext } from '../operator.ts'
import {
  compileChain,
  type Chain,
  type ChainEnvironment,
  type ChainHost,
  type ChainSpec,
} from './compile-chain.ts'

export interface ChainRunnerOptions extends ChainSpec, ChainEnvironment {}

export class ChainRunner implements ChainHost {
  readonly #chain: Chain
  readonly #fit: BatchFit
  readonly #rejected: BatchBuilder | null
  #context: OperatorContext | null = null
  #batch: Batch | null = null

  constructor(options: ChainRunnerOptions) {
    this.#chain = compileChain(options, options)
    this.#fit = new BatchFit({ columns: options.input })
    const columns = options.rejected ?? []
    this.#rejected = columns.length > 0 ? new BatchBuilder({ columns }, 64) : null
  }

  get code(): string {
    return this.#chain.code
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  /** What is left of a batch; null for nothing. */
  run(batch: Batch): Batch | null {
    const fitted = this.#fit.fitted(batch)
    this.#batch = fitted
    const left = this.#chain.run(fitted, this)
    this.#count()
    this.#flushRejected()
    this.#batch = null
    return left
  }

  fail(row: number, error: unknown): void {
    if (!(error instanceof StreamError)) throw error
    const batch = this.#batch
    this.#context?.fail({
      code: error.code,
      message: error.message,
      error,
      payload: () => (batch === null ? null : rowAt(batch, row)),
      endsRun: error.code === 'RULE_BROKEN',
    })
  }

  reject(row: number, _rules: readonly string[], values: readonly unknown[]): void {
    const batch = this.#batch
    if (this.#rejected === null || batch === null) return
    const time = batch.eventTime[row] ?? Number.NaN
    this.#rejected.append(values, time, batch.kind?.[row] ?? INSERT)
  }

  observe(rule: string, action: 'observe' | 'warn'): void {
    this.#context?.observe?.(rule, action)
  }

  now(): number {
    return this.#context?.now() ?? Number.NaN
  }

  #count(): void {
    const counters = this.#context?.counters
    if (counters === undefined) return
    const counts = this.#chain.counts
    counters.passed += counts.passed
    counters.filtered += counts.filtered
    counters.rejected += counts.rejected
  }

  #flushRejected(): void {
    if (this.#rejected === null || this.#rejected.length === 0) return
    this.#context?.output('rejected').emit(this.#rejected.finish())
  }
}
