/**
 * Puts operators, sources and sinks into the places of a wired plan.
 *
 * Order: sinks open first, so that a target that cannot be written fails the run before anything is
 * read; then operators; sources last. Owns what it opened until `nodes` is taken.
 */
import { assert } from '../../shared/base/assert.ts'
import { StreamError } from '../../shared/base/errors.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import { ALIGNMENT_LEAD_BOUNDED_MS_MAX } from '../../shared/base/limits.ts'
import { alignmentGroups } from '../../shared/planning/execution/alignment-groups.ts'
import { pathsRead } from '../../shared/planning/expr-shape.ts'
import type { SinkBlock, SourceBlock } from '../../shared/planning/plan.ts'
import type { ExecutionPlan } from '../../shared/planning/execution/stage.ts'
import type { ConnectorCode, ConnectorContext, Sink, Source } from '../../shared/spi/connector.ts'
import { overloadsWith } from '../../node/operators/chain/user-functions.ts'
import type { OperatorEnvironment } from '../../node/operators/operator-place.ts'
import { CountingMemory } from '../../node/state/memory.ts'
import { AlignmentGroup } from '../../node/task/alignment-group.ts'
import { ComputedEventTimes } from '../../node/task/computed-event-times.ts'
import { OperatorNode } from '../../node/task/operator-node.ts'
import { failureOf } from '../../node/task/run-failure.ts'
import { SinkNode } from '../../node/task/sink-node.ts'
import { SourceNode, type EventTimes, type RecordLimit } from '../../node/task/source-node.ts'
import type { TaskNode } from '../../node/task/task-node.ts'
import type { Place, Wiring } from '../../node/task/wiring.ts'
import { CountingSink, DEAD_LETTER_SINK, LazySink } from './default-dead-letters.ts'
import { LookupTables } from './lookup-tables.ts'
import type { ConnectorSide, RunOptions } from './run-options.ts'
import { splitOwner } from './split-owner.ts'

type UsedConnector = Pick<SourceBlock, 'name' | 'connector' | 'config'>

export class StageOpener {
  readonly #options: RunOptions
  readonly #execution: ExecutionPlan
  readonly #wiring: Wiring
  readonly #wake: () => void
  readonly #alignments = new Map<string, AlignmentGroup>()
  readonly #limits = new Map<string, RecordLimit>()
  readonly #noted = new Set<string>()
  readonly #environment: OperatorEnvironment
  readonly tables: LookupTables
  readonly nodes = new Map<Place, TaskNode>()
  readonly sources: SourceNode[] = []
  readonly operators: OperatorNode[] = []
  readonly sinks: SinkNode[] = []

  constructor(options: RunOptions, execution: ExecutionPlan, wiring: Wiring, wake: () => void) {
    this.#options = options
    this.#execution = execution
    this.#wiring = wiring
    this.#wake = wake
    const { plan } = options
    this.tables = new LookupTables(options, (block) => this.#contextOf(block, 'table'))
    this.#environment = {
      plan,
      overload: overloadsWith(plan.functions ?? {}),
      table: (name) => this.tables.get(name),
      memory: new CountingMemory(),
    }
    // Tests decide themselves who is ahead of whom.
    const isAligned = (options.watermarks ?? 'counted') === 'counted'
    for (const names of isAligned ? alignmentGroups(execution) : []) {
      const isBounded = plan.blocks.every(
        (block) => block.kind !== 'source' || block.bounded || !names.includes(block.name),
      )
      const group = new AlignmentGroup(isBounded ? ALIGNMENT_LEAD_BOUNDED_MS_MAX : undefined)
      for (const name of names) this.#alignments.set(name, group)
    }
  }

  async open(): Promise<void> {
    const places = this.#wiring.places.flat()
    for (const place of places) if (place.stage.role === 'sink') await this.#openSink(place)
    await this.tables.load()
    for (const place of places) this.#openOperator(place)
    for (const place of places) if (place.stage.role === 'source') await this.#openSource(place)
  }

  nodeAt(stage: number, subtask: number): TaskNode {
    const place = this.#wiring.places[stage]?.[subtask]
    const node = place === undefined ? undefined : this.nodes.get(place)
    assert(node !== undefined, `stage ${stage} has a node in subtask ${subtask}`)
    return node
  }

  async #openSink(place: Place): Promise<void> {
    const { stage, subtask, inbox, ports, counters, failures } = place
    assert(stage.role === 'sink', 'a sink opens a sink')
    const { block } = stage
    const sink = await this.#guarded(block.name, 'SINK_FAILED', () => this.#sinkOf(block, place))
    const id = stage.parallelism > 1 ? `${stage.id}#${subtask}` : stage.id
    const node = new SinkNode({
      id,
      block: block.name,
      sink,
      columns: block.columns,
      inbox,
      ports,
      counters,
      failures,
      wake: this.#wake,
    })
    this.sinks.push(node)
    this.nodes.set(place, node)
  }

  async #sinkOf(block: SinkBlock, { stage, subtask, failures }: Place): Promise<Sink> {
    const { openDeadLetters, plan } = this.#options
    if (block.name === DEAD_LETTER_SINK) {
      return openDeadLetters === undefined ? new CountingSink() : new LazySink(openDeadLetters)
    }
    const code = await this.#codeOf(block.connector, 'sink')
    if (code.openSink === undefined) throw sideMissing(block.connector, 'sink')
    return code.openSink({
      ...this.#contextOf(block, 'sink'),
      columns: block.columns,
      mode: block.mode,
      key: block.key,
      subtask,
      subtaskCount: stage.parallelism,
      pipeline: plan.pipeline,
      fail: ({ code, message, payload }) => failures.refuse({ ...REFUSED, code, message, payload }),
    })
  }

  #openOperator(place: Place): void {
    const { stage, subtask, inbox, ports, counters, failures } = place
    if (stage.role === 'source' || stage.role === 'sink') return
    const { clock, operators } = this.#options
    const inputs = this.#inputsOf(place)
    const block = stage.block.name
    try {
      const environment = this.#environment
      const operator = operators({ stage, subtask, inputs, environment })
      const { parallelism: subtaskCount, id } = stage
      const shared = { inbox, ports, counters, failures, clock, subtask, subtaskCount }
      const node = new OperatorNode({ id, block, operator, ...shared })
      this.operators.push(node)
      this.nodes.set(place, node)
      node.open()
    } catch (cause) {
      throw failureOf(block, 'OPERATOR_THREW', cause)
    }
  }

  #inputsOf({ stage }: Place): readonly (readonly ColumnSpec[])[] {
    return Array.from({ length: stage.inputCount }, (_, input) => {
      const edge = stage.inputs.find((one) => one.input === input)
      const from = edge === undefined ? undefined : this.#execution.stages[edge.from]
      return from?.outputs.find((output) => output.name === edge?.output)?.columns ?? []
    })
  }

  async #openSource(place: Place): Promise<void> {
    const { stage, ports, counters, failures } = place
    assert(stage.role === 'source', 'a source opens a source')
    const { block } = stage
    const columns = deliveredColumns(block, place)
    const source = await this.#guarded(block.name, 'SOURCE_FAILED', () =>
      this.#sourceOf(block, columns, place),
    )
    const { clock, watermarks: mode = 'counted' } = this.#options
    const main = ports.output('main').columns
    const isAll = columns.length === main.length
    const node = new SourceNode({
      block,
      source,
      ports,
      counters,
      failures,
      clock,
      mode,
      wake: this.#wake,
      limit: this.#limitOf(block.name),
      eventTimes: this.#eventTimesOf(block, columns),
      kept: isAll ? null : main.map(({ path }) => columns.findIndex((one) => one.path === path)),
      alignment: this.#alignments.get(block.name) ?? null,
    })
    this.#alignments.get(block.name)?.join(node)
    this.sources.push(node)
    this.nodes.set(place, node)
  }

  #eventTimesOf(block: SourceBlock, columns: readonly ColumnSpec[]): EventTimes {
    if (block.timeUnread === true) return null
    const expr = block.eventTimeExpr ?? null
    const { overload } = this.#environment
    if (expr !== null) return new ComputedEventTimes({ expr, columns, overload })
    const index = columns.findIndex((column) => column.path === block.eventTime)
    return index < 0 ? null : index
  }

  async #sourceOf(
    block: SourceBlock,
    columns: readonly ColumnSpec[],
    { stage, subtask, counters, failures }: Place,
  ): Promise<Source> {
    const code = await this.#codeOf(block.connector, 'source')
    if (code.openSource === undefined) throw sideMissing(block.connector, 'source')
    const owner = splitOwner(stage.parallelism)
    return code.openSource({
      ...this.#contextOf(block, 'source'),
      columns,
      fields: block.outputs.find((output) => output.name === 'main')?.stream.fields ?? [],
      eventTime: block.timeUnread === true ? null : block.eventTime,
      changes: block.changes,
      subtask,
      subtaskCount: stage.parallelism,
      owns: (splitId) => owner(splitId) === subtask,
      fail: ({ code, message, position, payload }) => {
        counters.read++
        failures.refuse({ ...REFUSED, code, message, position, payload: () => payload })
      },
    })
  }

  #limitOf(block: string): RecordLimit | null {
    const { limit } = this.#options
    if (limit === undefined) return null
    const known = this.#limits.get(block) ?? { remaining: limit }
    this.#limits.set(block, known)
    return known
  }

  #contextOf(used: UsedConnector, side: ConnectorSide): ConnectorContext {
    const { name: block, config, connector } = used
    const { baseDirectory, clock, random, disk, resolveConfig, onNote } = this.#options
    const note = (text: string): void => {
      const line = `${block}\n${text}`
      if (this.#noted.has(line)) return
      this.#noted.add(line)
      onNote?.(block, text)
    }
    return {
      block,
      config: this.#checked(used, side, resolveConfig?.(config, { connector, side }) ?? config),
      baseDirectory,
      clock,
      random,
      disk,
      note,
    }
  }

  /** Text that came from the environment takes the type of its key here, and defaults are put in. */
  #checked(
    { name, connector }: UsedConnector,
    side: ConnectorSide,
    config: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    const parsed = this.#options.connectors.config(connector)?.[side]?.safeParse(config)
    if (parsed === undefined) return config
    if (parsed.success) return parsed.data
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new StreamError('CONNECTOR_CONFIG_WRONG', `${name}: ${wrong.join('; ')}`, {
      fix: `mend the values of the block ${name}, or the variables they come from`,
    })
  }

  async #codeOf(connector: string, side: 'source' | 'sink'): Promise<ConnectorCode> {
    const { connectors } = this.#options
    const code = await connectors.code(connector)
    if (code !== null) return code
    const isKnown = connectors.config(connector) !== null
    if (!isKnown) throw sideMissing(connector, side)
    throw new StreamError('CONNECTOR_NOT_YET', `the connector ${connector} cannot be run yet`, {
      fix: 'check, explain and test the pipeline; run it with another connector',
    })
  }

  async #guarded<Result>(
    block: string,
    fallback: string,
    run: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await run()
    } catch (cause) {
      throw failureOf(block, fallback, cause)
    }
  }
}

/** Of records that a connector refuses: there is no key and no error of ours. */
const REFUSED = { error: null, position: null, key: () => undefined, ofResult: false } as const

/** What the source reads: what leaves it, and its event time. */
function deliveredColumns(block: SourceBlock, place: Place): readonly ColumnSpec[] {
  const leaving = new Set(
    ['main', 'rejected'].flatMap((name) =>
      (place.ports.find(name)?.columns ?? []).map((column) => column.path),
    ),
  )
  const all = block.outputs.find((output) => output.name === 'main')?.stream.columns ?? []
  if (block.timeUnread === true) return all.filter(({ path }) => leaving.has(path))
  const expr = block.eventTimeExpr ?? null
  const timed = expr === null ? new Set([block.eventTime]) : pathsRead(expr)
  return all.filter(({ path }) => leaving.has(path) || timed.has(path))
}

function sideMissing(connector: string, side: string): StreamError {
  return new StreamError('CONNECTOR_SIDE_MISSING', `the connector ${connector} is no ${side}`, {
    fix: `choose a connector that is a ${side}`,
  })
}
