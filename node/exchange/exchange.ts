/**
 * Exchanges: how the rows of one output of one subtask find the channels of a consuming stage.
 *
 * Called by the output port of one subtask only. Control elements go to every channel, after the
 * rows that were sent before them.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Batch, Column } from '../../shared/model/batch.ts'
import { gather } from '../../shared/model/gather.ts'
import { keyGroupOf } from '../../shared/model/key-hash/key-hash.ts'
import type { KeyHash } from '../../shared/model/key-hash/key-hash-compile.ts'
import type { LocalChannel } from './local-channel.ts'
import type { StreamElement } from './stream-element.ts'

export interface Exchange {
  readonly channels: readonly LocalChannel[]
  /** Any channel that the next batch may need is full. */
  readonly isFull: boolean
  send(batch: Batch): void
  /** For watermark, idle, active and end. */
  broadcast(element: StreamElement): void
}

/** Every batch to one channel, by reference; the others only learn of watermarks and the end. */
export class DirectExchange implements Exchange {
  readonly channels: readonly LocalChannel[]
  readonly #channel: LocalChannel

  constructor(channel: LocalChannel, others: readonly LocalChannel[] = []) {
    this.#channel = channel
    this.channels = [channel, ...others]
  }

  get isFull(): boolean {
    return this.#channel.isFull
  }

  send(batch: Batch): void {
    this.#channel.send({ kind: 'batch', batch })
  }

  broadcast(element: StreamElement): void {
    for (let at = 0; at < this.channels.length; at++) this.channels[at]?.send(element)
  }
}

/** Whole batches in turn: no row is copied, and the order is the same in every run. */
export class RebalanceExchange implements Exchange {
  readonly channels: readonly LocalChannel[]
  #next: number

  constructor(channels: readonly LocalChannel[], first: number) {
    assert(channels.length > 0, 'an exchange has a channel')
    this.channels = channels
    this.#next = first % channels.length
  }

  get isFull(): boolean {
    return this.channels[this.#next]?.isFull === true
  }

  send(batch: Batch): void {
    this.channels[this.#next]?.send({ kind: 'batch', batch })
    this.#next = (this.#next + 1) % this.channels.length
  }

  broadcast(element: StreamElement): void {
    for (const channel of this.channels) channel.send(element)
  }
}

export interface HashExchangeOptions {
  readonly channels: readonly LocalChannel[]
  /** Of the batch: the columns of the key, in the order for which `hash` was compiled. */
  readonly key: readonly number[]
  readonly hash: KeyHash
  /** Key group → channel. */
  readonly table: Uint16Array
}

/** Rows by key group. A batch is split into one gathered batch per channel, order kept. */
export class HashExchange implements Exchange {
  readonly channels: readonly LocalChannel[]
  readonly #options: HashExchangeOptions
  readonly #selections: Int32Array[]
  readonly #counts: Int32Array
  #laneA = new Int32Array(0)
  #laneB = new Int32Array(0)

  constructor(options: HashExchangeOptions) {
    this.#options = options
    this.channels = options.channels
    this.#selections = options.channels.map(() => new Int32Array(0))
    this.#counts = new Int32Array(options.channels.length)
  }

  get isFull(): boolean {
    for (const channel of this.channels) if (channel.isFull) return true
    return false
  }

  send(batch: Batch): void {
    this.#select(batch)
    for (let target = 0; target < this.channels.length; target++) {
      const count = this.#counts[target] ?? 0
      const selection = this.#selections[target]
      if (count === 0 || selection === undefined) continue
      const part = count === batch.length ? batch : gather(batch, selection, count)
      this.channels[target]?.send({ kind: 'batch', batch: part })
    }
  }

  broadcast(element: StreamElement): void {
    for (const channel of this.channels) channel.send(element)
  }

  #select(batch: Batch): void {
    const { key, hash, table } = this.#options
    const { length } = batch
    if (this.#laneA.length < length) this.#grow(length)
    hash(keyOf(batch, key), length, this.#laneA, this.#laneB)
    const counts = this.#counts.fill(0)
    const selections = this.#selections
    const lane = this.#laneA
    for (let row = 0; row < length; row++) {
      const target = table[keyGroupOf(lane[row] as number)] as number
      const count = counts[target] as number
      ;(selections[target] as Int32Array)[count] = row
      counts[target] = count + 1
    }
  }

  #grow(length: number): void {
    this.#laneA = new Int32Array(length)
    this.#laneB = new Int32Array(length)
    for (let target = 0; target < this.#selections.length; target++) {
      this.#selections[target] = new Int32Array(length)
    }
  }
}

function keyOf(batch: Batch, key: readonly number[]): Column[] {
  return key.map((index) => {
    const column = batch.columns[index]
    assert(column !== undefined, `key column ${index} is in the batch`)
    return column
  })
}
