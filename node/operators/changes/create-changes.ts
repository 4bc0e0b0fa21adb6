/** From a stage that makes changes full, or takes them under another key, to its operator. */
import { assert } from '../../../shared/base/assert.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { SinkBlock, SourceBlock } from '../../../shared/planning/plan.ts'
import { StateStore } from '../../state/state-store.ts'
import type { Operator } from '../operator.ts'
import type { OperatorPlace } from '../operator-place.ts'
import { materializer } from './materializer.ts'
import { Normalizer } from './normalizer.ts'

export function normalizerOf({ primaryKey }: SourceBlock, place: OperatorPlace): Operator {
  const { columns, store } = changeParts(place)
  return new Normalizer({ columns, store, key: indexesOf(columns, primaryKey) })
}

export function materializerOf({ key, latestBy }: SinkBlock, place: OperatorPlace): Operator {
  const { columns, store } = changeParts(place)
  const by = latestBy === null ? null : (indexesOf(columns, [latestBy])[0] ?? null)
  return materializer({ columns, store, key: indexesOf(columns, key), latestBy: by })
}

function changeParts({ inputs, environment }: OperatorPlace): {
  readonly columns: readonly ColumnSpec[]
  readonly store: StateStore
} {
  return { columns: inputs[0] ?? [], store: new StateStore(environment.memory) }
}

function indexesOf(columns: readonly ColumnSpec[], paths: readonly string[] | null): number[] {
  return (paths ?? []).map((path) => {
    const index = columns.findIndex((column) => column.path === path)
    assert(index >= 0, `the key column ${path} comes in`)
    return index
  })
}
