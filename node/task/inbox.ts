/**
 * The inbox of a node: channels become one orderly stream of events.
 *
 * Owns: whose turn it is, the coalesced watermark, which inputs ended, and the events that one
 * element made (an end may also move the watermark).
 * Does not own: the queues (LocalChannel).
 *
 * Invariants:
 *   I1. Channels take turns, so that none starves.
 *   I2. An input's `end` comes once, after the watermark that its end brings.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { LocalChannel } from '../exchange/local-channel.ts'
import type { StreamElement } from '../exchange/stream-element.ts'
import { WatermarkCoalescer } from './watermark-coalescer.ts'

export interface InboxChannel {
  /** Input of the operator that it feeds. */
  readonly input: number
  readonly channel: LocalChannel
}

export type InboxEvent =
  | { readonly kind: 'batch'; readonly input: number; readonly batch: Batch }
  | { readonly kind: 'watermark'; readonly time: number }
  | { readonly kind: 'idle' | 'active' }
  | { readonly kind: 'end'; readonly input: number; readonly isLast: boolean }

export class Inbox {
  readonly #channels: readonly InboxChannel[]
  readonly #coalescer: WatermarkCoalescer
  /** Channels per input that have not ended. */
  readonly #openCounts: number[]
  readonly #events: InboxEvent[] = []
  #next = 0
  #openInputs: number
  #wasIdle = false

  constructor(channels: readonly InboxChannel[], inputCount: number) {
    this.#channels = channels
    this.#coalescer = new WatermarkCoalescer(channels.length)
    this.#openCounts = Array.from(
      { length: inputCount },
      (_, input) => channels.filter((one) => one.input === input).length,
    )
    this.#openInputs = inputCount
    if (channels.length === 0)
      this.#events.push({ kind: 'watermark', time: Number.POSITIVE_INFINITY })
    // An input that nothing feeds has ended.
    this.#openCounts.forEach((count, input) => {
      if (count === 0) this.#onInputEnd(input)
    })
  }

  get watermark(): number {
    return this.#coalescer.current
  }

  get hasWork(): boolean {
    if (this.#events.length > 0) return true
    for (let at = 0; at < this.#channels.length; at++) {
      if (this.#channels[at]?.channel.isEmpty === false) return true
    }
    return false
  }

  /** The next event, or null when every channel is empty. */
  take(): InboxEvent | null {
    for (;;) {
      if (this.#events.length > 0) return this.#events.shift() ?? null
      const index = this.#nextChannel()
      const from = index < 0 ? undefined : this.#channels[index]
      const element = from?.channel.take()
      if (from === undefined || element === undefined) return null
      if (element.kind === 'batch')
        return { kind: 'batch', input: from.input, batch: element.batch }
      this.#onControl(index, from.input, element)
    }
  }

  #nextChannel(): number {
    const count = this.#channels.length
    let index = this.#next
    for (let step = 0; step < count; step++) {
      const after = index + 1 === count ? 0 : index + 1
      if (this.#channels[index]?.channel.isEmpty === false) {
        this.#next = after // I1
        return index
      }
      index = after
    }
    return -1
  }

  #onControl(
    index: number,
    input: number,
    element: Exclude<StreamElement, { kind: 'batch' }>,
  ): void {
    const grew = this.#coalesce(index, element)
    if (grew) this.#events.push({ kind: 'watermark', time: this.#coalescer.current })
    const { isIdle } = this.#coalescer
    if (isIdle !== this.#wasIdle) this.#events.push({ kind: isIdle ? 'idle' : 'active' })
    this.#wasIdle = isIdle
    if (element.kind === 'end') this.#onEnd(input)
  }

  #coalesce(index: number, element: Exclude<StreamElement, { kind: 'batch' }>): boolean {
    switch (element.kind) {
      case 'watermark':
        return this.#coalescer.onWatermark(index, element.time)
      case 'idle':
        return this.#coalescer.onIdle(index)
      case 'active':
        return this.#coalescer.onActive(index)
      default:
        return this.#coalescer.onEnd(index)
    }
  }

  #onEnd(input: number): void {
    const left = (this.#openCounts[input] ?? 0) - 1
    assert(left >= 0, `input ${input} ends once per channel`)
    this.#openCounts[input] = left
    if (left === 0) this.#onInputEnd(input)
  }

  #onInputEnd(input: number): void {
    this.#openInputs--
    this.#events.push({ kind: 'end', input, isLast: this.#openInputs === 0 }) // I2
  }
}
