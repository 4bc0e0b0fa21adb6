/**
 * `dev --rate`: gives the records of a source at a rate, so that a file looks like a stream. Batches
 * are cut; order, splits and ends stay.
 *
 * Owns: the rest of the batch that is being given, and how many records were due so far.
 */
import type { Clock } from '../../shared/base/clock.ts'
import { slice } from '../../shared/model/gather.ts'
import type { ConnectorCode, Source, SourceRead } from '../../shared/spi/connector.ts'

/** Records are given in lots, not one by one: a screen does not show more. */
const LOT_MS = 100

export function slowedCode(code: ConnectorCode, perSecond: number): ConnectorCode {
  const open: ConnectorCode['openSource'] = code.openSource?.bind(code)
  if (open === undefined) return code
  return {
    ...code,
    openSource: async (context) => new SlowedSource(await open(context), perSecond, context.clock),
  }
}

class SlowedSource implements Source {
  readonly #source: Source
  readonly #perSecond: number
  readonly #clock: Clock
  readonly #startedAt: number
  #given = 0
  #rest: Extract<SourceRead, { kind: 'batch' }> | null = null
  hasUnopenedSplits?: () => boolean

  constructor(source: Source, perSecond: number, clock: Clock) {
    this.#source = source
    this.#perSecond = perSecond
    this.#clock = clock
    this.#startedAt = clock.monotonic()
    if (source.hasUnopenedSplits !== undefined) {
      this.hasUnopenedSplits = () => source.hasUnopenedSplits?.() ?? false
    }
  }

  async read(signal: AbortSignal): Promise<SourceRead> {
    const due = this.#due()
    if (due < 1) return { kind: 'idle', retryMs: LOT_MS }
    const answer = this.#rest ?? (await this.#source.read(signal))
    this.#rest = null
    if (answer.kind !== 'batch') return answer
    const { batch } = answer
    const count = Math.min(due, batch.length)
    this.#given += count
    if (count === batch.length) return answer
    this.#rest = { ...answer, batch: slice(batch, count, batch.length) }
    return { ...answer, batch: slice(batch, 0, count) }
  }

  /** What was read is ahead of what was given: a bar would say too much. */
  progress(): null {
    return null
  }

  close(): Promise<void> {
    return this.#source.close()
  }

  /** Never a burst after a pause: what was not taken for more than a second is not made up. */
  #due(): number {
    const passed = (this.#clock.monotonic() - this.#startedAt) / 1000
    const due = Math.floor(passed * this.#perSecond) - this.#given
    const most = Math.max(1, Math.ceil(this.#perSecond))
    if (due <= most) return due
    this.#given += due - most
    return most
  }
}
