/** What comes out of a join: row, kind of edge, unique key, event time. */
import type { Field } from '../../model/data-type.ts'
import type { Draft } from '../draft.ts'
import type { SplitCondition } from '../equality-pairs.ts'
import type { JoinCore } from '../plan.ts'
import type { Stream } from '../planning.ts'
import { rowOf } from '../row.ts'
import { setEdge } from './aggregate-plan.ts'
import type { JoinMode } from './join-mode.ts'

export interface JoinResult {
  readonly core: JoinCore
  readonly right: Stream
  readonly condition: SplitCondition
  readonly mode: JoinMode
}

export function leaveJoin(draft: Draft, result: JoinResult): void {
  const { right, mode } = result
  const edge = joinEdge(draft, result)
  draft.uniqueKey = joinedKey(draft, result)
  setJoinedRow(draft, result)
  draft.steps = []
  draft.isInputRow = false
  draft.bounded = draft.bounded && right.info.bounded
  if (mode.kind === 'updating') {
    draft.eventTime = 'lost'
    draft.lostBy ??= draft.name
    draft.lateness = 0
    draft.window = null
  } else {
    draft.lateness = Math.max(draft.lateness, right.info.lateness)
    if (mode.kind !== 'window') draft.window = mode.kind === 'as_of' ? draft.window : null
  }
  setEdge(draft, edge === 'append' ? 'append' : 'retract')
}

/** Rows are final when both inputs are, and the bound in time says when a row has no partner. */
function joinEdge(draft: Draft, { core, right, mode }: JoinResult): 'append' | 'retract' {
  if (mode.kind === 'updating') return isInsertJoin(draft, right, core.type) ? 'append' : 'retract'
  if (draft.edge !== 'append') return 'retract'
  if (mode.kind === 'as_of') return right.info.lateness === 0 ? 'append' : 'retract'
  return right.info.edge === 'append' ? 'append' : 'retract'
}

/** An inner join of appended rows only adds rows; what `ttl` forgets is not taken back. */
function isInsertJoin(draft: Draft, right: Stream, type: JoinCore['type']): boolean {
  return draft.edge === 'append' && right.info.edge === 'append' && type === 'inner'
}

function setJoinedRow(draft: Draft, { core, right }: JoinResult): void {
  const { type, alias } = core
  const isLeftNullable = type === 'right' || type === 'full'
  const left = draft.row.fields.map((field) =>
    isLeftNullable ? { ...field, nullable: true } : field,
  )
  const origins = new Map(draft.row.origins)
  const layouts = new Map(core.output.map((spec) => [spec.path, spec.layout]))
  if (type === 'semi' || type === 'anti') {
    draft.row = rowOf(left, origins, layouts)
    return
  }
  origins.set(alias, `the ${type} join with ${right.ref.block}`)
  const joined: Field = {
    name: alias,
    type: { kind: 'struct', fields: right.row.fields },
    nullable: type === 'left' || type === 'full',
  }
  draft.row = rowOf([...left, joined], origins, layouts)
}

/**
 * A side whose unique key the condition fixes adds at most one partner, so the other side's key
 * stays unique; else it takes both keys.
 */
function joinedKey(draft: Draft, { core, right, condition, mode }: JoinResult): string[] | null {
  const left = draft.uniqueKey
  if (core.type === 'semi' || core.type === 'anti' || mode.kind === 'as_of') return copy(left)
  const rightKey = right.info.uniqueKey
  const own = rightKey?.map((path) => `${core.alias}.${path}`) ?? null
  const windowed = mode.kind === 'window' ? ['window_start', 'window_end'] : []
  const fixedRight = condition.pairs.flatMap(({ right: one }) =>
    one.node === 'column' ? [one.path] : [],
  )
  const fixedLeft = condition.pairs.flatMap(({ left: one }) =>
    one.node === 'column' ? [one.path] : [],
  )
  const isRightFixed =
    rightKey?.every((path) => [...fixedRight, ...windowed].includes(path)) ?? false
  const isLeftFixed = left?.every((path) => [...fixedLeft, ...windowed].includes(path)) ?? false
  if (isRightFixed && left !== null && (core.type === 'inner' || core.type === 'left'))
    return copy(left)
  if (isLeftFixed && own !== null && (core.type === 'inner' || core.type === 'right')) return own
  return left === null || own === null ? null : [...left, ...own]
}

function copy(key: readonly string[] | null): string[] | null {
  return key === null ? null : [...key]
}
