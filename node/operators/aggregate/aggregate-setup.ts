/** What an aggregate operator is built from; made by the runtime from a plan block. */
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { AggregateCore, EdgeKind } from '../../../shared/planning/plan.ts'
import type { Memory } from '../../state/memory.ts'

export interface AggregateSetup {
  readonly core: AggregateCore
  /** Of the batches it gets, and of those it emits on `main`. */
  readonly inputEdge: EdgeKind
  readonly outputEdge: EdgeKind
  readonly ttlMs: number | null
  /** Where no source of the pipeline has event time. */
  readonly ttlByProcessingTime?: boolean
  /** Columns of the `late` output; null when the block has none. */
  readonly lateColumns: readonly ColumnSpec[] | null
  readonly memory?: Memory
  /** Whether the general way is taken although another would do; for tests. */
  readonly isGeneral?: boolean
}
