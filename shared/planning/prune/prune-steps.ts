/** Steps without the columns that nobody behind them reads; walked from the last to the first. */
import { unreachable } from '../../base/assert.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import { columnOf } from '../../model/row-schema.ts'
import { pathsRead, reads } from '../expr-shape.ts'
import type { Step } from '../plan.ts'

/** Columns read, by table. */
export type TableReads = Map<string, Set<string>>

export interface StepDemand {
  /** Paths that are read behind the steps. */
  readonly needed: ReadonlySet<string>
  /** Paths of rejected rows that are read. */
  readonly rejected: ReadonlySet<string>
  readonly tables: TableReads
}

export interface PrunedSteps {
  readonly steps: readonly Step[]
  /** Paths that are read before them. */
  readonly needed: ReadonlySet<string>
}

export function pruneSteps(steps: readonly Step[], demand: StepDemand): PrunedSteps {
  let needed = demand.needed
  const pruned: Step[] = []
  for (const step of steps.toReversed()) {
    const one = pruneStep(step, { ...demand, needed })
    pruned.push(one.step)
    needed = one.needed
  }
  return { steps: pruned.toReversed(), needed }
}

interface PrunedStep {
  readonly step: Step
  readonly needed: ReadonlySet<string>
}

function pruneStep(step: Step, demand: StepDemand): PrunedStep {
  const { needed } = demand
  switch (step.kind) {
    case 'filter':
      return { step, needed: new Set([...needed, ...pathsRead(step.predicate)]) }
    case 'project': {
      const columns = step.columns.filter((one) => reads(needed, one.spec.path))
      const before = new Set(columns.flatMap((one) => [...pathsRead(one.expr)]))
      return { step: { ...step, columns }, needed: before }
    }
    case 'unnest':
      return pruneUnnest(step, needed)
    case 'flat_map': {
      const output = step.output.filter((one) => reads(needed, one.path))
      return { step: { ...step, output }, needed: new Set(step.input.map((one) => one.path)) }
    }
    case 'lookup':
      return pruneLookup(step, demand)
    case 'validate': {
      const own = step.rules.flatMap((rule) => [...pathsRead(rule.predicate)])
      const rejected = step.action === 'reject' ? demand.rejected : []
      const rows = [...rejected].filter((path) => path !== '_rule')
      return { step, needed: new Set([...needed, ...own, ...rows]) }
    }
    default:
      return unreachable(step)
  }
}

function pruneUnnest(
  step: Extract<Step, { kind: 'unnest' }>,
  needed: ReadonlySet<string>,
): PrunedStep {
  const itemColumns = step.itemColumns.filter((one) => reads(needed, one.path))
  const index = step.index !== null && needed.has(step.index) ? step.index : null
  const isOwn = (path: string): boolean =>
    path === step.index || path === step.item || path.startsWith(`${step.item}.`)
  const before = new Set([...needed].filter((path) => !isOwn(path)))
  for (const path of pathsRead(step.list)) before.add(path)
  return { step: { ...step, itemColumns, index }, needed: before }
}

function pruneLookup(
  step: Extract<Step, { kind: 'lookup' }>,
  { needed, tables }: StepDemand,
): PrunedStep {
  const prefix = `${step.alias}.`
  const residual = step.residual === null ? new Set<string>() : pathsRead(step.residual)
  const wanted = new Set([...needed, ...residual])
  const columns = step.columns.filter((one) => reads(wanted, one.path))
  const before = new Set([...wanted].filter((path) => !path.startsWith(prefix)))
  const table = tables.get(step.table) ?? new Set()
  tables.set(step.table, table)
  for (const column of columns) table.add(column.path.slice(prefix.length))
  for (const { left, right } of step.equal) {
    for (const path of pathsRead(left)) before.add(path)
    table.add(right)
  }
  return { step: { ...step, columns }, needed: before }
}

/** The columns of the row after steps. */
export function columnsAfter(
  columns: readonly ColumnSpec[],
  steps: readonly Step[],
): readonly ColumnSpec[] {
  return steps.reduce(columnsAfterStep, columns)
}

function columnsAfterStep(columns: readonly ColumnSpec[], step: Step): readonly ColumnSpec[] {
  switch (step.kind) {
    case 'project':
      return step.columns.map((one) => one.spec)
    case 'flat_map':
      return step.output
    case 'lookup':
      return [...columns, ...step.columns]
    case 'unnest': {
      const nullable = step.keepEmpty
      const index = step.index === null ? [] : [{ path: step.index, nullable }]
      const indexes = index.map((one) =>
        columnOf(one.path, { type: { kind: 'integer' }, nullable: one.nullable }),
      )
      return [...columns, ...step.itemColumns, ...indexes]
    }
    default:
      return columns
  }
}
