/**
 * What a stage did with the records it read (DESIGN D14): each is in exactly one of the others.
 * Owned by one node; read by the report and the live view between turns.
 */
import type { OperatorCounters } from '../operators/operator.ts'

export class StageCounters implements OperatorCounters {
  read = 0
  passed = 0
  absorbed = 0
  filtered = 0
  duplicate = 0
  late = 0
  rejected = 0
  skipped = 0
  deadLettered = 0
  expiredKeys = 0
  droppedTimers = 0
  unmatchedRetractions = 0
  /** Rows an operator made that failed: no records that were read. */
  resultsSkipped = 0
  resultsDeadLettered = 0
  /** Records that broke a rule which only observes or warns, by rule; they went on. */
  readonly observed = new Map<string, number>()
}

/** Rows out by kind of change. */
export class RowCounts {
  insert = 0
  updateBefore = 0
  updateAfter = 0
  delete = 0

  get total(): number {
    return this.insert + this.updateBefore + this.updateAfter + this.delete
  }
}
