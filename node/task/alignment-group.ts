/**
 * Alignment: sources that meet in event-time state wait for each other, so that joining a fast and a
 * slow one does not grow state without bound (D13).
 *
 * Owns: who is a member, and where each began. A source is ahead when its watermark leads that of the
 * slowest member by more than the bound; a member that has not said anything yet stands where the
 * source itself began. Members that are idle, have ended or will never say are not waited for, so
 * that the slowest member itself always goes on.
 */
import { ALIGNMENT_LEAD_MS_MAX } from '../../shared/base/limits.ts'

export interface AlignedSource {
  /** −∞ while it has said nothing. */
  readonly watermark: number
  readonly isAwaited: boolean
  readonly isIdle: boolean
  readonly isDone: boolean
}

export class AlignmentGroup {
  readonly #members: AlignedSource[] = []
  readonly #begins = new Map<AlignedSource, number>()
  readonly #leadMaxMs: number

  constructor(leadMaxMs: number = ALIGNMENT_LEAD_MS_MAX) {
    this.#leadMaxMs = leadMaxMs
  }

  join(member: AlignedSource): void {
    this.#members.push(member)
  }

  isAhead(source: AlignedSource): boolean {
    if (!Number.isFinite(source.watermark)) return false
    const begin = this.#begins.get(source) ?? source.watermark
    this.#begins.set(source, begin)
    let slowest = source.watermark
    for (const member of this.#members) {
      if (member.isDone || member.isIdle || !member.isAwaited) continue
      slowest = Math.min(slowest, Number.isFinite(member.watermark) ? member.watermark : begin)
    }
    return source.watermark - slowest > this.#leadMaxMs
  }
}
