/** The aggregates whose accumulator is an object, by name: where others are added. */
import { assert } from '../../../shared/base/assert.ts'
import type {
  ObjectAccumulator,
  ObjectAccumulatorFactory,
  ObjectCallContext,
} from './object-accumulator.ts'
import { distinctSet } from './object-distinct.ts'
import { wideAverage, wideSum } from './object-wide.ts'

const FACTORIES: Readonly<Record<string, ObjectAccumulatorFactory>> = {
  avg: wideAverage,
  count_distinct: distinctSet,
  sum: wideSum,
}

export function objectAggregate(context: ObjectCallContext): ObjectAccumulator {
  const factory = FACTORIES[context.call.fn]
  assert(factory !== undefined, `aggregate ${context.call.fn} has an accumulator`)
  const accumulator = factory(context)
  const canRetract = accumulator.retract !== undefined
  assert(canRetract || !context.retracts, `${context.call.fn} takes rows back on retract input`)
  return accumulator
}
