/**
 * Ctrl-C of a run: the first drains it (sources stop, open windows fire, output is complete), the
 * second cancels it (no output is made visible).
 */
import type { LiveRegion } from '../terminal/live-region.ts'
import type { CommandIo } from './command.ts'

export class Interrupts {
  readonly #drain = new AbortController()
  readonly #cancel = new AbortController()
  readonly #release: () => void

  constructor(io: CommandIo, region: LiveRegion) {
    this.#release = io.onInterrupt(() => {
      region.clear()
      if (this.#drain.signal.aborted) {
        io.stderr.write('cancelling\n')
        this.#cancel.abort()
      } else {
        io.stderr.write('draining: sources stop, open windows fire; Ctrl-C again cancels\n')
        this.#drain.abort()
      }
    })
  }

  get drain(): AbortSignal {
    return this.#drain.signal
  }

  get cancel(): AbortSignal {
    return this.#cancel.signal
  }

  release(): void {
    this.#release()
  }
}
