/**
 * Aggregates over all values in order of event time, ties by the smaller bytes: collect, string_agg,
 * and first and last where rows are taken back.
 */
import { assert } from '../../../../shared/base/assert.ts'
import type { ObjectAccumulator, ObjectCallContext } from './object-accumulator.ts'
import {
  ASCENDING,
  mergeBag,
  putValue,
  takeValue,
  unmergeBag,
  type ValueBag,
  valueBag,
  valuesOf,
} from './value-bag.ts'

/** `first` and `last` count null as a value; `collect` and `string_agg` leave it out. */
function ordered(takesNull: boolean, result: (bag: ValueBag) => unknown): ObjectAccumulator {
  const accumulator: ObjectAccumulator<ValueBag> = {
    create: valueBag,
    add: (bag, [value], time) => {
      if (takesNull || value !== null) putValue(bag, time, value, 1, ASCENDING)
    },
    retract: (bag, [value], time) => {
      if (takesNull || value !== null) takeValue(bag, time, value, 1, ASCENDING)
    },
    merge: (into, from) => mergeBag(into, from, ASCENDING),
    unmerge: (into, from) => unmergeBag(into, from, ASCENDING),
    result,
  }
  return accumulator
}

export function collect(): ObjectAccumulator {
  return ordered(false, valuesOf)
}

export function stringAgg({ call }: ObjectCallContext): ObjectAccumulator {
  const { separator } = call.options
  assert(typeof separator === 'string', 'string_agg has its separator as an option')
  return ordered(false, (bag) => (bag.values.length === 0 ? null : valuesOf(bag).join(separator)))
}

export function bagFirst(): ObjectAccumulator {
  return ordered(true, (bag) => bag.values[0] ?? null)
}

export function bagLast(): ObjectAccumulator {
  return ordered(true, (bag) => bag.values.at(-1) ?? null)
}
