/**
 * A part of the terminal that is drawn again in place: the live view of a run. On anything that is
 * no terminal it draws nothing.
 *
 * Owns: the lines it drew last. Invariant: after `clear` the cursor stands where it stood before the
 * first `draw`, so that ordinary output goes on there.
 */
import { cutTo } from './table.ts'

export interface TerminalStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

const CLEAR_BELOW = '\u001b[0J'
const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'

export class LiveRegion {
  readonly #stream: TerminalStream
  #drawnCount = 0

  constructor(stream: TerminalStream) {
    this.#stream = stream
  }

  get isLive(): boolean {
    return this.#stream.isTTY === true
  }

  draw(lines: readonly string[]): void {
    if (!this.isLive) return
    const room = Math.max(1, (this.#stream.rows ?? 24) - 1)
    const shown = lines.slice(0, room).map((line) => this.#fit(line))
    this.#stream.write(HIDE_CURSOR + this.#back() + CLEAR_BELOW + shown.join('\n') + '\n')
    this.#drawnCount = shown.length
  }

  /** Takes the region away, e.g. before a line of the log; `draw` brings it back. */
  clear(): void {
    if (!this.isLive) return
    this.#stream.write(this.#back() + CLEAR_BELOW + SHOW_CURSOR)
    this.#drawnCount = 0
  }

  /** Leaves what was drawn last and goes on below it. */
  release(): void {
    if (!this.isLive) return
    this.#stream.write(SHOW_CURSOR)
    this.#drawnCount = 0
  }

  #back(): string {
    return this.#drawnCount === 0 ? '' : `\u001b[${this.#drawnCount}A\r`
  }

  /** A line that wraps would break the count of lines. */
  #fit(line: string): string {
    return cutTo(line, this.#stream.columns ?? 80)
  }
}
