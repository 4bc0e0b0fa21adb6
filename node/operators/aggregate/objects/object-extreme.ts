/**
 * Smallest and largest: of values that lie as objects (bigint, wide decimals), of any where rows are
 * taken back, and the value of one column where another is smallest or largest.
 */
import { compareCanonical } from '../../../../shared/model/canonical/canonical-order.ts'
import type { ObjectAccumulator, ObjectCallContext } from './object-accumulator.ts'
import { mergeBag, putValue, takeValue, unmergeBag, type ValueBag, valueBag } from './value-bag.ts'

/** Null `by`: none yet. */
interface Best {
  by: unknown
  value: unknown
}

/** min and max: a row whose value is null does not count. */
export function objectExtreme(sign: 1 | -1, { retracts }: ObjectCallContext): ObjectAccumulator {
  return retracts ? bagOfBest(sign, ([value]) => value) : keptBest(sign, ([value]) => value)
}

/** min_by and max_by: a row whose second argument is null does not count; the value may be null. */
export function extremeBy(sign: 1 | -1, { retracts }: ObjectCallContext): ObjectAccumulator {
  return retracts ? bagOfBest(sign, ([, by]) => by) : keptBest(sign, ([, by]) => by)
}

type By = (args: readonly unknown[]) => unknown

function keptBest(sign: 1 | -1, byOf: By): ObjectAccumulator {
  const offer = (state: Best, by: unknown, value: unknown) => {
    if (by === null) return
    const order = state.by === null ? 1 : compareCanonical(by, state.by) * sign
    if (order < 0 || (order === 0 && compareCanonical(value, state.value) >= 0)) return
    state.by = by
    state.value = value
  }
  const accumulator: ObjectAccumulator<Best> = {
    create: () => ({ by: null, value: null }),
    add: (state, args) => offer(state, byOf(args), args[0]),
    merge: (into, from) => offer(into, from.by, from.value),
    result: (state) => state.value,
  }
  return accumulator
}

/** The best lies first: by size, then by the smaller value. */
function bagOfBest(sign: 1 | -1, byOf: By): ObjectAccumulator {
  const order = { byOrder: sign === 1 ? -1 : 1, byValue: 1 } as const
  const accumulator: ObjectAccumulator<ValueBag> = {
    create: valueBag,
    add: (bag, args) => {
      const by = byOf(args)
      if (by !== null) putValue(bag, by, args[0], 1, order)
    },
    retract: (bag, args) => {
      const by = byOf(args)
      if (by !== null) takeValue(bag, by, args[0], 1, order)
    },
    merge: (into, from) => mergeBag(into, from, order),
    unmerge: (into, from) => unmergeBag(into, from, order),
    result: (bag) => bag.values[0] ?? null,
  }
  return accumulator
}
