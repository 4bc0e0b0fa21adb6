/**
 * One transformation: input → steps → core → steps. Where a join stands between the keys of a block
 * and what of `where` runs before it is decided here.
 */
import { conjunction, conjuncts } from './expr-shape.ts'
import type { StepSpec } from '../spec/pipeline-spec.ts'
import { bothSides, sideOf } from './equality-pairs.ts'
import { planCore } from './cores/plan-core.ts'
import { boundOfState } from './cores/state-bound.ts'
import { startDraft, type Draft } from './draft.ts'
import type { Core, InputRef, Step, StreamInfo, TransformBlock } from './plan.ts'
import type { Planning, Stream } from './planning.ts'
import { tryRowExpr } from './expression-checks.ts'
import { checkParallelism, deadLetterOutput, parallelismOf } from './side-outputs.ts'
import type { PlannedBlock } from './source-plan.ts'
import { addFilter, planWhere } from './steps/filter-steps.ts'
import { isHaving, planSteps } from './steps/plan-steps.ts'
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
  const done = right === null ? new Set<number>() : filterBeforeJoin(draft, spec.post[0], right)
  const pre = draft.steps
  const core = planCore(draft, right)
  const hasCore = core !== null
  if (hasCore || spec.core === undefined) planPost(draft, spec.post, done)
  if (planning.diagnostics.all.slice(before).some((one) => one.severity === 'error')) return null
  return finish(draft, { core, pre: hasCore ? pre : draft.steps, refs, inputRow })
}

/**
 * Puts the terms of the first `where` behind a join that read `from` fields only before the join.
 * Not before a right or full join: a row whose partner was filtered would come out alone. Answers
 * which terms of that `where` are done.
 */
function filterBeforeJoin(
  draft: Draft,
  first: StepSpec | undefined,
  right: Stream,
): ReadonlySet<number> {
  const join = draft.spec.core?.kind === 'join' ? draft.spec.core.join : null
  if (join === null || first?.kind !== 'where' || isHaving(first)) return new Set()
  if (join.type === 'right' || join.type === 'full') return new Set()
  const sides = { left: draft.row, right: right.row, alias: join.alias }
  const row = bothSides(sides, join.type === 'left')
  const at = first.key
  const predicate = tryRowExpr(draft, first.expr, { at, row, want: 'boolean', allowChange: true })
  if (predicate === null) return new Set()
  const terms = conjuncts(predicate)
  const isOfLeft = terms.map((term) => ['left', 'none'].includes(sideOf(term, join.alias)))
  const early = conjunction(
    terms.filter((_, index) => isOfLeft[index] === true),
    predicate,
  )
  if (early !== null) addFilter(draft, { predicate: early, role: 'where', at })
  return new Set(isOfLeft.flatMap((isLeft, index) => (isLeft ? [index] : [])))
}

/** The steps behind the core, without the terms of a join's first `where` that ran before it. */
function planPost(draft: Draft, steps: readonly StepSpec[], done: ReadonlySet<number>): void {
  const [first, ...others] = steps
  if (first?.kind !== 'where' || done.size === 0) {
    planSteps(draft, steps)
    return
  }
  planWhere(draft, first, { role: 'where', done })
  planSteps(draft, others)
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
