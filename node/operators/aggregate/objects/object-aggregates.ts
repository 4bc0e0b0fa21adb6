/** The aggregates whose accumulator is an object, by name: where others are added. */
import { assert } from '../../../../shared/base/assert.ts'
import type {
  ObjectAccumulator,
  ObjectAccumulatorFactory,
  ObjectCallContext,
} from './object-accumulator.ts'
import { distinctSet } from './object-distinct.ts'
import { objectExtreme } from './object-extreme.ts'
import { quantile } from './object-quantile.ts'
import { wideAverage, wideStddev, wideSum } from './object-wide.ts'

const FACTORIES: Readonly<Record<string, ObjectAccumulatorFactory>> = {
  avg: wideAverage,
  count_distinct: distinctSet,
  max: () => objectExtreme(1),
  min: () => objectExtreme(-1),
  quantile,
  stddev: wideStddev,
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
