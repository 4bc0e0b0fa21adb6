/**
 * Who may add what to a decision log, as pure functions over its newest entry: no I/O, no clock.
 *
 * Invariants of a log that only grows by what `judge` allows:
 *   Q1. Counters never fall, and a start has a higher generation or, in the same, a higher attempt.
 *   Q2. A checkpoint belongs to the newest generation and attempt: whoever still works for an older one
 *       gets a refusal, however late its decision comes.
 *   Q3. No checkpoint number is decided twice.
 */
import type { CheckpointId } from '../base/ids.ts'
import type { Decision, DecisionEntry, LogState } from './decision.ts'
import { LOG_BEGIN } from './decision.ts'

/** Whom somebody decides for: the counters of the deployment as they know it. */
export type Authority = Pick<LogState, 'term' | 'generation' | 'attempt'>

export interface Proposal {
  readonly by: Authority
  readonly decision: Decision
  /** Of a checkpoint: its number. */
  readonly checkpoint?: CheckpointId
}

/** What the log says with the proposal, or why it may not be added. */
export type Verdict =
  | { readonly kind: 'add'; readonly state: LogState }
  | { readonly kind: 'stale'; readonly why: string }

export function judge(newest: DecisionEntry | null, proposal: Proposal): Verdict {
  const now: LogState = newest ?? LOG_BEGIN
  const { by, decision } = proposal
  if (decision.kind === 'lead') {
    if (by.term <= now.term) return stale(`term ${now.term} leads`)
    return { kind: 'add', state: { ...stateOf(now), term: by.term } }
  }
  if (by.term !== now.term) return stale(`term ${now.term} leads`)
  if (decision.kind === 'start') {
    const isNewer =
      by.generation > now.generation ||
      (by.generation === now.generation && by.attempt > now.attempt)
    if (!isNewer) return stale(`generation ${now.generation}, attempt ${now.attempt} has started`)
    const { generation, attempt } = by
    return { kind: 'add', state: { ...stateOf(now), generation, attempt } }
  }
  if (by.generation !== now.generation || by.attempt !== now.attempt) {
    return stale(`generation ${now.generation}, attempt ${now.attempt} has started`)
  }
  const { checkpoint = LOG_BEGIN.checkpoint } = proposal
  if (checkpoint <= now.checkpoint) return stale(`checkpoint ${now.checkpoint} is decided`)
  return { kind: 'add', state: { ...stateOf(now), checkpoint } }
}

/**
 * After an entry was created at `number`: it counts only while none stands above it. One above means
 * that an entry of this number was there before and was deleted by retention: its creator slept.
 */
export function isNewest(number: number, numbers: readonly number[]): boolean {
  return numbers.every((other) => other <= number)
}

function stateOf({ term, generation, attempt, checkpoint }: LogState): LogState {
  return { term, generation, attempt, checkpoint }
}

function stale(why: string): Verdict {
  return { kind: 'stale', why }
}
