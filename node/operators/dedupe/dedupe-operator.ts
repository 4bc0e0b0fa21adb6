/** The operator of a dedupe core: the first row per key (for ever or within a time), or the newest. */
import { UPDATE_AFTER, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { DedupeCore, EdgeKind } from '../../../shared/planning/plan.ts'
import type { StateStore } from '../../state/state-store.ts'
import { specsOf } from '../keyed-batch.ts'
import type { Operator } from '../operator.ts'
import { BestRow } from '../top/best-row.ts'
import { EVENT_TIME } from '../top/row-order.ts'
import { DedupeFirst } from './dedupe-first.ts'
import { DedupeWithin } from './dedupe-within.ts'

export interface DedupeOptions {
  readonly core: DedupeCore
  readonly store: StateStore
  readonly ttlMs: number | null
  /** Of the main output. */
  readonly edge: EdgeKind
  /** Columns of the `late` output that somebody reads. */
  readonly late?: readonly ColumnSpec[]
}

export function dedupeOperator(options: DedupeOptions): Operator {
  const { core, store, ttlMs, edge } = options
  switch (core.mode.kind) {
    case 'first':
      return new DedupeFirst(options)
    case 'within':
      return new DedupeWithin(options, core.mode.ms)
    default:
      return new BestRow({
        store,
        input: specsOf(core.input),
        key: core.key,
        kept: core.kept,
        order: [{ column: core.mode.by ?? EVENT_TIME, descending: true }],
        output: core.output,
        isRanked: false,
        keepsTime: true,
        beforeKind: edge === 'retract' ? UPDATE_BEFORE : null,
        afterKind: UPDATE_AFTER,
        ttlMs,
      })
  }
}
