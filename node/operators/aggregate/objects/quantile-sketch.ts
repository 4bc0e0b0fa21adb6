/**
 * A sketch of quantiles with a relative error (DDSketch): values are counted in buckets whose bounds
 * grow by a constant factor, so that every value of a bucket lies within 1 % of its middle.
 *
 * Counts only: adding and taking back are exact inverses, and merging two sketches gives the sketch
 * of both. So it serves retract input and sliding windows as it is. Buckets are dense arrays over
 * the range of values seen: 116 buckets for each factor of ten.
 */
export interface QuantileSketch {
  /** Values above and below 0, the latter by their magnitude. */
  readonly positive: Buckets
  readonly negative: Buckets
  zeros: number
  count: number
}

interface Buckets {
  counts: Float64Array
  /** Index of the bucket of `counts[0]`. */
  first: number
}

const ERROR = 0.01
const GROWTH = (1 + ERROR) / (1 - ERROR)
const PER_LOG = 1 / Math.log(GROWTH)
const MIDDLE = 2 / (1 + GROWTH)
const EMPTY = new Float64Array(0)
const ROOM = 32

/** Buckets of small whole numbers, which most values are: no logarithm for them. */
const SMALL_MAX = 8191
const SMALL = Int32Array.from({ length: SMALL_MAX + 1 }, (_, x) => (x === 0 ? 0 : logIndex(x)))

export function quantileSketch(): QuantileSketch {
  return {
    positive: { counts: EMPTY, first: 0 },
    negative: { counts: EMPTY, first: 0 },
    zeros: 0,
    count: 0,
  }
}

/** Counts a value `by` times; negative takes it back. */
export function countValue(sketch: QuantileSketch, x: number, by: number): void {
  if (x !== x) return
  sketch.count += by
  if (x === 0) {
    sketch.zeros += by
    return
  }
  const magnitude = x < 0 ? -x : x
  const buckets = x < 0 ? sketch.negative : sketch.positive
  const index =
    magnitude <= SMALL_MAX && (magnitude | 0) === magnitude
      ? (SMALL[magnitude] as number)
      : logIndex(magnitude)
  let slot = index - buckets.first
  if (slot < 0 || slot >= buckets.counts.length) {
    makeRoom(buckets, index, index)
    slot = index - buckets.first
  }
  buckets.counts[slot] = (buckets.counts[slot] as number) + by
}

/** Adds (by 1) or takes out (by −1) all values of another sketch. */
export function countSketch(into: QuantileSketch, from: QuantileSketch, by: 1 | -1): void {
  into.count += from.count * by
  into.zeros += from.zeros * by
  countBuckets(into.positive, from.positive, by)
  countBuckets(into.negative, from.negative, by)
}

/** The value at rank ⌊q × (count − 1)⌋ from the smallest, within 1 %; null of no values. */
export function quantileOf(sketch: QuantileSketch, q: number): number | null {
  const { positive, negative, zeros, count } = sketch
  if (count <= 0) return null
  const rank = Math.floor(q * (count - 1))
  let seen = 0
  for (let slot = negative.counts.length - 1; slot >= 0; slot--) {
    seen += negative.counts[slot] as number
    if (seen > rank) return -bucketValue(negative.first + slot)
  }
  seen += zeros
  if (seen > rank) return 0
  let last = 0
  for (const [slot, counted] of positive.counts.entries()) {
    seen += counted
    if (counted > 0) last = slot
    if (seen > rank) return bucketValue(positive.first + slot)
  }
  return bucketValue(positive.first + last)
}

function logIndex(magnitude: number): number {
  return Math.ceil(Math.log(Math.min(magnitude, Number.MAX_VALUE)) * PER_LOG)
}

function bucketValue(index: number): number {
  return Math.min(Math.exp(index / PER_LOG) * MIDDLE, Number.MAX_VALUE)
}

function countBuckets(into: Buckets, from: Buckets, by: 1 | -1): void {
  const { counts } = from
  let low = 0
  let high = counts.length - 1
  while (low <= high && counts[low] === 0) low += 1
  while (high >= low && counts[high] === 0) high -= 1
  if (low > high) return
  makeRoom(into, from.first + low, from.first + high)
  const shift = from.first - into.first
  for (let slot = low; slot <= high; slot++) {
    into.counts[slot + shift] =
      (into.counts[slot + shift] as number) + (counts[slot] as number) * by
  }
}

/** Makes buckets `low` to `high` be there. */
function makeRoom(buckets: Buckets, low: number, high: number): void {
  const { counts, first } = buckets
  const end = first + counts.length
  if (counts.length > 0 && low >= first && high < end) return
  const newFirst = counts.length === 0 ? low - ROOM / 2 : Math.min(first, roundDown(low))
  const newEnd = counts.length === 0 ? high + ROOM / 2 : Math.max(end, roundDown(high) + ROOM)
  const larger = new Float64Array(newEnd - newFirst)
  larger.set(counts, counts.length === 0 ? 0 : first - newFirst)
  buckets.counts = larger
  buckets.first = newFirst
}

function roundDown(index: number): number {
  return Math.floor(index / ROOM) * ROOM
}
