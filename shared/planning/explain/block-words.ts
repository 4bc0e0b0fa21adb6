/** Facts of a plan in words; shared by explain's text and pictures. */
import { unreachable } from '../../base/assert.ts'
import type { TypedExpr } from '../../expr/ast.ts'
import { printTyped } from '../../expr/print-typed.ts'
import type { Field } from '../../model/data-type.ts'
import { printDuration } from '../../model/duration-text.ts'
import { durationWords } from '../duration-words.ts'
import { underAlias } from '../equality-pairs.ts'
import { printFieldType } from '../../model/type-text.ts'
import { windowText } from '../cores/join-mode.ts'
import { textAt } from '../plan-json-core.ts'
import type {
  AggregateCall,
  AggregateCore,
  Core,
  InputRef,
  JoinCore,
  PlanBlock,
  Step,
  StreamInfo,
  WindowPlan,
} from '../plan.ts'

export function refText({ block, output }: InputRef): string {
  return output === 'main' ? block : `${block}.${output}`
}

export function fieldsText(fields: readonly Field[]): string[] {
  return fields.map((field) => `${field.name} ${printFieldType(field)}`)
}

/** "append", "upsert by user", "retract, unique by a, b". */
export function edgeText({ edge, uniqueKey }: StreamInfo): string {
  if (edge === 'append') {
    return uniqueKey === null || uniqueKey.length === 0
      ? 'append'
      : `append, unique by ${uniqueKey.join(', ')}`
  }
  if (uniqueKey === null) return 'updating (retract), no unique key'
  if (uniqueKey.length === 0) return 'updating, one row'
  const key = uniqueKey.join(', ')
  return edge === 'upsert' ? `updating (upsert by ${key})` : `updating (retract, unique by ${key})`
}

export function timeText({ eventTime, lostBy, lateness }: StreamInfo): string {
  if (eventTime === 'kept') {
    return lateness === 0
      ? 'event time kept'
      : `event time kept, corrected up to ${durationWords(lateness)} later`
  }
  return lostBy === null || lostBy === undefined ? 'no event time' : `no event time since ${lostBy}`
}

export function windowWords(window: WindowPlan): string {
  const parts = [windowText(window)]
  if (window.time === 'processing') parts.push('processing time')
  if (window.allowedLatenessMs > 0) {
    parts.push(`allowed lateness ${durationWords(window.allowedLatenessMs)}`)
  }
  if (window.earlyMs !== null) parts.push(`early every ${printDuration(window.earlyMs)}`)
  parts.push(`emit ${window.emit}`)
  return parts.join(', ')
}

/** When the rows of a block come out. */
export function visibilityText(core: Core | null): string {
  switch (core?.kind) {
    case 'aggregate':
    case 'top':
      return core.window === null
        ? 'after every input batch, the net change per key'
        : windowVisibility(core.window)
    case 'join':
      return joinVisibility(core)
    case 'dedupe':
      return core.mode.kind === 'last'
        ? 'after every input batch, the net change per key'
        : 'at once'
    default:
      return 'at once'
  }
}

function windowVisibility(window: WindowPlan): string {
  if (window.type === 'rolling') {
    return window.emit === 'arrival'
      ? 'at once, one row per record'
      : 'one row per record, when the watermark reaches it'
  }
  if (window.type === 'global') return 'at the end of input'
  if (window.type === 'count') return 'when a window is full, and at the end of input'
  const end =
    window.time === 'processing'
      ? 'when the clock passes the end'
      : 'when the watermark passes the end'
  const early =
    window.earlyMs === null ? '' : `every ${printDuration(window.earlyMs)} if it changed, and `
  const late = durationWords(window.allowedLatenessMs)
  if (window.emit === 'final' && window.allowedLatenessMs > 0) return `once, ${late} after the end`
  return window.allowedLatenessMs === 0
    ? `${early}${end}`
    : `${early}${end}; corrections until ${late} later`
}

function joinVisibility(core: JoinCore): string {
  const alone =
    core.type === 'inner' || core.type === 'semi'
      ? ''
      : '; rows without a partner when none can come any more'
  if (core.mode.kind === 'updating') return 'at once; rows change when a partner comes or goes'
  if (core.mode.kind === 'window') return 'when the watermark passes the end of the window'
  if (core.mode.kind === 'as_of') return 'when the right watermark has passed the time of `as_of`'
  return `when both rows are there${alone}`
}

export interface StepWords {
  readonly label: string
  readonly text: string
}

export function stepWords(step: Step): StepWords | null {
  switch (step.kind) {
    case 'filter':
      return { label: step.role, text: printTyped(step.predicate) }
    case 'project': {
      const made = step.columns.filter((one) => !isCopy(one.spec.path, one.expr))
      if (made.length === 0) return null
      const text = made.map((one) => `${one.spec.path} = ${printTyped(one.expr)}`).join(', ')
      return { label: 'set', text }
    }
    case 'unnest':
      return { label: 'unnest', text: `${step.item} of ${printTyped(step.list)}` }
    case 'flat_map':
      return { label: 'flat_map', text: step.fn.ref === '' ? 'a function' : step.fn.ref }
    case 'lookup': {
      const equal = step.equal.map((one) => `${printTyped(one.left)} == ${step.alias}.${one.right}`)
      const rest = step.residual === null ? [] : [printTyped(step.residual)]
      return {
        label: 'lookup',
        text: `${step.alias}: ${step.type} in table ${step.table} on ${[...equal, ...rest].join(' && ')}`,
      }
    }
    case 'validate': {
      const rules = step.rules.map((rule) => `${rule.name}: ${printTyped(rule.predicate)}`)
      return { label: 'validate', text: `${step.action} unless ${rules.join(', ')}` }
    }
    default:
      return unreachable(step)
  }
}

function isCopy(path: string, expr: TypedExpr): boolean {
  return expr.node === 'column' && expr.path === path
}

/** `figures`: the step behind an aggregate, which combines its calls. */
export function coreWords(core: Core, figures?: Step): StepWords[] {
  switch (core.kind) {
    case 'aggregate':
      return aggregateWords(core, figures)
    case 'join':
      return joinWords(core)
    case 'top': {
      const order = core.order.map(
        (one) => `${textAt(core.input, one.column) ?? ''}${one.descending ? ' desc' : ''}`,
      )
      const ties = core.ties ? ', ties kept' : ''
      const window =
        core.window === null ? [] : [{ label: 'window', text: windowWords(core.window) }]
      return [
        ...keyWords(core),
        ...window,
        { label: 'top', text: `${core.n} by ${order.join(', ')}${ties}` },
      ]
    }
    case 'dedupe': {
      const { mode } = core
      const bound =
        mode.kind === 'within'
          ? `first within ${printDuration(mode.ms)}`
          : mode.kind === 'first'
            ? 'first'
            : `last by ${textAt(core.input, mode.by) ?? 'event time'}`
      return [...keyWords(core), { label: 'dedupe', text: bound }]
    }
    case 'process':
      return [
        ...keyWords(core),
        { label: 'process', text: core.fn.ref === '' ? 'a function' : core.fn.ref },
      ]
    default:
      return unreachable(core)
  }
}

function keyWords(core: Exclude<Core, JoinCore>): StepWords[] {
  const text = keyText(core)
  return text === null ? [{ label: 'key', text: 'none: one subtask' }] : [{ label: 'key', text }]
}

/** The key of a core as printed expressions; null without one. */
export function keyText(core: Core): string | null {
  const [input, key] =
    core.kind === 'join' ? [core.left.input, core.left.key] : [core.input, core.key]
  return key.length === 0 ? null : key.map((index) => textAt(input, index) ?? '').join(', ')
}

function aggregateWords(core: AggregateCore, figures: Step | undefined): StepWords[] {
  const calls = new Map(core.calls.map((call) => [call.result.path, callText(core, call)]))
  const made = figures?.kind === 'project' ? figures.columns : []
  const texts = made
    .filter((one) => !isCopy(one.spec.path, one.expr))
    .map(({ spec, expr }) => {
      const text = printTyped(expr).replaceAll(/\$\d+/g, (name) => calls.get(name) ?? name)
      return `${spec.path} = ${text}`
    })
  return [
    ...keyWords(core),
    ...(core.window === null ? [] : [{ label: 'window', text: windowWords(core.window) }]),
    { label: 'aggregate', text: texts.length === 0 ? 'keys only' : texts.join(', ') },
  ]
}

export function callText(core: AggregateCore, call: AggregateCall): string {
  const options = Object.values(call.options).map((value) => JSON.stringify(value))
  const args = [...call.args.map((index) => textAt(core.input, index) ?? ''), ...options]
  const where = call.where === null ? '' : `.where(${textAt(core.input, call.where) ?? ''})`
  const last = call.lastMs === null ? '' : `.last(${printDuration(call.lastMs)})`
  return `${call.fn}(${args.join(', ')})${where}${last}`
}

function joinWords(core: JoinCore): StepWords[] {
  const equal = core.left.key.map((index, at) => {
    const right = core.right.input[core.right.key[at] ?? -1]
    const rightText = right === undefined ? '' : printTyped(underAlias(right.expr, core.alias))
    return `${textAt(core.left.input, index) ?? ''} == ${rightText}`
  })
  const words = [
    { label: 'join', text: `${core.alias}: ${core.type}, ${modeText(core)}` },
    { label: 'on', text: equal.join(', ') },
  ]
  if (core.residual !== null) words.push({ label: 'and', text: printTyped(core.residual) })
  const { where = null } = core.right
  if (where !== null)
    words.push({ label: 'right where', text: printTyped(underAlias(where, core.alias)) })
  return words
}

function modeText(core: JoinCore): string {
  const { mode } = core
  switch (mode.kind) {
    case 'interval':
      return `within [${printDuration(mode.lowMs)}, ${printDuration(mode.highMs)}]`
    case 'as_of':
      return `as of ${textAt(core.left.input, mode.time) ?? ''}`
    case 'window':
      return 'rows of the same window'
    default:
      return 'updating'
  }
}

/** How records come from a block to this one. */
export function exchangeText(block: PlanBlock, from: PlanBlock, edge: StreamInfo): string {
  if (block.kind === 'transform' && block.core !== null) {
    const key = keyText(block.core)
    return key === null ? 'all to one subtask' : `by hash of ${key}`
  }
  if (block.parallelism === from.parallelism) return 'forward'
  if (edge.edge === 'append') return 'rebalance'
  return `by hash of ${edge.uniqueKey?.join(', ') ?? 'the whole row'}`
}
