/** Counted distinct values as a map, for windows whose entries are merged. */
import type { ObjectAccumulator } from './object-accumulator.ts'
import { valueKey } from '../calls/value-key.ts'

/** How often each value is in; a value that left is removed. */
type Counts = Map<unknown, number>

export function distinctSet(): ObjectAccumulator {
  const accumulator: ObjectAccumulator<Counts> = {
    create: () => new Map(),
    add: (counts, [value]) => {
      if (value !== null) change(counts, valueKey(value), 1)
    },
    retract: (counts, [value]) => {
      if (value !== null) change(counts, valueKey(value), -1)
    },
    merge: (into, from) => {
      for (const [key, count] of from) change(into, key, count)
    },
    unmerge: (into, from) => {
      for (const [key, count] of from) change(into, key, -count)
    },
    result: (counts) => counts.size,
  }
  return accumulator
}

function change(counts: Counts, key: unknown, by: number): void {
  const count = (counts.get(key) ?? 0) + by
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
