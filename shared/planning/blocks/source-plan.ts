/** Sources: their row, event time, watermark, and whether their records are changes. */
import { nearestName } from '../../base/nearest-name.ts'
import type { SpecPath } from '../../base/diagnostics.ts'
import { printFieldType } from '../../model/type-text.ts'
import { fieldAt } from '../../model/row-schema.ts'
import type { TypedExpr } from '../../expr/ast.ts'
import { checkExpression } from '../../expr/check.ts'
import { parseExpression } from '../../expr/parse.ts'
import type { Field } from '../../model/data-type.ts'
import type { SchemaSpec, SourceSpec, WatermarkSpec } from '../../spec/pipeline-spec.ts'
import type { SourceTraits } from '../../spi/connector.ts'
import { checkConnector } from './connector-checks.ts'
import {
  EVENT_TIME_COLUMN,
  type SourceBlock,
  type StreamInfo,
  type WatermarkPlan,
} from '../plan.ts'
import { blockPath, type Planning, type Stream } from '../planning.ts'
import { fieldFix, firstName, listNames, originOf, rowOf, type Row } from '../row.ts'
import {
  checkParallelism,
  deadLetterOutput,
  parallelismOf,
  RULE_FIELD,
  rowWith,
  sideStream,
} from './side-outputs.ts'

/** Records may not be further in the future than this, unless the author says so (D13). */
const MAX_AHEAD_DEFAULT_MS = 3_600_000

const DEFAULT_TRAITS: SourceTraits = {
  bounded: false,
  changes: 'append',
  fields: null,
  eventTime: null,
  layouts: {},
}

export interface PlannedBlock<Block> {
  readonly block: Block
  readonly streams: readonly Stream[]
}

export function planSource(planning: Planning, name: string): PlannedBlock<SourceBlock> | null {
  const spec = planning.spec.sources[name]
  if (spec === undefined) return null
  const path = blockPath('sources', name)
  const checked = checkConnector(planning, spec, 'source', path())
  const traits = checked?.connector.describeSource?.(checked.config) ?? DEFAULT_TRAITS
  const row = sourceRow(planning, { spec, traits, path: path() })
  if (row === null) return null
  // A source with a mistake still has rows: what reads them is checked all the same.
  const found = checkEventTime(planning, row, { spec, traits, path: path() })
  const isTimed = found !== null || spec.event_time !== undefined
  const primaryKey = spec.primary_key ?? null
  for (const key of primaryKey ?? []) {
    if (fieldAt(row.fields, key) === null) refuseField(planning, row, key, path('primary_key'))
  }
  const changes = changesOf(planning, spec, { traits, path: path() }) ?? 'append'
  checkParallelism(planning, spec.parallelism, path('parallelism'))
  const watermark = watermarkOf(planning, spec, {
    traits,
    eventTime: found?.column ?? null,
    path: path(),
  })
  const onError = spec.on_error ?? planning.spec.defaults?.on_error ?? 'fail'
  const isUpsert = changes !== 'append' && primaryKey !== null
  const normalizer = isUpsert && planning.retractDemands.has(name)
  const info: StreamInfo = {
    fields: row.fields,
    columns: row.columns,
    edge: changes === 'append' ? 'append' : isUpsert && !normalizer ? 'upsert' : 'retract',
    uniqueKey: primaryKey,
    eventTime: isTimed ? 'kept' : 'lost',
    lateness: 0,
    window: null,
    bounded: traits.bounded,
    lostBy: isTimed ? null : name,
  }
  const main: Stream = {
    ref: { block: name, output: 'main' },
    info,
    row,
    upsertOf: info.edge === 'upsert' ? [name] : [],
    kindsKnown: changes === 'kinds',
  }
  const rejected = watermark?.maxAheadMs == null ? [] : [rejectedStream(name, row, traits.bounded)]
  const streams = [main, ...rejected, ...deadLetterOutput(name, onError, traits.bounded)]
  const block: SourceBlock = {
    kind: 'source',
    name,
    inputs: [],
    outputs: streams.map((one) => ({ name: one.ref.output, stream: one.info, used: [] })),
    onError,
    parallelism: parallelismOf(planning, spec.parallelism),
    connector: spec.connector,
    config: checked?.config ?? {},
    primaryKey,
    changes,
    eventTime: found?.column ?? null,
    eventTimeExpr: found?.expr ?? null,
    watermark,
    bounded: traits.bounded,
    inTimeOrder: traits.inTimeOrder ?? false,
    normalizer,
  }
  return { block, streams }
}

/** Records whose event time is too far ahead, with `_rule` max_ahead. */
function rejectedStream(name: string, row: Row, bounded: boolean): Stream {
  const shown = rowWith(row, RULE_FIELD, `rejected rows of ${name}`)
  return sideStream(name, 'rejected', { row: shown, eventTime: 'kept', bounded, edge: 'append' })
}

interface SourceParts {
  readonly spec: SourceSpec
  readonly traits: SourceTraits
  readonly path: SpecPath
}

function sourceRow(planning: Planning, { spec, traits, path }: SourceParts): Row | null {
  const layouts = new Map(Object.entries(traits.layouts))
  if (spec.schema === undefined) {
    if (traits.fields !== null) {
      return rowOf(traits.fields, `connector ${spec.connector}`, layouts)
    }
    planning.diagnostics.error(
      'SCHEMA_MISSING',
      path,
      'the source does not say which fields its records have',
      {
        onKey: true,
        fix: 'add `schema:`, a name of `schemas` or the fields themselves',
      },
    )
    return null
  }
  const found = resolveSchema(planning, spec.schema, [...path, 'schema'])
  return found === null ? null : rowOf(found.fields, found.origin, layouts)
}

export function resolveSchema(
  planning: Planning,
  schema: string | SchemaSpec,
  path: SpecPath,
): { readonly fields: readonly Field[]; readonly origin: string } | null {
  if (typeof schema !== 'string') return { fields: schema.fields, origin: `schema of ${path[1]}` }
  const declared = planning.spec.schemas?.[schema]
  if (declared !== undefined) return { fields: declared.fields, origin: `schema ${schema}` }
  const names = Object.keys(planning.spec.schemas ?? {})
  const near = nearestName(schema, names)
  const known = names.length === 0 ? 'declare it under `schemas:`' : `one of ${listNames(names)}`
  planning.diagnostics.error('SCHEMA_UNKNOWN', path, `there is no schema \`${schema}\``, {
    fix: near === null ? known : `write \`${near}\``,
  })
  return null
}

interface EventTime {
  readonly column: string
  readonly expr: TypedExpr | null
}

function checkEventTime(planning: Planning, row: Row, parts: SourceParts): EventTime | null {
  const { spec, traits, path } = parts
  if (spec.event_time === undefined) {
    return traits.eventTime === null ? null : { column: traits.eventTime, expr: null }
  }
  const field = fieldAt(row.fields, spec.event_time)
  if (field === null) {
    if (!FIELD_PATH.test(spec.event_time)) return computedEventTime(planning, row, parts)
    refuseField(planning, row, spec.event_time, [...path, 'event_time'])
    return null
  }
  if (field.type.kind === 'timestamp') return { column: spec.event_time, expr: null }
  const cause = originOf(row, spec.event_time)
  planning.diagnostics.error(
    'EVENT_TIME_WRONG',
    [...path, 'event_time'],
    `event time is a timestamp, and \`${spec.event_time}\` is ${printFieldType(field)}`,
    {
      ...(cause === undefined ? {} : { cause }),
      fix: 'declare the field as `timestamp` in the schema',
    },
  )
  return null
}

const FIELD_PATH = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/

/** An expression over the fields of the source. */
function computedEventTime(planning: Planning, row: Row, parts: SourceParts): EventTime | null {
  const path = [...parts.path, 'event_time']
  const { expr, problems } = parseExpression(parts.spec.event_time ?? '')
  const { params, functions } = planning
  const scope = {
    fields: row.fields,
    params,
    functions: functions.scalars,
    aggregates: functions.aggregates,
    origin: (at: string) => row.origins.get(firstName(at)),
  }
  const checked = expr === null ? null : checkExpression(expr, scope)
  for (const problem of [...problems, ...(checked?.problems ?? [])]) {
    planning.diagnostics.all.push({ ...problem, path })
  }
  const typed = checked?.typed ?? null
  if (typed === null) return null
  if (typed.type.kind === 'timestamp') return { column: EVENT_TIME_COLUMN, expr: typed }
  const message = `event time is a timestamp, and this expression is ${printFieldType(typed)}`
  planning.diagnostics.error('EVENT_TIME_WRONG', path, message, {
    fix: 'make a timestamp of it: `timestamp(x)`, `parse_time(…)`, `date_add(…)`',
  })
  return null
}

function refuseField(planning: Planning, row: Row, name: string, path: SpecPath): void {
  planning.diagnostics.error('FIELD_UNKNOWN', path, `the source has no field \`${name}\``, {
    fix: fieldFix(row, name),
  })
}

function changesOf(
  planning: Planning,
  spec: SourceSpec,
  { traits, path }: Omit<SourceParts, 'spec'>,
): SourceBlock['changes'] | null {
  const written = spec.changes
  const refuse = (message: string, fix: string): null => {
    planning.diagnostics.error('CHANGES_REFUSED', [...path, 'changes'], message, { fix })
    return null
  }
  if (written === 'full_snapshots') {
    planning.diagnostics.error(
      'NOT_YET',
      [...path, 'changes'],
      '`changes: full_snapshots` is not there yet',
      {
        fix: 'for now give changes: `changes: upsert` or `changes: kinds`',
      },
    )
    return null
  }
  if (written === 'upsert' && spec.primary_key === undefined) {
    return refuse('an upsert source says which row a record replaces', 'add `primary_key:`')
  }
  if (written === 'append' && traits.changes === 'kinds') {
    return refuse(
      `\`${spec.connector}\` gives updates and deletes, which are no appends`,
      'leave `changes` out, and keep only inserts with `where: change() == "insert"`',
    )
  }
  if (written !== undefined) return written
  if (traits.changes === 'kinds') return 'kinds'
  return spec.primary_key === undefined ? 'append' : 'upsert'
}

function watermarkOf(
  planning: Planning,
  spec: SourceSpec,
  parts: Omit<SourceParts, 'spec'> & { readonly eventTime: string | null },
): WatermarkPlan | null {
  const { traits, eventTime, path } = parts
  const defaults = planning.spec.defaults?.watermark
  const written: WatermarkSpec | null =
    spec.watermark === undefined && defaults === undefined
      ? null
      : { ...defaults, ...spec.watermark }
  if (eventTime === null) {
    if (spec.watermark !== undefined && spec.event_time === undefined) {
      planning.diagnostics.error(
        'OPTION_REFUSED',
        [...path, 'watermark'],
        'a watermark needs event time',
        {
          onKey: true,
          fix: 'add `event_time:`, the timestamp field that says when it happened',
        },
      )
    }
    return null
  }
  for (const [key, ms] of Object.entries(written ?? {})) {
    if (ms >= 0) continue
    planning.diagnostics.error(
      'DURATION_WRONG',
      [...path, 'watermark', key],
      `\`${key}\` cannot be negative`,
      {},
    )
  }
  const isOwn = spec.event_time === undefined || spec.event_time === traits.eventTime
  if (written?.out_of_orderness === undefined && !traits.bounded && !isOwn) {
    planning.diagnostics.error(
      'WATERMARK_MISSING',
      path,
      `the source never ends and has event time \`${eventTime}\`, but does not say how late records may be`,
      {
        onKey: true,
        fix: 'add `watermark: { out_of_orderness: 5 seconds, idle_after: 30 seconds }`',
      },
    )
    return null
  }
  if (written === null && traits.bounded) return null
  return {
    outOfOrdernessMs: written?.out_of_orderness ?? 0,
    idleAfterMs: written?.idle_after ?? null,
    maxAheadMs: written?.max_ahead ?? (traits.bounded ? null : MAX_AHEAD_DEFAULT_MS),
  }
}
