/**
 * The report of a run and the law it obeys: every record that a block read is in exactly one of the
 * other counts, and what leaves a block enters the next.
 */
import { AssertionError } from '../base/assert.ts'

export type RunOutcome = 'finished' | 'drained' | 'cancelled' | 'failed'

export interface RunReport {
  readonly pipeline: string
  readonly outcome: RunOutcome
  /** Processing time, milliseconds since 1970. */
  readonly startedAt: number
  readonly durationMs: number
  readonly parallelism: number
  readonly failure: ReportedFailure | null
  readonly blocks: readonly BlockReport[]
  readonly edges: readonly EdgeReport[]
  readonly subtasks: readonly SubtaskReport[]
  readonly sinks: readonly SinkOutcome[]
  readonly tables: readonly TableReport[]
  readonly notes: readonly string[]
}

export interface ReportedFailure {
  readonly block: string
  readonly code: string
  readonly message: string
  readonly fix: string | null
  readonly payload: unknown
  readonly key: unknown
  readonly position: string | null
  readonly trace: string | null
}

/** read + expanded = passed + absorbed + filtered + duplicate + late + rejected + skipped + dead. */
export interface RecordCounts {
  readonly read: number
  /** Records that steps in front of the core made of others (unnest, flat_map), less those lost. */
  readonly expanded: number
  readonly passed: number
  readonly absorbed: number
  readonly filtered: number
  readonly duplicate: number
  readonly late: number
  readonly rejected: number
  readonly skipped: number
  readonly deadLettered: number
}

export interface RowsOut {
  readonly name: string
  readonly isRead: boolean
  readonly insert: number
  readonly updateBefore: number
  readonly updateAfter: number
  readonly delete: number
}

export interface BlockReport {
  readonly name: string
  readonly kind: 'source' | 'transform' | 'sink'
  readonly records: RecordCounts
  /** Rows that the core made, on their way through the steps behind it; null without a core. */
  readonly results: RecordCounts | null
  readonly outputs: readonly RowsOut[]
  readonly expiredKeys: number
  readonly droppedTimers: number
  readonly unmatchedRetractions: number
  /** Records that broke a rule of `validate` with `observe` or `warn`, by rule; absent: none. */
  readonly brokenRules?: Readonly<Record<string, number>>
  /**
   * Records that it had read and not yet decided on when the run failed or was cancelled; absent:
   * none. Rows that lie between blocks then are in the edges: sent and not taken.
   */
  readonly inWork?: number
  /** The smallest of its subtasks; null where there is none. */
  readonly watermark: number | null
}

export interface EdgeReport {
  /** `block.output`, or a stage within a block. */
  readonly from: string
  readonly to: string
  /** Rows that left the output, entered the channels, were taken from them. */
  readonly out: number
  readonly sent: number
  readonly taken: number
}

export interface SubtaskReport {
  readonly id: string
  readonly busyMs: number
  readonly idleMs: number
  readonly backpressuredMs: number
}

export interface SinkOutcome {
  readonly block: string
  readonly rows: number
  readonly bytes: number | null
  readonly places: readonly string[]
}

/** Of a lookup table: rows it holds, lookups that found some and none. */
export interface TableReport {
  readonly name: string
  readonly rows: number
  readonly hits: number
  readonly misses: number
}

/** Of a run that failed or was cancelled: what was read and made and is in none of the counts. */
export function recordsInWork(records: RecordCounts): number {
  const { passed, absorbed, filtered, duplicate, late } = records
  const { rejected, skipped, deadLettered } = records
  const kept = passed + absorbed + filtered + duplicate + late
  return records.read + Math.max(0, records.expanded) - kept - rejected - skipped - deadLettered
}

/** Throws when a count does not add up. After a cancelled or failed run rows may lie in channels. */
export function assertBalanced(report: RunReport): void {
  const wrong = imbalances(report)
  if (wrong.length > 0) throw new AssertionError(`the run balances: ${wrong.join('; ')}`)
}

/** What does not add up, in words; empty when everything does. */
export function imbalances(report: RunReport): string[] {
  if (report.outcome === 'failed' || report.outcome === 'cancelled') return []
  const wrong: string[] = []
  for (const block of report.blocks) {
    wrong.push(...imbalance(`records of ${block.name}`, block.records))
    if (block.results !== null) wrong.push(...imbalance(`results of ${block.name}`, block.results))
  }
  for (const { from, to, out, sent, taken } of report.edges) {
    if (out !== sent || sent !== taken) {
      wrong.push(`${from} → ${to}: ${out} rows left, ${sent} were sent, ${taken} arrived`)
    }
  }
  return wrong
}

function imbalance(what: string, counts: RecordCounts): string[] {
  const given = counts.read + counts.expanded
  const found = counts.read + Math.max(0, counts.expanded) - recordsInWork(counts)
  return given === found ? [] : [`${what}: ${given} read and made, ${found} accounted for`]
}
