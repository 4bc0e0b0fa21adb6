/**
 * A sink in its place: one write in flight, the next batches wait in the channel.
 *
 * Owns: the write in flight and whether the input has ended. Finishing and aborting belong to the
 * run, so that no sink shows output before every sink has all of it.
 */
import type { Batch } from '../../shared/model/batch.ts'
import { BatchFit } from '../../shared/model/convert-batch.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Sink, SinkReport } from '../../shared/spi/connector.ts'
import type { FailureRouter } from './failure-router.ts'
import type { Inbox } from './inbox.ts'
import type { OutputPorts } from './output-port.ts'
import { END } from '../exchange/stream-element.ts'
import { failureOf } from './run-failure.ts'
import type { StageCounters } from './stage-counters.ts'
import type { TaskNode } from './task-node.ts'

export interface SinkNodeOptions {
  readonly id: string
  readonly block: string
  /** Opens the target; called before the first write, or at once when the run starts. */
  readonly sink: Sink
  /** What the sink writes, in order. */
  readonly columns: readonly ColumnSpec[]
  readonly inbox: Inbox
  readonly ports: OutputPorts
  readonly counters: StageCounters
  readonly failures: FailureRouter
  readonly wake: () => void
}

export class SinkNode implements TaskNode {
  readonly id: string
  readonly wakeAt = Number.POSITIVE_INFINITY
  readonly #options: SinkNodeOptions
  #inFlight: Promise<void> | null = null
  #failure: { readonly cause: unknown } | null = null
  #isEnded = false
  readonly #fit: BatchFit
  isDone = false
  watermark = Number.NEGATIVE_INFINITY

  constructor(options: SinkNodeOptions) {
    this.id = options.id
    this.#options = options
    this.#fit = new BatchFit({ columns: options.columns })
  }

  get block(): string {
    return this.#options.block
  }

  /** A sink that writes holds back its input: that is how backpressure begins. */
  get isBlocked(): boolean {
    return this.#inFlight !== null && this.#options.inbox.hasWork
  }

  step(): boolean {
    if (this.isDone) return false
    if (this.#failure !== null) throw failureOf(this.block, 'SINK_FAILED', this.#failure.cause)
    if (this.#inFlight !== null) return false
    if (this.#options.ports.isFull) return false
    this.#options.failures.flush()
    if (this.#isEnded) return this.#end()
    const event = this.#options.inbox.take()
    if (event === null) return false
    if (event.kind === 'batch') this.#write(event.batch)
    if (event.kind === 'watermark') this.watermark = event.time
    if (event.kind === 'end' && event.isLast) this.#isEnded = true
    return true
  }

  async finish(): Promise<SinkReport> {
    try {
      return await this.#options.sink.finish()
    } catch (cause) {
      throw failureOf(this.block, 'SINK_FAILED', cause)
    }
  }

  async abort(): Promise<void> {
    await this.#inFlight
    await this.#options.sink.abort()
  }

  async close(): Promise<void> {
    await this.#inFlight
    await this.#options.sink.close()
  }

  #write(batch: Batch): void {
    const { counters } = this.#options
    counters.read += batch.length
    this.#inFlight = this.#writeThrough(this.#fit.fitted(batch))
  }

  async #writeThrough(batch: Batch): Promise<void> {
    const { counters, sink, wake } = this.#options
    const refused = counters.skipped + counters.deadLettered
    try {
      await sink.write(batch)
      counters.passed += batch.length - (counters.skipped + counters.deadLettered - refused)
    } catch (cause) {
      this.#failure = { cause }
    }
    this.#inFlight = null
    wake()
  }

  #end(): boolean {
    this.#options.ports.broadcast(END)
    this.isDone = true
    return true
  }
}
