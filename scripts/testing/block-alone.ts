/**
 * One block of a plan alone: what it reads becomes sources that give the same streams, so that edges,
 * keys and windows of its inputs stay what they are in the pipeline.
 */
import type {
  InputRef,
  OutputPlan,
  Plan,
  PlanBlock,
  SourceBlock,
} from '../../shared/planning/plan.ts'
import { pruneColumns } from '../../shared/planning/prune/prune-columns.ts'

export function aloneIn(plan: Plan, name: string): Plan {
  const block = plan.blocks.find((one) => one.name === name)
  if (block?.kind !== 'transform') return plan
  const inputs = new Map<string, PlanBlock>()
  for (const ref of block.inputs) inputs.set(sourceName(ref), sourceOf(plan, ref))
  const alone = { ...block, inputs: block.inputs.map(renamed) }
  const sinks = plan.blocks.filter(
    (one) => one.kind === 'sink' && one.inputs.length > 0 && one.inputs.some(isOf(name)),
  )
  const ownInputs = sinks.map((sink) => ({ ...sink, inputs: sink.inputs.filter(isOf(name)) }))
  const used = new Set(
    [...alone.pre, ...alone.post].flatMap((step) => (step.kind === 'lookup' ? [step.table] : [])),
  )
  return pruneColumns({
    ...plan,
    blocks: [...inputs.values(), alone, ...ownInputs],
    tables: plan.tables.filter((table) => used.has(table.name)),
  })
}

const isOf =
  (name: string) =>
  (ref: InputRef): boolean =>
    ref.block === name

function sourceName({ block, output }: InputRef): string {
  return output === 'main' ? block : `${block}.${output}`
}

function renamed(ref: InputRef): InputRef {
  return { block: sourceName(ref), output: 'main' }
}

function sourceOf(plan: Plan, ref: InputRef): PlanBlock {
  const block = plan.blocks.find((one) => one.name === ref.block)
  if (block?.kind === 'source' && ref.output === 'main') return block
  const output = block?.outputs.find((one) => one.name === ref.output)
  return madeSource(plan, ref, output)
}

function madeSource(plan: Plan, ref: InputRef, output: OutputPlan | undefined): SourceBlock {
  const stream = output?.stream
  const hasTime = stream?.eventTime === 'kept'
  return {
    kind: 'source',
    name: sourceName(ref),
    inputs: [],
    outputs: output === undefined ? [] : [{ ...output, name: 'main' }],
    onError: 'fail',
    parallelism: null,
    connector: '',
    config: {},
    primaryKey: stream?.edge === 'upsert' ? stream.uniqueKey : null,
    changes: stream === undefined || stream.edge === 'append' ? 'append' : 'kinds',
    eventTime: hasTime ? timeField(plan, ref) : null,
    watermark: hasTime ? { outOfOrdernessMs: 0, idleAfterMs: null, maxAheadMs: null } : null,
    bounded: stream?.bounded ?? false,
  }
}

/** The field of the first source that still holds the event time, unless a window gave a new one. */
function timeField(plan: Plan, ref: InputRef): string | null {
  const stream = streamAt(plan, ref)
  let at: InputRef | undefined = ref
  while (at !== undefined) {
    const { block: name, output }: InputRef = at
    const block: PlanBlock | undefined = plan.blocks.find((one) => one.name === name)
    if (block === undefined || streamAt(plan, { block: name, output })?.window !== null) return null
    if (block.kind !== 'source') {
      at = block.inputs[0]
      continue
    }
    const { eventTime } = block
    const column = stream?.columns.find((one) => one.path === eventTime)
    return column?.type.kind === 'timestamp' && !column.nullable ? eventTime : null
  }
  return null
}

function streamAt(plan: Plan, ref: InputRef) {
  const block = plan.blocks.find((one) => one.name === ref.block)
  return block?.outputs.find((one) => one.name === ref.output)?.stream ?? null
}
