/** Stages and chains: what an execution plan is made of (see execution-plan.ts). */
import type { ColumnSpec } from '../../model/layout.ts'
import type { SinkBlock, SourceBlock, TransformBlock } from '../plan.ts'

/**
 * `normalize`: the last-row state behind an upsert source; `materialize`: the last-row state in
 * front of a sink whose key is not its stream's, or with `latest_by`.
 */
export type StageRole =
  | 'source'
  | 'normalize'
  | 'steps'
  | 'pre'
  | 'core'
  | 'post'
  | 'materialize'
  | 'sink'

/** How rows of a producing subtask find the consuming one. */
export type Route =
  | { readonly kind: 'forward' } // to the subtask of the same index
  | { readonly kind: 'single' } // all to subtask 0
  | { readonly kind: 'rebalance' } // batch by batch in turn
  | { readonly kind: 'hash'; readonly columns: readonly number[] } // by key group

export interface StageEdge {
  readonly from: number
  readonly output: string
  /** Input of the stage's operator. */
  readonly input: number
  readonly route: Route
}

export interface StageOutput {
  readonly name: string
  readonly columns: readonly ColumnSpec[]
}

interface StageBase {
  readonly index: number
  /** `block` or `block/role`, for logs and reports. */
  readonly id: string
  readonly inputs: readonly StageEdge[]
  readonly inputCount: number
  /** `main` first. Side outputs of the block stand at every stage that may fill them. */
  readonly outputs: readonly StageOutput[]
  readonly parallelism: number
  readonly chain: number
}

export type Stage = StageBase &
  (
    | { readonly role: 'source' | 'normalize'; readonly block: SourceBlock }
    | { readonly role: 'materialize' | 'sink'; readonly block: SinkBlock }
    | {
        readonly role: 'steps' | 'pre' | 'core' | 'post'
        readonly block: TransformBlock
        /** Which input of the block a `pre` or `steps` stage reads. */
        readonly blockInput: number
      }
  )

export interface ExecutionPlan {
  readonly stages: readonly Stage[]
  /** Stage indexes per chain, head first. */
  readonly chains: readonly (readonly number[])[]
  readonly keyGroups: number
}
