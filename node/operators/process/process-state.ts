/**
 * The keyed state of a process function: values, lists and maps, with the writes of one call held
 * back until it returns.
 *
 * Adding to a list appends one row; writing an entry of a map writes that entry. Values go in and
 * out as copies, so that nothing the function keeps can change what is stored.
 *
 * Invariant: between two calls no state has held-back writes.
 */
import { unreachable } from '../../../shared/base/assert.ts'
import type {
  ListState,
  MapState,
  StateDeclaration,
  ValueState,
} from '../../../shared/api/processor-definition.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { CurrentKey, HeldState, StateParts } from './held-state.ts'
import { ProcessList } from './process-list.ts'
import { ProcessMap } from './process-map.ts'
import { ProcessValue } from './process-value.ts'

export interface ProcessStates {
  /** What the function sees, by name. */
  readonly handles: Readonly<Record<string, ValueState | ListState | MapState>>
  readonly all: readonly HeldState[]
}

export function processStates(
  declarations: Readonly<Record<string, StateDeclaration>>,
  store: StateStore,
  key: CurrentKey,
): ProcessStates {
  const made = Object.entries(declarations).map(
    ([name, declaration]) => [name, processState(name, declaration, { store, key })] as const,
  )
  return { handles: Object.fromEntries(made), all: made.map(([, state]) => state) }
}

function processState(
  name: string,
  declaration: StateDeclaration,
  parts: StateParts,
): ProcessValue | ProcessList | ProcessMap {
  switch (declaration.kind) {
    case 'value':
      return new ProcessValue(name, declaration.type, parts)
    case 'list':
      return new ProcessList(name, declaration.type, parts)
    case 'map':
      return new ProcessMap(name, declaration, parts)
    default:
      return unreachable(declaration)
  }
}
