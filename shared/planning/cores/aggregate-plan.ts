/** Aggregates: calls over the core's input, and the expressions that combine their results. */
import type { Field } from '../../model/data-type.ts'
import { columnOf } from '../../model/row-schema.ts'
import type { CoreSpec } from '../../spec/pipeline-spec.ts'
import { draftPath, needFullChanges, refuse, type Draft } from '../draft.ts'
import { aggregateNamed } from '../../expr/aggregates.ts'
import type { CheckedCall } from '../../expr/check-aggregate.ts'
import { checkAggregateExpr } from '../expression-checks.ts'
import type { AggregateCall, AggregateCore, ProjectedColumn, WindowPlan } from '../plan.ts'
import {
  columnFor,
  keep,
  layoutsOf,
  projected,
  rowOf,
  storableType,
  withLayout,
  type Row,
} from '../row.ts'
import { CoreInput } from './core-input.ts'
import type { KeyPart } from './key-plan.ts'
import { leaveWindow, windowEdge } from './window-plan.ts'

const INTEGER = { kind: 'integer' } as const
const TIMESTAMP = { kind: 'timestamp' } as const
/** Calls whose result is one of the values of their argument. */
const KEPT: ReadonlySet<string> = new Set(['min', 'max', 'first', 'last'])

type AggregateSpec = Extract<CoreSpec, { kind: 'aggregate' }>

export interface Keyed {
  readonly key: readonly KeyPart[]
  readonly window: WindowPlan | null
}

/** The columns a window adds to its results. Bounds of count windows are event times, or null. */
export function windowFields(window: WindowPlan | null, eventTime: Draft['eventTime']): Field[] {
  if (window === null) return []
  const isTimeless = window.type === 'count' && eventTime === 'lost'
  const nullable = window.type === 'global' || isTimeless
  const bounds: Field[] = [
    { name: 'window_start', type: TIMESTAMP, nullable },
    { name: 'window_end', type: TIMESTAMP, nullable },
  ]
  if (window.type !== 'count') return bounds
  return [...bounds, { name: 'window_number', type: INTEGER, nullable: false }]
}

export function planAggregate(
  draft: Draft,
  spec: AggregateSpec,
  { key, window }: Keyed,
): AggregateCore | null {
  needFullChanges(draft)
  if (!checkKeyNames(draft, { key, window })) return null
  const row = draft.row
  const isRolling = window?.type === 'rolling'
  const input = new CoreInput(row)
  const keyIndexes = key.map((part) => input.value(part.expr, 'key'))
  if (window?.type === 'same') readBounds(row, input)
  const base = resultBase(draft, { key, window })
  let checked: readonly CheckedCall[] = []
  const fields: Field[] = []
  const figures: ProjectedColumn[] = []
  for (const { name, expr } of spec.fields) {
    const at = ['aggregate', name]
    if (!checkFieldName(draft, { name, base: base.row, at })) continue
    const scope = { at, row, result: base.row, isRolling, calls: checked }
    const figure = checkAggregateExpr(draft, expr, scope)
    for (const call of figure.calls.slice(checked.length)) checkCall(draft, call, at)
    checked = figure.calls
    if (figure.typed === null) {
      draft.broken.add(name)
      continue
    }
    fields.push({ name, ...storableType(figure.typed) })
    figures.push(...projected(name, figure.typed, base.row))
  }
  const calls = checked.map((call, index) => planCall(draft, call, { input, index }))
  // A key that is a field of its own name stands once, as key; others stand beside the row.
  const keyPaths = new Set(key.filter(isOwnField).map((part) => part.name))
  const passed = isRolling
    ? input.readAll(row.columns.filter((column) => !keyPaths.has(column.path)))
    : []
  const output = [
    ...passed.flatMap((index) => input.columns[index]?.spec ?? []),
    ...key.map((part) => columnFor(part.name, part.expr, row)),
    ...windowFields(window, draft.eventTime).map((field) => columnOf(field.name, field)),
    ...calls.map((call) => call.result),
  ]
  const core: AggregateCore = {
    kind: 'aggregate',
    input: input.columns,
    key: keyIndexes,
    window,
    calls,
    passed,
    output,
    edge: draft.edge === 'append' ? 'append' : 'retract',
  }
  leaveAggregate(draft, { base: base.row, fields, figures: withCodes(figures, calls), core })
  return core
}

/** Keys are columns of the result, beside the bounds of the window or the row of a rolling one. */
function checkKeyNames(draft: Draft, { key, window }: Keyed): boolean {
  const bounds = windowFields(window, draft.eventTime).map((field) => field.name)
  for (const part of key) {
    const { name } = part
    const isBound = bounds.includes(name)
    const isField = draft.row.fields.some((field) => field.name === name)
    if (!isBound && !(window?.type === 'rolling' && isField && !isOwnField(part))) continue
    refuse(draft, {
      code: 'FIELD_TAKEN',
      at: ['key_by'],
      message: isBound
        ? `a key is called \`${name}\`, which the window adds itself`
        : `a key is called \`${name}\` as a field of the row, and a rolling window keeps both`,
      fix: isBound
        ? 'leave it out: rows of different windows are apart anyway'
        : 'give it another name',
    })
    return false
  }
  return true
}

function isOwnField({ name, expr }: KeyPart): boolean {
  return expr.node === 'column' && expr.path === name
}

/** `same` reads the bounds of its input's window. */
export function readBounds(row: Row, input: CoreInput): void {
  for (const name of ['window_start', 'window_end']) {
    const column = row.columns.find((one) => one.path === name)
    if (column !== undefined) input.read(column)
  }
}

/** What results have before the figures: keys and window bounds, or the row of a rolling window. */
function resultBase(draft: Draft, { key, window }: Keyed): { readonly row: Row } {
  const keys: Field[] = key.map(({ name, type, nullable }) => ({ name, type, nullable }))
  const origins = new Map(keys.map((field) => [field.name, `\`key_by\` of ${draft.name}`]))
  const layouts = new Map(layoutsOf(draft.row))
  for (const part of key) layouts.set(part.name, columnFor(part.name, part.expr, draft.row).layout)
  if (window?.type === 'rolling') {
    const added = keys.filter((one) => !draft.row.fields.some((field) => field.name === one.name))
    const all = new Map([...origins, ...draft.row.origins])
    return { row: rowOf([...draft.row.fields, ...added], all, layouts) }
  }
  const bounds = windowFields(window, draft.eventTime).filter(
    (one) => !keys.some((key) => key.name === one.name),
  )
  for (const field of bounds) origins.set(field.name, `window of ${draft.name}`)
  return { row: rowOf([...keys, ...bounds], origins, layouts) }
}

function checkFieldName(
  draft: Draft,
  { name, base, at }: { name: string; base: Row; at: readonly (string | number)[] },
): boolean {
  if (!base.fields.some((field) => field.name === name)) return true
  refuse(draft, {
    code: 'FIELD_TAKEN',
    at,
    message: `the result already has a field \`${name}\`, ${base.origins.get(name) ?? 'of the row'}`,
    fix: 'give the figure another name',
  })
  return false
}

interface AggregateResult {
  readonly base: Row
  readonly fields: readonly Field[]
  readonly figures: readonly ProjectedColumn[]
  readonly core: AggregateCore
}

function leaveAggregate(draft: Draft, { base, fields, figures, core }: AggregateResult): void {
  const { window } = core
  const origins = new Map(base.origins)
  for (const field of fields) origins.set(field.name, `\`aggregate\` of ${draft.name}`)
  const columns = [...base.columns.map(keep), ...figures]
  const layouts = new Map(columns.map((one) => [one.spec.path, one.spec.layout]))
  const names = core.key.map((_, index) => core.output[core.passed.length + index]?.path ?? '')
  draft.row = rowOf([...base.fields, ...fields], origins, layouts)
  draft.steps = [{ kind: 'project', columns }]
  draft.isInputRow = false
  if (window === null) {
    draft.uniqueKey = names
    draft.eventTime = 'lost'
    draft.lostBy ??= draft.name
    draft.lateness = 0
    draft.window = null
    setEdge(draft, 'upsert')
    return
  }
  const edge = windowEdge(draft.edge, window)
  draft.uniqueKey =
    window.type === 'rolling' ? null : [...new Set([...names, ...boundNames(window)])]
  leaveWindow(draft, window)
  setEdge(draft, edge)
}

/** What makes rows of one key unique among the windows of a block. */
export function boundNames(window: WindowPlan): string[] {
  if (window.type === 'count') return ['window_number']
  return window.type === 'global' ? [] : ['window_start', 'window_end']
}

/** Updating cores give upserts unless somebody behind them needs full changes. */
export function setEdge(draft: Draft, edge: 'append' | 'upsert' | 'retract'): void {
  const isDemanded = draft.planning.retractDemands.has(draft.name)
  draft.edge = edge === 'upsert' && (isDemanded || draft.uniqueKey === null) ? 'retract' : edge
  draft.upsertOf = draft.edge === 'upsert' ? [draft.name] : []
  draft.kindsKnown = draft.edge !== 'append'
}

function planCall(
  draft: Draft,
  call: CheckedCall,
  { input, index }: { readonly input: CoreInput; readonly index: number },
): AggregateCall {
  const { fn, lastMs, options } = call
  const args = call.args.map((arg) => input.value(arg, 'arg'))
  const result = columnOf(`$${index}`, storableType(call.result))
  const kept = KEPT.has(fn) ? input.columns[args[0] ?? -1]?.spec.layout : undefined
  return {
    fn,
    args,
    where: call.where === null ? null : input.value(call.where, 'where'),
    lastMs,
    options,
    result: withLayout(result, kept),
    user: userReference(draft, fn),
  }
}

/** A figure that is the result of a call as it is keeps the layout of that. */
function withCodes(
  figures: readonly ProjectedColumn[],
  calls: readonly AggregateCall[],
): ProjectedColumn[] {
  return figures.map((figure) => {
    const { spec, expr } = figure
    if (expr?.node !== 'column') return figure
    const call = calls.find((one) => one.result.path === expr.path)
    return { ...figure, spec: withLayout(spec, call?.result.layout) }
  })
}

function userReference(draft: Draft, fn: string): AggregateCall['user'] {
  const { aggregates, references } = draft.planning.functions
  return aggregates.has(fn) ? (references[fn] ?? null) : null
}

function checkCall(draft: Draft, { fn }: CheckedCall, at: readonly (string | number)[]): void {
  const def = draft.planning.functions.aggregates.get(fn) ?? aggregateNamed(fn)
  if (draft.edge !== 'append' && def?.retraction === 'refused') {
    const isApproximate = fn === 'approx_count_distinct'
    refuse(draft, {
      code: 'AGGREGATE_REFUSED',
      at,
      message: `\`${fn}\` cannot take a row back, and the rows here are updated or deleted later`,
      fix: isApproximate
        ? 'use `count_distinct`, which is exact and keeps the values'
        : 'put it before the rows start to change',
    })
  }
  if (def?.ordered !== true || draft.eventTime === 'kept') return
  draft.planning.diagnostics.note(
    'ORDER_BY_ARRIVAL',
    draftPath(draft, ...at),
    `\`${fn}\` goes by arrival here, since the rows have no event time: another run may give another result`,
  )
}
