/**
 * Joins: mode, sides with their keys, what of the condition runs before the join, and the row that
 * comes out. Terms of `where` on `from` fields run before the join where that changes nothing.
 */
import type { ColumnSpec } from '../../model/layout.ts'
import { columnsOf, presenceColumn } from '../../model/row-schema.ts'
import type { JoinSpec } from '../../spec/pipeline-spec.ts'
import { demandFullChanges, type Stream } from '../planning.ts'
import { needFullChanges, refuse, type Draft } from '../draft.ts'
import { splitCondition, underAlias, type SplitCondition } from '../equality-pairs.ts'
import { pathsRead, reads } from '../expr-shape.ts'
import { addFilter } from '../steps/filter-steps.ts'
import type { EdgeKind, JoinCore, JoinSide, ProjectedColumn } from '../plan.ts'
import type { Row } from '../row.ts'
import { CoreInput } from './core-input.ts'
import { planJoinMode, type JoinMode } from './join-mode.ts'
import { leaveJoin } from './join-result.ts'
import { uniqueKeyIndexes } from './top-plan.ts'

export interface JoinParts {
  readonly spec: JoinSpec
  readonly right: Stream
  /** Terms of the block's `where` over the right row. */
  readonly rightWhere: Term | null
}

export function planJoin(draft: Draft, { spec, right, rightWhere }: JoinParts): JoinCore | null {
  const type = spec.type ?? 'inner'
  const at = ['join', spec.alias]
  if (draft.row.fields.some((field) => field.name === spec.alias)) {
    refuse(draft, {
      code: 'FIELD_TAKEN',
      at,
      message: `the row already has a field \`${spec.alias}\``,
      fix: 'give the alias another name',
    })
    return null
  }
  const sides = { left: draft.row, right: right.row, alias: spec.alias, at: [...at, 'on'] }
  const condition = splitCondition(draft, spec.on, sides)
  const mode = planJoinMode(draft, { spec, right, condition })
  if (condition === null || mode === null) return null
  needFullChanges(draft)
  if (mode.kind !== 'as_of') demandFullChanges(draft.planning, right)
  const placed = placeTerms(draft, condition, { type, mode, alias: spec.alias })
  const left = leftSide(draft, { condition, mode, right, residual: placed.residual, type })
  const rightSide = rightSideOf(draft, { condition, mode, right, spec, residual: placed.residual })
  const core: JoinCore = {
    kind: 'join',
    alias: spec.alias,
    type,
    mode: left.time === null ? withoutTime(mode) : { kind: 'as_of', time: left.time },
    left: left.side,
    right: { ...rightSide, where: bothOf(placed.rightWhere, rightWhere) },
    residual: placed.residual,
    output: outputColumns({ type, alias: spec.alias, left: left.side, right: rightSide }),
  }
  leaveJoin(draft, { core, right, condition, mode })
  return core
}

function withoutTime(mode: JoinMode): JoinCore['mode'] {
  return mode.kind === 'as_of' ? { kind: 'updating' } : mode
}

interface PlacedTerms {
  readonly rightWhere: SplitCondition['rightOnly']
  readonly residual: SplitCondition['residual']
}

/**
 * A term of one side drops rows of that side before the join, unless that side's rows come out
 * without a partner too: then it stays in the join. The version that is valid at a time is chosen
 * before any other condition, so `as_of` keeps right terms behind it.
 */
function placeTerms(
  draft: Draft,
  condition: SplitCondition,
  { type, mode, alias }: { type: JoinCore['type']; mode: JoinMode; alias: string },
): PlacedTerms {
  const isLeftDropped = type === 'inner' || type === 'right' || type === 'semi'
  const isRightDropped = type !== 'right' && type !== 'full' && mode.kind !== 'as_of'
  let residual = condition.residual
  const stay = (term: SplitCondition['leftOnly']): void => {
    if (term !== null) residual = residual === null ? term : both(residual, term)
  }
  if (condition.leftOnly !== null && isLeftDropped) {
    addFilter(draft, { predicate: condition.leftOnly, role: 'where', at: ['join', alias, 'on'] })
  } else stay(condition.leftOnly)
  if (isRightDropped) return { rightWhere: condition.rightOnly, residual }
  stay(condition.rightOnly === null ? null : underAlias(condition.rightOnly, alias))
  return { rightWhere: null, residual }
}

type Term = NonNullable<SplitCondition['residual']>

function bothOf(a: Term | null, b: Term | null): Term | null {
  if (a === null || b === null) return a ?? b
  return both(a, b)
}

function both(a: Term, b: Term): Term {
  const nullable = a.nullable || b.nullable
  return { node: 'call', overload: 'and', args: [a, b], type: { kind: 'boolean' }, nullable }
}

interface SideParts {
  readonly condition: SplitCondition
  readonly mode: JoinMode
  readonly right: Stream
  readonly residual: SplitCondition['residual']
}

function leftSide(
  draft: Draft,
  parts: SideParts & { readonly type: JoinCore['type'] },
): { readonly side: JoinSide; readonly time: number | null } {
  const { condition, mode, right, residual, type } = parts
  const { row } = draft
  const input = new CoreInput(row)
  const key = condition.pairs.map((pair) => input.value(pair.left, 'key'))
  if (mode.kind === 'window') key.push(...windowKey(row, input))
  const kept = keptColumns(row, input, type === 'right' || type === 'full')
  readResidual(row, input, residual)
  const time = mode.kind === 'as_of' ? input.value(mode.time, 'time') : null
  const side: JoinSide = {
    input: kept.extra.length === 0 ? input.columns : [...input.columns, ...kept.extra],
    key,
    kept: kept.indexes(input.columns.length),
    edge: draft.edge,
    uniqueKey: uniqueKeyIndexes(draft, input),
    keepLongerMs: right.info.lateness,
  }
  return { side, time }
}

function rightSideOf(draft: Draft, parts: SideParts & { readonly spec: JoinSpec }): JoinSide {
  const { condition, mode, right, residual, spec } = parts
  const { row } = right
  const isKeyedSource = isUpsertSource(draft, right)
  const isOneSided = spec.type === 'semi' || spec.type === 'anti'
  const input = new CoreInput(row)
  const key = condition.pairs.map((pair) => input.value(pair.right, 'key'))
  if (mode.kind === 'window') key.push(...windowKey(row, input))
  const kept = isOneSided ? [] : input.readAll(row.columns)
  if (isOneSided && residual !== null) {
    const paths = pathsRead(residual)
    input.readAll(row.columns.filter((one) => reads(paths, `${spec.alias}.${one.path}`)))
  }
  const unique = right.info.uniqueKey?.map((path) => row.columns.find((one) => one.path === path))
  const uniqueKey = unique?.every((one) => one !== undefined) ? input.readAll(unique) : null
  return {
    input: input.columns,
    key,
    kept,
    edge: mode.kind === 'as_of' && isKeyedSource ? 'upsert' : rightEdge(right, mode),
    uniqueKey,
    keepLongerMs: draft.lateness,
  }
}

function rightEdge(right: Stream, mode: JoinMode): EdgeKind {
  return right.info.edge === 'upsert' && mode.kind !== 'as_of' ? 'retract' : right.info.edge
}

/**
 * Versions begin with a record of the source, also where other readers have its changes in full: a
 * row that is taken back there goes at its own event time, which would take its version away.
 */
function isUpsertSource({ planning }: Draft, { ref, info }: Stream): boolean {
  const isSource = planning.spec.sources[ref.block] !== undefined && ref.output === 'main'
  return isSource && info.edge !== 'append' && info.uniqueKey !== null
}

function windowKey(row: Row, input: CoreInput): number[] {
  return input.readAll(
    row.columns.filter((one) => one.path === 'window_start' || one.path === 'window_end'),
  )
}

function readResidual(row: Row, input: CoreInput, residual: SplitCondition['residual']): void {
  if (residual === null) return
  const paths = pathsRead(residual)
  input.readAll(row.columns.filter((one) => reads(paths, one.path)))
}

interface KeptColumns {
  readonly extra: readonly ProjectedColumn[]
  /** Indexes in the order of the output, when `extra` stands behind `base` columns. */
  indexes(base: number): number[]
}

/**
 * The left row in the output. Where it may be missing, a struct that always was there needs a
 * column that says so.
 */
function keptColumns(row: Row, input: CoreInput, canBeMissing: boolean): KeptColumns {
  const own = input.readAll(row.columns)
  if (!canBeMissing) return { extra: [], indexes: () => own }
  const extra: ProjectedColumn[] = []
  const order: { index: number | null; extra: number }[] = []
  const wanted = columnsOf(row.fields.map((field) => ({ ...field, nullable: true })))
  for (const spec of wanted) {
    const index = row.columns.findIndex((one) => one.path === spec.path)
    if (index >= 0) order.push({ index: own[index] ?? 0, extra: 0 })
    else {
      order.push({ index: null, extra: extra.length })
      const expr = { node: 'literal', value: true, type: spec.type, nullable: false } as const
      extra.push({ spec, expr })
    }
  }
  return {
    extra,
    indexes: (base) => order.map((one) => one.index ?? base + one.extra),
  }
}

interface OutputParts {
  readonly type: JoinCore['type']
  readonly alias: string
  readonly left: JoinSide
  readonly right: JoinSide
}

function outputColumns({ type, alias, left, right }: OutputParts): ColumnSpec[] {
  const isLeftNullable = type === 'right' || type === 'full'
  const isRightNullable = type === 'left' || type === 'full'
  const lefts = keptSpecs(left).map((spec) => (isLeftNullable ? nullableSpec(spec) : spec))
  if (type === 'semi' || type === 'anti') return lefts
  const rights = keptSpecs(right).map((spec) => {
    const own = { ...spec, path: `${alias}.${spec.path}` }
    return isRightNullable ? nullableSpec(own) : own
  })
  return isRightNullable ? [...lefts, presenceColumn(alias), ...rights] : [...lefts, ...rights]
}

function keptSpecs(side: JoinSide): ColumnSpec[] {
  return side.kept.flatMap((index) => side.input[index]?.spec ?? [])
}

function nullableSpec(spec: ColumnSpec): ColumnSpec {
  return spec.path.endsWith('.?') ? spec : { ...spec, nullable: true }
}
