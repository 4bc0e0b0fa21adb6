/**
 * Alignment: sources that meet in event-time state wait for each other, so that joining a fast and a
 * slow one does not grow state without bound (D13).
 *
 * Owns: nothing but who is a member. A source is ahead when its watermark leads that of the slowest
 * member by more than the bound. Members that are idle, have ended or have no watermark yet are not
 * waited for, so that the slowest member itself always goes on.
 */
import { ALIGNMENT_LEAD_MS_MAX } from '../../shared/base/limits.ts'

export interface AlignedSource {
  readonly watermark: number
  readonly isIdle: boolean
  readonly isDone: boolean
}

export class AlignmentGroup {
  readonly #members: AlignedSource[] = []
  readonly #leadMaxMs: number

  constructor(leadMaxMs: number = ALIGNMENT_LEAD_MS_MAX) {
    this.#leadMaxMs = leadMaxMs
  }

  join(member: AlignedSource): void {
    this.#members.push(member)
  }

  isAhead(source: AlignedSource): boolean {
    if (!Number.isFinite(source.watermark)) return false
    let slowest = source.watermark
    for (const member of this.#members) {
      if (member.isDone || member.isIdle || !Number.isFinite(member.watermark)) continue
      if (member.watermark < slowest) slowest = member.watermark
    }
    return source.watermark - slowest > this.#leadMaxMs
  }
}
