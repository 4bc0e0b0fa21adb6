/**
 * Plans a pipeline: from what an author wrote to typed blocks with every default written out, or to
 * all its mistakes at once. The door of this folder.
 *
 * Blocks are planned in topological order. A block that cannot work on upserts asks the blocks that
 * would give them for full changes; then all is planned again, until nobody asks (demands only
 * grow). At last the columns that nobody reads are taken out.
 */
import { Diagnostics, type Diagnostic } from '../base/diagnostics.ts'
import type { PipelineSpec } from '../spec/pipeline-spec.ts'
import type { ConnectorConfig } from '../spi/connector.ts'
import { resolveGraph, type Graph } from './graph.ts'
import type { InputRef, Plan, PlanBlock } from './plan.ts'
import { streamKey, type Planning, type Stream } from './planning.ts'
import { planParams, type PlannedParams } from './blocks/params-plan.ts'
import { pruneColumns } from './prune/prune-columns.ts'
import { noteUnread, warnNotYet } from './remarks.ts'
import { planSink } from './blocks/sink-plan.ts'
import { planSource } from './blocks/source-plan.ts'
import { listNames } from './row.ts'
import { refuseTakenPlaces } from './taken-places.ts'
import { planTable } from './blocks/table-plan.ts'
import { planTransform } from './blocks/transform-plan.ts'
import { planFunctions } from './user-functions.ts'

export interface PlanOptions {
  /** Values of `params`, over their defaults (`--set`). */
  readonly params?: Readonly<Record<string, unknown>>
}

export interface PlannedPipeline {
  /** Null when there are errors. */
  readonly plan: Plan | null
  /** Errors, warnings and notes, in the order of the passes. */
  readonly diagnostics: readonly Diagnostic[]
}

export function planPipeline(
  spec: PipelineSpec,
  registry: ReadonlyMap<string, ConnectorConfig>,
  options: PlanOptions = {},
): PlannedPipeline {
  const first = new Diagnostics()
  const graph = resolveGraph(spec, first)
  const params = planParams(spec, options.params ?? {}, first)
  warnNotYet(spec, first)
  const retractDemands = new Set<string>()
  for (;;) {
    const demanded = retractDemands.size
    const round = planRound({ spec, registry, graph, params, retractDemands })
    if (retractDemands.size > demanded) continue
    const all = [...first.all, ...round.diagnostics]
    if (round.plan === null || all.some((one) => one.severity === 'error')) {
      return { plan: null, diagnostics: all }
    }
    const plan = pruneColumns(round.plan)
    const last = new Diagnostics()
    noteUnread(spec, plan, last)
    refuseTakenPlaces(plan, registry, last)
    return { plan: last.hasErrors ? null : plan, diagnostics: [...all, ...last.all] }
  }
}

interface RoundInput extends Pick<Planning, 'spec' | 'registry' | 'retractDemands'> {
  readonly graph: Graph
  readonly params: PlannedParams
}

function planRound(input: RoundInput): {
  readonly plan: Plan | null
  readonly diagnostics: readonly Diagnostic[]
} {
  const diagnostics = new Diagnostics()
  const { spec, graph, params } = input
  const planning: Planning = {
    ...input,
    diagnostics,
    params: params.constants,
    functions: planFunctions(spec, diagnostics),
    streams: new Map(),
    tables: new Map(),
  }
  for (const name of Object.keys(spec.tables ?? {})) {
    planning.tables.set(name, planTable(planning, name))
  }
  const broken = new Set(spec.broken)
  for (const name of broken) planning.tables.set(name, null)
  const blocks: PlanBlock[] = []
  for (const name of graph.order) {
    const planned = broken.has(name) ? null : planBlock(planning, name)
    if (planned === null) planning.streams.set(`${name}.main`, null)
    else {
      blocks.push(planned.block)
      for (const stream of planned.streams) planning.streams.set(streamKey(stream.ref), stream)
    }
  }
  if (broken.size > 0 || diagnostics.hasErrors || blocks.length < graph.sections.size) {
    return { plan: null, diagnostics: diagnostics.all }
  }
  const tables = [...planning.tables.values()].flatMap((one) => (one === null ? [] : [one.block]))
  const { references } = planning.functions
  const plan: Plan = {
    pipeline: spec.pipeline,
    blocks,
    tables: tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    params: params.values,
    ...(Object.keys(references).length === 0 ? {} : { functions: references }),
  }
  return { plan, diagnostics: diagnostics.all }
}

function planBlock(
  planning: Planning,
  name: string,
): { readonly block: PlanBlock; readonly streams: readonly Stream[] } | null {
  const section = planning.graph.sections.get(name)
  if (section === 'sources') return planSource(planning, name)
  const refs = planning.graph.inputs.get(name) ?? []
  const streams = refs.map((ref, index) => findStream(planning, { name, ref, index }))
  if (section === 'sinks') return planSink(planning, { name, streams, refs })
  return planTransform(planning, { name, streams, refs })
}

interface Reference {
  readonly name: string
  readonly ref: InputRef
  readonly index: number
}

/** The stream that is read; null when its block has errors or has no such output. */
function findStream(planning: Planning, { name, ref, index }: Reference): Stream | null {
  const stream = planning.streams.get(streamKey(ref))
  if (stream !== undefined) return stream
  if (planning.streams.get(`${ref.block}.main`) === null) return null
  const section = planning.graph.sections.get(name) ?? 'transformations'
  const spec = planning.spec.transformations?.[name]
  const join = spec?.core?.kind === 'join' ? spec.core.join : null
  const isRight = join !== null && index === spec?.from.length
  const tail = (spec?.from.length ?? 1) > 1 ? ['from', index] : ['from']
  const path = [section, name, ...(isRight ? ['join', join?.alias ?? '', 'from'] : tail)]
  const outputs = [...planning.streams.keys()]
    .filter((key) => key.startsWith(`${ref.block}.`) && key !== `${ref.block}.main`)
    .map((key) => `\`${key}\``)
  if (ref.output === 'dead_letter') {
    planning.diagnostics.error(
      'DEAD_LETTER_OFF',
      path,
      `\`${ref.block}\` makes no dead letters: its \`on_error\` is not \`dead_letter\``,
      { fix: `write \`on_error: dead_letter\` in \`${ref.block}\`, or under \`defaults\`` },
    )
    return null
  }
  planning.diagnostics.error(
    'SIDE_OUTPUT_UNKNOWN',
    path,
    `\`${ref.block}\` has no side output \`${ref.output}\``,
    {
      fix:
        sideFix(planning, ref) ??
        (outputs.length === 0 ? readItself(ref) : `one of ${listNames(outputs)}`),
    },
  )
  return null
}

function readItself({ block }: InputRef): string {
  return `read \`${block}\` itself`
}

function sideFix(planning: Planning, { block, output }: InputRef): string | null {
  if (output === 'late') return lateFix(planning, block)
  if (output === 'rejected') return `give \`${block}\` \`validate\` with \`action: reject\``
  return null
}

function lateFix({ spec, graph }: Planning, block: string): string {
  if (graph.sections.get(block) === 'sources')
    return 'late is late for a window: read `late` of the block that has it'
  return spec.transformations?.[block]?.core?.kind === 'join'
    ? 'a join only counts its late rows, which may be of either side: bound its inputs by windows to keep them'
    : `late rows come from windows of event time: give \`${block}\` one`
}
