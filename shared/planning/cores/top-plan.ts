/** `top`: the best rows per key, and per window if there is one. */
import type { ExprSource } from '../../expr/ast.ts'
import { parseOrder } from '../../expr/parse.ts'
import type { Field } from '../../model/data-type.ts'
import { columnOf } from '../../model/row-schema.ts'
import type { CoreSpec } from '../../spec/pipeline-spec.ts'
import { draftPath, needFullChanges, refuse, type Draft } from '../draft.ts'
import { checkRowExpr } from '../expression-checks.ts'
import type { TopCore, WindowPlan } from '../plan.ts'
import { layoutsOf, rowOf } from '../row.ts'
import { boundNames, setEdge, windowFields, type Keyed } from './aggregate-plan.ts'
import { CoreInput } from './core-input.ts'
import { leaveWindow, windowEdge } from './window-plan.ts'

type TopSpec = Extract<CoreSpec, { kind: 'top' }>

export function planTop(draft: Draft, spec: TopSpec, { key, window }: Keyed): TopCore | null {
  if (!Number.isInteger(spec.n) || spec.n < 1) {
    const message = `\`n\` is a whole number from 1, not ${spec.n}`
    refuse(draft, { code: 'OPTION_REFUSED', at: ['top', 'n'], message })
  }
  if (window?.type === 'rolling') {
    refuse(draft, {
      code: 'OPTION_REFUSED',
      at: ['window', 'type'],
      message: '`top` has no rolling window',
      fix: 'use `tumbling` or `sliding`, or `top` without a window',
    })
    return null
  }
  needFullChanges(draft)
  const row = draft.row
  const input = new CoreInput(row)
  const keyIndexes = key.map((part) => input.value(part.expr, 'key'))
  const kept = input.readAll(row.columns)
  const order = planOrder(draft, spec, input)
  const added = addedFields(draft, window)
  const rankAs = spec.rank_as ?? null
  const rank: Field[] =
    rankAs === null ? [] : [{ name: rankAs, type: { kind: 'integer' }, nullable: false }]
  for (const field of [...added, ...rank]) {
    if (!row.fields.some((one) => one.name === field.name)) continue
    refuse(draft, {
      code: 'FIELD_TAKEN',
      at: field.name === rankAs ? ['top', 'rank_as'] : ['window'],
      message: `the row already has a field \`${field.name}\``,
      fix:
        field.name === rankAs
          ? 'give the rank another name'
          : `\`drop\` or \`rename\` it before, or use \`type: same\``,
    })
    return null
  }
  const fields = [...row.fields, ...added, ...rank]
  const origins = new Map(row.origins)
  for (const field of [...added, ...rank]) origins.set(field.name, `\`top\` of ${draft.name}`)
  const inputKey = uniqueKeyIndexes(draft, input)
  const core: TopCore = {
    kind: 'top',
    input: input.columns,
    key: keyIndexes,
    window,
    n: spec.n,
    order,
    ties: spec.ties ?? false,
    rankAs,
    kept,
    edge: draft.edge,
    uniqueKey: inputKey,
    output: [...row.columns, ...[...added, ...rank].map((field) => columnOf(field.name, field))],
  }
  const unique = placeKey(draft, spec, key)
  leaveTop(draft, { window, unique, row: rowOf(fields, origins, layoutsOf(row)) })
  return core
}

/** The key itself for one row per key, else the key of the input, else the place of the rank. */
function placeKey(draft: Draft, spec: TopSpec, key: Keyed['key']): readonly string[] | null {
  const isPlain = key.every((part) => part.expr.node === 'column')
  const paths = key.map(columnPath)
  const isNumbered = isPlain && spec.ties !== true
  if (isNumbered && spec.n === 1) return paths
  if (draft.uniqueKey !== null) return draft.uniqueKey
  return isNumbered && spec.rank_as !== undefined ? [...paths, spec.rank_as] : null
}

function columnPath(part: Keyed['key'][number]): string {
  return part.expr.node === 'column' ? part.expr.path : part.name
}

/** Window bounds that the row does not have yet. */
function addedFields(draft: Draft, window: WindowPlan | null): Field[] {
  if (window === null || window.type === 'same') return []
  return windowFields(window, draft.eventTime)
}

export function uniqueKeyIndexes(draft: Draft, input: CoreInput): number[] | null {
  if (draft.uniqueKey === null) return null
  const columns = draft.uniqueKey.map((path) => draft.row.columns.find((one) => one.path === path))
  const known = columns.filter((one) => one !== undefined)
  return known.length === columns.length ? input.readAll(known) : null
}

function planOrder(draft: Draft, spec: TopSpec, input: CoreInput): TopCore['order'][number][] {
  const order: { column: number; descending: boolean }[] = []
  for (const { expr, descending } of orderTerms(draft, spec)) {
    const typed = checkRowExpr(draft, expr, { at: ['top', 'by'], row: draft.row })
    if (typed !== null) order.push({ column: input.value(typed, 'order'), descending })
  }
  return order
}

function orderTerms(
  draft: Draft,
  spec: TopSpec,
): readonly { readonly expr: ExprSource; readonly descending: boolean }[] {
  if (typeof spec.by !== 'string') return spec.by
  const { terms, problems } = parseOrder(spec.by)
  for (const problem of problems) {
    draft.planning.diagnostics.all.push({ ...problem, path: draftPath(draft, 'top', 'by') })
  }
  return terms.map(({ expr, descending }) => ({ expr: { built: expr }, descending }))
}

interface TopResult {
  readonly window: WindowPlan | null
  /** What is unique among the rows of one window. */
  readonly unique: readonly string[] | null
  readonly row: Draft['row']
}

function leaveTop(draft: Draft, { window, unique, row }: TopResult): void {
  const edge = window === null ? 'upsert' : windowEdge(draft.edge, window)
  const bounds = window === null ? [] : boundNames(window)
  draft.row = row
  draft.steps = []
  draft.isInputRow = false
  draft.uniqueKey = unique === null ? null : [...new Set([...unique, ...bounds])]
  if (window === null) {
    draft.eventTime = 'lost'
    draft.lostBy ??= draft.name
    draft.lateness = 0
    draft.window = null
  } else leaveWindow(draft, window)
  setEdge(draft, edge)
}
