/** Sum and average of values that lie as BigInt: bigint and decimals of more than 15 digits. */
import { bigintAverage } from './exact-sum.ts'
import type { ObjectAccumulator, ObjectCallContext } from './object-accumulator.ts'

interface WideSum {
  sum: bigint
  count: number
}

function wide(result: (state: WideSum) => unknown): ObjectAccumulator {
  const accumulator: ObjectAccumulator<WideSum> = {
    create: () => ({ sum: 0n, count: 0 }),
    add: (state, [value]) => {
      if (typeof value !== 'bigint') return
      state.sum += value
      state.count += 1
    },
    retract: (state, [value]) => {
      if (typeof value !== 'bigint') return
      state.sum -= value
      state.count -= 1
    },
    merge: (into, from) => {
      into.sum += from.sum
      into.count += from.count
    },
    unmerge: (into, from) => {
      into.sum -= from.sum
      into.count -= from.count
    },
    result: (state) => (state.count === 0 ? null : result(state)),
  }
  return accumulator
}

export function wideSum(): ObjectAccumulator {
  return wide((state) => state.sum)
}

export function wideAverage({ call, args }: ObjectCallContext): ObjectAccumulator {
  const type = args[0]?.type
  const { type: result } = call.result
  const digits =
    result.kind === 'decimal' && type?.kind === 'decimal' ? result.scale - type.scale : 0
  return wide((state) => bigintAverage(state.sum, state.count, digits))
}
