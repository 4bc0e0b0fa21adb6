/** Chooses, for every call of a core, the accumulator that fits its types and its input. */
import { assert } from '../../../../shared/base/assert.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { AggregateCall } from '../../../../shared/planning/plan.ts'
import { isText } from '../../../state/entry-layout.ts'
import type { CallCode } from './call-code.ts'
import * as numbers from './number-calls.ts'
import type { ObjectAccumulator } from '../objects/object-accumulator.ts'
import { objectAggregate } from '../objects/object-aggregates.ts'
import { objectCall } from './object-calls.ts'
import { firstCall, lastCall, textExtreme } from './value-calls.ts'

export interface CallOptions {
  /** Rows may be taken back. */
  readonly retracts: boolean
  /** Entries are merged (windows of several panes, sessions). */
  readonly merges: boolean
}

export type ChosenCall =
  | { readonly kind: 'code'; readonly code: CallCode; readonly valueSlot: boolean }
  | { readonly kind: 'object'; readonly code: CallCode; readonly accumulator: ObjectAccumulator }
  /** Counted through a side table: see distinct-code.ts. */
  | { readonly kind: 'distinct' }

export function chooseCall(
  call: AggregateCall,
  args: readonly ColumnSpec[],
  options: CallOptions,
): ChosenCall {
  const [arg] = args
  if (call.user === null && call.fn === 'count_distinct' && !options.merges)
    return { kind: 'distinct' }
  const code = call.user === null ? fixedCall(call, arg, options) : null
  if (code !== null) return code
  const accumulator = objectAggregate({ call, args, ...options })
  return { kind: 'object', code: objectCall(accumulator), accumulator }
}

function fixedCall(
  call: AggregateCall,
  arg: ColumnSpec | undefined,
  options: CallOptions,
): ChosenCall | null {
  if (call.fn === 'count') return plain(numbers.COUNT)
  if (arg === undefined) return null
  if (arg.layout === 'any' && call.fn !== 'first' && call.fn !== 'last') return null
  const isFloat = arg.type.kind === 'number'
  switch (call.fn) {
    case 'sum':
      return plain(isFloat ? numbers.FLOAT_SUM : numbers.EXACT_SUM)
    case 'avg':
      return plain(isFloat ? numbers.FLOAT_AVERAGE : numbers.EXACT_AVERAGE)
    case 'stddev':
      return plain(numbers.STDDEV)
    case 'any':
      return plain(numbers.ANY)
    case 'all':
      return plain(numbers.ALL)
    default:
      return options.retracts ? null : keptValue(call.fn, arg)
  }
}

/** Those that keep one value and cannot take it back: on retract input they keep a multiset. */
function keptValue(fn: string, arg: ColumnSpec): ChosenCall | null {
  switch (fn) {
    case 'min':
      return isText(arg) ? slotted(textExtreme(arg, '<')) : plain(numbers.NUMBER_MIN)
    case 'max':
      return isText(arg) ? slotted(textExtreme(arg, '>')) : plain(numbers.NUMBER_MAX)
    case 'first':
      return slotted(firstCall(arg))
    case 'last':
      return slotted(lastCall(arg))
    default:
      return null
  }
}

function plain(code: CallCode): ChosenCall {
  return { kind: 'code', code, valueSlot: false }
}

function slotted(code: CallCode): ChosenCall {
  assert(code.slots.length === 1, 'a kept value has one slot')
  return { kind: 'code', code, valueSlot: true }
}
