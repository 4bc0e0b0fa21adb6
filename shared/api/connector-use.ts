/**
 * Connectors in TypeScript: `kafka({ topic: 'clicks', schema: Click })`. One call serves source,
 * table and sink; where it is used decides which keys belong to the language and which to the
 * connector's own config.
 */
import type { ConnectorConfig } from '../spi/connector.ts'
import type { SinkSpec, SourceSpec, TableSpec } from '../spec/pipeline-spec.ts'
import { durationMs, snakeCase, watermarkSpec, type WatermarkOptions } from './option-text.ts'
import type { Schema } from './schema.ts'
import type { PathOf, RowTokens } from './tokens.ts'

type OnError = 'fail' | 'skip' | 'dead_letter'

/** Keys of the language, in camelCase; those of the connector stand beside them. */
export interface LanguageOptions<R> {
  readonly schema?: Schema<R & RowTokens>
  readonly connection?: string
  readonly eventTime?: PathOf<R>
  readonly watermark?: WatermarkOptions
  readonly primaryKey?: PathOf<R> | readonly PathOf<R>[]
  readonly changes?: 'append' | 'upsert' | 'kinds'
  /** Of a sink or a table. */
  readonly key?: string | readonly string[]
  readonly mode?: 'append' | 'upsert' | 'changes'
  readonly latestBy?: string
  readonly cache?: { readonly ttl?: string; readonly maxRows?: number }
  readonly onError?: OnError
  readonly parallelism?: number
  readonly description?: string
}

/** A connector with its options, not yet a block. */
export interface ConnectorUse<R> {
  readonly connector: string
  readonly options: Readonly<Record<string, unknown>>
  readonly row?: R
}

const LANGUAGE_KEYS: ReadonlySet<string> = new Set([
  'schema',
  'connection',
  'eventTime',
  'watermark',
  'primaryKey',
  'changes',
  'key',
  'mode',
  'latestBy',
  'cache',
  'onError',
  'parallelism',
  'description',
])

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

export type ConnectorBuilder<C extends ConnectorConfig> = <const R extends RowTokens>(
  options: SideOptions<C> & LanguageOptions<R>,
) => ConnectorUse<R>

/** The builder of one connector: what `index.ts` exports under its name. */
export function connectorBuilder<C extends ConnectorConfig>(config: C): ConnectorBuilder<C> {
  return (options) => ({
    connector: config.name,
    options,
  })
}

export function sourceSpec(use: ConnectorUse<unknown>): SourceSpec {
  const { schema, eventTime, watermark, primaryKey, changes } = use.options
  return {
    ...base(use),
    ...(schema === undefined ? {} : { schema: schema as Schema<RowTokens> }),
    ...(eventTime === undefined ? {} : { event_time: eventTime as string }),
    ...(watermark === undefined ? {} : { watermark: watermarkSpec(watermark as WatermarkOptions) }),
    ...(primaryKey === undefined ? {} : { primary_key: listOf(primaryKey) }),
    ...(changes === undefined ? {} : { changes: changes as 'append' }),
  }
}

export function tableSpec(use: ConnectorUse<unknown>): TableSpec {
  const { schema, key, cache } = use.options
  const { ttl, maxRows } = (cache ?? {}) as { ttl?: string; maxRows?: number }
  return {
    ...base(use),
    key: listOf(key ?? []),
    ...(schema === undefined ? {} : { schema: schema as Schema<RowTokens> }),
    ...(cache === undefined
      ? {}
      : {
          cache: {
            ...(ttl === undefined ? {} : { ttl: durationMs(ttl) }),
            ...(maxRows === undefined ? {} : { max_rows: maxRows }),
          },
        }),
  }
}

export function sinkSpec(use: ConnectorUse<unknown>, from: string): SinkSpec {
  const { key, mode, latestBy } = use.options
  return {
    ...base(use),
    from,
    ...(key === undefined ? {} : { key: key as string }),
    ...(mode === undefined ? {} : { mode: mode as 'append' }),
    ...(latestBy === undefined ? {} : { latest_by: latestBy as string }),
  }
}

function base(use: ConnectorUse<unknown>): {
  connector: string
  connection?: string
  config: Record<string, unknown>
} {
  const config: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(use.options)) {
    if (!LANGUAGE_KEYS.has(name) && value !== undefined) config[snakeCase(name)] = value
  }
  const { connection, onError, parallelism, description } = use.options
  return {
    connector: use.connector,
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
