/** How many subtasks a core or sink may have, and how rows find the subtask of a sink's key. */
import type { ColumnSpec } from '../../model/layout.ts'
import { isMaterialized, type Core, type SinkBlock, type TransformBlock } from '../plan.ts'
import type { Route } from './stage.ts'

export function isKeyed(core: Core): boolean {
  return core.kind === 'join' ? core.left.key.length > 0 : core.key.length > 0
}

/** A core without a key holds one state and so has one subtask. */
export function coreParallelism(block: TransformBlock, core: Core, parallelism: number): number {
  return isKeyed(core) ? (block.parallelism ?? parallelism) : 1
}

/** Rows of one key of a sink go to one subtask, so that the newest is written last. */
export function sinkKeyRoute(
  block: SinkBlock,
  columns: readonly ColumnSpec[],
  parallelism: number,
): Route | null {
  const { key } = block
  if (parallelism === 1 || key === null) return null
  if (block.mode !== 'upsert' && !isMaterialized(block)) return null
  const indexes = key.map((path) => columns.findIndex((column) => column.path === path))
  return indexes.includes(-1) ? { kind: 'single' } : { kind: 'hash', columns: indexes }
}
