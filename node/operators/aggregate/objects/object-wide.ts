/** Sum, average and deviation of values that lie as BigInt: bigint and decimals of more than 15 digits. */
import { bigintAverage } from '../calls/exact-sum.ts'
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

interface Deviation {
  count: number
  mean: number
  /** Sum of squared differences from the mean. */
  squares: number
}

/** As numbers: a deviation is one. */
export function wideStddev({ args }: ObjectCallContext): ObjectAccumulator {
  const type = args[0]?.type
  const scale = type?.kind === 'decimal' ? 10 ** type.scale : 1
  const accumulator: ObjectAccumulator<Deviation> = {
    create: () => ({ count: 0, mean: 0, squares: 0 }),
    add: (state, [value]) => {
      if (value === null) return
      const x = Number(value) / scale
      const before = x - state.mean
      state.count += 1
      state.mean += before / state.count
      state.squares += before * (x - state.mean)
    },
    retract: (state, [value]) => {
      if (value === null) return
      const x = Number(value) / scale
      const after = x - state.mean
      state.count -= 1
      state.mean = state.count === 0 ? 0 : state.mean - after / state.count
      const squares = state.squares - after * (x - state.mean)
      state.squares = state.count === 0 ? 0 : Math.max(0, squares)
    },
    merge: (into, from) => {
      if (from.count === 0) return
      const count = into.count + from.count
      const apart = from.mean - into.mean
      into.squares += from.squares + (apart * apart * into.count * from.count) / count
      into.mean += (apart * from.count) / count
      into.count = count
    },
    result: ({ count, squares }) => (count < 2 ? null : Math.sqrt(squares / (count - 1))),
  }
  return accumulator
}
