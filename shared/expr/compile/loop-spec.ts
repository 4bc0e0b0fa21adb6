/** What a generated loop is made from, and how it talks to its caller. */
import type { Batch } from '../../model/batch.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import type { ProjectedColumn, Step } from '../../planning/plan.ts'
import type { Overload } from '../overload.ts'

export type LoopStep = Extract<Step, { kind: 'filter' | 'project' | 'validate' }>

export interface LoopSpec {
  readonly input: readonly ColumnSpec[]
  readonly steps: readonly LoopStep[]
  readonly output: readonly ProjectedColumn[]
  /** Columns of the `rejected` output that somebody reads, perhaps with `_rule`; perhaps none. */
  readonly rejected: readonly ColumnSpec[]
  /** Arrays of the result are written again by the next call: the consumer keeps none of them. */
  readonly reuse?: boolean
  /** Only which rows are left matters: event times stay those of the batch. */
  readonly onlyRows?: boolean
  /** Outputs from this index on are such arrays in any case. */
  readonly scratchFrom?: number
  readonly overload: (id: string) => Overload
}

/** Told what does not go the ordinary way. Calls come in the order of rows. */
export interface LoopHost {
  /** A row threw: it is in no output. What this throws ends the batch. */
  fail(row: number, error: unknown): void
  /** A row broke rules of `validate`; `values` are those of the rejected columns. */
  reject(row: number, rules: readonly string[], values: readonly unknown[]): void
  /** A row broke a rule that is only observed. */
  observe(rule: string, action: 'observe' | 'warn'): void
  /** Rows that a filter dropped; added to. */
  filtered: number
  /** Which rows of the batch are left, the first `length` of them; null when all are. */
  selection: Int32Array | null
  now(): number
}

export interface Loop {
  /** Readable; what `explain --code` prints. */
  readonly code: string
  /** The rows that are left; null when none are. The batch has the layouts of `input`. */
  run(batch: Batch, host: LoopHost): Batch | null
}
