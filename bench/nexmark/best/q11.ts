/**
 * q11 by hand: one open session per bidder in typed arrays; an earlier one that is still open moves to
 * a list. Sessions that may be due lie in buckets of a second by their end as of when they were put
 * there; one that has grown since moves on to a later bucket.
 */
import { type Checksum, mixNumber } from '../../measure/checksum.ts'
import { type MakeBaseline, numbersOf, WATERMARK_DELAY_MS } from '../baseline/baseline.ts'
import { grownF64, grownI32 } from '../baseline/grow.ts'
import { NumberIndex } from '../../measure/number-index.ts'

const GAP_MS = 10_000
const BUCKET_MS = 1000

export const q11: MakeBaseline = (checksum) => {
  const sessions = new Sessions(checksum)
  let largest = -Infinity
  return {
    inputs: { bid: ['bidder', 'dateTime'] },
    onBatch(_entity, batch) {
      const bidders = numbersOf(batch, 0)
      const times = numbersOf(batch, 1)
      sessions.makeRoom(batch.length)
      for (let row = 0; row < batch.length; row++) {
        const time = times[row] as number
        sessions.add(bidders[row] as number, time)
        if (time > largest) largest = time
      }
      sessions.fire(largest - WATERMARK_DELAY_MS - 1)
    },
    onEnd: () => sessions.fire(Infinity),
  }
}

/** A session that is open beside a later one of its bidder: only where records are out of order. */
interface Earlier {
  readonly bidder: number
  start: number
  last: number
  count: number
}

class Sessions {
  readonly #checksum: Checksum
  readonly #bidders = new NumberIndex()
  /** By bidder's number; a count of 0 means that no session is open. */
  #starts = new Float64Array(1024)
  #lasts = new Float64Array(1024)
  #counts = new Int32Array(1024)
  /** Numbers of bidders by the second of their session's end, as of when it was opened or moved. */
  readonly #buckets = new Map<number, number[]>()
  #earlier: Earlier[] = []
  #isFired = -Infinity

  constructor(checksum: Checksum) {
    this.#checksum = checksum
  }

  makeRoom(rows: number): void {
    const length = this.#bidders.size + rows
    this.#starts = grownF64(this.#starts, length)
    this.#lasts = grownF64(this.#lasts, length)
    this.#counts = grownI32(this.#counts, length)
  }

  add(bidder: number, time: number): void {
    const at = this.#bidders.add(bidder)
    const count = this.#counts[at] as number
    if (count === 0) return this.#open(at, time)
    const last = this.#lasts[at] as number
    if (time >= last && time - last <= GAP_MS) {
      this.#lasts[at] = time
      this.#counts[at] = count + 1
      return
    }
    this.#addElsewhere(at, bidder, time)
  }

  #open(at: number, time: number): void {
    this.#starts[at] = time
    this.#lasts[at] = time
    this.#counts[at] = 1
    this.#schedule(at, time)
  }

  #schedule(at: number, last: number): void {
    const second = Math.floor((last + GAP_MS) / BUCKET_MS)
    const bucket = this.#buckets.get(second)
    if (bucket === undefined) this.#buckets.set(second, [at])
    else bucket.push(at)
  }

  /** Behind the open session, or so far ahead that a new one begins. */
  #addElsewhere(at: number, bidder: number, time: number): void {
    const start = this.#starts[at] as number
    if (time >= start - GAP_MS && time <= (this.#lasts[at] as number)) {
      if (time < start) this.#starts[at] = time
      this.#counts[at] = (this.#counts[at] as number) + 1
      this.#joinEarlier(at, bidder)
      return
    }
    const one = { bidder, start: time, last: time, count: 1 }
    if (time < start) return this.#addEarlier(one)
    const count = this.#counts[at] as number
    this.#addEarlier({ bidder, start, last: this.#lasts[at] as number, count })
    this.#starts[at] = time
    this.#lasts[at] = time
    this.#counts[at] = 1
  }

  /** Merged with those of the bidder that it meets. */
  #addEarlier(one: Earlier): void {
    this.#earlier = this.#earlier.filter((other) => {
      const meets =
        other.bidder === one.bidder &&
        other.start <= one.last + GAP_MS &&
        one.start <= other.last + GAP_MS
      if (!meets) return true
      one.start = Math.min(one.start, other.start)
      one.last = Math.max(one.last, other.last)
      one.count += other.count
      return false
    })
    this.#earlier.push(one)
  }

  /** The open session may now reach back to one of the earlier ones. */
  #joinEarlier(at: number, bidder: number): void {
    if (this.#earlier.length === 0) return
    this.#earlier = this.#earlier.filter((other) => {
      if (other.bidder !== bidder) return true
      if (other.last + GAP_MS < (this.#starts[at] as number)) return true
      this.#starts[at] = Math.min(this.#starts[at] as number, other.start)
      this.#counts[at] = (this.#counts[at] as number) + other.count
      return false
    })
  }

  fire(watermark: number): void {
    if (this.#earlier.length > 0) this.#fireEarlier(watermark)
    if (Math.floor(watermark / BUCKET_MS) === Math.floor(this.#isFired / BUCKET_MS)) return
    this.#isFired = watermark
    for (const [second, bucket] of this.#buckets) {
      if (second * BUCKET_MS + BUCKET_MS > watermark) continue
      this.#buckets.delete(second)
      for (const at of bucket) this.#fireOrMove(at, watermark)
    }
  }

  #fireOrMove(at: number, watermark: number): void {
    const last = this.#lasts[at] as number
    const count = this.#counts[at] as number
    if (count === 0) return
    if (last + GAP_MS - 1 > watermark) return this.#schedule(at, last)
    const bidder = this.#bidders.keys[at] as number
    this.#emit({ bidder, start: this.#starts[at] as number, last, count })
    this.#counts[at] = 0
  }

  #fireEarlier(watermark: number): void {
    this.#earlier = this.#earlier.filter((one) => {
      if (one.last + GAP_MS - 1 > watermark) return true
      this.#emit(one)
      return false
    })
  }

  #emit({ bidder, start, last, count }: Earlier): void {
    const hash = mixNumber(mixNumber(mixNumber(0, bidder), count), start)
    this.#checksum.add(mixNumber(hash, last + GAP_MS), 1)
  }
}
