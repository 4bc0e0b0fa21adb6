/**
 * A queue of (time, ref) by time: what is due comes out in order, at a cost per element that came
 * in or goes out, never per element that stays.
 *
 * Times mostly arrive in order. So there are a few sorted runs: an element goes to the run whose
 * last time is the largest not above its own, and takes one store; only what fits no run goes to a
 * heap. An index over rows or timers, rebuilt from them: it is not part of a snapshot.
 *
 * Invariants:
 *   Q1. Every run is sorted by time, equal times in order of arrival.
 *   Q2. The heap has its smallest time at the top.
 */

/** Beyond this many runs looking for the right one costs more than the heap. */
const RUNS_MAX = 6
const RUN_FIRST = 64

class Run {
  times = new Float64Array(RUN_FIRST)
  refs = new Int32Array(RUN_FIRST)
  start = 0
  end = 0
  last = Number.NEGATIVE_INFINITY

  append(time: number, ref: number): void {
    if (this.end === this.times.length) this.#makeRoom()
    this.times[this.end] = time
    this.refs[this.end] = ref
    this.end += 1
    this.last = time
  }

  /** Moves to the front of the arrays, or to larger ones when they are more than half full. */
  #makeRoom(): void {
    const count = this.end - this.start
    const size = count * 2 > this.times.length ? this.times.length * 2 : this.times.length
    const times = new Float64Array(size)
    const refs = new Int32Array(size)
    times.set(this.times.subarray(this.start, this.end))
    refs.set(this.refs.subarray(this.start, this.end))
    this.times = times
    this.refs = refs
    this.start = 0
    this.end = count
  }
}

export class TimeQueue {
  readonly #runs: Run[] = []
  #heapTimes: number[] = []
  #heapRefs: number[] = []
  size = 0
  /** Of the element that `pop` answered last. */
  poppedTime = 0

  push(time: number, ref: number): void {
    this.size += 1
    let best: Run | undefined
    for (const run of this.#runs) {
      if (run.last <= time && (best === undefined || run.last > best.last)) best = run
    }
    if (best === undefined && this.#runs.length < RUNS_MAX) {
      best = new Run()
      this.#runs.push(best)
    }
    if (best === undefined) this.#pushHeap(time, ref)
    else best.append(time, ref)
  }

  /** The smallest time in the queue; +∞ when it is empty. */
  get nextTime(): number {
    const run = this.#firstRun()
    const heap = this.#heapTimes[0] ?? Number.POSITIVE_INFINITY
    if (run === null) return heap
    return Math.min(run.times[run.start] as number, heap)
  }

  /** Takes out the first element if its time is below `bound`; −1 when there is none. */
  popBelow(bound: number): number {
    const run = this.#firstRun()
    const heap = this.#heapTimes[0] ?? Number.POSITIVE_INFINITY
    const time = run === null ? Number.POSITIVE_INFINITY : (run.times[run.start] as number)
    if (Math.min(time, heap) >= bound) return -1
    this.size -= 1
    if (run === null || heap < time) {
      this.poppedTime = heap
      return this.#popHeap()
    }
    this.poppedTime = time
    const ref = run.refs[run.start] as number
    run.start += 1
    if (run.start === run.end) {
      run.start = 0
      run.end = 0
      run.last = Number.NEGATIVE_INFINITY
    }
    return ref
  }

  clear(): void {
    this.#runs.length = 0
    this.#heapTimes = []
    this.#heapRefs = []
    this.size = 0
  }

  #firstRun(): Run | null {
    let first: Run | null = null
    for (const run of this.#runs) {
      if (run.start === run.end) continue
      const time = run.times[run.start] as number
      if (first === null || time < (first.times[first.start] as number)) first = run
    }
    return first
  }

  #pushHeap(time: number, ref: number): void {
    const times = this.#heapTimes
    const refs = this.#heapRefs
    let at = times.length
    times.push(time)
    refs.push(ref)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const parentTime = times[parent] as number
      if (parentTime <= time) break
      times[at] = parentTime
      refs[at] = refs[parent] as number
      at = parent
    }
    times[at] = time
    refs[at] = ref
  }

  #popHeap(): number {
    const times = this.#heapTimes
    const refs = this.#heapRefs
    const top = refs[0] as number
    const time = times.pop() as number
    const ref = refs.pop() as number
    const count = times.length
    if (count === 0) return top
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= count) break
      if (child + 1 < count && (times[child + 1] as number) < (times[child] as number)) child += 1
      const childTime = times[child] as number
      if (childTime >= time) break
      times[at] = childTime
      refs[at] = refs[child] as number
      at = child
    }
    times[at] = time
    refs[at] = ref
    return top
  }
}
