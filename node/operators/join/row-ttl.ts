/**
 * Forgets the rows of a key so long after the last of them was written, by the watermark. Nothing
 * is emitted for them; keys are counted. The time of a stored row is the watermark at its writing.
 *
 * Before the first watermark there is no time to count from: what was written then counts as
 * written at the first one.
 */
import type { RowRef } from '../../state/keyed-rows.ts'
import type { OperatorCounters } from '../operator.ts'
import { LEFT, RIGHT, type Side } from './pair-writer.ts'
import type { SideState } from './side-state.ts'

export class RowTtl {
  readonly #sides: readonly [SideState, SideState]
  readonly #ttlMs: number
  readonly #counters: OperatorCounters
  #firstWatermark = Number.POSITIVE_INFINITY

  constructor(sides: readonly [SideState, SideState], ttlMs: number, counters: OperatorCounters) {
    this.#sides = sides
    this.#ttlMs = ttlMs
    this.#counters = counters
  }

  expire(watermark: number): void {
    if (watermark === Number.POSITIVE_INFINITY) return // the end: nothing comes any more
    this.#firstWatermark = Math.min(this.#firstWatermark, watermark)
    const due = watermark - this.#ttlMs
    if (due < this.#firstWatermark) return
    for (const side of [LEFT, RIGHT] as const) {
      const { rows } = this.#sides[side]
      for (;;) {
        const row = rows.popBefore(due + 1)
        if (row === 0) break
        const written = this.#lastWritten(side, row)
        if (written > due) rows.setTime(row, written)
        else this.#remove(side, row)
      }
    }
  }

  /** Of the row's key, on either side: the newest rows stand last. */
  #lastWritten(side: Side, row: RowRef): number {
    const own = this.#sides[side]
    const other = this.#sides[1 - side] as SideState
    const first = own.firstForRow(other, row)
    const newest = own.rows.time(own.rows.lastOfRow(row))
    return first === 0 ? newest : Math.max(newest, other.rows.time(other.rows.lastOfRow(first)))
  }

  #remove(side: Side, row: RowRef): void {
    const own = this.#sides[side]
    const other = this.#sides[1 - side] as SideState
    const isLast = own.rows.next(row) === 0 && own.rows.previous(row) === 0
    if (isLast && own.firstForRow(other, row) === 0) this.#counters.expiredKeys++
    own.rows.remove(row)
  }
}
