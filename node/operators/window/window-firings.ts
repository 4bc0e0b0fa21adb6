/**
 * Fires the windows of panes whose time has come, in order of their ends, their rows in batches; a
 * firing that is pushed back goes on where it stopped.
 *
 * Owns: the firing in progress, and up to which end windows have fired.
 */
import type { ResultWriter } from '../aggregate/result-writer.ts'
import { DONE, MORE, type Output, type Progress } from '../operator.ts'
import type { PaneList, PaneSpan } from './pane-list.ts'
import type { WindowShape } from './window-arithmetic.ts'
import type { WindowClock } from './window-clock.ts'

/** Writes rows until the batch is full (false) or the window is through (true). */
export type Firing = () => boolean

interface FiringParts {
  readonly shape: WindowShape
  readonly clock: WindowClock
  readonly panes: PaneList<PaneSpan>
  readonly out: ResultWriter
  /** The firing of the window [start, end), which has panes. */
  readonly firingOf: (start: number, end: number) => Firing | null
}

export class WindowFirings {
  readonly #parts: FiringParts
  /** Windows that end at or before it have fired, if they had records. */
  #firedEnd = Number.NEGATIVE_INFINITY
  #firing: Firing | null = null

  constructor(parts: FiringParts) {
    this.#parts = parts
  }

  get firedEnd(): number {
    return this.#firedEnd
  }

  /** What comes before the next window that is due. */
  begin(firing: Firing): void {
    this.#firing = firing
  }

  /** DONE once every window whose time has come has fired. */
  fireDue(output: Output): Progress {
    const { clock, out } = this.#parts
    for (;;) {
      this.#firing ??= this.#next()
      if (this.#firing === null) break
      while (!this.#firing()) {
        output.emit(out.take())
        if (output.isFull) return MORE
      }
      this.#firing = null
    }
    if (out.length > 0) output.emit(out.take())
    this.#firedEnd = Math.max(this.#firedEnd, clock.firedEnd)
    return DONE
  }

  #next(): Firing | null {
    const { shape, clock, panes, firingOf } = this.#parts
    const end = panes.nextEnd(this.#firedEnd)
    if (Number.isNaN(end) || !clock.hasFired(end)) return null
    this.#firedEnd = end
    return firingOf(shape.windowStart(end), end)
  }
}
