/**
 * What the conformance kit must know of an operator to drive it: its inputs, its outputs and how a
 * fresh one is made. Everything else it learns from the operator contract.
 */
import type { Operator } from '../../../node/operators/operator.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { EdgeKind } from '../../../shared/planning/plan.ts'

export interface Subject {
  /** In failure messages. */
  readonly name: string
  readonly inputs: readonly SubjectInput[]
  /** By name; the operator is given exactly these. */
  readonly outputs: Readonly<Record<string, SubjectOutput>>
  /** A fresh operator on fresh state. Called once per subtask of a run. */
  build(place: SubjectPlace): Operator
  /**
   * Whether the relative order of records of different inputs matters to the folded result; then
   * it is kept. Default false.
   */
  readonly ordersInputs?: boolean
}

export interface SubjectPlace {
  readonly subtask: number
  readonly subtaskCount: number
}

export interface SubjectInput {
  readonly columns: readonly ColumnSpec[]
  readonly edge: EdgeKind
  /** Positions of the key by which records go to subtasks; empty: one subtask. */
  readonly key: readonly number[]
  /** Positions of the unique key of an upsert edge. */
  readonly uniqueKey?: readonly number[]
}

export interface SubjectOutput {
  readonly columns: readonly ColumnSpec[]
  readonly edge: EdgeKind
  /** Positions of the unique key; needed where the edge is `upsert`. */
  readonly uniqueKey?: readonly number[]
  /**
   * Whether every insert must lie behind no watermark that was forwarded: true where the output
   * keeps event time and has no corrections. Default false.
   */
  readonly isTimely?: boolean
  /** Folded rows are compared with their event times. Default true. */
  readonly comparesTime?: boolean
}
