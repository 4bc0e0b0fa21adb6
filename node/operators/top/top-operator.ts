/** The operator of a top core: one best row per key has an operator of its own. */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import { specsOf } from '../keyed-batch.ts'
import type { Operator } from '../operator.ts'
import { BestRow } from './best-row.ts'
import { topIdentity } from './top-changes.ts'
import { TopN, type TopOptions } from './top-n.ts'

export type { TopOptions } from './top-n.ts'

export function topOperator(options: TopOptions): Operator {
  const { core, store, ttlMs, edge, uniqueKey } = options
  const isSingle = core.n === 1 && !core.ties && core.window === null && core.edge === 'append'
  if (!isSingle) return new TopN(options)
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
