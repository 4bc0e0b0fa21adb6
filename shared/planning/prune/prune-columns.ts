/**
 * Takes out the columns that nobody reads, from sinks back to sources, and fills in which columns of
 * each output are used.
 *
 * Laws: a block's last columns are its `used` ones, in their order. What a read side output shows
 * stays until the step that makes it. A block that may send records to dead letters reads whole
 * rows, since their payload is the row. Rows of an event time source have that column unless nobody
 * uses their event time (unread-times.ts).
 */
import type {
  OutputPlan,
  Plan,
  PlanBlock,
  SinkBlock,
  SourceBlock,
  TableBlock,
  TransformBlock,
} from '../plan.ts'
import { pathsRead, reads } from '../expr-shape.ts'
import { canBlockThrow } from './can-throw.ts'
import { pruneCore } from './prune-core.ts'
import { columnsAfter, pruneSteps, type TableReads } from './prune-steps.ts'
import { unreadTimes } from './unread-times.ts'
import { keep } from '../row.ts'

/** Paths that are read, by `block.output`. */
type Demand = Map<string, Set<string>>

export function pruneColumns(plan: Plan): Plan {
  const demand: Demand = new Map()
  const tables: TableReads = new Map()
  const unread = unreadTimes(plan)
  const blocks: PlanBlock[] = []
  for (const block of plan.blocks.toReversed()) {
    if (block.kind === 'source') {
      blocks.push(pruneSource({ ...block, timeUnread: unread.has(block.name) }, demand))
    } else if (block.kind === 'sink') blocks.push(pruneSink(block, demand))
    else blocks.push(pruneTransform(block, demand, tables))
  }
  return {
    ...plan,
    blocks: blocks.toReversed(),
    tables: plan.tables.map((table) => pruneTable(table, tables)),
  }
}

function demanded(demand: Demand, block: string, output: string): Set<string> {
  const key = `${block}.${output}`
  const known = demand.get(key) ?? new Set()
  demand.set(key, known)
  return known
}

function outputsOf(block: PlanBlock, demand: Demand, always: ReadonlySet<string>): OutputPlan[] {
  return block.outputs.map((output) => {
    const needed = demanded(demand, block.name, output.name)
    const isUsed = (path: string): boolean =>
      reads(needed, path) || (output.name === 'main' && always.has(path))
    const used = output.stream.columns.map((one) => one.path).filter(isUsed)
    return { ...output, used }
  })
}

function pruneSource(block: SourceBlock, demand: Demand): SourceBlock {
  const always = new Set(block.changes === 'append' ? [] : block.primaryKey)
  if (block.eventTime !== null && block.timeUnread !== true) always.add(block.eventTime)
  const computed = block.eventTimeExpr ?? null
  if (computed !== null) for (const path of pathsRead(computed)) always.add(path)
  return { ...block, outputs: outputsOf(block, demand, always) }
}

function pruneSink(block: SinkBlock, demand: Demand): SinkBlock {
  for (const ref of block.inputs) {
    const needed = demanded(demand, ref.block, ref.output)
    for (const column of block.columns) needed.add(column.path)
  }
  return { ...block, outputs: outputsOf(block, demand, new Set()) }
}

function pruneTable(table: TableBlock, tables: TableReads): TableBlock {
  const needed = new Set([...(tables.get(table.name) ?? []), ...table.key])
  const used = table.columns.map((one) => one.path).filter((path) => reads(needed, path))
  return { ...table, used }
}

function pruneTransform(block: TransformBlock, demand: Demand, tables: TableReads): TransformBlock {
  const outputs = outputsOf(block, demand, new Set())
  const side = (name: string): ReadonlySet<string> =>
    new Set(outputs.find((one) => one.name === name)?.used)
  const main = outputs.find((one) => one.name === 'main')
  const parts = { rejected: side('rejected'), tables }
  const post = pruneSteps(block.post, { ...parts, needed: new Set(main?.used) })
  const late = block.outputs.find((one) => one.name === 'late')?.stream.columns ?? []
  const core =
    block.core === null
      ? null
      : pruneCore(block.core, {
          needed: post.needed,
          late: late.filter((one) => side('late').has(one.path) && !one.path.startsWith('_late.')),
        })
  const pre = pruneSteps(block.pre, { ...parts, needed: core === null ? post.needed : core.needed })
  const isWhole = block.onError === 'dead_letter' && canBlockThrow(block)
  const input = (block.inputColumns ?? []).filter((one) => isWhole || reads(pre.needed, one.path))
  const isJoin = core?.core.kind === 'join'
  const lefts = isJoin ? block.inputs.slice(0, -1) : block.inputs
  for (const ref of lefts) {
    for (const column of input) demanded(demand, ref.block, ref.output).add(column.path)
  }
  const rightRef = isJoin ? block.inputs.at(-1) : undefined
  if (rightRef !== undefined && core !== null) {
    const needed = demanded(demand, rightRef.block, rightRef.output)
    for (const path of core.right) needed.add(path)
  }
  const pruned: TransformBlock = {
    ...block,
    outputs,
    pre: pre.steps,
    inputColumns: input,
    core: core?.core ?? null,
    post: post.steps,
  }
  return withFinalProject(pruned, main)
}

/** The last columns of a block are the used ones: a project where the steps leave others. */
function withFinalProject(block: TransformBlock, main: OutputPlan | undefined): TransformBlock {
  if (main === undefined) return block
  const start = block.core === null ? (block.inputColumns ?? []) : block.core.output
  const steps = block.core === null ? block.pre : block.post
  const last = columnsAfter(start, steps)
  const isExact =
    last.length === main.used.length && last.every((one, index) => one.path === main.used[index])
  if (isExact) return block
  const columns = main.used.flatMap((path) => last.filter((one) => one.path === path).map(keep))
  const step = { kind: 'project', columns } as const
  return block.core === null
    ? { ...block, pre: [...block.pre, step] }
    : { ...block, post: [...block.post, step] }
}
