/**
 * The panes of a windowed operator in order of time: found by their start, freed from the front once
 * their last window takes no more records.
 *
 * Owns: the order. What a pane holds is its maker's.
 * Invariants:
 *   W1. Panes do not overlap; `panes` is sorted by start.
 */
import type { WindowShape } from './window-arithmetic.ts'

export interface PaneSpan {
  readonly start: number
  readonly end: number
  /** Of the last window that holds it. */
  readonly lastEnd: number
}

export class PaneList<P extends PaneSpan> {
  readonly panes: P[] = []
  protected readonly shape: WindowShape
  /** Panes before it have only windows that fired: where the search for the next firing begins. */
  #firstUnfired = 0

  constructor(shape: WindowShape) {
    this.shape = shape
  }

  /** The pane that starts at `start`, or null. */
  find(start: number): P | null {
    const pane = this.panes[this.#indexOf(start)]
    return pane !== undefined && pane.start === start ? pane : null
  }

  /** The pane before the one that starts, or would start, at `start`. */
  before(start: number): P | undefined {
    return this.panes[this.#indexOf(start) - 1]
  }

  insert(pane: P): void {
    const index = this.#indexOf(pane.start)
    this.panes.splice(index, 0, pane)
    this.#firstUnfired = Math.min(this.#firstUnfired, index)
  }

  /** Panes whose last window ends at or before `end`: they may be freed. */
  closable(end: number): readonly P[] {
    let count = 0
    while (count < this.panes.length && (this.panes[count] as P).lastEnd <= end) count += 1
    return this.panes.slice(0, count)
  }

  /** Takes the first panes out. */
  drop(count: number): void {
    this.panes.splice(0, count)
    this.#firstUnfired = Math.max(0, this.#firstUnfired - count)
  }

  /** End of the first window that holds a pane and ends after `fired`; NaN when there is none. */
  nextEnd(fired: number): number {
    const { panes } = this
    while (this.#firstUnfired < panes.length) {
      const pane = panes[this.#firstUnfired] as P
      if (pane.lastEnd > fired) return this.shape.endAfter(pane.start, fired)
      this.#firstUnfired += 1
    }
    return Number.NaN
  }

  /** As nextEnd, leaving alone where the next firing is looked for. */
  windowAfter(end: number): number {
    for (const pane of this.panes) {
      if (pane.lastEnd > end) return this.shape.endAfter(pane.start, end)
    }
    return Number.NaN
  }

  /** Panes of the window [start, end). */
  within(start: number, end: number): P[] {
    const found: P[] = []
    for (let index = this.#indexOf(start); index < this.panes.length; index++) {
      const pane = this.panes[index] as P
      if (pane.end > end) break
      found.push(pane)
    }
    return found
  }

  /** Index of the first pane that starts at or after `start`. */
  #indexOf(start: number): number {
    const { panes } = this
    let high = panes.length
    if (high > 0 && (panes[high - 1] as P).start < start) return high
    let low = 0
    while (low < high) {
      const middle = (low + high) >> 1
      if ((panes[middle] as P).start < start) low = middle + 1
      else high = middle
    }
    return low
  }
}
