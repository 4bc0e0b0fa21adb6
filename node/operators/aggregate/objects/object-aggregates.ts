/** The aggregates whose accumulator is an object, by name: where others are added. */
import { assert } from '../../../../shared/base/assert.ts'
import type {
  ObjectAccumulator,
  ObjectAccumulatorFactory,
  ObjectCallContext,
} from './object-accumulator.ts'
import { distinctSet } from './object-distinct.ts'
import { approxDistinct } from './object-approx-distinct.ts'
import { extremeBy, objectExtreme } from './object-extreme.ts'
import { bagFirst, bagLast, collect, stringAgg } from './object-ordered.ts'
import { quantile } from './object-quantile.ts'
import { topRows } from './object-top-rows.ts'
import { topValues } from './object-top-values.ts'
import { userAggregate } from './object-user.ts'
import { wideAverage, wideStddev, wideSum } from './object-wide.ts'

const FACTORIES: Readonly<Record<string, ObjectAccumulatorFactory>> = {
  $top_rows: topRows, // of `top` in windows; no user can write it
  approx_count_distinct: approxDistinct,
  avg: wideAverage,
  collect,
  count_distinct: distinctSet,
  first: bagFirst,
  last: bagLast,
  max: (context) => objectExtreme(1, context),
  max_by: (context) => extremeBy(1, context),
  min: (context) => objectExtreme(-1, context),
  min_by: (context) => extremeBy(-1, context),
  quantile,
  string_agg: stringAgg,
  stddev: wideStddev,
  sum: wideSum,
  top_k: topValues,
}

export function objectAggregate(context: ObjectCallContext): ObjectAccumulator {
  const factory = context.call.user === null ? FACTORIES[context.call.fn] : userAggregate
  assert(factory !== undefined, `aggregate ${context.call.fn} has an accumulator`)
  const accumulator = factory(context)
  const canRetract = accumulator.retract !== undefined
  assert(canRetract || !context.retracts, `${context.call.fn} takes rows back on retract input`)
  return accumulator
}
