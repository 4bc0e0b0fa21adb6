/**
 * Rows of one side of a window join whose window has not fired: numbers of kept rows with their
 * hashes and times, in order of arrival.
 *
 * Owns: segments of rows, and their memory. A firing reads only the segments that hold a row that is
 * due, so that it costs the rows that leave and not those that stay.
 *
 * Invariants:
 *   P1. Of a segment in the list, `count` is not 0, and `least` and `greatest` bound the times of its
 *       rows.
 *   P2. After a firing two neighbours have more rows than fit into one, so that rows of windows far
 *       ahead do not hold the segments of all they came with.
 */
import { KEPT_BATCH_ROWS } from '../../../state/kept/kept-batches.ts'
import type { Memory } from '../../../state/memory.ts'
import type { DueRows } from './due-rows.ts'

const SEGMENT_ROWS = KEPT_BATCH_ROWS
/** Emptied segments that are kept for the next rows. */
const SPARE_MAX = 16

/** Rows whose numbers follow each other. */
export interface FollowingRows {
  readonly first: number
  readonly laneA: Int32Array
  readonly laneB: Int32Array
  readonly times: Float64Array
  readonly length: number
}

export class PendingRows {
  #segments: Segment[] = []
  readonly #spare: Segment[] = []
  /** The smallest time of all rows; +∞ when there is none. */
  least = Number.POSITIVE_INFINITY
  readonly #memory: Memory

  constructor(memory: Memory) {
    this.#memory = memory
  }

  // oxlint-disable-next-line max-params -- called per record: an object would be allocated
  add(row: number, laneA: number, laneB: number, time: number): void {
    this.#openSegment().add(row, laneA, laneB, time)
    if (time < this.least) this.least = time
  }

  addAll(rows: FollowingRows): void {
    for (let from = 0; from < rows.length;) {
      const segment = this.#openSegment()
      const to = Math.min(rows.length, from + SEGMENT_ROWS - segment.count)
      segment.addAll(rows, from, to)
      if (segment.least < this.least) this.least = segment.least
      from = to
    }
  }

  /** Moves rows of times up to `watermark` behind those in `due`. */
  moveDue(watermark: number, due: DueRows): void {
    if (this.least > watermark) return
    this.least = Number.POSITIVE_INFINITY
    const staying: Segment[] = []
    for (const segment of this.#segments) {
      if (segment.least <= watermark) segment.moveDue(watermark, due)
      if (segment.least < this.least) this.least = segment.least
      const before = staying.at(-1)
      if (before !== undefined && before.count + segment.count <= SEGMENT_ROWS) {
        before.takeAll(segment)
      }
      if (segment.count > 0) staying.push(segment)
      else if (this.#spare.length < SPARE_MAX) this.#spare.push(segment)
      else this.#memory.add(-SEGMENT_BYTES)
    }
    this.#segments = staying
  }

  /** Gives all memory back. */
  close(): void {
    this.#memory.add(-SEGMENT_BYTES * (this.#segments.length + this.#spare.length))
    this.#segments = []
    this.#spare.length = 0
    this.least = Number.POSITIVE_INFINITY
  }

  /** The last segment, with room for a row. */
  #openSegment(): Segment {
    const last = this.#segments.at(-1)
    if (last !== undefined && last.count < SEGMENT_ROWS) return last
    const made = this.#spare.pop() ?? this.#makeSegment()
    this.#segments.push(made)
    return made
  }

  #makeSegment(): Segment {
    this.#memory.add(SEGMENT_BYTES)
    return new Segment()
  }

  /** Every row gets another number, in order of arrival. */
  renumber(move: (row: number) => number): void {
    for (const { rows, count } of this.#segments) {
      for (let at = 0; at < count; at++) rows[at] = move(rows[at] as number)
    }
  }
}

function bytesOf(rows: number): number {
  return rows * (3 * Int32Array.BYTES_PER_ELEMENT + Float64Array.BYTES_PER_ELEMENT)
}

const SEGMENT_BYTES = bytesOf(SEGMENT_ROWS)

class Segment {
  readonly rows = new Int32Array(SEGMENT_ROWS)
  readonly laneA = new Int32Array(SEGMENT_ROWS)
  readonly laneB = new Int32Array(SEGMENT_ROWS)
  readonly times = new Float64Array(SEGMENT_ROWS)
  count = 0
  least = Number.POSITIVE_INFINITY
  greatest = Number.NEGATIVE_INFINITY

  // oxlint-disable-next-line max-params -- called per record: an object would be allocated
  add(row: number, laneA: number, laneB: number, time: number): void {
    const at = this.count++
    this.rows[at] = row
    this.laneA[at] = laneA
    this.laneB[at] = laneB
    this.times[at] = time
    if (time < this.least) this.least = time
    if (time > this.greatest) this.greatest = time
  }

  addAll({ first, laneA, laneB, times }: FollowingRows, from: number, to: number): void {
    const { rows, times: ownTimes, count } = this
    this.laneA.set(laneA.subarray(from, to), count)
    this.laneB.set(laneB.subarray(from, to), count)
    for (let row = from; row < to; row++) {
      const time = times[row] as number
      rows[count + row - from] = first + row
      ownTimes[count + row - from] = time
      if (time < this.least) this.least = time
      if (time > this.greatest) this.greatest = time
    }
    this.count = count + to - from
  }

  /** The rows of a segment behind these, which has none afterwards. */
  takeAll(from: Segment): void {
    const { count } = this
    this.rows.set(from.rows.subarray(0, from.count), count)
    this.laneA.set(from.laneA.subarray(0, from.count), count)
    this.laneB.set(from.laneB.subarray(0, from.count), count)
    this.times.set(from.times.subarray(0, from.count), count)
    this.count = count + from.count
    this.least = Math.min(this.least, from.least)
    this.greatest = Math.max(this.greatest, from.greatest)
    from.#reset()
  }

  moveDue(watermark: number, due: DueRows): void {
    due.reserve(this.count)
    if (this.greatest <= watermark) this.#moveAll(due)
    else this.#moveSome(watermark, due)
  }

  #moveAll(due: DueRows): void {
    const { count } = this
    due.rows.set(this.rows.subarray(0, count), due.count)
    due.laneA.set(this.laneA.subarray(0, count), due.count)
    due.laneB.set(this.laneB.subarray(0, count), due.count)
    due.times.set(this.times.subarray(0, count), due.count)
    due.count += count
    this.#reset()
  }

  #moveSome(watermark: number, due: DueRows): void {
    const { rows, laneA, laneB, times, count } = this
    this.#reset()
    for (let at = 0; at < count; at++) {
      const time = times[at] as number
      if (time > watermark) {
        this.add(rows[at] as number, laneA[at] as number, laneB[at] as number, time)
        continue
      }
      const to = due.count++
      due.rows[to] = rows[at] as number
      due.laneA[to] = laneA[at] as number
      due.laneB[to] = laneB[at] as number
      due.times[to] = time
    }
  }

  #reset(): void {
    this.count = 0
    this.least = Number.POSITIVE_INFINITY
    this.greatest = Number.NEGATIVE_INFINITY
  }
}
