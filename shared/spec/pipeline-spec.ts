/**
 * The specification of a pipeline: what an author wrote, checked in form but not in meaning.
 *
 * The YAML reader and the TypeScript builder both make one; the planner knows nothing else, so both
 * spellings give one plan. Plain data: places are found by path (see base/diagnostics.ts). Names of
 * keys are those of the file (snake_case). `${…}` references are unresolved text. Durations are
 * parsed (ms). Keys that were not written are absent; defaults belong to the planner.
 */
import type { ExprSource } from '../expr/ast.ts'
import type { FieldType } from '../model/data-type.ts'

export interface PipelineSpec {
  readonly pipeline: string
  readonly description?: string
  readonly params?: Readonly<Record<string, ParamSpec>>
  readonly defaults?: DefaultsSpec
  /** Inline and file schemas by name, already parsed to types. Order is the author's. */
  readonly schemas?: Readonly<Record<string, SchemaSpec>>
  readonly connections?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly tables?: Readonly<Record<string, TableSpec>>
  readonly functions?: Readonly<Record<string, FunctionRef>>
  readonly sources: Readonly<Record<string, SourceSpec>>
  readonly transformations?: Readonly<Record<string, TransformationSpec>>
  readonly sinks: Readonly<Record<string, SinkSpec>>
  readonly alerts?: Readonly<Record<string, unknown>>
  readonly freshness?: unknown
  readonly schedule?: unknown
  readonly stream_processing?: StreamProcessingSpec
  /** By name: what `--env` lays over connectors, connections, parallelism, checkpoint. */
  readonly environments?: Readonly<Record<string, unknown>>
  /** As written; parsed by the test kit. */
  readonly tests?: readonly unknown[]
  /**
   * Blocks that the reader reported and left out, wholly or in part. Who checks further says
   * nothing of them, nor of what reads from them.
   */
  readonly broken?: readonly string[]
  /** Those of `broken` that stand among sources and transformations: names to be meant by others. */
  readonly brokenStreams?: readonly string[]
}

export interface ParamSpec {
  readonly type: FieldType
  readonly default?: unknown
}

export type OnError = 'fail' | 'skip' | 'dead_letter'

export interface DefaultsSpec {
  readonly on_error?: OnError
  readonly watermark?: WatermarkSpec
  readonly parallelism?: number
}

export interface WatermarkSpec {
  readonly out_of_orderness?: number
  readonly idle_after?: number
  readonly max_ahead?: number
}

export interface StreamProcessingSpec {
  readonly parallelism?: number
  readonly checkpoint?: unknown
}

export interface SchemaField extends FieldType {
  readonly name: string
}
export interface SchemaSpec {
  readonly fields: readonly SchemaField[]
}

/** `./f.ts#name`; a built pipeline carries the value itself beside it. */
export interface FunctionRef {
  readonly ref: string
  /** The author's definition (`fn`, `aggregator`, `flatMap`, `processor`) once it is loaded. */
  readonly definition?: unknown
}

export interface ConnectorUse {
  readonly connector: string
  readonly connection?: string
  /** Every key that belongs to the connector, as written; checked by its config schema. */
  readonly config: Readonly<Record<string, unknown>>
}

export interface SourceSpec extends ConnectorUse {
  /** A name in `schemas`, or the type itself. Absent where the connector knows it (generator). */
  readonly schema?: string | SchemaSpec
  readonly event_time?: string
  readonly watermark?: WatermarkSpec
  readonly primary_key?: readonly string[]
  readonly changes?: 'append' | 'upsert' | 'kinds' | 'full_snapshots'
  readonly on_error?: OnError
  readonly parallelism?: number
  readonly description?: string
}

export interface TableSpec extends ConnectorUse {
  readonly schema?: string | SchemaSpec
  readonly key: readonly string[]
  readonly cache?: { readonly ttl?: number; readonly max_rows?: number }
  readonly description?: string
}

export interface SinkSpec extends ConnectorUse {
  readonly from: string
  readonly key?: readonly string[] | string
  readonly mode?: 'append' | 'upsert' | 'changes' | 'replace'
  readonly latest_by?: string
  readonly on_error?: OnError
  readonly parallelism?: number
  readonly description?: string
}

export interface TransformationSpec {
  /** `name`, `block.side`, or several for a union. */
  readonly from: readonly string[]
  /** The steps before the core, in running order; the YAML order of keys or the author's `steps`. */
  readonly steps: readonly StepSpec[]
  readonly key_by?: readonly KeySpec[]
  readonly window?: WindowSpec
  readonly core?: CoreSpec
  /** Steps after the core: `having` is a `where`; then select, drop, rename. */
  readonly post: readonly StepSpec[]
  /** Alias of `block.late`, given on the window. */
  readonly late?: string
  readonly ttl?: number | 'none'
  readonly on_error?: OnError
  readonly parallelism?: number
  readonly description?: string
}

/** `key` is the path segment(s) below the block under which diagnostics find the step. */
export type StepSpec = { readonly key: readonly (string | number)[] } & (
  | { readonly kind: 'where'; readonly expr: ExprSource }
  | { readonly kind: 'set'; readonly fields: readonly NamedExpr[] }
  | { readonly kind: 'drop'; readonly fields: readonly string[] }
  | {
      readonly kind: 'rename'
      readonly fields: readonly { readonly to: string; readonly from: string }[]
    }
  | { readonly kind: 'select'; readonly fields: readonly SelectItem[] }
  | {
      readonly kind: 'unnest'
      readonly item: string
      readonly expr: ExprSource
      readonly index?: string
      readonly keep_empty?: boolean
    }
  | { readonly kind: 'flat_map'; readonly fn: FunctionRef }
  | { readonly kind: 'lookup'; readonly lookups: readonly LookupSpec[] }
  | {
      readonly kind: 'validate'
      readonly rules: readonly NamedExpr[]
      readonly action: 'reject' | 'observe' | 'warn' | 'fail'
    }
)

export interface NamedExpr {
  readonly name: string
  readonly expr: ExprSource
}
/** A path keeps its last segment as name. */
export type SelectItem = { readonly path: string } | NamedExpr
export type KeySpec = { readonly path: string } | NamedExpr

export interface LookupSpec {
  readonly alias: string
  readonly from: string
  readonly on: ExprSource
  readonly type?: 'left' | 'inner'
  readonly timeout?: number
  readonly on_error?: OnError
}

export type WindowSpec = {
  readonly time?: 'event' | 'processing'
  readonly allowed_lateness?: number
  readonly early?: number
  readonly emit?: 'updates' | 'final' | 'arrival'
} & (
  | {
      readonly type: 'tumbling'
      readonly size: SpanSpec
      readonly offset?: number
      readonly timezone?: string
    }
  | { readonly type: 'sliding'; readonly size: SpanSpec; readonly slide: SpanSpec }
  | {
      readonly type: 'cumulate'
      readonly size: SpanSpec
      readonly step: SpanSpec
      readonly timezone?: string
    }
  | { readonly type: 'session'; readonly gap: number }
  | { readonly type: 'count'; readonly size: number }
  | { readonly type: 'global' }
  | { readonly type: 'rolling'; readonly size: number }
  | { readonly type: 'same' }
)

/** A fixed length, or a calendar unit in the window's zone. `1 day` is calendar, `24 hours` fixed. */
export type SpanSpec =
  | { readonly ms: number }
  | { readonly calendar: 'day' | 'week' | 'month'; readonly count: number }

export type CoreSpec =
  | { readonly kind: 'aggregate'; readonly fields: readonly NamedExpr[] }
  | { readonly kind: 'join'; readonly join: JoinSpec }
  | {
      readonly kind: 'top'
      readonly n: number
      readonly by: string | readonly OrderTerm[]
      readonly ties?: boolean
      readonly rank_as?: string
    }
  | {
      readonly kind: 'dedupe'
      readonly within?: number
      readonly keep?: 'last'
      readonly by?: ExprSource
    }
  | {
      readonly kind: 'process'
      readonly fn: FunctionRef
      readonly with?: Readonly<Record<string, unknown>>
    }

export interface OrderTerm {
  readonly expr: ExprSource
  readonly descending: boolean
}

export interface JoinSpec {
  readonly alias: string
  readonly from: string
  /** A condition over both sides, or a field name (or several) when names agree. */
  readonly on: ExprSource
  readonly type?: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti'
  readonly within?: readonly [number, number]
  readonly as_of?: ExprSource
  readonly window?: boolean
}
