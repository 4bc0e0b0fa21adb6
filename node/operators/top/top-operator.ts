/**
 * The operator of a top core. Of rows that nothing takes back the best are kept by reference, one or
 * several per key; everything else is the general case.
 */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import { specsOf } from '../keyed-batch.ts'
import type { Operator } from '../operator.ts'
import { BestRow } from './best-row.ts'
import { BestRows } from './best-rows.ts'
import { topIdentity } from './top-changes.ts'
import { TopN, type TopOptions } from './top-n.ts'

export type { TopOptions } from './top-n.ts'

export function topOperator(options: TopOptions): Operator {
  const { core, store, ttlMs, edge, uniqueKey } = options
  const isByReference = !core.ties && core.window === null && core.edge === 'append'
  if (!isByReference) return new TopN(options)
  if (core.n > 1) return new BestRows(options)
  const identity = topIdentity(core, edge, uniqueKey)
  const before = { rank: null, row: DELETE, full: UPDATE_BEFORE } as const
  return new BestRow({
    store,
    input: specsOf(core.input),
    key: core.key,
    kept: core.kept,
    order: core.order,
    output: core.output,
    isRanked: core.rankAs !== null,
    keepsTime: false,
    beforeKind: before[identity],
    afterKind: identity === 'row' ? INSERT : UPDATE_AFTER,
    ttlMs,
  })
}
