/** Chooses the operator of an aggregate core by its window. */
import { unreachable } from '../../../shared/base/assert.ts'
import type { Operator } from '../operator.ts'
import type { StateStore } from '../../state/state-store.ts'
import { CountAggregate } from '../window/count-aggregate.ts'
import { isDense } from '../window/dense/compile-dense.ts'
import { DenseAggregate } from '../window/dense/dense-aggregate.ts'
import { RollingAggregate } from '../window/rolling/rolling-aggregate.ts'
import { withBoundsAsKey } from '../window/same-window.ts'
import { sessionOperator } from '../window/session/session-operator.ts'
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
  if (isDense(setup)) return new DenseAggregate(setup)
  switch (window.type) {
    case 'tumbling':
    case 'sliding':
    case 'cumulate':
    case 'global':
      return new WindowAggregate(setup)
    case 'same':
      return new WindowAggregate({ ...setup, core: withBoundsAsKey(setup.core) })
    case 'count':
      return new CountAggregate(setup)
    case 'rolling':
      return new RollingAggregate(setup)
    case 'session':
      return sessionOperator(setup)
    default:
      return unreachable(window)
  }
}
