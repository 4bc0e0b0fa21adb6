/**
 * Which windows the rows of a batch belong to. A row in several windows stands in the answer once
 * per window; a row that no window takes any more is late.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { gather } from '../../../shared/model/gather.ts'
import type { WindowPlan } from '../../../shared/planning/plan.ts'
import { WindowClock } from '../window/window-clock.ts'
import { windowShape, type WindowShape } from '../window/window-shape.ts'

/** Stands for the end of a global window, so that it has a place in order. */
export const NO_END = Number.MAX_VALUE

const NO_ROWS = new Int32Array(0)
const NO_ENDS = new Float64Array(0)

export interface Windowed {
  readonly batch: Batch
  /** Of row i of `batch`. */
  readonly ends: Float64Array
  /** The window of all rows, where it is plainly one. */
  readonly end?: number
  /** Rows of the batch that came, and the ends of the last windows that would have taken them. */
  readonly late: Int32Array
  readonly lateEnds: Float64Array
  readonly lateCount: number
}

export class TopWindows {
  readonly clock: WindowClock
  /** Null for rows that have a window already. */
  readonly #shape: WindowShape | null
  /** Ends of a batch that lies in one window, as often as was asked for. */
  #sameEnds = NO_ENDS

  constructor(plan: WindowPlan) {
    assert(
      plan.type !== 'session' && plan.type !== 'count' && plan.type !== 'rolling',
      `${plan.type} windows have an operator of their own, or are refused`,
    )
    this.clock = new WindowClock(plan)
    this.#shape = plan.type === 'same' ? null : windowShape(plan)
  }

  startOf(end: number): number {
    if (end === NO_END) return Number.NEGATIVE_INFINITY
    return this.#shape === null ? Number.NaN : this.#shape.windowStart(end)
  }

  /** Event times of the window that ends at `end`, of one pane and open; null if it is not. */
  timesOf(end: number): { readonly start: number; readonly end: number } | null {
    if (this.clock.isProcessing || !Number.isFinite(end) || this.clock.isClosed(end)) return null
    return { start: this.#shape === null ? end - 1 : this.#shape.windowStart(end), end }
  }

  assign(batch: Batch, now: number): Windowed {
    return this.#assignOne(batch) ?? this.#assignEach(batch, now)
  }

  /** Rows that lie in one window, which is open and their only one: the usual batch. */
  #assignOne(batch: Batch): Windowed | null {
    const { eventTime, length } = batch
    const start = this.#onlyPane(eventTime[0] as number)
    const end = this.#shape === null ? start + 1 : this.#shape.paneEnd(start)
    if (this.clock.isProcessing || !Number.isFinite(start) || this.clock.isClosed(end)) return null
    for (let row = 0; row < length; row++) {
      const time = eventTime[row] as number
      if (!(time >= start && time < end)) return null
    }
    const ends = this.#endsOf(end, length)
    return { batch, ends, end, late: NO_ROWS, lateEnds: NO_ENDS, lateCount: 0 }
  }

  /** Start of the pane of a time that is a window by itself; NaN where there is no such pane. */
  #onlyPane(time: number): number {
    if (this.#shape === null) return time
    return this.#shape.isSingle ? this.#shape.paneStart(time) : Number.NaN
  }

  #endsOf(end: number, length: number): Float64Array {
    const ends = this.#sameEnds
    if (ends.length < length || ends[0] !== end) this.#sameEnds = new Float64Array(length).fill(end)
    return this.#sameEnds.subarray(0, length)
  }

  #assignEach(batch: Batch, now: number): Windowed {
    const late = new Int32Array(batch.length)
    const lateEnds = new Float64Array(batch.length)
    const rows: number[] = []
    const ends: number[] = []
    let lateCount = 0
    for (let row = 0; row < batch.length; row++) {
      const time = this.clock.isProcessing ? now : (batch.eventTime[row] as number)
      const before = rows.length
      const last = this.#addWindows(time, (end) => {
        rows.push(row)
        ends.push(end)
      })
      if (rows.length > before) continue
      late[lateCount] = row
      lateEnds[lateCount++] = last
    }
    const isWhole = rows.length === batch.length && lateCount === 0
    return {
      batch: isWhole ? batch : gather(batch, Int32Array.from(rows), rows.length),
      ends: Float64Array.from(ends),
      late,
      lateEnds,
      lateCount,
    }
  }

  /** Names the open windows of a time; answers the end of the last window, open or not. */
  #addWindows(time: number, add: (end: number) => void): number {
    if (this.#shape === null) {
      const end = time + 1
      if (!this.clock.isClosed(end)) add(end)
      return end
    }
    const pane = this.#shape.paneStart(time)
    const last = this.#shape.lastEnd(pane)
    if (last === Number.POSITIVE_INFINITY) {
      if (!this.clock.isClosed(NO_END)) add(NO_END)
      return last
    }
    for (let end = this.#shape.firstEnd(pane); end <= last; end = this.#shape.nextEnd(end)) {
      assert(Number.isFinite(end), 'windows end')
      if (!this.clock.isClosed(end)) add(end)
    }
    return last
  }
}
