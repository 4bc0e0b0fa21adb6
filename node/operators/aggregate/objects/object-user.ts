/**
 * Aggregators of the author (`aggregator({ … })`). An accumulator is whatever they make of plain
 * data; a record for which `add` throws is a failure of that record and leaves nothing behind.
 *
 * A row with a null for an argument that takes none does not count.
 *
 * Where rows are taken back, or entries are merged and the aggregator has no `merge`, the arguments
 * of all rows are kept in order of event time and the result is made of them.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { StreamError } from '../../../../shared/base/errors.ts'
import type { AggregatorDefinition } from '../../../../shared/api/function-definition.ts'
import { fromUserValue, toUserValue } from '../../../../shared/model/rows/user-value.ts'
import { functionThrew } from '../../chain/user-functions.ts'
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

type Values = readonly unknown[]

/** The functions as they are called here: their types were checked when the pipeline was planned. */
interface Aggregator {
  readonly create: () => unknown
  readonly add: (accumulator: unknown, ...args: Values) => unknown
  readonly merge: ((accumulator: unknown, other: unknown) => unknown) | null
  readonly result: (accumulator: unknown) => unknown
}

/**
 * An accumulator that the author's `add` may change in place: a copy of it as it was, and what was
 * added since, so that it can be made again as it was before a row.
 */
interface Held {
  now: unknown
  saved: unknown
  added: Values[]
  /** Why there is none. */
  error: StreamError | null
}

/** Rows between two copies of an accumulator. */
const COPY_EVERY = 32

export function userAggregate(context: ObjectCallContext): ObjectAccumulator {
  const { user } = context.call
  const definition = user?.definition
  assert(user !== null && isAggregator(definition), `the aggregator ${context.call.fn} is loaded`)
  const calls = new UserCalls(user.ref, definition)
  const needsRows = context.retracts || (context.merges && definition.merge === null)
  return needsRows ? keptRows(calls) : heldAccumulator(calls)
}

function isAggregator(definition: unknown): definition is AggregatorDefinition {
  const isThere = typeof definition === 'function' || typeof definition === 'object'
  return isThere && definition !== null && 'kind' in definition && definition.kind === 'aggregator'
}

/** Calls of the author's functions: what they throw or give wrong is a coded error. */
class UserCalls {
  readonly #name: string
  readonly #definition: AggregatorDefinition
  readonly #functions: Aggregator

  constructor(name: string, definition: AggregatorDefinition) {
    this.#name = name
    this.#definition = definition
    this.#functions = definition as unknown as Aggregator
  }

  create(): unknown {
    return this.#call('create', () => this.#functions.create())
  }

  add(accumulator: unknown, args: Values): unknown {
    return this.#call('add', () => this.#functions.add(accumulator, ...args))
  }

  merge(accumulator: unknown, other: unknown): unknown {
    return this.#call('merge', () => this.#functions.merge?.(accumulator, other))
  }

  /** In its internal form. */
  result(accumulator: unknown): unknown {
    const { output } = this.#definition
    try {
      const value = this.#functions.result(accumulator)
      return fromUserValue(value, output, `result of ${this.#name}`)
    } catch (cause) {
      throw cause instanceof StreamError ? cause : functionThrew(`result of ${this.#name}`, cause)
    }
  }

  /** The arguments as the author sees them; null when the row does not count. */
  given(args: Values): Values | null {
    const { input } = this.#definition
    const isMissing = input.some((want, index) => !want.nullable && args[index] === null)
    if (isMissing) return null
    return input.map((want, index) => {
      const arg = args[index]
      return arg === null ? null : toUserValue(arg, want.type)
    })
  }

  #call(what: string, run: () => unknown): unknown {
    let made: unknown
    try {
      made = run()
    } catch (cause) {
      throw functionThrew(`${what} of ${this.#name}`, cause)
    }
    if (made !== undefined && !(made instanceof Promise)) return made
    throw new StreamError(
      'FUNCTION_RESULT_WRONG',
      `${what} of ${this.#name} gave ${made === undefined ? 'nothing' : 'a promise'}, no accumulator`,
      { fix: `return the accumulator to go on with from \`${what}\`` },
    )
  }
}

function heldAccumulator(calls: UserCalls): ObjectAccumulator {
  const accumulator: ObjectAccumulator<Held> = {
    create: () => {
      const error = attempt(() => calls.create())
      return { now: error.made, saved: copyOf(error.made), added: [], error: error.failure }
    },
    add: () => assert(false, 'rows are added by tryAdd'),
    tryAdd: (held, args) => {
      if (held.error !== null) return held.error
      const given = calls.given(args)
      if (given === null) {
        keepState(held)
        return null
      }
      if (held.added.length >= COPY_EVERY || typeof held.now !== 'object') keepState(held)
      const { made, failure } = attempt(() => calls.add(held.now, given))
      if (failure !== null) {
        restore(held, calls)
        return failure
      }
      held.now = made
      held.added.push(given)
      return null
    },
    undoAdd: (held) => {
      // A row that did not count has nothing added since the copy.
      if (held.added.pop() !== undefined) restore(held, calls)
    },
    merge: (into, from) => {
      const error = into.error ?? from.error
      const { made, failure } =
        error === null
          ? attempt(() => calls.merge(into.now, copyOf(from.now)))
          : { made: null, failure: error }
      into.now = made
      into.error = failure
      keepState(into)
    },
    result: (held) => {
      if (held.error !== null) throw held.error
      return calls.result(held.now)
    },
  }
  return accumulator
}

function keptRows(calls: UserCalls): ObjectAccumulator {
  const accumulator: ObjectAccumulator<ValueBag> = {
    create: valueBag,
    add: (bag, args, time) => putValue(bag, time, [...args], 1, ASCENDING),
    retract: (bag, args, time) => takeValue(bag, time, [...args], 1, ASCENDING),
    merge: (into, from) => mergeBag(into, from, ASCENDING),
    unmerge: (into, from) => unmergeBag(into, from, ASCENDING),
    result: (bag) => {
      let made = calls.create()
      for (const args of valuesOf(bag)) {
        const given = calls.given(args as Values)
        if (given !== null) made = calls.add(made, given)
      }
      return calls.result(made)
    },
  }
  return accumulator
}

function attempt(run: () => unknown): { made: unknown; failure: StreamError | null } {
  try {
    return { made: run(), failure: null }
  } catch (cause) {
    if (cause instanceof StreamError) return { made: null, failure: cause }
    throw cause
  }
}

function keepState(held: Held): void {
  held.saved = copyOf(held.now)
  held.added = []
}

/** As it was after the rows in `added`. */
function restore(held: Held, calls: UserCalls): void {
  held.now = copyOf(held.saved)
  for (const args of held.added) held.now = calls.add(held.now, args)
}

function copyOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value
}
