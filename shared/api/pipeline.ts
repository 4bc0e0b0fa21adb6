/** `pipeline(name, build)`: a pipeline as a TypeScript program. */
import type { Diagnostic, Places } from '../base/diagnostics.ts'
import { StreamError } from '../base/errors.ts'
import type { ParamSpec, PipelineSpec } from '../spec/pipeline-spec.ts'
import { callSite, siteOfError } from './call-site.ts'
import { Chain } from './chain/chain.ts'
import { columnOf } from './column-builder.ts'
import type { ColumnOf } from './column.ts'
import { type ConnectorUse, sourceSpec, tableSpec } from './connector-use.ts'
import { withFunctionNames } from './function-names.ts'
import { snakeCase, watermarkSpec, type WatermarkOptions } from './option-text.ts'
import { PipelineBuilder } from './pipeline-builder.ts'
import type { DeadLetterTokens, NamedStream, Table } from './stream.ts'
import { typeOfToken } from './type-token.ts'

/** A built pipeline: what a module exports as default, and what `check`, `run` and tests take. */
export interface Pipeline {
  readonly kind: 'pipeline'
  readonly spec: PipelineSpec
  readonly places: Places
  /** Mistakes found while it was built; `check` shows them with those of the planner. */
  readonly mistakes: readonly Diagnostic[]
}

type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** By block: its `connector`, options of the connector, `parallelism`. */
export interface EnvironmentOptions {
  readonly connections?: Blocks
  readonly sources?: Blocks
  readonly tables?: Blocks
  readonly sinks?: Blocks
}

export interface PipelineOptions {
  readonly description?: string
  /** `params.since` in expressions, `--set since=…` on the command line. */
  readonly params?: Readonly<Record<string, { readonly type: string; readonly default?: unknown }>>
  readonly defaults?: {
    readonly onError?: 'fail' | 'skip' | 'dead_letter'
    readonly watermark?: WatermarkOptions
    readonly parallelism?: number
  }
  /** Values that several blocks share by `connection`. */
  readonly connections?: Blocks
  /** By name: what `--env` lays over connectors, connections and parallelism. */
  readonly environments?: Readonly<Record<string, EnvironmentOptions>>
  /** Scalar functions and aggregators by the name they have in text expressions. */
  readonly functions?: Readonly<Record<string, unknown>>
}

export interface PipelineScope {
  /** An input; the start of chains. */
  source<R>(name: string, use: ConnectorUse<R>): NamedStream<R>
  /** A table for lookups. */
  table<R>(name: string, use: ConnectorUse<R>): Table<R>
  /** Dead letters of all blocks. */
  readonly deadLetters: NamedStream<DeadLetterTokens>
  /** A parameter as a column: `p.param('since', 'date')`. */
  param<const T extends string>(name: string, token: T): ColumnOf<T>
}

/** Building has no effects outside: it may run in every process that needs the plan. */
export function pipeline(
  name: string,
  ...rest:
    | [build: (p: PipelineScope) => void]
    | [options: PipelineOptions, build: (p: PipelineScope) => void]
): Pipeline {
  const [options, build] = rest.length === 1 ? [{}, rest[0]] : rest
  const builder = new PipelineBuilder(name, callSite(), optionSpec(options))
  withFunctionNames(options.functions ?? {}, () => {
    try {
      build(new Scope(builder) as unknown as PipelineScope)
    } catch (error) {
      failBuilding(builder, error)
    }
  })
  const spec = builder.finish()
  return { kind: 'pipeline', spec, places: builder.sites, mistakes: builder.diagnostics.all }
}

/** Thrown by the author's code or for it: a mistake at the line where it happened. */
function failBuilding(builder: PipelineBuilder, error: unknown): void {
  const site = error instanceof Error ? siteOfError(error) : null
  if (!(error instanceof Error) || site === null) throw error
  const isCoded = error instanceof StreamError
  const fix = isCoded ? error.fix : null
  builder.fail(site, isCoded ? error.code : 'MODULE_NOT_LOADED', {
    message: isCoded ? error.message : `building the pipeline failed: ${error.message}`,
    ...(fix === null ? {} : { fix }),
  })
}

export function isPipeline(value: unknown): value is Pipeline {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'kind') === 'pipeline'
}

/** The runtime of PipelineScope; the row types exist for the compiler only. */
class Scope {
  readonly #builder: PipelineBuilder

  constructor(builder: PipelineBuilder) {
    this.#builder = builder
  }

  source(name: string, use: ConnectorUse<unknown>): Chain {
    const spec = this.#builder.useOf(['sources', name], use, sourceSpec)
    this.#builder.addSource(name, spec, callSite())
    return Chain.named(this.#builder, name)
  }

  table(name: string, use: ConnectorUse<unknown>): Table<unknown> {
    const spec = this.#builder.useOf(['tables', name], use, tableSpec)
    this.#builder.addTable(name, spec, callSite())
    return { kind: 'table', name }
  }

  get deadLetters(): Chain {
    return Chain.named(this.#builder, 'dead_letter')
  }

  param(name: string): unknown {
    const params = { kind: 'ident', name: 'params' } as const
    return columnOf({ kind: 'member', of: params, name })
  }
}

function optionSpec(options: PipelineOptions): Partial<PipelineSpec> {
  const { description, params, defaults, connections, functions, environments } = options
  return {
    ...(description === undefined ? {} : { description }),
    ...(params === undefined ? {} : { params: mapValues(params, paramSpec) }),
    ...(defaults === undefined ? {} : { defaults: defaultsSpec(defaults) }),
    ...(connections === undefined ? {} : { connections: mapValues(connections, snakeKeys) }),
    ...(environments === undefined
      ? {}
      : { environments: mapValues(environments, environmentSpec) }),
    ...(functions === undefined
      ? {}
      : { functions: mapValues(functions, (definition) => ({ ref: '', definition })) }),
  }
}

function environmentSpec(environment: EnvironmentOptions): Record<string, unknown> {
  return mapValues({ ...environment }, (blocks) => mapValues(blocks, snakeKeys))
}

/** Keys as in a file. */
function snakeKeys(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [snakeCase(key), value]))
}

function defaultsSpec(defaults: NonNullable<PipelineOptions['defaults']>) {
  const { onError, watermark, parallelism } = defaults
  return {
    ...(onError === undefined ? {} : { on_error: onError }),
    ...(watermark === undefined ? {} : { watermark: watermarkSpec(watermark) }),
    ...(parallelism === undefined ? {} : { parallelism }),
  }
}

function paramSpec(param: { readonly type: string; readonly default?: unknown }): ParamSpec {
  return {
    type: typeOfToken(param.type),
    ...(param.default === undefined ? {} : { default: param.default }),
  }
}

function mapValues<V, W>(all: Readonly<Record<string, V>>, each: (value: V) => W) {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, each(value)]))
}
