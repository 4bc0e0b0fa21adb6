/**
 * The execution plan: blocks become stages, stages become chains, and every edge gets a route.
 *
 * A block runs as up to three kinds of stages: `pre` (one per input: its stateless steps and the
 * columns its core reads), `core`, `post`. A block without a core is one `steps` stage per input.
 * A stage that reads one stage, forward, runs in the same subtask (a chain); others start a chain
 * of their own. Pure data: the runtime builds operators and channels from it.
 */
import { KEY_GROUPS } from '../../base/limits.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import { coreParallelism, isKeyed, sinkKeyRoute } from './stage-parallelism.ts'
import { afterCore, columnsThrough, isPartitionedBy } from './stage-partitioning.ts'
import { isMaterialized, type Core, type InputRef, type Plan, type PlanBlock } from '../plan.ts'
import type { ProjectedColumn, SinkBlock, SourceBlock, TransformBlock } from '../plan.ts'
import type { ExecutionPlan, Route, Stage, StageOutput } from './stage.ts'

export interface ExecutionOptions {
  /** Of blocks that say nothing. */
  readonly parallelism: number
  /** Sinks that can only run as one subtask. */
  readonly isSingleSink: (block: SinkBlock) => boolean
}

export function planExecution(plan: Plan, options: ExecutionOptions): ExecutionPlan {
  return new ExecutionPlanner(plan, options).plan()
}

/** The key group table: which subtask of `parallelism` owns each key group. */
export function keyGroupTable(keyGroups: number, parallelism: number): Uint16Array {
  const table = new Uint16Array(keyGroups)
  for (let group = 0; group < keyGroups; group++) {
    table[group] = Math.floor((group * parallelism) / keyGroups)
  }
  return table
}

/** The columns that leave a block by an output: those that somebody reads. */
export function edgeColumns(plan: Plan, ref: InputRef): readonly ColumnSpec[] {
  const block = plan.blocks.find((one) => one.name === ref.block)
  const output = block?.outputs.find((one) => one.name === ref.output)
  if (output === undefined) return []
  const used = new Set(output.used)
  return output.stream.columns.filter((column) => used.has(column.path))
}

type Draft<Kind> = Kind extends Stage ? Omit<Kind, 'index' | 'chain' | 'inputCount'> : never

/** A stage that fills an output that a block reads. */
interface Producer {
  readonly from: number
  readonly output: string
  readonly ref: InputRef
}

class ExecutionPlanner {
  readonly #plan: Plan
  readonly #options: ExecutionOptions
  readonly #stages: Stage[] = []
  readonly #chains: number[][] = []
  /** Stages that fill an output of a block, by `block.output`. */
  /** Sources with a normalizer behind them. */
  readonly #unchanged = new Map<string, number>()
  readonly #producers = new Map<string, number[]>()
  /** Paths by which the main output of a stage is partitioned, if it is. */
  readonly #partitioning = new Map<number, readonly string[] | null>()

  constructor(plan: Plan, options: ExecutionOptions) {
    this.#plan = plan
    this.#options = options
  }

  plan(): ExecutionPlan {
    for (const block of this.#plan.blocks) this.#addBlock(block)
    return { stages: this.#stages, chains: this.#chains, keyGroups: KEY_GROUPS }
  }

  #addBlock(block: PlanBlock): void {
    if (block.kind === 'source') this.#addSource(block)
    else if (block.kind === 'sink') this.#addSink(block)
    else if (block.core === null) this.#addSteps(block)
    else this.#addCore(block, block.core)
  }

  #addSource(block: SourceBlock): void {
    const parallelism = block.parallelism ?? this.#options.parallelism
    const made = { id: block.name, block, inputs: [], parallelism }
    if (block.normalizer !== true) {
      const outputs = this.#blockOutputs(block)
      this.#produces(block, [this.#add({ ...made, role: 'source', outputs })])
      return
    }
    const columns = this.#normalizedColumns(block)
    const outputs = [{ name: 'main', columns }, ...this.#sides(block)]
    const source = this.#add({ ...made, role: 'source', outputs })
    const key = block.primaryKey?.map((path) => columns.findIndex((one) => one.path === path)) ?? []
    const route: Route = parallelism === 1 ? { kind: 'forward' } : { kind: 'hash', columns: key }
    const normalize = this.#add({
      ...made,
      role: 'normalize',
      id: `${block.name}/normalize`,
      inputs: [{ from: source, output: 'main', input: 0, route }],
      outputs,
    })
    this.#produces(block, [source, normalize], normalize)
    this.#unchanged.set(block.name, source)
  }

  /** What the normalizer reads: what leaves it, and the key. */
  #normalizedColumns(block: SourceBlock): readonly ColumnSpec[] {
    const output = block.outputs.find((one) => one.name === 'main')
    const read = new Set([...(output?.used ?? []), ...(block.primaryKey ?? [])])
    return output?.stream.columns.filter((column) => read.has(column.path)) ?? []
  }

  #addSink(block: SinkBlock): void {
    const producers = block.inputs.flatMap((ref) => this.#producersOf(ref))
    const widest = Math.max(1, ...producers.map((edge) => this.#parallelismOf(edge.from)))
    const isSingle = this.#options.isSingleSink(block)
    const parallelism = isSingle ? 1 : (block.parallelism ?? widest)
    const inputs = producers.map(({ from, output, ref }) => {
      const keyed = sinkKeyRoute(block, this.#columnsOf(from, output), parallelism)
      const route = keyed ?? this.#changeRoute({ from, output, ref }, parallelism)
      return { from, output, input: 0, route }
    })
    const [first] = inputs
    const read = first === undefined ? block.columns : this.#columnsOf(first.from, first.output)
    const outputs = [{ name: 'main', columns: read }, ...this.#sides(block)]
    const made = { block, outputs, parallelism }
    if (!isMaterialized(block)) {
      const sink = this.#add({ ...made, role: 'sink', id: block.name, inputs })
      this.#produces(block, [sink])
      return
    }
    const id = `${block.name}/materialize`
    const from = this.#add({ ...made, role: 'materialize', id, inputs })
    const route = { kind: 'forward' as const }
    const after = [{ from, output: 'main', input: 0, route }]
    const sink = this.#add({ ...made, role: 'sink', id: block.name, inputs: after })
    this.#produces(block, [from, sink])
  }

  #addSteps(block: TransformBlock): void {
    const outputs = this.#blockOutputs(block)
    const stages: number[] = []
    block.inputs.forEach((ref, blockInput) => {
      for (const { from, output } of this.#producersOf(ref)) {
        const upstream = this.#parallelismOf(from)
        const parallelism = block.parallelism ?? upstream
        const route = this.#changeRoute({ from, output, ref }, parallelism)
        const inputs = [{ from, output, input: 0, route }]
        const id = block.inputs.length > 1 ? `${block.name}/steps${stages.length}` : block.name
        const index = this.#add({
          role: 'steps',
          id,
          block,
          blockInput,
          inputs,
          outputs,
          parallelism,
        })
        const before = output === 'main' ? (this.#partitioning.get(from) ?? null) : null
        const kept = parallelism === upstream ? before : null
        this.#partitioning.set(index, columnsThrough(kept, [...block.pre, ...block.post]))
        stages.push(index)
      }
    })
    this.#produces(block, stages)
  }

  #addCore(block: TransformBlock, core: Core): void {
    const pre = this.#addPre(block, core)
    const parallelism = coreParallelism(block, core, this.#options.parallelism)
    const sides = this.#sides(block)
    const inputs = pre.map(({ stage, input }) => ({
      from: stage,
      output: 'main',
      input,
      route: this.#coreRoute(core, { stage, input, parallelism }),
    }))
    const isLast = block.post.length === 0 && sameColumns(core.output, this.#usedColumns(block))
    const main = { name: 'main', columns: core.output }
    const id = isLast && pre.length === 1 ? block.name : `${block.name}/core`
    const blockInput = 0
    const outputs = [main, ...sides]
    const made = { role: 'core' as const, id, block, blockInput, inputs, outputs, parallelism }
    const coreStage = this.#add(made)
    this.#partitioning.set(coreStage, isKeyed(core) ? afterCore(core) : null)
    const stages = [...pre.map((one) => one.stage), coreStage]
    if (isLast) {
      this.#produces(block, stages, coreStage)
      return
    }
    const post = this.#addPost(block, { stage: coreStage, parallelism })
    this.#produces(block, [...stages, post], post)
  }

  #addPre(block: TransformBlock, core: Core): { stage: number; input: number }[] {
    const made: { stage: number; input: number }[] = []
    const sides = this.#sides(block)
    block.inputs.forEach((ref, blockInput) => {
      const input = coreInput(block, core, blockInput)
      const columns = inputColumns(core, input)
      for (const { from, output } of this.#coreProducers(ref, core, input)) {
        const inputs = [{ from, output, input: 0, route: { kind: 'forward' as const } }]
        const id = `${block.name}/pre${made.length}`
        const outputs = [{ name: 'main', columns: columns.map((column) => column.spec) }, ...sides]
        const parallelism = this.#parallelismOf(from)
        const stage = this.#add({
          role: 'pre',
          id,
          block,
          blockInput,
          inputs,
          outputs,
          parallelism,
        })
        const before = output === 'main' ? (this.#partitioning.get(from) ?? null) : null
        const steps = input === 0 ? block.pre : []
        this.#partitioning.set(stage, columnsThrough(before, steps))
        made.push({ stage, input })
      }
    })
    return made
  }

  /** The versions of an `as_of` join begin with the records of a source as they came. */
  #coreProducers(ref: InputRef, core: Core, input: number): Producer[] {
    const isVersions = core.kind === 'join' && core.mode.kind === 'as_of' && input === 1
    const from = isVersions && ref.output === 'main' ? this.#unchanged.get(ref.block) : undefined
    return from === undefined ? this.#producersOf(ref) : [{ from, output: 'main', ref }]
  }

  #addPost(block: TransformBlock, core: { stage: number; parallelism: number }): number {
    const { stage: from, parallelism } = core
    const inputs = [{ from, output: 'main', input: 0, route: { kind: 'forward' as const } }]
    const outputs = this.#blockOutputs(block)
    const id = `${block.name}/post`
    const blockInput = 0
    const post = this.#add({ role: 'post', id, block, blockInput, inputs, outputs, parallelism })
    const before = this.#partitioning.get(from) ?? null
    this.#partitioning.set(post, columnsThrough(before, block.post))
    return post
  }

  /** Hash by the core's key, unless the rows lie so already. */
  #coreRoute(core: Core, to: { stage: number; input: number; parallelism: number }): Route {
    const upstream = this.#parallelismOf(to.stage)
    if (to.parallelism === 1) return { kind: upstream === 1 ? 'forward' : 'single' }
    const columns = inputColumns(core, to.input)
    const key = keyColumns(core, to.input)
    const partitioned = this.#partitioning.get(to.stage) ?? null
    const isAligned = upstream === to.parallelism && isPartitionedBy(partitioned, columns, key)
    return isAligned ? { kind: 'forward' } : { kind: 'hash', columns: key }
  }

  /** Between stateless stages: changes of one key must keep their order. */
  #changeRoute({ from, output, ref }: Producer, parallelism: number): Route {
    const upstream = this.#parallelismOf(from)
    if (upstream === parallelism) return { kind: 'forward' }
    if (parallelism === 1) return { kind: 'single' }
    const block = this.#plan.blocks.find((one) => one.name === ref.block)
    const stream = block?.outputs.find((one) => one.name === ref.output)?.stream
    if (stream === undefined || stream.edge === 'append') return { kind: 'rebalance' }
    const columns = this.#columnsOf(from, output)
    const key = stream.uniqueKey?.map((path) => columns.findIndex((one) => one.path === path)) ?? []
    // Without its key among the columns that cross, only one subtask keeps the order.
    const isRoutable = key.length > 0 && !key.includes(-1)
    return isRoutable ? { kind: 'hash', columns: key } : { kind: 'single' }
  }

  #add(draft: Draft<Stage>): number {
    const index = this.#stages.length
    const [edge, ...others] = draft.inputs
    const isChained = edge !== undefined && others.length === 0 && draft.role !== 'sink'
    const upstream =
      isChained && edge.route.kind === 'forward' ? this.#stages[edge.from] : undefined
    const chain = upstream?.chain ?? this.#chains.length
    const inputCount = draft.role === 'source' ? 0 : coreInputCount(draft)
    this.#stages.push({ ...draft, index, chain, inputCount })
    const members = this.#chains[chain]
    if (members === undefined) this.#chains.push([index])
    else members.push(index)
    return index
  }

  #produces(block: PlanBlock, stages: readonly number[], main?: number): void {
    const names = ['main', ...this.#sides(block).map((side) => side.name)]
    for (const name of names) {
      const isMain = name === 'main' && main !== undefined
      this.#producers.set(`${block.name}.${name}`, isMain ? [main] : [...stages])
    }
  }

  #producersOf(ref: InputRef): Producer[] {
    const stages = this.#producers.get(`${ref.block}.${ref.output}`) ?? []
    return stages.map((from) => ({ from, output: ref.output, ref }))
  }

  #parallelismOf(stage: number): number {
    return this.#stages[stage]?.parallelism ?? 1
  }

  #columnsOf(stage: number, name: string): readonly ColumnSpec[] {
    const outputs = this.#stages[stage]?.outputs ?? []
    return outputs.find((output) => output.name === name)?.columns ?? []
  }

  #usedColumns(block: PlanBlock): readonly ColumnSpec[] {
    return edgeColumns(this.#plan, { block: block.name, output: 'main' })
  }

  #blockOutputs(block: PlanBlock): StageOutput[] {
    return [{ name: 'main', columns: this.#usedColumns(block) }, ...this.#sides(block)]
  }

  #sides(block: PlanBlock): StageOutput[] {
    return block.outputs
      .filter((output) => output.name !== 'main')
      .map(({ name }) => ({
        name,
        columns: edgeColumns(this.#plan, { block: block.name, output: name }),
      }))
  }
}

/** The last input of a join is its right side; the others are united on the left. */
function coreInput(block: TransformBlock, core: Core, blockInput: number): number {
  return core.kind === 'join' && blockInput === block.inputs.length - 1 ? 1 : 0
}

export function inputColumns(core: Core, input: number): readonly ProjectedColumn[] {
  if (core.kind !== 'join') return core.input
  return input === 1 ? core.right.input : core.left.input
}

export function keyColumns(core: Core, input: number): readonly number[] {
  if (core.kind !== 'join') return core.key
  return input === 1 ? core.right.key : core.left.key
}

function coreInputCount(draft: Draft<Stage>): number {
  return draft.role === 'core' && draft.block.core?.kind === 'join' ? 2 : 1
}

function sameColumns(left: readonly ColumnSpec[], right: readonly ColumnSpec[]): boolean {
  if (left.length !== right.length) return false
  return left.every(
    (column, index) => column.path === right[index]?.path && column.layout === right[index].layout,
  )
}
