/** What must hold of one random pipeline, however its batches are cut and its keys are shared. */
import { SeededRandom } from '../../../../shared/base/seeded-random.ts'
import type { Plan } from '../../../../shared/planning/plan.ts'
import { planText } from '../../../unit/planning/plan-text.ts'
import { givenRows, picker, pipelineText, SOURCES, type Given } from './pipeline-text.ts'
import { runRandom, type Observed } from './run-given.ts'

export interface SeedResult {
  readonly seed: number
  readonly text: string
  /** False: the planner refused the file. */
  readonly isPlanned: boolean
  /** What does not hold; empty for a good one. */
  readonly broken: readonly string[]
}

export async function checkSeed(seed: number, rows = 60): Promise<SeedResult> {
  const random = new SeededRandom(seed)
  const text = pipelineText(picker(random))
  const { plan } = await planText(text)
  if (plan === null) return { seed, text, isPlanned: false, broken: [] }
  const lateShare = random.next() < 0.3 ? 0.3 : 0
  const given = Object.fromEntries(
    SOURCES.map((source) => [source, givenRows(random, { source, count: rows, lateShare })]),
  )
  const broken: string[] = []
  try {
    await checkPlan(plan, { seed, given, lateShare, broken })
  } catch (cause) {
    broken.push(cause instanceof Error ? `${cause.stack}` : String(cause))
  }
  return { seed, text, isPlanned: true, broken }
}

interface Checked {
  readonly seed: number
  readonly given: Readonly<Record<string, readonly Given[]>>
  readonly lateShare: number
  readonly broken: string[]
}

async function checkPlan(plan: Plan, { seed, given, lateShare, broken }: Checked): Promise<void> {
  const base = { given, cutSeed: seed }
  const plain = await runRandom(plan, { ...base, parallelism: 1, cut: 1 })
  const same = await runRandom(plan, { ...base, parallelism: 1, cut: 1 })
  const long = await runRandom(plan, { ...base, parallelism: 1, cut: 1000 })
  const cut = await runRandom(plan, { ...base, parallelism: 1, cut: 7 })
  const three = await runRandom(plan, { ...base, parallelism: 3, cut: 5 })
  const again = await runRandom(plan, { ...base, parallelism: 3, cut: 5 })
  // A version that comes late changes what an as_of join would answer now, not what it answered.
  const isMeant = (text: string): boolean => lateShare === 0 || !text.includes('taken back')
  const runs = { plain, long, cut, three }
  for (const [name, run] of Object.entries(runs))
    broken.push(...run.problems.filter(isMeant).map((text) => `${name}: ${text}`))
  broken.push(...differences('repeated', plain.emitted, same.emitted))
  broken.push(...differences('repeated at three', three.emitted, again.emitted))
  // An upsert source takes old rows back at their old event time, which may be behind the watermark.
  const hasUpserts = plan.blocks.some(
    (block) => block.kind === 'source' && block.normalizer === true,
  )
  const hasLate = lateShare > 0 || hasUpserts
  const isByArrival = byArrival(plan, hasLate)
  if (isByArrival !== 'never') return
  broken.push(...differences('long batches', plain.folded, long.folded))
  broken.push(...differences('cut', plain.folded, cut.folded))
  if (!hasLate) broken.push(...differences('three subtasks', plain.folded, three.folded))
  broken.push(...countDifferences(plain, !hasLate ? [long, cut, three] : [long, cut]))
}

/** Whether a result may depend on which of several sources is read first. */
function byArrival(plan: Plan, hasLate: boolean): 'never' | 'sometimes' {
  const sources = new Map<string, Set<string>>()
  for (const block of plan.blocks) {
    const own = new Set(block.kind === 'source' ? [block.name] : [])
    for (const { block: from } of block.inputs)
      for (const one of sources.get(from) ?? []) own.add(one)
    sources.set(block.name, own)
    if (block.kind !== 'transform') continue
    const isMixed = block.inputs.length > 1 || own.size > 1
    if (isMixed && (hasLate || isOrdered(block.core))) return 'sometimes'
  }
  return 'never'
}

type Core = Extract<Plan['blocks'][number], { kind: 'transform' }>['core']

/** Cores that go by arrival. */
function isOrdered(core: Core): boolean {
  if (core?.kind === 'dedupe') return core.mode.kind !== 'last'
  if (core?.kind === 'aggregate' || core?.kind === 'top') return core.window?.type === 'count'
  return false
}

type Texts = Readonly<Record<string, readonly string[]>>

function differences(what: string, left: Texts, right: Texts): string[] {
  return Object.keys(left).flatMap((sink) => {
    const missing = without(left[sink] ?? [], right[sink] ?? [])
    const surplus = without(right[sink] ?? [], left[sink] ?? [])
    if (missing.length + surplus.length === 0) return []
    return [
      `${what}: ${sink} differs`,
      ...missing.slice(0, 4).map((row) => `  missing ${row}`),
      ...surplus.slice(0, 4).map((row) => `  surplus ${row}`),
    ]
  })
}

function without(from: readonly string[], taken: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const text of taken) counts.set(text, (counts.get(text) ?? 0) + 1)
  return from.filter((text) => {
    const count = counts.get(text) ?? 0
    if (count > 0) counts.set(text, count - 1)
    return count === 0
  })
}

/** Of sources and the blocks behind them: what becomes of their records is no matter of cutting. */
function countDifferences(plain: Observed, others: readonly Observed[]): string[] {
  const blocks = plain.report.blocks.filter((one) => one.kind === 'source' || one.name === 'a')
  return blocks.flatMap(({ name }) => {
    const counts = countsText(plain, name)
    const different = others.map((run) => countsText(run, name)).filter((one) => one !== counts)
    return different.map((one) => `counts of ${name}: ${counts} and ${one}`)
  })
}

function countsText(run: Observed, name: string): string {
  return JSON.stringify(run.report.blocks.find((one) => one.name === name)?.records)
}
