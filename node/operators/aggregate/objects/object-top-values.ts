/**
 * top_k(x, n): the most frequent values, most frequent first, ties by the smaller bytes.
 *
 * On append input by space-saving: at least ROOM_FACTOR × n values are counted; when twice as many
 * have come, the rare half is forgotten, and what comes later is counted from the highest count that
 * was forgotten. Exact as long as no more values than that have come; else a count is too high by at
 * most `floor`, and every value that is in more often than that is there. On retract input every
 * value is counted.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { compareCanonical } from '../../../../shared/model/canonical/canonical-order.ts'
import { valueKey } from '../calls/value-key.ts'
import type { ObjectAccumulator, ObjectCallContext } from './object-accumulator.ts'

interface Counted {
  readonly value: unknown
  count: number
}

interface ValueCounts {
  readonly counts: Map<unknown, Counted>
  /** What a value that is not counted may have been in at most. */
  floor: number
}

const ROOM_FACTOR = 8
const ROOM_MIN = 128

export function topValues({ call, retracts }: ObjectCallContext): ObjectAccumulator {
  const { n } = call.options
  assert(typeof n === 'number', 'top_k has its number as an option')
  const room = retracts ? Number.POSITIVE_INFINITY : Math.max(ROOM_MIN, n * ROOM_FACTOR)
  const accumulator: ObjectAccumulator<ValueCounts> = {
    create: () => ({ counts: new Map(), floor: 0 }),
    add: (state, [value]) => {
      if (value === null) return
      count(state, value, 1)
      if (state.counts.size > room * 2) forgetRare(state, room)
    },
    retract: (state, [value]) => {
      if (value !== null) count(state, value, -1)
    },
    merge: (into, from) => {
      mergeCounts(into, from)
      if (into.counts.size > room * 2) forgetRare(into, room)
    },
    result: ({ counts }) => mostFrequent(counts, n).map((one) => one.value),
  }
  // Counts that were forgotten cannot be taken out.
  if (!retracts) return accumulator
  accumulator.unmerge = (into, from) => {
    for (const { value, count: by } of from.counts.values()) count(into, value, -by)
  }
  return accumulator
}

function count(state: ValueCounts, value: unknown, by: number): void {
  const key = valueKey(value)
  const known = state.counts.get(key)
  if (known === undefined) {
    if (by > 0) state.counts.set(key, { value, count: state.floor + by })
    return
  }
  known.count += by
  if (known.count <= 0) state.counts.delete(key)
}

function mergeCounts(into: ValueCounts, from: ValueCounts): void {
  const own = into.floor
  for (const [key, one] of into.counts) if (!from.counts.has(key)) one.count += from.floor
  for (const [key, { value, count: by }] of from.counts) {
    const known = into.counts.get(key)
    if (known === undefined) into.counts.set(key, { value, count: own + by })
    else known.count += by
  }
  into.floor = own + from.floor
}

function forgetRare(state: ValueCounts, room: number): void {
  const kept = mostFrequent(state.counts, state.counts.size)
  for (const one of kept.splice(room)) {
    state.floor = Math.max(state.floor, one.count)
    state.counts.delete(valueKey(one.value))
  }
}

function mostFrequent(counts: ReadonlyMap<unknown, Counted>, n: number): Counted[] {
  return [...counts.values()]
    .toSorted((a, b) => b.count - a.count || compareCanonical(a.value, b.value))
    .slice(0, n)
}
