/**
 * How an aggregate without a window finds out what changed:
 *
 *   values    every result is a number of the entry's words: the words are saved when a batch touches
 *             a group first, and old and new results are compared as numbers
 *   kept      every row changes its group's result, and nobody asks for the old one: nothing is saved
 *   general   the old row is written to a writer of its own and compared there
 */
import type { AggregateCore, EdgeKind } from '../../../../shared/planning/plan.ts'
import type { CallSite } from '../calls/call-code.ts'
import type { ChosenCall } from '../calls/choose-calls.ts'

export type UpdatingMode = 'values' | 'kept' | 'general'

/** Of the options of an aggregate, those that decide. */
interface UpdatingOptions {
  readonly touches: boolean
  readonly retracts: boolean
  readonly edge?: EdgeKind
  readonly isGeneral?: boolean
}

type Calls = readonly { readonly site: CallSite; readonly chosen: ChosenCall }[]

export function updatingMode(
  core: AggregateCore,
  options: UpdatingOptions,
  calls: Calls,
): UpdatingMode {
  if (!options.touches || options.isGeneral === true || !hasPlainKey(core)) return 'general'
  if (calls.every(isNumber)) return 'values'
  const asksOld = options.edge !== 'upsert' || !changesAlways(core, options)
  return !asksOld && calls.every(cannotFail) ? 'kept' : 'general'
}

/** Whether every row that is added changes a result. */
export function changesAlways(core: AggregateCore, { retracts }: UpdatingOptions): boolean {
  if (retracts) return false
  return core.calls.some(({ fn, args, where, user }) => {
    const counts = fn === 'count' && user === null && where === null
    return counts && args.every((arg) => core.input[arg]?.spec.nullable === false)
  })
}

/** Keys of result rows are those of the rows that touched: see ResultWriter.takeRows. */
function hasPlainKey(core: AggregateCore): boolean {
  return core.key.every((index, at) => {
    const layout = core.input[index]?.spec.layout
    return layout !== 'any' && layout === core.output[at]?.layout
  })
}

function isNumber({ site, chosen }: Calls[number]): boolean {
  const { layout } = site.call.result
  if (layout !== 'f64' && layout !== 'bool') return false
  if (chosen.kind === 'distinct') return true
  return chosen.kind === 'code' && (chosen.code.value?.(site) ?? null) !== null
}

function cannotFail({ site, chosen }: Calls[number]): boolean {
  if (chosen.kind === 'distinct') return true
  return chosen.kind === 'code' && chosen.code.value?.(site)?.mayFail !== true
}
