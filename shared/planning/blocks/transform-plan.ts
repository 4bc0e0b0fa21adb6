/**
 * One transformation: input → steps → core → steps. Where a join stands between the keys of a block
 * and what of `where` runs before it is decided here.
 */
import { planCore } from '../cores/plan-core.ts'
import { boundOfState } from '../cores/state-bound.ts'
import { startDraft, type Draft } from '../draft.ts'
import type { Core, InputRef, Step, StreamInfo, TransformBlock } from '../plan.ts'
import type { Planning, Stream } from '../planning.ts'
import { checkParallelism, deadLetterOutput, parallelismOf } from './side-outputs.ts'
import type { PlannedBlock } from './source-plan.ts'
import { filterBeforeJoin, NOTHING_EARLY, planBehindJoin } from '../steps/join-filters.ts'
import { planSteps } from '../steps/plan-steps.ts'
import { planInput } from './union-plan.ts'

export interface TransformInput {
  readonly name: string
  /** Null for an input that has errors itself. */
  readonly streams: readonly (Stream | null)[]
  readonly refs: readonly InputRef[]
}

export function planTransform(
  planning: Planning,
  { name, streams, refs }: TransformInput,
): PlannedBlock<TransformBlock> | null {
  const spec = planning.spec.transformations?.[name]
  if (spec === undefined) return null
  const before = planning.diagnostics.all.length
  checkParallelism(planning, spec.parallelism, ['transformations', name, 'parallelism'])
  const known = streams.filter((one) => one !== null)
  if (known.length < streams.length) return null
  const isJoin = spec.core?.kind === 'join'
  const right = isJoin ? (known.at(-1) ?? null) : null
  const input = planInput(planning, name, isJoin ? known.slice(0, -1) : known)
  if (input === null) return null
  const draft = startDraft(planning, { name, spec, input })
  const inputRow = draft.row
  planSteps(draft, spec.steps)
  const early = right === null ? NOTHING_EARLY : filterBeforeJoin(draft, spec.post[0], right)
  const pre = draft.steps
  const core = planCore(draft, right, early.rightWhere)
  const hasCore = core !== null
  if (hasCore || spec.core === undefined) planBehindJoin(draft, spec.post, early.done)
  if (planning.diagnostics.all.slice(before).some((one) => one.severity === 'error')) return null
  return finish(draft, { core, pre: hasCore ? pre : draft.steps, refs, inputRow })
}

interface Finished {
  readonly core: Core | null
  readonly pre: readonly Step[]
  readonly refs: readonly InputRef[]
  readonly inputRow: Draft['row']
}

function finish(
  draft: Draft,
  { core, pre, refs, inputRow }: Finished,
): PlannedBlock<TransformBlock> {
  const { planning, name, spec, onError } = draft
  const info: StreamInfo = {
    fields: draft.row.fields,
    columns: draft.row.columns,
    edge: draft.edge,
    uniqueKey: draft.uniqueKey,
    eventTime: draft.eventTime,
    lateness: draft.lateness,
    window: windowKept(draft),
    bounded: draft.bounded,
    lostBy: draft.lostBy,
  }
  const main: Stream = {
    ref: { block: name, output: 'main' },
    info,
    row: draft.row,
    upsertOf: draft.upsertOf,
    kindsKnown: draft.kindsKnown,
  }
  const streams = [main, ...draft.sides, ...deadLetterOutput(name, onError, draft.bounded)]
  const isSingle = core !== null && core.kind !== 'join' && core.key.length === 0
  const block: TransformBlock = {
    kind: 'transform',
    name,
    inputs: refs,
    outputs: streams.map((one) => ({ name: one.ref.output, stream: one.info, used: [] })),
    onError,
    parallelism: isSingle ? 1 : parallelismOf(planning, spec.parallelism),
    pre,
    inputColumns: inputRow.columns,
    core,
    post: core === null ? [] : draft.steps,
    ttlMs: typeof spec.ttl === 'number' ? spec.ttl : null,
    stateBound: boundOfState(draft, core),
  }
  return { block, streams }
}

/** Without its bounds in the row a window is of no use to blocks behind. */
function windowKept(draft: Draft): StreamInfo['window'] {
  const has = (name: string): boolean => draft.row.columns.some((one) => one.path === name)
  return has('window_start') && has('window_end') ? draft.window : null
}
