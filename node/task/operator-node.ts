/**
 * An operator in its place: takes events from the inbox, calls the operator, forwards watermarks,
 * idleness and ends.
 *
 * Owns: the call that answered MORE and what is to happen after its DONE, the asked processing
 * time, the last watermark sent.
 *
 * Invariants:
 *   N1. An operator is called only when every output has room, so that it may emit one batch per
 *       output for one input batch.
 *   N2. After MORE only `resume` is called until DONE (see operator.ts).
 *   N3. A watermark is forwarded after what it made was emitted; +∞ comes before `end`.
 */
import type { Clock } from '../../shared/base/clock.ts'
import { ACTIVE, END, IDLE } from '../exchange/stream-element.ts'
import { DONE, type Operator, type OperatorContext, type Progress } from '../operators/operator.ts'
import type { FailureRouter } from './failure-router.ts'
import type { Inbox, InboxEvent } from './inbox.ts'
import type { OutputPorts } from './output-port.ts'
import { failureOf, type RunFailedError } from './run-failure.ts'
import type { StageCounters } from './stage-counters.ts'
import type { TaskNode } from './task-node.ts'

export interface OperatorNodeOptions {
  readonly id: string
  readonly block: string
  readonly operator: Operator
  readonly inbox: Inbox
  readonly ports: OutputPorts
  readonly counters: StageCounters
  readonly failures: FailureRouter
  readonly clock: Clock
  readonly subtask: number
  readonly subtaskCount: number
}

type After = 'nothing' | 'watermark' | 'end'

export class OperatorNode implements TaskNode {
  readonly id: string
  readonly #options: OperatorNodeOptions
  #isPending = false
  #after: After = 'nothing'
  #sentWatermark = Number.NEGATIVE_INFINITY
  #isClosed = false
  isDone = false
  isBlocked = false
  wakeAt = Number.POSITIVE_INFINITY

  constructor(options: OperatorNodeOptions) {
    this.id = options.id
    this.#options = options
  }

  get watermark(): number {
    return this.#options.inbox.watermark
  }

  open(): void {
    const { operator, ports, failures, counters, clock, subtask, subtaskCount } = this.#options
    const context: OperatorContext = {
      output: (name) => ports.output(name),
      fail: (failure) => failures.failRecord(failure),
      observe: (rule) => counters.observed.set(rule, (counters.observed.get(rule) ?? 0) + 1),
      wakeAt: (time) => {
        this.wakeAt = Math.min(this.wakeAt, time)
      },
      now: () => clock.now(),
      counters,
      subtask,
      subtaskCount,
    }
    try {
      operator.open(context)
    } catch (cause) {
      throw this.#failureOf(cause)
    }
  }

  step(now: number): boolean {
    if (this.isDone) return false
    const { inbox, ports } = this.#options
    if (ports.isFull) {
      this.isBlocked = this.#isPending || inbox.hasWork // N1
      return false
    }
    this.isBlocked = false
    if (this.#isPending) return this.#resume() // N2
    if (this.wakeAt <= now) {
      this.wakeAt = Number.POSITIVE_INFINITY
      this.#after = 'nothing'
      return this.#onProcessingTime(now)
    }
    const event = inbox.take()
    if (event === null) return false
    return this.#onEvent(event)
  }

  close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true
      this.#options.operator.close()
    }
    return Promise.resolve()
  }

  #onEvent(event: InboxEvent): boolean {
    try {
      return this.#onProgress(this.#give(event))
    } catch (cause) {
      throw this.#failureOf(cause)
    }
  }

  #give(event: InboxEvent): Progress {
    const { operator, ports, counters } = this.#options
    this.#after = 'nothing'
    switch (event.kind) {
      case 'batch':
        counters.read += event.batch.length
        return operator.onBatch(event.input, event.batch)
      case 'watermark':
        this.#after = 'watermark'
        return operator.onWatermark(event.time)
      case 'end':
        if (event.isLast) this.#after = 'end'
        return operator.onEnd(event.input)
      default:
        ports.broadcast(event.kind === 'idle' ? IDLE : ACTIVE)
        return DONE
    }
  }

  #resume(): boolean {
    try {
      return this.#onProgress(this.#options.operator.resume())
    } catch (cause) {
      throw this.#failureOf(cause)
    }
  }

  #onProcessingTime(now: number): boolean {
    try {
      return this.#onProgress(this.#options.operator.onProcessingTime(now))
    } catch (cause) {
      throw this.#failureOf(cause)
    }
  }

  #onProgress(progress: Progress): boolean {
    this.#options.failures.flush()
    this.#isPending = progress !== DONE
    if (this.#isPending) return true
    if (this.#after === 'watermark') this.#forwardWatermark()
    if (this.#after === 'end') this.#finish()
    return true
  }

  #forwardWatermark(): void {
    const { operator, inbox, ports } = this.#options
    const time = operator.outputWatermark(inbox.watermark)
    if (!(time > this.#sentWatermark)) return
    this.#sentWatermark = time
    ports.broadcast({ kind: 'watermark', time })
  }

  #finish(): void {
    const { ports } = this.#options
    if (this.#sentWatermark < Number.POSITIVE_INFINITY) {
      this.#sentWatermark = Number.POSITIVE_INFINITY
      ports.broadcast({ kind: 'watermark', time: Number.POSITIVE_INFINITY }) // N3
    }
    ports.broadcast(END)
    this.isDone = true
    this.wakeAt = Number.POSITIVE_INFINITY
  }

  #failureOf(cause: unknown): RunFailedError {
    return failureOf(this.#options.block, 'OPERATOR_THREW', cause)
  }
}
