/** Cores and windows of a plan as JSON (plan-json.ts). */
import { unreachable } from '../base/assert.ts'
import type { TypedExpr } from '../expr/ast.ts'
import { printTyped } from '../expr/print-typed.ts'
import type { ColumnSpec } from '../model/layout.ts'
import { printFieldType } from '../model/type-text.ts'
import type { JsonMap } from './json-map.ts'
import type {
  AggregateCall,
  AggregateCore,
  Core,
  DedupeCore,
  JoinCore,
  JoinSide,
  ProjectedColumn,
  TopCore,
  WindowPlan,
} from './plan.ts'

export function columnNames(columns: readonly ColumnSpec[]): string[] {
  return columns.map((spec) => spec.path)
}

export function coreJson(core: Core, operator: string): JsonMap {
  switch (core.kind) {
    case 'aggregate':
      return aggregateJson(core, operator)
    case 'join':
      return joinJson(core)
    case 'top':
      return topJson(core)
    case 'dedupe':
      return dedupeJson(core)
    case 'process':
      return {
        function: { operator, role: 'process' },
        input: core.input.map(inputJson),
        key: textsAt(core.input, core.key),
        kind: 'process',
        output: core.output.map(columnJson),
        sides: Object.fromEntries(
          Object.entries(core.sides).map(([name, columns]) => [name, columns.map(columnJson)]),
        ),
        with: core.with,
      }
    default:
      return unreachable(core)
  }
}

function columnJson(spec: ColumnSpec): JsonMap {
  return { name: spec.path, type: printFieldType(spec) }
}

function inputJson({ spec, expr }: ProjectedColumn): JsonMap {
  return { expr: printTyped(expr), ...columnJson(spec) }
}

/** The expressions of input columns. */
function textsAt(input: readonly ProjectedColumn[], indexes: readonly number[]): string[] {
  return indexes.flatMap((index) => textAt(input, index) ?? [])
}

export function textAt(input: readonly ProjectedColumn[], index: number | null): string | null {
  const column = index === null ? undefined : input[index]
  return column === undefined ? null : printTyped(column.expr)
}

function aggregateJson(core: AggregateCore, operator: string): JsonMap {
  return {
    calls: core.calls.map((call) => callJson(core, call, operator)),
    input: core.input.map(inputJson),
    key: textsAt(core.input, core.key),
    kind: 'aggregate',
    output: core.output.map(columnJson),
    window: windowJson(core.window),
  }
}

function callJson(core: AggregateCore, call: AggregateCall, operator: string): JsonMap {
  return {
    args: textsAt(core.input, call.args),
    fn: call.fn,
    function: call.user === null ? null : { operator, role: call.fn },
    last_ms: call.lastMs,
    options: call.options,
    result: columnJson(call.result),
    where: textAt(core.input, call.where),
  }
}

function joinJson(core: JoinCore): JsonMap {
  const { mode } = core
  return {
    alias: core.alias,
    kind: 'join',
    left: sideJson(core.left),
    mode:
      mode.kind === 'as_of' ? { as_of: textAt(core.left.input, mode.time), kind: 'as_of' } : mode,
    output: core.output.map(columnJson),
    residual: printed(core.residual),
    right: sideJson(core.right),
    type: core.type,
  }
}

function sideJson(side: JoinSide): JsonMap {
  return {
    edge: side.edge,
    input: side.input.map(inputJson),
    keep_longer_ms: side.keepLongerMs,
    kept: side.kept.flatMap((index) => side.input[index]?.spec.path ?? []),
    key: textsAt(side.input, side.key),
    unique_key: side.uniqueKey === null ? null : textsAt(side.input, side.uniqueKey),
    where: printed(side.where ?? null),
  }
}

function printed(expr: TypedExpr | null): string | null {
  return expr === null ? null : printTyped(expr)
}

function topJson(core: TopCore): JsonMap {
  return {
    input: core.input.map(inputJson),
    key: textsAt(core.input, core.key),
    kind: 'top',
    n: core.n,
    order: core.order.map((one) => ({
      by: textAt(core.input, one.column),
      descending: one.descending,
    })),
    output: core.output.map(columnJson),
    rank_as: core.rankAs,
    ties: core.ties,
    window: windowJson(core.window),
  }
}

function dedupeJson(core: DedupeCore): JsonMap {
  const { mode } = core
  return {
    input: core.input.map(inputJson),
    key: textsAt(core.input, core.key),
    kind: 'dedupe',
    mode: mode.kind === 'last' ? { by: textAt(core.input, mode.by), kind: 'last' } : mode,
    output: core.output.map(columnJson),
  }
}

export function windowJson(window: WindowPlan | null): JsonMap | null {
  if (window === null) return null
  return window.type === 'same' ? { ...window, of: windowJson(window.of) } : { ...window }
}
