/** approx_count_distinct(x): a sketch of the hashes of the values that are not null. */
import { assert } from '../../../../shared/base/assert.ts'
import {
  addHash,
  distinctCount,
  type DistinctSketch,
  distinctSketch,
  mergeSketch,
} from './distinct-sketch.ts'
import type { ObjectAccumulator } from './object-accumulator.ts'

export function approxDistinct(): ObjectAccumulator {
  const accumulator: ObjectAccumulator<DistinctSketch> = {
    create: distinctSketch,
    add: () => assert(false, 'values are counted by their hashes'),
    addHash,
    merge: mergeSketch,
    result: distinctCount,
  }
  return accumulator
}
