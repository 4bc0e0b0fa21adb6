/**
 * When sessions are looked at next: a queue of (time, key group, lane B), so that closing costs the
 * sessions that may be due and not all keys.
 *
 * A session has one timer that counts, whose time it knows; it is set when the session begins, and
 * again when it has come too early because the session grew. Others are stale: whoever is popped
 * finds no session that knows its time. An index, rebuilt from the sessions.
 */
import { TimeQueue } from '../../../state/time-queue.ts'

const FIRST = 1024

export class SessionTimers {
  readonly #queue = new TimeQueue()
  #groups = new Int32Array(FIRST)
  #tags = new Int32Array(FIRST)
  /** Places that were given back; beyond `#used` all are free. */
  #free: number[] = []
  #used = 0
  /** What `popUntil` found. */
  time = 0
  group = 0
  tag = 0

  get nextTime(): number {
    return this.#queue.nextTime
  }

  set(time: number, group: number, tag: number): void {
    const place = this.#free.pop() ?? this.#newPlace()
    this.#groups[place] = group
    this.#tags[place] = tag
    this.#queue.push(time, place)
  }

  /** Takes out the first timer at or before `time`; false when there is none. */
  popUntil(time: number): boolean {
    const place = this.#queue.popBelow(time + 1)
    if (place < 0) return false
    this.time = this.#queue.poppedTime
    this.group = this.#groups[place] as number
    this.tag = this.#tags[place] as number
    this.#free.push(place)
    return true
  }

  #newPlace(): number {
    if (this.#used === this.#groups.length) {
      this.#groups = doubled(this.#groups)
      this.#tags = doubled(this.#tags)
    }
    return this.#used++
  }
}

function doubled(from: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(from.length * 2)
  larger.set(from)
  return larger
}
