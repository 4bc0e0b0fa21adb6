/**
 * Connectors in TypeScript: `kafka({ topic: 'clicks', schema: Click })`. One call serves source,
 * table and sink; where it is used decides which keys belong to the language and which to the
 * connector's own config.
 */
import type { ConnectorConfig } from '../spi/connector.ts'
import type { SinkSpec, SourceSpec, TableSpec } from '../spec/pipeline-spec.ts'
import { printExpr } from '../expr/print.ts'
import type { Column, Columns } from './column.ts'
import { rowColumns, treeOf } from './column-builder.ts'
import { durationMs, watermarkSpec, type WatermarkOptions } from './option-text.ts'
import type { Schema } from './schema.ts'
import type { PathOf, RowTokens } from './tokens.ts'

type OnError = 'fail' | 'skip' | 'dead_letter'

export interface CacheOptions {
  readonly ttl?: string
  readonly maxRows?: number
}

/** Keys of the language, in camelCase; those of the connector stand beside them. */
export interface LanguageOptions<R, K> {
  readonly schema?: Schema<R & RowTokens>
  readonly connection?: string
  /** A field, or what the event time is computed from: `r => dateAdd(r.date, r.delay, 'minute')`. */
  readonly eventTime?: PathOf<R> | ((row: Columns<R>) => Column<'timestamp'> | Column<'timestamp?'>)
  readonly watermark?: WatermarkOptions
  readonly primaryKey?: PathOf<R> | readonly PathOf<R>[]
  readonly changes?: 'append' | 'upsert' | 'kinds'
  /** Of a sink or a table. */
  readonly key?: K | readonly K[]
  readonly mode?: 'append' | 'upsert' | 'changes'
  readonly latestBy?: K
  readonly cache?: CacheOptions
  readonly onError?: OnError
  readonly parallelism?: number
  readonly description?: string
}

/**
 * A connector with its options, not yet a block. `R`: the row it gives; `K`: the fields that its key
 * names, which `.to` compares with those of the stream.
 */
export interface ConnectorUse<R, K = unknown> {
  readonly connector: string
  readonly config: ConnectorConfig
  readonly options: Readonly<Record<string, unknown>>
  readonly row?: R
  readonly keys?: K
}

type CamelCase<S> = S extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest> & string>}`
  : S
type CamelKeys<T> = { readonly [K in keyof T as CamelCase<K>]: T[K] }
/** The input of a zod object, without importing the library's types into every signature. */
type InputOf<Z> = Z extends { readonly _zod: { readonly input: infer I } } ? I : never
type SideOptions<C extends ConnectorConfig> =
  | CamelKeys<InputOf<C['source']>>
  | CamelKeys<InputOf<C['table']>>
  | CamelKeys<InputOf<C['sink']>>

export type ConnectorBuilder<C extends ConnectorConfig> = <
  const R extends RowTokens,
  const K extends string = never,
>(
  options: SideOptions<C> & LanguageOptions<R, K>,
) => ConnectorUse<R, K>

/** The builder of one connector: what `index.ts` exports under its name. */
export function connectorBuilder<C extends ConnectorConfig>(config: C): ConnectorBuilder<C> {
  return (options) => ({
    connector: config.name,
    config,
    options,
  })
}

/** A use whose options are known to be right, by whose they are. */
export interface CheckedUse {
  readonly connector: string
  readonly language: Readonly<Record<string, unknown>>
  readonly config: Readonly<Record<string, unknown>>
}

export function sourceSpec(use: CheckedUse): SourceSpec {
  const { schema, eventTime, watermark, primaryKey, changes } = use.language
  return {
    ...base(use),
    ...(schema === undefined ? {} : { schema: schema as Schema<RowTokens> }),
    ...(eventTime === undefined ? {} : { event_time: eventTimeText(eventTime) }),
    ...(watermark === undefined ? {} : { watermark: watermarkSpec(watermark as WatermarkOptions) }),
    ...(primaryKey === undefined ? {} : { primary_key: listOf(primaryKey) }),
    ...(changes === undefined ? {} : { changes: changes as 'append' }),
  }
}

function eventTimeText(eventTime: unknown): string {
  if (typeof eventTime !== 'function') return eventTime as string
  return printExpr(treeOf((eventTime as (row: unknown) => unknown)(rowColumns())))
}

export function tableSpec(use: CheckedUse): TableSpec {
  const { schema, key, cache } = use.language
  return {
    ...base(use),
    key: listOf(key ?? []),
    ...(schema === undefined ? {} : { schema: schema as Schema<RowTokens> }),
    ...(cache === undefined ? {} : { cache: cacheSpec(cache as CacheOptions) }),
  }
}

function cacheSpec({ ttl, maxRows }: CacheOptions): NonNullable<TableSpec['cache']> {
  return {
    ...(ttl === undefined ? {} : { ttl: durationMs(ttl) }),
    ...(maxRows === undefined ? {} : { max_rows: maxRows }),
  }
}

export function sinkSpec(use: CheckedUse, from: string): SinkSpec {
  const { key, mode, latestBy } = use.language
  return {
    ...base(use),
    from,
    ...(key === undefined ? {} : { key: key as string }),
    ...(mode === undefined ? {} : { mode: mode as 'append' }),
    ...(latestBy === undefined ? {} : { latest_by: latestBy as string }),
  }
}

function base({ connector, language, config }: CheckedUse): {
  connector: string
  connection?: string
  config: Readonly<Record<string, unknown>>
} {
  const { connection, onError, parallelism, description } = language
  return {
    connector,
    ...(connection === undefined ? {} : { connection: connection as string }),
    ...(onError === undefined ? {} : { on_error: onError }),
    ...(parallelism === undefined ? {} : { parallelism }),
    ...(description === undefined ? {} : { description }),
    config,
  }
}

function listOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : [...(value as readonly string[])]
}
