/**
 * The operator contract: the code of a vertex, driven by its subtask.
 *
 * Who calls: one subtask, from one thread, never concurrently, never from inside `Output.emit`.
 * Order: `open` once; then `onBatch`, `onWatermark`, `onProcessingTime` and `resume` in any order
 * while inputs are open; `onEnd` once per input, after its last watermark (+∞ for inputs that
 * ended); `close` once, also after a failure.
 *
 * Push-back: every `on…` and `resume` answers DONE, or MORE when it stopped early because
 * `out.isFull`. After MORE nothing but `resume` is called until it answers DONE. An operator must
 * look at `out.isFull` at least after every batch it emits, except that it may always emit one
 * batch per output for one input batch. What it was given (the batch) stays valid until DONE.
 *
 * Batches that were emitted are immutable. A batch that was received may be kept by reference.
 *
 * Time: `onWatermark(w)` is the minimum over inputs, strictly growing. The operator emits what
 * became due; the subtask then forwards `outputWatermark(w)`. An operator without timers need not
 * act on it.
 *
 * Errors of data: `out.reject(row…)` (see RecordFailure); everything thrown out of these calls
 * fails the run.
 */
import type { Batch } from '../../shared/model/batch.ts'

export type Progress = typeof DONE | typeof MORE
export const DONE = 0
export const MORE = 1

export interface Operator {
  open(context: OperatorContext): void
  onBatch(input: number, batch: Batch): Progress
  onWatermark(watermark: number): Progress
  /** Called when `OperatorContext.wakeAt` has come. */
  onProcessingTime(now: number): Progress
  onEnd(input: number): Progress
  /** Goes on where the last call answered MORE. */
  resume(): Progress
  /** What downstream may rely on once this operator has seen `watermark`; at most that. */
  outputWatermark(watermark: number): number
  close(): void
}

/** Where an operator's rows go: one per output of the block (`main`, `late`, …). */
export interface Output {
  emit(batch: Batch): void
  /** True when the operator should stop and answer MORE. */
  readonly isFull: boolean
}

export interface OperatorContext {
  /** By name; every output of the plan block is there, read or not (unread ones only count). */
  output(name: string): Output
  /** The failure of one record: routed by the block's `on_error`, or ends the run by throwing. */
  fail(failure: RecordFailure): void
  /** A record broke a rule of `validate` that only observes or warns; counted, never refused. */
  observe?(rule: string, action: 'observe' | 'warn'): void
  /** Asks for one `onProcessingTime` at or after that time; the earliest asked wins. */
  wakeAt(time: number): void
  readonly now: () => number
  readonly counters: OperatorCounters
  /** Which subtask of how many; owns the key groups that the table gives it. */
  readonly subtask: number
  readonly subtaskCount: number
}

export interface RecordFailure {
  /** Code of the error table. */
  readonly code: string
  readonly message: string
  readonly error: unknown
  /** The record as JSON-like values, made only when asked for. */
  readonly payload: () => unknown
  readonly key?: () => unknown
  /**
   * True when what failed is a row the operator made (a sum that overflowed), not a record it read:
   * it is routed alike and counted apart, so that the records read still add up.
   */
  readonly ofResult?: boolean
  /** True when the record ends the run whatever `on_error` says; `error` then names what to do. */
  readonly endsRun?: boolean
}

/**
 * Records in, each in exactly one of the others: read = passed + absorbed + filtered + duplicate +
 * late + rejected + skipped + dead_lettered. Counted by whoever decides it. A stateless row that
 * leaves is `passed`; a record that an aggregate, join, top or process took into its state or acted
 * on is `absorbed`; rows out are counted by the subtask.
 */
export interface OperatorCounters {
  passed: number
  absorbed: number
  filtered: number
  duplicate: number
  late: number
  rejected: number
  expiredKeys: number
  droppedTimers: number
  /** Retractions that found nothing (D18). */
  unmatchedRetractions: number
}
