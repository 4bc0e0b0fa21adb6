/**
 * The plan: a pipeline as typed blocks, in topological order with ties by name. What `explain`
 * prints and what the runtime builds operators from. It holds no path, position or resolved secret.
 *
 * A transformation runs as: `pre` steps → core input columns → core → `post` steps. Every column is
 * named by its path; structs are leaves (see model/layout.ts).
 */
import type { TypedExpr } from '../expr/ast.ts'
import type { Field } from '../model/data-type.ts'
import type { ColumnSpec } from '../model/layout.ts'
import type { FunctionRef, OnError } from '../spec/pipeline-spec.ts'

export interface Plan {
  readonly pipeline: string
  readonly blocks: readonly PlanBlock[]
  readonly tables: readonly TableBlock[]
  readonly params: Readonly<Record<string, unknown>>
  /** Functions of the pipeline by overload id (`user:NAME`), aggregates by name (user-functions.ts). */
  readonly functions?: Readonly<Record<string, FunctionRef>>
}

/** Of an edge (D18). `upsert` carries only the newest row per key and deletes by key. */
export type EdgeKind = 'append' | 'upsert' | 'retract'

/** What is known of the rows that leave a block by one of its outputs. */
export interface StreamInfo {
  readonly fields: readonly Field[]
  /** The leaves of `fields`, in order, with layouts: all of them, before pruning. */
  readonly columns: readonly ColumnSpec[]
  readonly edge: EdgeKind
  /** Paths; null when rows are not unique. */
  readonly uniqueKey: readonly string[] | null
  readonly eventTime: 'kept' | 'lost'
  /** How long after the watermark rows of this stream may still be corrected, ms. */
  readonly lateness: number
  /** The window its rows belong to, for `type: same` and window joins. */
  readonly window: WindowPlan | null
  readonly bounded: boolean
  /** The block that lost event time, for messages and explain; null while it is kept. */
  readonly lostBy?: string | null
}

/** One output of a block, and which of its columns somebody downstream reads. */
export interface OutputPlan {
  /** `main`, `late`, `rejected`, `dead_letter` or a name of a process function. */
  readonly name: string
  readonly stream: StreamInfo
  /** Paths read downstream, in the order of `stream.columns`; empty when nobody reads it. */
  readonly used: readonly string[]
}

export interface InputRef {
  readonly block: string
  readonly output: string
}

export type PlanBlock = SourceBlock | TransformBlock | SinkBlock

interface BlockBase {
  readonly name: string
  readonly inputs: readonly InputRef[]
  readonly outputs: readonly OutputPlan[]
  readonly onError: OnError
  readonly parallelism: number | null
}

/** Column that a source computes its event time into; no block reads it. */
export const EVENT_TIME_COLUMN = '$event_time'

export interface SourceBlock extends BlockBase {
  readonly kind: 'source'
  readonly connector: string
  readonly config: Readonly<Record<string, unknown>>
  readonly primaryKey: readonly string[] | null
  readonly changes: 'append' | 'upsert' | 'kinds'
  /** Path of the event time column, or EVENT_TIME_COLUMN; null when there is none. */
  readonly eventTime: string | null
  /** What the event time is computed from, over the columns of the source; null: it is a column. */
  readonly eventTimeExpr?: TypedExpr | null
  readonly watermark: WatermarkPlan | null
  readonly bounded: boolean
  /** It merges its parts by event time, which it therefore reads whoever else does. */
  readonly inTimeOrder?: boolean
  /** Nobody uses its event time (prune/unread-times.ts): none is attached, and no watermark made. */
  readonly timeUnread?: boolean
  /**
   * Its readers need full changes: a keyed last-row state stands behind the source, makes of every
   * upsert by `primaryKey` an insert or a pair of update-before and -after, and drops what changes
   * nothing. Update-before rows of the source are ignored. Its outputs are then retract edges.
   */
  readonly normalizer?: boolean
}

export interface WatermarkPlan {
  readonly outOfOrdernessMs: number
  readonly idleAfterMs: number | null
  readonly maxAheadMs: number | null
}

export interface TableBlock {
  readonly name: string
  readonly connector: string
  readonly config: Readonly<Record<string, unknown>>
  readonly key: readonly string[]
  readonly fields: readonly Field[]
  readonly columns: readonly ColumnSpec[]
  readonly used: readonly string[]
  readonly cacheTtlMs: number | null
}

export interface SinkBlock extends BlockBase {
  readonly kind: 'sink'
  readonly connector: string
  readonly config: Readonly<Record<string, unknown>>
  readonly mode: 'append' | 'upsert' | 'changes'
  readonly key: readonly string[] | null
  readonly latestBy: string | null
  /** A keyed last-row state in front of the sink, because its key is not the stream's. */
  readonly materializer: boolean
  /** The text of a key with `{field}` in it; `key` then lists its fields. */
  readonly keyTemplate?: string | null
  /** Columns in the order they are written. */
  readonly columns: readonly ColumnSpec[]
}

/** A last-row state stands in front of the sink, for its key or for `latest_by`. */
export function isMaterialized({ materializer, latestBy }: SinkBlock): boolean {
  return materializer || latestBy !== null
}

export interface TransformBlock extends BlockBase {
  readonly kind: 'transform'
  /** Of the (left) input. Several inputs without a join core are a union by column path. */
  readonly pre: readonly Step[]
  /**
   * The columns `pre` starts from, after pruning. Batches of a union's inputs are brought to these
   * (order, layout `utf8` where the inputs differ).
   */
  readonly inputColumns?: readonly ColumnSpec[]
  readonly core: Core | null
  /** Scope: the core's output columns (see each core). */
  readonly post: readonly Step[]
  readonly ttlMs: number | null
  readonly stateBound: string
}

/** Stateless steps, over the columns of the row at that point. */
export type Step =
  | { readonly kind: 'filter'; readonly predicate: TypedExpr; readonly role: 'where' | 'having' }
  /** The columns after this step, all of them: kept ones are plain `column` expressions. */
  | { readonly kind: 'project'; readonly columns: readonly ProjectedColumn[] }
  | {
      readonly kind: 'unnest'
      readonly list: TypedExpr
      /** Columns added: the element (its leaves) and the index. */
      readonly item: string
      readonly itemColumns: readonly ColumnSpec[]
      readonly index: string | null
      readonly keepEmpty: boolean
    }
  | {
      readonly kind: 'flat_map'
      readonly fn: FunctionRef
      readonly input: readonly ColumnSpec[]
      readonly output: readonly ColumnSpec[]
    }
  | {
      readonly kind: 'lookup'
      readonly alias: string
      readonly table: string
      readonly type: 'left' | 'inner'
      /** Pairs of an expression over the row and a column of the table. */
      readonly equal: readonly { readonly left: TypedExpr; readonly right: string }[]
      /** What is left of `on`, over the row and `alias.*`; null when nothing is. */
      readonly residual: TypedExpr | null
      /** Columns added, as `alias.path`; `alias.?` is first where it is read (type left only). */
      readonly columns: readonly ColumnSpec[]
      readonly onError: OnError
    }
  | {
      readonly kind: 'validate'
      readonly rules: readonly { readonly name: string; readonly predicate: TypedExpr }[]
      readonly action: 'reject' | 'observe' | 'warn' | 'fail'
    }

export interface ProjectedColumn {
  readonly spec: ColumnSpec
  readonly expr: TypedExpr
}

/** Cores read only the columns of their `input`, by index; those are evaluated before the core. */
export type Core = AggregateCore | JoinCore | TopCore | DedupeCore | ProcessCore

export interface AggregateCore {
  readonly kind: 'aggregate'
  readonly input: readonly ProjectedColumn[]
  /** Indexes into `input`; empty for one global group. Null is a key. */
  readonly key: readonly number[]
  readonly window: WindowPlan | null
  readonly calls: readonly AggregateCall[]
  /**
   * Rolling windows give the input row's columns first: indexes into `input`, without those that
   * are keys. Otherwise empty. Output columns: passed ones, keys, and with a window `window_start`,
   * `window_end` (timestamps, null for global windows; count windows add `window_number`), then one
   * per call named `$0`, `$1`, … Input columns that are computed have names with `$`; those that
   * are read have the path of the row, so that late rows are made of them by path.
   */
  readonly passed: readonly number[]
  readonly output: readonly ColumnSpec[]
  /** Of the rows that reach the core: `pre` may keep inserts of an updating input only. */
  readonly edge?: EdgeKind
}

export interface AggregateCall {
  /** Id of the aggregate in the registry: `count`, `sum`, `user` … */
  readonly fn: string
  /** Indexes into the core's input. */
  readonly args: readonly number[]
  /** Index of a bool column: only rows where it is true; null for all. */
  readonly where: number | null
  /** `.last(duration)` in a rolling window. */
  readonly lastMs: number | null
  /** Constant options: n of top_k, q of quantile, separator of string_agg. */
  readonly options: Readonly<Record<string, number | string | boolean>>
  /** Of the result, as it lies in the output. */
  readonly result: ColumnSpec
  /** User-defined aggregates only. */
  readonly user: FunctionRef | null
}

export type WindowPlan = {
  readonly time: 'event' | 'processing'
  readonly allowedLatenessMs: number
  readonly earlyMs: number | null
  readonly emit: 'updates' | 'final' | 'arrival'
} & (
  | {
      readonly type: 'tumbling'
      readonly size: SpanPlan
      readonly offsetMs: number
      readonly zone: string
    }
  | { readonly type: 'sliding'; readonly sizeMs: number; readonly slideMs: number }
  | {
      readonly type: 'cumulate'
      readonly size: SpanPlan
      readonly stepMs: number
      readonly zone: string
    }
  | { readonly type: 'session'; readonly gapMs: number }
  | { readonly type: 'count'; readonly size: number }
  | { readonly type: 'global' }
  | { readonly type: 'rolling'; readonly sizeMs: number }
  /** `of` is the window of the input, whose columns window_start and window_end are read. */
  | { readonly type: 'same'; readonly of: WindowPlan | null }
)

export type SpanPlan =
  | { readonly ms: number }
  | { readonly calendar: 'day' | 'week' | 'month'; readonly count: number }

export interface JoinCore {
  readonly kind: 'join'
  readonly alias: string
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti'
  readonly mode:
    | { readonly kind: 'updating' }
    | { readonly kind: 'window' } // equal window_end columns are part of the key
    | { readonly kind: 'interval'; readonly lowMs: number; readonly highMs: number }
    | { readonly kind: 'as_of'; readonly time: number } // index into left.input
  readonly left: JoinSide
  readonly right: JoinSide
  /** Over left columns by path and right columns as `alias.path`; null when keys say it all. */
  readonly residual: TypedExpr | null
  /**
   * Left columns, then `alias.path` of the right (nullable where the type says so), with `alias.?`
   * before them for types left and full where it is read: look for it here, not by position.
   * Semi and anti: left columns only. Right and full: left columns become nullable.
   */
  readonly output: readonly ColumnSpec[]
}

export interface JoinSide {
  readonly input: readonly ProjectedColumn[]
  /** Indexes into `input`; null is never equal. Same length and types on both sides. */
  readonly key: readonly number[]
  /** Columns of `input` that go to the output, by index, in order (the rest is only key). */
  readonly kept: readonly number[]
  readonly edge: EdgeKind
  /** Indexes of the unique key, when it is known: rows are then kept by it. */
  readonly uniqueKey: readonly number[] | null
  /** The other stream's lateness: rows are kept that much longer (D13). */
  readonly keepLongerMs: number
  /**
   * Right side: over its own columns by path (all in its batches, maybe not in `input`); rows for
   * which it is not true take no part. Left conditions of that kind stand in the block's `pre`.
   */
  readonly where?: TypedExpr | null
}

export interface TopCore {
  readonly kind: 'top'
  readonly input: readonly ProjectedColumn[]
  readonly key: readonly number[]
  readonly window: WindowPlan | null
  readonly n: number
  readonly order: readonly { readonly column: number; readonly descending: boolean }[]
  readonly ties: boolean
  /**
   * Name of the rank column, from 1; null for none. It is the last column of the output, after the
   * kept ones and, with a window other than `same`, `window_start` and `window_end` (then
   * `window_number` for count windows).
   */
  readonly rankAs: string | null
  /** Columns of `input` that go to the output. */
  readonly kept: readonly number[]
  readonly edge: EdgeKind
  readonly uniqueKey: readonly number[] | null
  readonly output: readonly ColumnSpec[]
}

export interface DedupeCore {
  readonly kind: 'dedupe'
  readonly input: readonly ProjectedColumn[]
  readonly key: readonly number[]
  readonly mode:
    | { readonly kind: 'within'; readonly ms: number }
    | { readonly kind: 'first' } // for ever, or ttl
    | { readonly kind: 'last'; readonly by: number | null } // null: by event time
  readonly kept: readonly number[]
  readonly output: readonly ColumnSpec[]
}

export interface ProcessCore {
  readonly kind: 'process'
  readonly input: readonly ProjectedColumn[]
  readonly key: readonly number[]
  readonly fn: FunctionRef
  readonly with: Readonly<Record<string, unknown>>
  readonly output: readonly ColumnSpec[]
  /** Side outputs by name. */
  readonly sides: Readonly<Record<string, readonly ColumnSpec[]>>
}
