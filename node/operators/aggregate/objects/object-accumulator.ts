/**
 * Accumulators that are JavaScript objects: sketches, multisets, lists, user-defined ones. One
 * object per entry, held by a handle in the object table of the state.
 *
 * This is where other aggregates are added: a function that makes an ObjectAccumulator for a call,
 * under the name of the aggregate, in object-aggregates.ts.
 *
 * Who calls: the generated loops. `add` and `retract` get the arguments in their internal form (see
 * ScalarValue, null for null); the array is used again for the next row and must not be kept.
 * `time` is the event time, or the number of the record where event time was lost. `merge` leaves
 * `from` as it is and shares nothing with it.
 */
import type { StreamError } from '../../../../shared/base/errors.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { AggregateCall } from '../../../../shared/planning/plan.ts'

export interface ObjectAccumulator<State = unknown> {
  create(): State
  add(state: State, args: readonly unknown[], time: number): void
  /** Takes a row back; absent when it cannot. */
  retract?(state: State, args: readonly unknown[], time: number): void
  /**
   * As `add` and `retract` for one argument that lies as a number and is not null: called instead of
   * them where it does, so that nothing is allocated per row. Both or none.
   */
  addNumber?(state: State, x: number): void
  retractNumber?(state: State, x: number): void
  /** Instead of `add`: counts a value that is not null by the two lanes of its key hash. */
  addHash?(state: State, a: number, b: number): void
  /**
   * Instead of `add`, where adding may fail: the failure of the record, which has then changed
   * nothing. `undoAdd` takes out the row that was added last, because another call of it failed.
   */
  tryAdd?(state: State, args: readonly unknown[], time: number): StreamError | null
  undoAdd?(state: State): void
  merge(into: State, from: State): void
  /** Takes out what `merge` put in; absent when it cannot. */
  unmerge?(into: State, from: State): void
  /** The result in its internal form; null for null. May throw a StreamError: the row fails. */
  result(state: State): unknown
}

export interface ObjectCallContext {
  readonly call: AggregateCall
  /** The arguments, as they lie in the core's input. */
  readonly args: readonly ColumnSpec[]
  /** Whether rows are taken back (retract input): then `retract` is needed. */
  readonly retracts: boolean
  /** Whether accumulators are merged. */
  readonly merges: boolean
}

export type ObjectAccumulatorFactory = (context: ObjectCallContext) => ObjectAccumulator
