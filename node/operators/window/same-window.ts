/**
 * Grouping again inside the window of the input: the bounds that the input's rows carry are part of
 * the key, and the window closes with theirs.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { AggregateCore } from '../../../shared/planning/plan.ts'

/** The core with the bounds as its last two key columns; they lie there in its output already. */
export function withBoundsAsKey(core: AggregateCore): AggregateCore {
  const bounds = ['window_start', 'window_end'].map((name) => boundIndex(core, name))
  return { ...core, key: [...core.key, ...bounds] }
}

/** The input column with the start of a row's window. */
export function startColumn(core: AggregateCore): number {
  return boundIndex(core, 'window_start')
}

function boundIndex({ input }: AggregateCore, name: string): number {
  const index = input.findIndex((column) => column.spec.path === name)
  assert(index >= 0, `the input of a same window has ${name}`)
  return index
}
