/**
 * Gives generated batches range by range. An endless source keeps to its rate in processing time; one
 * that ends goes as fast as it can.
 *
 * Owns: its range and the number of the next event in it.
 */
import type { Clock } from '../../shared/base/clock.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { Source, SourceContext, SourceRead } from '../../shared/spi/connector.ts'
import { nextRange, type EventRange } from './split-ranges.ts'

/** An endless source gives what is due at least so often. */
const TICK_MS = 20

/** Makes the batch of the events from a number on. */
export interface BatchMaker {
  /** At most a batch of the events in [from, end); answers where to go on. Null: none of them fits. */
  make(from: number, end: number): { readonly batch: Batch | null; readonly next: number }
}

export interface GeneratorOptions {
  readonly context: SourceContext
  readonly maker: BatchMaker
  readonly events: number | null
  readonly rate: number
}

export class GeneratorSource implements Source {
  readonly #options: GeneratorOptions
  readonly #clock: Clock
  readonly #startMs: number
  #range: EventRange | null = null
  #index = 0
  #next = 0
  #done = 0
  #total = 0

  constructor(options: GeneratorOptions) {
    this.#options = options
    this.#clock = options.context.clock
    this.#startMs = options.context.clock.monotonic()
    if (options.events !== null) this.#total = this.#countOwn()
  }

  read(): Promise<SourceRead> {
    return Promise.resolve(this.#read())
  }

  progress(): { done: number; total: number; unit: 'records' } | null {
    if (this.#options.events === null) return null
    return { done: this.#done, total: this.#total, unit: 'records' }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  #read(): SourceRead {
    for (;;) {
      const range = this.#range ?? this.#openNext()
      if (range === null) return { kind: 'end' }
      const end = Math.min(range.end, this.#dueNumber())
      if (this.#next >= range.end) {
        this.#range = null
        this.#index++
        return { kind: 'split-end', split: range.split }
      }
      if (this.#next >= end) return { kind: 'idle', retryMs: TICK_MS }
      const { batch, next } = this.#options.maker.make(this.#next, end)
      this.#done += next - this.#next
      this.#next = next
      if (batch !== null) return { kind: 'batch', split: range.split, batch }
    }
  }

  #openNext(): EventRange | null {
    const { events, context } = this.#options
    const found = nextRange(this.#index, events, (splitId) => context.owns(splitId))
    if (found === null) return null
    this.#index = found.index
    this.#range = found.range
    this.#next = found.range.from
    return found.range
  }

  /** Behind the last event that may be given by now. */
  #dueNumber(): number {
    if (this.#options.events !== null) return Infinity
    const elapsedMs = this.#clock.monotonic() - this.#startMs
    return Math.floor((elapsedMs * this.#options.rate) / 1000)
  }

  #countOwn(): number {
    const { events, context } = this.#options
    let count = 0
    for (let at = 0; ; at++) {
      const found = nextRange(at, events, (splitId) => context.owns(splitId))
      if (found === null) return count
      count += found.range.end - found.range.from
      at = found.index
    }
  }
}
