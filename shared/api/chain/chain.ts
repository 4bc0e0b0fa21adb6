/**
 * The chain behind `Stream`: each call gives a new chain with one more step; `.as(name)` closes it
 * into a block. One class serves all stream types: what may be called when is in the types
 * (stream.ts), and what JavaScript calls all the same is answered with CHAIN_ORDER.
 */
import { StreamError } from '../../base/errors.ts'
import type {
  CoreSpec,
  SelectItem,
  TransformationSpec,
  WindowSpec,
} from '../../spec/pipeline-spec.ts'
import { AuthorCallbacks, type Callback } from './author-callback.ts'
import { callSite } from '../call-site.ts'
import { blockParts, type ChainState, type StepContent } from './chain-block.ts'
import { aliasColumns } from '../column-builder.ts'
import { type ConnectorUse, sinkSpec } from '../connector-use.ts'
import type { FlatMapDefinition } from '../function-definition.ts'
import { durationMs, joinSpec, lookupSpec, windowSpec } from '../option-text.ts'
import type { PipelineBuilder } from '../pipeline-builder.ts'
import type { BlockOptions, JoinOptions, LookupOptions } from '../stream.ts'

type Options = Readonly<Record<string, unknown>>

const START: Omit<ChainState, 'from' | 'site'> = {
  before: [],
  keyBy: null,
  window: null,
  late: null,
  core: null,
  after: [],
  isBroken: false,
}

/** Columns as typed by stream.ts are proxies here: nothing of their types is known at run time. */
export class Chain {
  readonly #builder: PipelineBuilder
  readonly #state: ChainState
  readonly #callbacks: AuthorCallbacks
  /** Of a closed block; null while the chain is open. */
  readonly name: string | null

  constructor(builder: PipelineBuilder, state: ChainState, name: string | null = null) {
    this.#builder = builder
    this.#state = state
    this.#callbacks = new AuthorCallbacks(builder)
    this.name = name
  }

  static named(builder: PipelineBuilder, name: string): Chain {
    return new Chain(builder, { ...START, from: [name], site: callSite() }, name)
  }

  where(condition: string | Callback): Chain {
    return this.#step({ kind: 'where', expr: this.#callbacks.expr(condition) })
  }

  set(fields: Callback): Chain {
    return this.#step({ kind: 'set', fields: this.#callbacks.fields(fields) })
  }

  select(...items: (string | Callback)[]): Chain {
    return this.#step({ kind: 'select', fields: this.#items(items) })
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
    return this.#step({ kind: 'validate', rules: this.#callbacks.fields(rules), action })
  }

  unnest(
    item: string,
    list: Callback,
    options: { index?: string; keepEmpty?: boolean } = {},
  ): Chain {
    return this.#step({
      kind: 'unnest',
      item,
      expr: this.#callbacks.expr(list),
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
    const on = this.#callbacks.expr(options.on as string | Callback, aliasColumns(alias))
    const lookups = this.#callbacks.options(
      () => [lookupSpec(alias, tableName(table), { ...options, on })],
      [],
    )
    return this.#step({ kind: 'lookup', lookups })
  }

  join(alias: string, other: Chain, options: JoinOptions<never, never, never>): Chain {
    const on = this.#callbacks.expr(options.on as string | Callback, aliasColumns(alias))
    const asOf =
      options.asOf === undefined ? null : this.#callbacks.expr(options.asOf as string | Callback)
    const from = this.#nameOf(other)
    const join = this.#callbacks.options(() => joinSpec(alias, from, { ...options, on, asOf }), {
      alias,
      from,
      on,
    })
    return this.#core({ kind: 'join', join })
  }

  union(...others: Chain[]): Chain {
    const from = [...this.#state.from, ...others.map((other) => this.#nameOf(other))]
    return this.#next({ from })
  }

  keyBy(...items: (string | Callback)[]): Chain {
    return this.#next({ keyBy: { items: this.#items(items), site: callSite() } })
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
    return this.#core({ kind: 'aggregate', fields: this.#callbacks.fields(fields) })
  }

  top(n: number, by: string | Callback, options: { ties?: boolean; rankAs?: string } = {}): Chain {
    return this.#core({
      kind: 'top',
      n,
      by: typeof by === 'string' ? by : this.#callbacks.terms(by),
      ...(options.ties === undefined ? {} : { ties: options.ties }),
      ...(options.rankAs === undefined ? {} : { rank_as: options.rankAs }),
    })
  }

  dedupe(options: { within?: string; keep?: 'last'; by?: string | Callback } = {}): Chain {
    const { within } = options
    const withinMs =
      within === undefined ? undefined : this.#callbacks.options(() => durationMs(within), 0)
    return this.#core({
      kind: 'dedupe',
      ...(withinMs === undefined ? {} : { within: withinMs }),
      ...(options.keep === undefined ? {} : { keep: options.keep }),
      ...(options.by === undefined ? {} : { by: this.#callbacks.expr(options.by) }),
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
      this.#builder.sites.record(['transformations', name, ...one.key], one.site, one.text)
    }
    const more = this.#callbacks.options(() => blockOptions(options), {})
    if (this.#state.isBroken || this.#callbacks.isBroken) this.#builder.markBroken(name)
    const { from, keyBy, window, core, late } = this.#state
    const spec: TransformationSpec = {
      from,
      steps,
      post,
      ...(keyBy === null ? {} : { key_by: keyBy.items }),
      ...(window === null ? {} : { window: window.spec }),
      ...(core === null ? {} : { core: core.spec }),
      ...(late === null ? {} : { late }),
      ...more,
    }
    this.#builder.closeChain(this.#state)
    this.#builder.addTransformation(name, spec, site)
    return Chain.named(this.#builder, name)
  }

  to(name: string, use: ConnectorUse<unknown>): void {
    const spec = this.#builder.useOf(['sinks', name], use, (checked) =>
      sinkSpec(checked, this.name ?? ''),
    )
    this.#builder.addSink(name, spec, callSite())
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
    const window = this.#callbacks.options(() => windowSpec(rest), GLOBAL)
    return this.#next({ window: { spec: window, site: callSite() }, late: lateName(late) })
  }

  #core(core: CoreSpec): Chain {
    if (this.#state.core !== null) this.#refuse(outOfOrder(core.kind))
    return this.#next({ core: { spec: core, site: callSite() } })
  }

  #step(step: StepContent): Chain {
    const { core, keyBy, before, after } = this.#state
    if (core === null && keyBy !== null) this.#refuse(outOfOrder(step.kind))
    const added = { step, site: callSite() }
    return this.#next(core === null ? { before: [...before, added] } : { after: [...after, added] })
  }

  /** Only a named stream can be read by others. */
  #nameOf(other: unknown): string {
    if (other instanceof Chain && other.name !== null) return other.name
    const isChain = other instanceof Chain
    const message = isChain ? 'the other stream has no name' : 'this is no stream of the pipeline'
    this.#refuse(
      new StreamError('BLOCK_UNNAMED', message, {
        fix: "close it with .as('name') and give that: const other = ….as('other')",
      }),
    )
    return this.#state.from[0] ?? '' // the block is broken: anything that is there will do
  }

  #refuse(error: StreamError): void {
    this.#builder.refuse(error)
    this.#callbacks.isBroken = true
  }

  #items(items: readonly (string | Callback)[]): SelectItem[] {
    return items.flatMap((item): SelectItem[] =>
      typeof item === 'string' ? [{ path: item }] : this.#callbacks.fields(item),
    )
  }

  #next(change: Partial<ChainState>): Chain {
    const isBroken = this.#state.isBroken || this.#callbacks.isBroken
    const state: ChainState = { ...this.#state, ...change, isBroken, site: callSite() }
    this.#callbacks.isBroken = false
    this.#builder.continueChain(this.name === null ? this.#state : null, state)
    return new Chain(this.#builder, state)
  }
}

/** Stands where the options of a window are wrong. */
const GLOBAL: WindowSpec = { type: 'global' }

const lateName = (late: unknown): string | null => (typeof late === 'string' ? late : null)

function tableName(table: { name: string; kind?: string }): string {
  if (table?.kind === 'table') return table.name
  throw new StreamError('TABLE_MISUSED', 'a lookup reads a table, and this is none', {
    fix: "make it with p.table('name', …), or use .join for a stream",
  })
}

function outOfOrder(what: string): StreamError {
  return new StreamError('CHAIN_ORDER', `\`${what}\` cannot stand here`, {
    fix: "close the block with .as('name') before it and go on from there; behind a key stands a window or a core",
  })
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
