/**
 * The connector contract. A connector has a config (`config.ts`, zod only, imported by planner and
 * editors) and code (source, sink, table), which is imported only when a run needs it.
 */
import type { Clock } from '../base/clock.ts'
import type { Disk } from '../base/disk.ts'
import type { ErrorCode } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import type { Field } from '../model/data-type.ts'
import type { Batch } from '../model/batch.ts'
import type { ColumnSpec } from '../model/layout.ts'
import type { z } from 'zod'

/** What the registry of connector configs holds: enough to check, plan and explain. */
export interface ConnectorConfig {
  readonly name: string
  /** One sentence for the reference. */
  readonly summary: string
  /** Strict object schemas of the keys that belong to the connector; null: it has no such side. */
  readonly source: z.ZodObject | null
  readonly table: z.ZodObject | null
  readonly sink: z.ZodObject | null
  /** Keys that may stand in `connections` and are laid under the block's; absent: none. */
  readonly connection?: z.ZodObject
  /** A connector that is known but not there yet can be checked, planned and tested, not run. */
  readonly available: boolean
  /** Of a source with this (checked) config. */
  describeSource?(config: Readonly<Record<string, unknown>>): SourceTraits
  describeSink?(config: Readonly<Record<string, unknown>>): SinkTraits
  /**
   * The one place that a block with this config reads or replaces whole, such as a file: the same
   * text for the same place. Null where there is none or it cannot be told (a folder, a pattern,
   * values that still hold `${…}`).
   */
  placeOf?(config: Readonly<Record<string, unknown>>, baseDirectory: string): string | null
  /** What the schema cannot say: keys that contradict each other. Values may still hold `${…}`. */
  findMistake?(config: Readonly<Record<string, unknown>>): ConfigMistake | null
}

export interface ConfigMistake {
  readonly code: ErrorCode
  readonly key: string
  readonly message: string
  readonly fix: string | null
}

export interface SourceTraits {
  readonly bounded: boolean
  /** What the source gives when the author says nothing: `kinds` for CDC. */
  readonly changes: 'append' | 'kinds'
  /** Fields the connector itself knows (generator); null: the schema is the author's. */
  readonly fields: readonly Field[] | null
  /** Event time the connector itself knows; null: the author's. */
  readonly eventTime: string | null
  /** It merges its parts by event time, and so needs that column whether or not anybody reads it. */
  readonly inTimeOrder?: boolean
  /** Layout it delivers per string column when not `utf8`. */
  readonly layouts: Readonly<Record<string, 'dict'>>
}

export interface SinkTraits {
  /** It can keep the newest row per key (`mode: upsert`). */
  readonly upsert: boolean
  /** Updating input is written by upsert without being asked (databases); files must be asked. */
  readonly upsertByDefault: boolean
  /** `mode: upsert` needs bounded input (file). */
  readonly upsertNeedsBounded: boolean
  /** It needs one subtask (a path naming one file). */
  readonly single: boolean
  /** The key of the sink is what this template names (redis `key`); absent: the block's `key`. */
  readonly keyTemplate?: string
}

/** The code of a connector: default export shape of `connectors/<name>/index.ts`. */
export interface ConnectorCode {
  openSource?(context: SourceContext): Promise<Source>
  openSink?(context: SinkContext): Promise<Sink>
  /** The whole table as batches; called again when the cache's time is over. */
  readTable?(context: TableContext): Promise<readonly Batch[]>
}

export interface ConnectorContext {
  readonly block: string
  /** Checked by the config schema, `${…}` resolved. */
  readonly config: Readonly<Record<string, unknown>>
  /** Directory that relative paths start from: that of the pipeline file. */
  readonly baseDirectory: string
  readonly clock: Clock
  readonly random: Random
  readonly disk: Disk
  /** One line, once, for the log (finer timestamps truncated, …). */
  note(text: string): void
}

export interface SourceContext extends ConnectorContext {
  /** The columns to deliver, exactly these, in this order: others are not read. */
  readonly columns: readonly ColumnSpec[]
  /** All fields of the declared schema, for checking rows. */
  readonly fields: readonly Field[]
  /** Path of the event time column, which is among `columns`; null where nobody uses it. */
  readonly eventTime: string | null
  readonly changes: 'append' | 'upsert' | 'kinds'
  readonly subtask: number
  readonly subtaskCount: number
  /** Whether this subtask owns a split (D13). */
  owns(splitId: string): boolean
  /** A record the source cannot make a row of: counted and routed by `on_error`; may throw. */
  fail(failure: SourceFailure): void
}

export interface SourceFailure {
  readonly code: string
  readonly message: string
  /** `file:line`, offset, … */
  readonly position: string
  readonly payload: string | Uint8Array
}

export interface Source {
  /**
   * The next batch of one split, at most BATCH_RECORDS_MAX records (the reader makes full ones where it can);
   * `idle` when there is nothing now (call again after `retryMs`); `end` when every split ended.
   * `split-end` says that a split gives no more. Called again only after the answer.
   */
  read(signal: AbortSignal): Promise<SourceRead>
  /**
   * True while splits exist that no answer of `read` has named yet and that may hold records older
   * than those read so far (D13: unordered bounded sources). Their watermark then waits. Looked at
   * when `read` answers; absent means never.
   */
  hasUnopenedSplits?(): boolean
  /** Bytes read of bytes in all, for progress; null when unknown. */
  progress(): {
    readonly done: number
    readonly total: number
    readonly unit: 'bytes' | 'records'
  } | null
  close(): Promise<void>
}

export type SourceRead =
  | { readonly kind: 'batch'; readonly split: string; readonly batch: Batch }
  | { readonly kind: 'split-end'; readonly split: string }
  | { readonly kind: 'idle'; readonly retryMs: number }
  /** A watermark that the source itself knows (tests); the run must be told to use given ones. */
  | { readonly kind: 'watermark'; readonly time: number }
  | { readonly kind: 'end' }

export interface SinkContext extends ConnectorContext {
  readonly columns: readonly ColumnSpec[]
  readonly mode: 'append' | 'upsert' | 'changes'
  readonly key: readonly string[] | null
  readonly subtask: number
  readonly subtaskCount: number
  readonly pipeline: string
  /**
   * A record the sink cannot write (no text for a value, a template without a value): counted and
   * routed by `on_error`; may throw. A failed target is not one: then `write` rejects.
   */
  fail?(failure: SinkFailure): void
}

export interface SinkFailure {
  readonly code: string
  readonly message: string
  /** The record as JSON-like values, made only when asked for. */
  readonly payload: () => unknown
}

/**
 * Order: `write` any number of times, then `finish` (the run ended well: output becomes visible
 * under its final name) or `abort` (nothing of it stays), then `close`.
 */
export interface Sink {
  /** Resolves when the sink can take more. With mode `changes` or `upsert`, kinds are in the batch. */
  write(batch: Batch): Promise<void>
  /** Makes what was written so far durable and, where the sink has parts, visible. */
  finish(): Promise<SinkReport>
  abort(): Promise<void>
  close(): Promise<void>
}

export interface SinkReport {
  readonly rows: number
  readonly bytes: number | null
  /** Where the output is, for the summary. */
  readonly places: readonly string[]
}

export interface TableContext extends ConnectorContext {
  readonly columns: readonly ColumnSpec[]
  readonly fields: readonly Field[]
}
