/**
 * The plan as JSON: what `explain --format json` prints, and what its hash is taken of. A YAML file
 * and its TypeScript twin give the same bytes.
 *
 * Keys are sorted, expressions are printed, defaults are written out, functions are (operator,
 * role). No paths of files, no positions, no descriptions; `${…}` stays as it was written. The hash
 * decides whether a worker runs the plan that was submitted: changing this form changes all hashes.
 */
import { createHash } from 'node:crypto'
import { unreachable } from '../base/assert.ts'
import type { TypedExpr } from '../expr/ast.ts'
import { printTyped } from '../expr/print-typed.ts'
import type { Field } from '../model/data-type.ts'
import type { ColumnSpec } from '../model/layout.ts'
import { printFieldType } from '../model/type-text.ts'
import type { JsonMap } from './json-map.ts'
import { coreJson, columnNames, windowJson } from './plan-json-core.ts'
import type {
  OutputPlan,
  Plan,
  PlanBlock,
  ProjectedColumn,
  SinkBlock,
  SourceBlock,
  Step,
  TableBlock,
  TransformBlock,
} from './plan.ts'

export function planJson(plan: Plan): JsonMap {
  return sorted({
    blocks: plan.blocks.map(blockJson),
    functions: Object.keys(plan.functions ?? {}).toSorted(),
    params: plan.params,
    pipeline: plan.pipeline,
    tables: plan.tables.map(tableJson),
  }) as JsonMap
}

/** Two blanks per level, keys sorted, a line end at the end. */
export function planJsonText(plan: Plan): string {
  return `${JSON.stringify(planJson(plan), null, 2)}\n`
}

/** SHA-256 of the JSON without blanks, hexadecimal. */
export function planHash(plan: Plan): string {
  return createHash('sha256')
    .update(JSON.stringify(planJson(plan)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof RegExp) return value.source
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  const byName = entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return Object.fromEntries(byName.map(([key, one]) => [key, sorted(one)]))
}

function blockJson(block: PlanBlock): JsonMap {
  const base = {
    inputs: block.inputs.map((ref) => `${ref.block}.${ref.output}`),
    kind: block.kind,
    name: block.name,
    on_error: block.onError,
    outputs: block.outputs.map(outputJson),
    parallelism: block.parallelism,
  }
  if (block.kind === 'source') return { ...base, ...sourceJson(block) }
  return block.kind === 'sink'
    ? { ...base, ...sinkJson(block) }
    : { ...base, ...transformJson(block) }
}

function outputJson({ name, stream, used }: OutputPlan): JsonMap {
  return {
    bounded: stream.bounded,
    edge: stream.edge,
    event_time: stream.eventTime,
    fields: fieldsJson(stream.fields),
    lateness_ms: stream.lateness,
    name,
    unique_key: stream.uniqueKey,
    used,
    window: windowJson(stream.window),
  }
}

function fieldsJson(fields: readonly Field[]): JsonMap[] {
  return fields.map((field) => ({ name: field.name, type: printFieldType(field) }))
}

function sourceJson(block: SourceBlock): JsonMap {
  const { watermark } = block
  return {
    bounded: block.bounded,
    changes: block.changes,
    config: block.config,
    connector: block.connector,
    event_time: block.eventTimeExpr == null ? block.eventTime : printTyped(block.eventTimeExpr),
    event_time_unread: block.timeUnread ?? false,
    normalizer: block.normalizer ?? false,
    primary_key: block.primaryKey,
    watermark:
      watermark === null
        ? null
        : {
            idle_after_ms: watermark.idleAfterMs,
            max_ahead_ms: watermark.maxAheadMs,
            out_of_orderness_ms: watermark.outOfOrdernessMs,
          },
  }
}

function sinkJson(block: SinkBlock): JsonMap {
  return {
    columns: block.columns.map(columnJson),
    config: block.config,
    connector: block.connector,
    key: block.key,
    key_template: block.keyTemplate ?? null,
    latest_by: block.latestBy,
    materializer: block.materializer,
    mode: block.mode,
  }
}

function columnJson(spec: ColumnSpec): JsonMap {
  return { name: spec.path, type: printFieldType(spec) }
}

function tableJson(table: TableBlock): JsonMap {
  return {
    cache_ttl_ms: table.cacheTtlMs,
    config: table.config,
    connector: table.connector,
    fields: fieldsJson(table.fields),
    key: table.key,
    name: table.name,
    used: table.used,
  }
}

function transformJson(block: TransformBlock): JsonMap {
  return {
    core: block.core === null ? null : coreJson(block.core, block.name),
    post: block.post.map((step) => stepJson(step, block.name)),
    pre: block.pre.map((step) => stepJson(step, block.name)),
    reads: columnNames(block.inputColumns ?? []),
    state: block.stateBound,
    ttl_ms: block.ttlMs,
  }
}

function stepJson(step: Step, operator: string): JsonMap {
  switch (step.kind) {
    case 'filter':
      return { keep: printTyped(step.predicate), kind: 'filter' }
    case 'project':
      return { columns: step.columns.map(projectedJson), kind: 'project' }
    case 'unnest':
      return {
        columns: step.itemColumns.map(columnJson),
        index: step.index,
        item: step.item,
        keep_empty: step.keepEmpty,
        kind: 'unnest',
        list: printTyped(step.list),
      }
    case 'flat_map':
      return {
        function: { operator, role: 'flat_map' },
        input: columnNames(step.input),
        kind: 'flat_map',
        output: step.output.map(columnJson),
      }
    case 'lookup':
      return {
        alias: step.alias,
        columns: step.columns.map(columnJson),
        equal: step.equal.map((one) => ({ left: printTyped(one.left), right: one.right })),
        kind: 'lookup',
        on_error: step.onError,
        residual: printed(step.residual),
        table: step.table,
        type: step.type,
      }
    case 'validate':
      return {
        action: step.action,
        kind: 'validate',
        rules: step.rules.map((rule) => ({ name: rule.name, rule: printTyped(rule.predicate) })),
      }
    default:
      return unreachable(step)
  }
}

export function projectedJson({ spec, expr }: ProjectedColumn): JsonMap {
  return { expr: printTyped(expr), ...columnJson(spec) }
}

function printed(expr: TypedExpr | null): string | null {
  return expr === null ? null : printTyped(expr)
}
