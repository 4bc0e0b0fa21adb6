/**
 * The chain behind `Stream`: each call gives a new chain with one more step; `.as(name)` closes it
 * into a block. One class serves all stream types: what may be called when is in the types
 * (stream.ts), and what JavaScript calls all the same is answered with CHAIN_ORDER.
 */
import { StreamError } from '../base/errors.ts'
import type { Expr, ExprSource } from '../expr/ast.ts'
import type {
  CoreSpec,
  JoinSpec,
  KeySpec,
  NamedExpr,
  TransformationSpec,
  WindowSpec,
} from '../spec/pipeline-spec.ts'
import { callSite } from './call-site.ts'
import { blockParts, type ChainState, type StepContent } from './chain-block.ts'
import { aliasColumns, recordColumns, rowColumns, treeOf } from './column-builder.ts'
import { type ConnectorUse, sinkSpec } from './connector-use.ts'
import type { FlatMapDefinition } from './function-definition.ts'
import { durationMs, joinSpec, lookupSpec, windowSpec } from './option-text.ts'
import type { PipelineBuilder } from './pipeline-builder.ts'
import type { BlockOptions, JoinOptions, LookupOptions } from './stream.ts'

type Callback = (row: unknown, other?: unknown) => unknown
type Options = Readonly<Record<string, unknown>>

const START: Omit<ChainState, 'from' | 'site'> = {
  before: [],
  keyBy: null,
  window: null,
  late: null,
  core: null,
  after: [],
}

/** Columns as typed by stream.ts are proxies here: nothing of their types is known at run time. */
export class Chain {
  readonly #builder: PipelineBuilder
  readonly #state: ChainState
  /** Of a closed block; null while the chain is open. */
  readonly name: string | null

  constructor(builder: PipelineBuilder, state: ChainState, name: string | null = null) {
    this.#builder = builder
    this.#state = state
    this.name = name
  }

  static named(builder: PipelineBuilder, name: string): Chain {
    return new Chain(builder, { ...START, from: [name], site: callSite() }, name)
  }

  where(condition: string | Callback): Chain {
    return this.#step({ kind: 'where', expr: this.#expr(condition) })
  }

  set(fields: Callback): Chain {
    return this.#step({ kind: 'set', fields: this.#fields(fields) })
  }

  select(...items: (string | Callback)[]): Chain {
    const [first] = items
    const fields =
      typeof first === 'function'
        ? this.#fields(first)
        : items.map((path) => ({ path: String(path) }))
    return this.#step({ kind: 'select', fields })
  }

  drop(...fields: string[]): Chain {
    return this.#step({ kind: 'drop', fields })
  }

  rename(names: Readonly<Record<string, string>>): Chain {
    const fields = Object.entries(names).map(([to, from]) => ({ to, from }))
    return this.#step({ kind: 'rename', fields })
  }

  validate(
    rules: Callback,
    options: { action?: 'reject' | 'observe' | 'warn' | 'fail' } = {},
  ): Chain {
    const { action = 'reject' } = options
    return this.#step({ kind: 'validate', rules: this.#fields(rules), action })
  }

  unnest(
    item: string,
    list: Callback,
    options: { index?: string; keepEmpty?: boolean } = {},
  ): Chain {
    return this.#step({
      kind: 'unnest',
      item,
      expr: this.#expr(list),
      ...(options.index === undefined ? {} : { index: options.index }),
      ...(options.keepEmpty === undefined ? {} : { keep_empty: options.keepEmpty }),
    })
  }

  flatMap(definition: FlatMapDefinition): Chain {
    return this.#step({ kind: 'flat_map', fn: { ref: '', definition } })
  }

  lookup(
    alias: string,
    table: { name: string },
    options: LookupOptions<never, never, never>,
  ): Chain {
    const on = this.#expr(options.on as string | Callback, aliasColumns(alias))
    return this.#step({
      kind: 'lookup',
      lookups: [lookupSpec(alias, table.name, { ...options, on })],
    })
  }

  join(alias: string, other: Chain, options: JoinOptions<never, never, never>): Chain {
    const on = this.#expr(options.on as string | Callback, aliasColumns(alias))
    const asOf = options.asOf === undefined ? null : this.#expr(options.asOf as string | Callback)
    const join: JoinSpec = joinSpec(alias, other.name ?? '', { ...options, on, asOf })
    return this.#core({ kind: 'join', join })
  }

  union(...others: Chain[]): Chain {
    const from = [...this.#state.from, ...others.map((other) => other.name ?? '')]
    return this.#next({ from })
  }

  keyBy(...items: (string | Callback)[]): Chain {
    const [first] = items
    const keyBy: readonly KeySpec[] =
      typeof first === 'function'
        ? this.#fields(first)
        : items.map((path) => ({ path: String(path) }))
    return this.#next({ keyBy })
  }

  global(): Chain {
    return this.#next({})
  }

  tumbling = (size: string, options: Options = {}): Chain =>
    this.#window({ ...options, type: 'tumbling', size })
  sliding = (size: string, slide: string, options: Options = {}): Chain =>
    this.#window({ ...options, type: 'sliding', size, slide })
  cumulate = (size: string, step: string, options: Options = {}): Chain =>
    this.#window({ ...options, type: 'cumulate', size, step })
  session = (gap: string, options: Options = {}): Chain =>
    this.#window({ ...options, type: 'session', gap })
  countWindow = (size: number): Chain => this.#window({ type: 'count', size })
  globalWindow = (options: Options = {}): Chain => this.#window({ ...options, type: 'global' })
  sameWindow = (): Chain => this.#window({ type: 'same' })
  rolling = (size: string, options: Options = {}): Chain =>
    this.#window({ ...options, type: 'rolling', size })

  aggregate(fields: Callback): Chain {
    return this.#core({ kind: 'aggregate', fields: this.#fields(fields) })
  }

  top(n: number, by: string, options: { ties?: boolean; rankAs?: string } = {}): Chain {
    return this.#core({
      kind: 'top',
      n,
      by,
      ...(options.ties === undefined ? {} : { ties: options.ties }),
      ...(options.rankAs === undefined ? {} : { rank_as: options.rankAs }),
    })
  }

  dedupe(options: { within?: string; keep?: 'last'; by?: string } = {}): Chain {
    return this.#core({
      kind: 'dedupe',
      ...(options.within === undefined ? {} : { within: durationMs(options.within) }),
      ...(options.keep === undefined ? {} : { keep: options.keep }),
      ...(options.by === undefined ? {} : { by: options.by }),
    })
  }

  process(definition: unknown, options: { with?: Options } = {}): Chain {
    const fn = { ref: '', definition }
    return this.#core({ kind: 'process', fn, ...(options.with ? { with: options.with } : {}) })
  }

  as(name: string, options: BlockOptions = {}): Chain {
    const site = callSite()
    const { steps, post, sites } = blockParts(this.#state)
    for (const one of sites) {
      this.#builder.sites.record(['transformations', name, ...one.key], one.site)
    }
    const { from, keyBy, window, core, late } = this.#state
    const spec: TransformationSpec = {
      from,
      steps,
      post,
      ...(keyBy === null ? {} : { key_by: keyBy }),
      ...(window === null ? {} : { window }),
      ...(core === null ? {} : { core }),
      ...(late === null ? {} : { late }),
      ...blockOptions(options),
    }
    this.#builder.closeChain(this.#state)
    this.#builder.addTransformation(name, spec, site)
    return Chain.named(this.#builder, name)
  }

  to(name: string, use: ConnectorUse<unknown>): void {
    this.#builder.addSink(name, sinkSpec(use, this.name ?? ''), callSite())
  }

  get late(): Chain {
    return this.side('late')
  }

  get rejected(): Chain {
    return this.side('rejected')
  }

  get deadLetter(): Chain {
    return this.side('dead_letter')
  }

  side(output: string): Chain {
    return Chain.named(this.#builder, `${this.name ?? ''}.${output}`)
  }

  #window(options: Options): Chain {
    const { late, ...rest } = options
    const window: WindowSpec = windowSpec(rest)
    return this.#next({ window, late: typeof late === 'string' ? late : null })
  }

  #core(core: CoreSpec): Chain {
    if (this.#state.core !== null) throw outOfOrder(core.kind)
    return this.#next({ core })
  }

  #step(step: StepContent): Chain {
    const { core, keyBy, before, after } = this.#state
    if (core === null && keyBy !== null) throw outOfOrder(step.kind)
    const added = { step, site: callSite() }
    return this.#next(core === null ? { before: [...before, added] } : { after: [...after, added] })
  }

  #next(change: Partial<ChainState>): Chain {
    const state: ChainState = { ...this.#state, ...change, site: callSite() }
    this.#builder.continueChain(this.name === null ? this.#state : null, state)
    return new Chain(this.#builder, state)
  }

  /** Text stays text; a callback's trees are taken, and what it built in vain is a mistake. */
  #expr(source: string | Callback, other?: unknown): ExprSource {
    if (typeof source === 'string') return source
    const recorded = recordColumns(
      () => treeOf(source(rowColumns(), other)),
      (tree) => [tree],
    )
    this.#reportUnused(recorded.unused)
    return { built: recorded.value }
  }

  #fields(callback: Callback): NamedExpr[] {
    const recorded = recordColumns(
      () => Object.entries(Object(callback(rowColumns())) as object).map(namedTree),
      (fields) => fields.map((field) => field.tree),
    )
    this.#reportUnused(recorded.unused)
    return recorded.value.map(({ name, tree }) => ({ name, expr: { built: tree } }))
  }

  #reportUnused(unused: readonly Expr[]): void {
    if (unused.length === 0) return
    const site = callSite()
    const path = ['transformations', `line ${site.line}:${site.column}`]
    this.#builder.sites.record(path, site)
    this.#builder.error('EXPRESSION_UNUSED', path, {
      message: `${unused.length === 1 ? 'an expression was' : `${unused.length} expressions were`} built here and never used`,
      fix: 'join conditions with a.and(b), a.or(b), not with && and ||',
    })
  }
}

function namedTree([name, value]: [string, unknown]): { name: string; tree: Expr } {
  return { name, tree: treeOf(value) }
}

function outOfOrder(what: string): StreamError {
  return new StreamError(
    'CHAIN_ORDER',
    `${what} cannot stand here: a block has one core, at its end`,
    {
      fix: "close the block with .as('name') and go on from there",
    },
  )
}

function blockOptions(options: BlockOptions): Partial<TransformationSpec> {
  const { ttl, onError, parallelism, description } = options
  return {
    ...(ttl === undefined ? {} : { ttl: ttl === 'none' ? 'none' : durationMs(ttl) }),
    ...(onError === undefined ? {} : { on_error: onError }),
    ...(parallelism === undefined ? {} : { parallelism }),
    ...(description === undefined ? {} : { description }),
  }
}
