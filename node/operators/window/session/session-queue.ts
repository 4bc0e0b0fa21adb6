/**
 * When sessions end: one element per session, by its end as of when it was put. A session that has
 * grown since is put again when its turn comes, so that growing costs nothing here.
 *
 * Elements lie unordered in spans of time, each a part of the gap; only the front, the span that the
 * watermark has reached, is sorted. So an element costs a few writes where the last one was written,
 * and what is due comes out in order of its end.
 *
 * Owns: the elements. An index, rebuilt from the sessions: it is not part of a snapshot.
 *
 * Invariants:
 *   Q1. An element that was put with an end before `#frontEnd` lies in the front or in `#extra`, any
 *       other in the span of that end.
 *   Q2. The front is sorted from `#frontAt` on.
 */
import { TimeQueue } from '../../../state/time-queue.ts'
import type { SessionTable } from './session-table.ts'
import { GONE } from './session-words.ts'

/** Spans of a gap. */
const SPANS_PER_GAP = 16
/** With more of them, all become wider: times are far apart. */
const SPANS_MAX = 1024
const WIDER = 16
const FIRST = 64

class Span {
  sessions = new Int32Array(FIRST)
  count = 0

  add(session: number): void {
    if (this.count === this.sessions.length) {
      const larger = new Int32Array(this.count * 2)
      larger.set(this.sessions)
      this.sessions = larger
    }
    this.sessions[this.count++] = session
  }
}

export class SessionQueue {
  readonly #table: SessionTable
  /** Of the end of a session in its entry. */
  readonly #endAt: number
  #width: number
  /** By start ÷ width. */
  #spans = new Map<number, Span>()
  /** The span that took the last element; as the front it takes no more (Q1). */
  #last: Span | null = null
  #lastNumber = Number.NaN
  readonly #spare: Span[] = []
  #front = new Span()
  #frontStart = Number.NEGATIVE_INFINITY
  #frontEnd = Number.NEGATIVE_INFINITY
  #frontAt = 0
  #frontCount = 0
  /** Of each element of the front: (end − start) × scale + its number in the front. */
  #keys = new Float64Array(FIRST)
  #scale = 1
  /** What belongs into the front and came when that was sorted. */
  readonly #extra = new TimeQueue()
  /** Of the element that was taken out last: its end as of when it was put. */
  #time = 0

  constructor(table: SessionTable, endAt: number, gapMs: number) {
    this.#table = table
    this.#endAt = endAt
    this.#width = 2 ** Math.max(0, Math.floor(Math.log2(gapMs / SPANS_PER_GAP)))
  }

  put(session: number): void {
    const end = this.#table.arena.f64[session + this.#endAt] as number
    if (end < this.#frontEnd) {
      this.#extra.push(end, session)
      return
    }
    const number = Math.floor(end / this.#width)
    if (number !== this.#lastNumber || this.#last === null) this.#last = this.#spanOf(number)
    this.#last.add(session)
  }

  /** Takes out sessions that end at or before `bound`, in order of their ends; how many. */
  take(bound: number, into: Int32Array, limit: number): number {
    const { f64, i32 } = this.#table.arena
    let count = 0
    while (count < limit) {
      const session = this.#next(bound)
      if (session === 0) break
      if (i32[session * 2] === GONE) this.#table.release(session)
      else if (f64[session + this.#endAt] === this.#time) into[count++] = session
      else this.put(session)
    }
    return count
  }

  /** The element with the smallest time, if that is at most `bound`; 0 for none. */
  #next(bound: number): number {
    for (;;) {
      const isFront = this.#frontAt < this.#frontCount
      const key = isFront ? (this.#keys[this.#frontAt] as number) : 0
      const ticks = Math.floor(key / this.#scale)
      const time = isFront ? this.#frontStart + ticks : Number.POSITIVE_INFINITY
      if (this.#extra.size > 0 && this.#extra.nextTime <= time) {
        if (this.#extra.nextTime > bound) return 0
        const session = this.#extra.popBelow(Number.POSITIVE_INFINITY)
        this.#time = this.#extra.poppedTime
        return session
      }
      if (isFront) {
        if (time > bound) return 0
        this.#frontAt += 1
        this.#time = time
        return this.#front.sessions[key - ticks * this.#scale] as number
      }
      if (!this.#openFront(bound)) return 0
    }
  }

  /** The first span becomes the front; false when it begins after `bound`. */
  #openFront(bound: number): boolean {
    let first = Number.POSITIVE_INFINITY
    for (const number of this.#spans.keys()) if (number < first) first = number
    const span = this.#spans.get(first)
    if (span === undefined || first * this.#width > bound) return false
    this.#spans.delete(first)
    this.#front.count = 0
    this.#spare.push(this.#front)
    this.#front = span
    this.#frontStart = first * this.#width
    this.#frontEnd = this.#frontStart + this.#width
    this.#keepFront()
    return true
  }

  /** Sorts what still ends in the front; the rest is put again. */
  #keepFront(): void {
    const { f64, i32 } = this.#table.arena
    const { sessions, count } = this.#front
    this.#frontAt = 0
    this.#frontCount = 0
    this.#scale = 2 ** Math.ceil(Math.log2(count + 1))
    const isExact = this.#width * this.#scale <= Number.MAX_SAFE_INTEGER
    if (this.#keys.length < count) this.#keys = new Float64Array(count * 2)
    for (let at = 0; at < count; at++) {
      const session = sessions[at] as number
      const end = f64[session + this.#endAt] as number
      if (i32[session * 2] === GONE) this.#table.release(session)
      else if (end >= this.#frontEnd) this.put(session)
      else if (!isExact) this.#extra.push(end, session)
      else {
        // A fraction of a millisecond is cut off here: `take` then puts the element again.
        const ticks = Math.floor(end - this.#frontStart)
        this.#keys[this.#frontCount++] = ticks * this.#scale + at
      }
    }
    this.#keys.subarray(0, this.#frontCount).sort()
  }

  #spanOf(number: number): Span {
    this.#lastNumber = number
    const known = this.#spans.get(number)
    if (known !== undefined) return known
    if (this.#spans.size === SPANS_MAX) {
      this.#widen()
      return this.#spanOf(Math.floor(number / WIDER))
    }
    const made = this.#spare.pop() ?? new Span()
    this.#spans.set(number, made)
    return made
  }

  /** Every span joins its neighbours. */
  #widen(): void {
    const before = this.#spans
    this.#spans = new Map()
    this.#width *= WIDER
    for (const [number, { sessions, count }] of before) {
      const into = this.#spanOf(Math.floor(number / WIDER))
      for (let at = 0; at < count; at++) into.add(sessions[at] as number)
    }
  }
}
