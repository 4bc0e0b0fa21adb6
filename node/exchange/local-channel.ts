/**
 * A channel between two subtasks of one thread: a bounded queue of references.
 *
 * Owns: the elements that were sent and not taken, and the counts of rows for the balance.
 * Does not own: the batches, which are immutable and may lie in several channels.
 *
 * Invariants:
 *   L1. Elements are taken in the order in which they were sent.
 *   L2. The bound is of batches and bytes; the sender looks at `isFull` and may overshoot by what one
 *       input batch makes. Watermarks follow each other by replacement, so that control elements
 *       stay bounded by batches too. Where one batch fills it, nobody weighs that.
 *   L3. Nothing is sent after `end`.
 */
import { assert } from '../../shared/base/assert.ts'
import { CHANNEL_BATCHES_MAX, CHANNEL_BYTES_MAX } from '../../shared/base/limits.ts'
import { batchBytes } from './batch-bytes.ts'
import type { StreamElement } from './stream-element.ts'

export interface ChannelBounds {
  readonly batchesMax: number
  readonly bytesMax: number
}

const BOUNDS: ChannelBounds = { batchesMax: CHANNEL_BATCHES_MAX, bytesMax: CHANNEL_BYTES_MAX }

export class LocalChannel {
  readonly #bounds: ChannelBounds
  readonly #queue: StreamElement[] = []
  readonly #bytes: number[] = []
  #batchCount = 0
  #byteCount = 0
  #isEnded = false
  /** Rows sent and taken, for the balance of the edge. */
  rowsSent = 0
  rowsTaken = 0

  constructor(bounds: ChannelBounds = BOUNDS) {
    this.#bounds = bounds
  }

  get isFull(): boolean {
    return this.#batchCount >= this.#bounds.batchesMax || this.#byteCount >= this.#bounds.bytesMax
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0
  }

  get batchCount(): number {
    return this.#batchCount
  }

  get byteCount(): number {
    return this.#byteCount
  }

  send(element: StreamElement): void {
    assert(!this.#isEnded, 'L3: nothing follows the end of a channel')
    if (element.kind === 'batch') {
      const bytes = this.#bounds.batchesMax > 1 ? batchBytes(element.batch) : 0
      this.#queue.push(element)
      this.#bytes.push(bytes)
      this.#batchCount++
      this.#byteCount += bytes
      this.rowsSent += element.batch.length
      return
    }
    if (element.kind === 'end') this.#isEnded = true
    const last = this.#queue.length - 1
    // Not by +∞, which counts only when every channel has ended: what came before still counts.
    const isFinite = element.kind === 'watermark' && element.time < Number.POSITIVE_INFINITY
    if (isFinite && this.#queue[last]?.kind === 'watermark') {
      this.#queue[last] = element
      return
    }
    this.#queue.push(element)
    this.#bytes.push(0)
  }

  /** The oldest element, or undefined when there is none. Queues are short, so that shift is cheap. */
  take(): StreamElement | undefined {
    const element = this.#queue.shift()
    if (element === undefined) return undefined
    const bytes = this.#bytes.shift() ?? 0
    if (element.kind === 'batch') {
      this.#batchCount--
      this.#byteCount -= bytes
      this.rowsTaken += element.batch.length
    }
    return element
  }
}
