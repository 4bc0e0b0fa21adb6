/** What each join type emits, as facts that the loops read. */
import type { JoinCore } from '../../../shared/planning/plan.ts'
import { LEFT, type Side } from './pair-writer.ts'

export interface JoinRules {
  readonly emitsPairs: boolean
  /** Per side: a row without a partner is emitted alone, with nulls for the other side. */
  readonly isOuter: readonly [boolean, boolean]
  /** Per side: a stored row counts its partners. */
  readonly counts: readonly [boolean, boolean]
  /** Left rows alone: while they have partners (semi), or while they have none (anti). */
  readonly leftOnly: 'semi' | 'anti' | null
}

export function joinRules(type: JoinCore['type']): JoinRules {
  const leftOnly = type === 'semi' || type === 'anti' ? type : null
  const isOuter = [type === 'left' || type === 'full', type === 'right' || type === 'full'] as const
  return {
    emitsPairs: leftOnly === null,
    isOuter,
    counts: [isOuter[0] || leftOnly !== null, isOuter[1]],
    leftOnly,
  }
}

/** Whether a row of a side with this many partners is emitted by itself. */
export function isEmittedAlone(rules: JoinRules, side: Side, matches: number): boolean {
  if (rules.leftOnly === null) return rules.isOuter[side] && matches === 0
  return side === LEFT && matches > 0 === (rules.leftOnly === 'semi')
}
