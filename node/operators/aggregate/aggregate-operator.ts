/** Chooses the operator of an aggregate core by its window. */
import { assert } from '../../../shared/base/assert.ts'
import type { Operator } from '../operator.ts'
import type { StateStore } from '../../state/state-store.ts'
import { SessionAggregate } from '../window/session-aggregate.ts'
import { WindowAggregate } from '../window/window-aggregate.ts'
import type { AggregateSetup } from './aggregate-setup.ts'
import { UpdatingAggregate } from './updating-aggregate.ts'

export interface AggregateOperator extends Operator {
  /** The generated loops, for `explain --code`. */
  readonly code: string
  /** Its states, for the summary of a run. */
  readonly store: StateStore
}

export function aggregateOperator(setup: AggregateSetup): AggregateOperator {
  const { window } = setup.core
  if (window === null) return new UpdatingAggregate(setup)
  switch (window.type) {
    case 'tumbling':
    case 'sliding':
    case 'cumulate':
    case 'global':
      return new WindowAggregate(setup)
    case 'session':
      return new SessionAggregate(setup)
    default:
      assert(false, `windows of type ${window.type} have an operator`)
  }
}
