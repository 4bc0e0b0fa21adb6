/** What an operator is built from: its stage, its inputs, and what all operators of a run share. */
import type { Overload } from '../../shared/expr/overload.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import type { Stage } from '../../shared/planning/execution/stage.ts'
import type { Memory } from '../state/memory.ts'
import type { LookupTable } from './lookup/lookup-table.ts'
import type { Operator } from './operator.ts'

export interface OperatorPlace {
  /** Of any role but `source` and `sink`. */
  readonly stage: Stage
  readonly subtask: number
  /** The columns that each input of the operator brings. */
  readonly inputs: readonly (readonly ColumnSpec[])[]
  readonly environment: OperatorEnvironment
}

export interface OperatorEnvironment {
  readonly plan: Plan
  /** Of the library and of the plan's own functions. */
  readonly overload: (id: string) => Overload
  /** Tables that lookups read; loaded before the first batch. */
  readonly table: (name: string) => LookupTable
  readonly memory: Memory
}

/** The operator of a stage in one subtask. */
export type OperatorFactory = (place: OperatorPlace) => Operator
