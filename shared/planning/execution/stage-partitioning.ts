/**
 * By which columns the rows of a stage are already partitioned, followed through cores and steps,
 * so that a second exchange by the same key is left out.
 */
import type { Core, ProjectedColumn, Step } from '../plan.ts'

/** Paths of the key columns in a keyed core's output, in key order; null when one is not there. */
export function afterCore(core: Core): readonly string[] | null {
  switch (core.kind) {
    case 'aggregate':
      return paths(core.key.map((_, at) => core.output[core.passed.length + at]?.path))
    case 'top':
    case 'dedupe':
      return paths(core.key.map((column) => core.output[core.kept.indexOf(column)]?.path))
    case 'join': {
      const { left, type } = core
      if (type === 'right' || type === 'full') return null // a right row alone has no left key
      return paths(left.key.map((column) => core.output[left.kept.indexOf(column)]?.path))
    }
    case 'process':
      return null
    default:
      return null
  }
}

/** The same key after stateless steps: a path survives as long as it is copied. */
export function columnsThrough(
  partitioned: readonly string[] | null,
  steps: readonly Step[],
): readonly string[] | null {
  return steps.reduce<readonly string[] | null>(
    (key, step) => (key === null ? null : afterStep(key, step)),
    partitioned,
  )
}

function afterStep(key: readonly string[], step: Step): readonly string[] | null {
  if (step.kind === 'flat_map') return null
  if (step.kind === 'unnest') {
    const added = new Set([...step.itemColumns.map((column) => column.path), step.index])
    return key.some((path) => added.has(path)) ? null : key
  }
  if (step.kind !== 'project') return key
  return paths(key.map((path) => copiedAs(step.columns, path)))
}

function copiedAs(columns: readonly ProjectedColumn[], path: string): string | undefined {
  return columns.find(({ expr }) => expr.node === 'column' && expr.path === path)?.spec.path
}

/** Whether `key` (indexes into `columns`) copies exactly the paths of `partitioned`, in order. */
export function isPartitionedBy(
  partitioned: readonly string[] | null,
  columns: readonly ProjectedColumn[],
  key: readonly number[],
): boolean {
  if (partitioned === null || partitioned.length !== key.length) return false
  return key.every((column, at) => {
    const expr = columns[column]?.expr
    return expr?.node === 'column' && expr.path === partitioned[at]
  })
}

function paths(found: readonly (string | undefined)[]): readonly string[] | null {
  const known = found.filter((path) => path !== undefined)
  return known.length === found.length ? known : null
}
