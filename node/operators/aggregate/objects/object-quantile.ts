/** quantile(x, q): a sketch of the values that are not null. */
import { assert } from '../../../../shared/base/assert.ts'
import type { ObjectAccumulator, ObjectCallContext } from './object-accumulator.ts'
import {
  countSketch,
  countValue,
  quantileOf,
  type QuantileSketch,
  quantileSketch,
} from './quantile-sketch.ts'

export function quantile({ call, args }: ObjectCallContext): ObjectAccumulator {
  const { q } = call.options
  assert(typeof q === 'number', 'quantile has its share as an option')
  const type = args[0]?.type
  const scale = type?.kind === 'decimal' ? 10 ** type.scale : 1
  const isWhole = call.result.type.kind === 'duration'
  const accumulator: ObjectAccumulator<QuantileSketch> = {
    create: quantileSketch,
    add: (sketch, [value]) => count(sketch, value, 1),
    retract: (sketch, [value]) => count(sketch, value, -1),
    addNumber: (sketch, x) => countValue(sketch, x, 1),
    retractNumber: (sketch, x) => countValue(sketch, x, -1),
    merge: (into, from) => countSketch(into, from, 1),
    unmerge: (into, from) => countSketch(into, from, -1),
    result: (sketch) => {
      const value = quantileOf(sketch, q)
      if (value === null) return null
      return isWhole ? Math.round(value) : value / scale
    },
  }
  return accumulator
}

function count(sketch: QuantileSketch, value: unknown, by: 1 | -1): void {
  if (value !== null) countValue(sketch, Number(value), by)
}
