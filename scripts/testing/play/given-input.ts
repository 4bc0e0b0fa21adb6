/**
 * What stands in the place of a source while a test plays: it answers what the test gives, one thing
 * at a time, and waits in between.
 *
 * Owns: what was given and not yet read. Only one subtask of a source reads it; the others have no
 * splits and end at once.
 */
import { withColumns } from '../../../connectors/memory/source.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { Source, SourceContext, SourceRead } from '../../../shared/spi/connector.ts'

export class GivenInput {
  readonly #waiting: SourceRead[] = []
  #answer: ((read: SourceRead) => void) | null = null
  isEnded = false

  give(read: SourceRead): void {
    if (this.isEnded) return
    this.isEnded = read.kind === 'end'
    const answer = this.#answer
    this.#answer = null
    if (answer === null) this.#waiting.push(read)
    else answer(read)
  }

  /** The next thing; when the signal is aborted, any answer will do. */
  next(signal: AbortSignal): Promise<SourceRead> {
    const first = this.#waiting.shift()
    if (first !== undefined) return Promise.resolve(first)
    return new Promise((resolve) => {
      this.#answer = resolve
      signal.addEventListener('abort', () => resolve({ kind: 'end' }), { once: true })
    })
  }
}

export class GivenSource implements Source {
  readonly #context: SourceContext
  readonly #input: GivenInput
  readonly #isOwner: boolean

  constructor(context: SourceContext, input: GivenInput) {
    this.#context = context
    this.#input = input
    this.#isOwner = context.owns(context.block)
  }

  async read(signal: AbortSignal): Promise<SourceRead> {
    if (!this.#isOwner) return { kind: 'end' }
    const read = await this.#input.next(signal)
    if (read.kind !== 'batch') return read
    return { ...read, batch: withColumns(read.batch, this.#context.columns) }
  }

  progress(): null {
    return null
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

export function batchOf(source: string, batch: Batch): SourceRead {
  return { kind: 'batch', split: source, batch }
}
