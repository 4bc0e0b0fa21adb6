/**
 * Progress of a run for the live view: plain snapshots, a few per second.
 *
 * Owns: the snapshot before, to make rates of counts.
 */
import type { Place, Wiring } from '../../node/task/wiring.ts'
import type { Subtask } from '../../node/task/subtask.ts'
import type { Clock } from '../../shared/base/clock.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import type { SourceNode } from '../../node/task/source-node.ts'
import { blockReports } from './report-counts.ts'

export interface RunProgress {
  readonly elapsedMs: number
  readonly blocks: readonly BlockProgress[]
  /** Of all sources, where they know: for a bar and an ETA; null when one does not. */
  readonly done: number | null
  readonly total: number | null
  readonly unit: 'bytes' | 'records' | null
  readonly isEnding: boolean
}

export interface BlockProgress {
  readonly name: string
  readonly kind: 'source' | 'transform' | 'sink'
  readonly read: number
  readonly out: number
  readonly readPerSecond: number
  readonly outPerSecond: number
  readonly late: number
  readonly rejected: number
  readonly skipped: number
  readonly deadLettered: number
  /** Event time, milliseconds since 1970; null while there is none or after the end. */
  readonly watermark: number | null
  /** Processing time less watermark; null where there is no watermark. */
  readonly lagMs: number | null
  /** Share of its subtasks' time since the last snapshot. */
  readonly busyShare: number
  readonly backpressuredShare: number
}

export interface ProgressOptions {
  readonly plan: Plan
  readonly wiring: Wiring
  readonly clock: Clock
  readonly subtasks: readonly Subtask[]
  readonly sources: readonly SourceNode[]
  readonly watermarkOf: (place: Place) => number | null
}

interface Seen {
  readonly read: number
  readonly out: number
  readonly busyMs: number
  readonly backpressuredMs: number
}

export class ProgressMeter {
  readonly #options: ProgressOptions
  readonly #startedAt: number
  #seenAt: number
  #seen = new Map<string, Seen>()

  constructor(options: ProgressOptions) {
    this.#options = options
    this.#startedAt = options.clock.monotonic()
    this.#seenAt = this.#startedAt
  }

  snapshot(isEnding: boolean): RunProgress {
    const { plan, wiring, clock, watermarkOf } = this.#options
    const at = clock.monotonic()
    const passedMs = Math.max(1, at - this.#seenAt)
    const seen = new Map<string, Seen>()
    const blocks = blockReports(plan, wiring, watermarkOf).map((report): BlockProgress => {
      const main = report.outputs.find((output) => output.name === 'main')
      const made = main === undefined ? report.records.passed : rowCount(main)
      const times = this.#timesOf(report.name)
      const now: Seen = { read: report.records.read, out: made, ...times }
      const before = this.#seen.get(report.name) ?? {
        read: 0,
        out: 0,
        busyMs: 0,
        backpressuredMs: 0,
      }
      seen.set(report.name, now)
      const { late, rejected, skipped, deadLettered } = report.records
      return {
        name: report.name,
        kind: report.kind,
        read: now.read,
        out: now.out,
        readPerSecond: ((now.read - before.read) * 1000) / passedMs,
        outPerSecond: ((now.out - before.out) * 1000) / passedMs,
        late,
        rejected,
        skipped,
        deadLettered,
        watermark: report.watermark,
        lagMs: report.watermark === null ? null : clock.now() - report.watermark,
        busyShare: share(now.busyMs - before.busyMs, passedMs),
        backpressuredShare: share(now.backpressuredMs - before.backpressuredMs, passedMs),
      }
    })
    this.#seen = seen
    this.#seenAt = at
    return { elapsedMs: at - this.#startedAt, blocks, ...this.#read(), isEnding }
  }

  #read(): Pick<RunProgress, 'done' | 'total' | 'unit'> {
    let done = 0
    let total = 0
    let unit: RunProgress['unit'] = null
    for (const source of this.#options.sources) {
      const { progress } = source
      if (progress === null || (unit !== null && unit !== progress.unit)) {
        return { done: null, total: null, unit: null }
      }
      done += progress.done
      total += progress.total
      unit = progress.unit
    }
    return unit === null ? { done: null, total: null, unit } : { done, total, unit }
  }

  #timesOf(block: string): { busyMs: number; backpressuredMs: number } {
    const own = this.#options.subtasks.filter((subtask) =>
      subtask.nodes.some((node) => node.id === block || node.id.startsWith(`${block}/`)),
    )
    let busyMs = 0
    let backpressuredMs = 0
    for (const { times } of own) {
      busyMs += times.busyMs / own.length
      backpressuredMs += times.backpressuredMs / own.length
    }
    return { busyMs, backpressuredMs }
  }
}

function rowCount(rows: {
  insert: number
  updateBefore: number
  updateAfter: number
  delete: number
}): number {
  return rows.insert + rows.updateBefore + rows.updateAfter + rows.delete
}

function share(part: number, whole: number): number {
  return Math.min(1, Math.max(0, part / whole))
}
