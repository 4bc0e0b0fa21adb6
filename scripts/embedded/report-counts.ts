/** The counts of blocks and edges, added up over stages and subtasks. */
import type { StageCounters } from '../../node/task/stage-counters.ts'
import type { Place, Wiring } from '../../node/task/wiring.ts'
import {
  recordsInWork,
  type BlockReport,
  type EdgeReport,
  type RecordCounts,
  type RowsOut,
} from '../../shared/api/run-report.ts'
import type { Plan, PlanBlock } from '../../shared/planning/plan.ts'
import type { StageRole } from '../../shared/planning/execution/stage.ts'

/** Stages that read the records of a block, in their order; the others carry its results. */
const READING: Readonly<Record<PlanBlock['kind'], readonly StageRole[]>> = {
  source: ['source'],
  transform: ['steps', 'pre', 'core'],
  sink: ['materialize', 'sink'],
}

export function blockReports(
  plan: Plan,
  wiring: Wiring,
  watermarkOf: (place: Place) => number | null,
): BlockReport[] {
  const places = wiring.places.flat()
  return plan.blocks.map((block) => {
    const own = places.filter((place) => place.stage.block.name === block.name)
    const reading = readingPlaces(block, own)
    const behind = own.filter((place) => !reading.includes(place))
    const all = own.map((place) => place.counters)
    return {
      name: block.name,
      kind: block.kind,
      records: recordCounts(reading),
      results: resultCounts(reading, behind),
      outputs: rowsOut(block, own),
      expiredKeys: sum(all, (one) => one.expiredKeys),
      droppedTimers: sum(all, (one) => one.droppedTimers),
      unmatchedRetractions: sum(all, (one) => one.unmatchedRetractions),
      watermark: smallestWatermark(own, watermarkOf),
      ...brokenRules(all),
    }
  })
}

/** Of a run that ended before its records did: what steps had not handed on yet is in work. */
export function withInWork(blocks: readonly BlockReport[]): BlockReport[] {
  return blocks.map((block) => {
    const inWork = recordsInWork(block.records)
    if (inWork === 0) return block
    const expanded = Math.max(0, block.records.expanded)
    return { ...block, records: { ...block.records, expanded }, inWork }
  })
}

function brokenRules(all: readonly StageCounters[]): Pick<BlockReport, 'brokenRules'> {
  const counts: Record<string, number> = {}
  for (const { observed } of all)
    for (const [rule, count] of observed) counts[rule] = (counts[rule] ?? 0) + count
  return Object.keys(counts).length === 0 ? {} : { brokenRules: counts }
}

/** A sink with state in front reads there; what it then writes are results. */
function readingPlaces(block: PlanBlock, own: readonly Place[]): readonly Place[] {
  const hasState = own.some((place) => place.stage.role === 'materialize')
  return own.filter(({ stage }) => {
    if (hasState && stage.role === 'sink') return false
    return READING[block.kind].includes(stage.role)
  })
}

function recordCounts(reading: readonly Place[]): RecordCounts {
  const first = counters(reading, (role) => role !== 'core')
  const core = counters(reading, (role) => role === 'core')
  const hasCore = core.length > 0
  const all = [...first, ...core]
  const counts = summed(all)
  if (!hasCore) return counts
  const handedOn = sum(first, handedOnBy)
  const taken = sum(core, (one) => one.read)
  return {
    ...counts,
    read: sum(first, (one) => one.read),
    expanded: taken - handedOn,
    passed: sum(core, (one) => one.passed),
  }
}

/** Records of which something went on to the core. */
function handedOnBy({ read, filtered, rejected, skipped, deadLettered }: StageCounters): number {
  return read - filtered - rejected - skipped - deadLettered
}

/** Rows a core made: those that failed there and those that went through the steps behind it. */
function resultCounts(reading: readonly Place[], behind: readonly Place[]): RecordCounts | null {
  const cores = counters(reading, (role) => role === 'core' || role === 'materialize')
  if (cores.length === 0 && behind.length === 0) return null
  const after = counters(behind, () => true)
  const counts = summed(after)
  const skipped = sum(cores, (one) => one.resultsSkipped)
  const deadLettered = sum(cores, (one) => one.resultsDeadLettered)
  return {
    ...counts,
    read: counts.read + skipped + deadLettered,
    skipped: counts.skipped + skipped,
    deadLettered: counts.deadLettered + deadLettered,
  }
}

function summed(all: readonly StageCounters[]): RecordCounts {
  return {
    read: sum(all, (one) => one.read),
    expanded: 0,
    passed: sum(all, (one) => one.passed),
    absorbed: sum(all, (one) => one.absorbed),
    filtered: sum(all, (one) => one.filtered),
    duplicate: sum(all, (one) => one.duplicate),
    late: sum(all, (one) => one.late),
    rejected: sum(all, (one) => one.rejected),
    skipped: sum(all, (one) => one.skipped),
    deadLettered: sum(all, (one) => one.deadLettered),
  }
}

function rowsOut(block: PlanBlock, own: readonly Place[]): RowsOut[] {
  const names = new Set(['main', ...block.outputs.map((output) => output.name)])
  for (const place of own) for (const port of place.ports.all) names.add(port.name)
  return [...names].flatMap((name) => {
    const ports = leavingPorts(block, own, name)
    const isRead = ports.some((port) => port.isRead)
    const rows = ports.map((port) => port.rows)
    const made = {
      insert: sum(rows, (one) => one.insert),
      updateBefore: sum(rows, (one) => one.updateBefore),
      updateAfter: sum(rows, (one) => one.updateAfter),
      delete: sum(rows, (one) => one.delete),
    }
    if (block.kind === 'sink' && name === 'main') return []
    return [{ name, isRead, ...made }]
  })
}

/** `main` leaves the block only from its last stages. */
function leavingPorts(block: PlanBlock, own: readonly Place[], name: string) {
  const last = own.some(({ stage }) => stage.role === 'post')
    ? 'post'
    : own.some(({ stage }) => stage.role === 'normalize')
      ? 'normalize'
      : own.some(({ stage }) => stage.role === 'core')
        ? 'core'
        : null
  const leaving =
    name !== 'main' || last === null ? own : own.filter((one) => one.stage.role === last)
  return leaving.flatMap((place) => place.ports.find(name) ?? [])
}

export function edgeReports(wiring: Wiring): EdgeReport[] {
  return wiring.edges.map(({ from, output, to, channels, ports }) => ({
    from: output === 'main' ? from.id : `${from.id}.${output}`,
    to: to.id,
    out: sum(ports, (port) => port.rows.total),
    sent: sum(channels, (channel) => channel.rowsSent),
    taken: sum(channels, (channel) => channel.rowsTaken),
  }))
}

function counters(
  places: readonly Place[],
  isMeant: (role: StageRole) => boolean,
): readonly StageCounters[] {
  return places.filter((place) => isMeant(place.stage.role)).map((place) => place.counters)
}

function smallestWatermark(
  own: readonly Place[],
  watermarkOf: (place: Place) => number | null,
): number | null {
  const known = own.map(watermarkOf).filter((time) => time !== null)
  const smallest = Math.min(...known)
  return known.length === 0 || !Number.isFinite(smallest) ? null : smallest
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  let total = 0
  for (const item of items) total += of(item)
  return total
}
