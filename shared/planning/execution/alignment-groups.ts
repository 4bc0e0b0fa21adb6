/**
 * Which sources meet in event-time state and so must not run apart (D13): those upstream of one core
 * that keeps rows or panes by event time.
 */
import type { Core } from '../plan.ts'
import type { ExecutionPlan, Stage } from './stage.ts'

/** Names of sources per group; a source stands in one group at most. */
export function alignmentGroups(execution: ExecutionPlan): readonly (readonly string[])[] {
  let groups: Set<string>[] = []
  for (const stage of execution.stages) {
    if (stage.role !== 'core' || stage.block.core === null) continue
    if (!keepsEventTime(stage.block.core)) continue
    const met = sourcesAbove(execution, stage)
    if (met.size < 2) continue
    const touched = groups.filter((group) => [...group].some((name) => met.has(name)))
    groups = groups.filter((group) => !touched.includes(group))
    groups.push(new Set([...met, ...touched.flatMap((group) => [...group])]))
  }
  return groups.map((group) => [...group])
}

function keepsEventTime(core: Core): boolean {
  switch (core.kind) {
    case 'aggregate':
    case 'top':
      return core.window?.time === 'event'
    case 'join':
      return core.mode.kind !== 'updating'
    case 'dedupe':
      return core.mode.kind === 'within'
    default:
      return true // a process function may set event timers
  }
}

function sourcesAbove(execution: ExecutionPlan, stage: Stage): Set<string> {
  const found = new Set<string>()
  const seen = new Set<number>()
  const open = stage.inputs.map((edge) => edge.from)
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue
    seen.add(index)
    const above = execution.stages[index]
    if (above?.role === 'source') found.add(above.block.name)
    open.push(...(above?.inputs.map((edge) => edge.from) ?? []))
  }
  return found
}
