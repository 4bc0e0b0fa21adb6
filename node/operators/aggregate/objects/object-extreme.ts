/** Smallest and largest of values that lie as objects (bigint, wide decimals), on append input. */
import type { ObjectAccumulator } from './object-accumulator.ts'
import { compareValues } from '../calls/value-key.ts'

interface Extreme {
  /** Null: none yet. */
  value: unknown
}

export function objectExtreme(sign: 1 | -1): ObjectAccumulator {
  const offer = (state: Extreme, value: unknown) => {
    if (value === null) return
    if (state.value === null || compareValues(value, state.value) * sign > 0) state.value = value
  }
  const accumulator: ObjectAccumulator<Extreme> = {
    create: () => ({ value: null }),
    add: (state, [value]) => offer(state, value),
    merge: (into, from) => offer(into, from.value),
    result: (state) => state.value,
  }
  return accumulator
}
