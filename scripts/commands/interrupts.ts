/**
 * What ends a run from outside. Ctrl-C: the first drains it (sources stop, open windows fire, output
 * is complete), the second cancels it (no output is made visible). An error that is thrown where
 * nobody waits for it cancels it too, and is then why it failed.
 */
import { relative } from 'node:path'
import { siteOfError } from '../../shared/api/call-site.ts'
import { StreamError } from '../../shared/base/errors.ts'
import type { LiveRegion } from '../terminal/live-region.ts'
import type { CommandIo } from './command.ts'

export class Interrupts {
  readonly #drain = new AbortController()
  readonly #cancel = new AbortController()
  readonly #releases: readonly (() => void)[]

  constructor(io: CommandIo, region: LiveRegion) {
    const releaseStray = io.onStrayError?.((error) => {
      this.#cancel.abort(strayError(error, io.workingDirectory))
    })
    const releaseInterrupt = io.onInterrupt(() => {
      region.clear()
      if (this.#drain.signal.aborted) {
        io.stderr.write('cancelling\n')
        this.#cancel.abort()
      } else {
        io.stderr.write('draining: sources stop, open windows fire; Ctrl-C again cancels\n')
        this.#drain.abort()
      }
    })
    this.#releases = [releaseInterrupt, releaseStray ?? (() => {})]
  }

  get drain(): AbortSignal {
    return this.#drain.signal
  }

  get cancel(): AbortSignal {
    return this.#cancel.signal
  }

  release(): void {
    for (const release of this.#releases) release()
  }
}

function strayError(cause: unknown, workingDirectory: string): StreamError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const site = cause instanceof Error ? siteOfError(cause) : null
  const place = site === null ? '' : ` (${relative(workingDirectory, site.file)}:${site.line})`
  return new StreamError('ERROR_UNAWAITED', `thrown where nobody waits for it: ${reason}${place}`, {
    cause,
    fix: 'let a function wait for what it starts, or catch what a timer or a promise of it throws',
  })
}
