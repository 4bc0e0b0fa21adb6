/**
 * Cuts a list of steps where a step is no loop (`unnest`, `flat_map`, `lookup`), and finds what each
 * part has to hand on: only columns that something behind it reads.
 */
import { assert, unreachable } from '../../../shared/base/assert.ts'
import { columnReferences } from '../../../shared/expr/compile/column-references.ts'
import type { LoopStep } from '../../../shared/expr/compile/loop-spec.ts'
import type { DataType } from '../../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'
import type { ProjectedColumn, Step } from '../../../shared/planning/plan.ts'

export type BreakingStep = Extract<Step, { kind: 'unnest' | 'flat_map' | 'lookup' }>

export interface LoopPart {
  readonly kind: 'loop'
  readonly input: readonly ColumnSpec[]
  readonly steps: readonly LoopStep[]
  readonly output: readonly ProjectedColumn[]
  /** Outputs from this index on are read by the next part only, before the next batch. */
  readonly scratchFrom?: number
}

export interface BreakingPart {
  readonly kind: 'breaking'
  readonly step: BreakingStep
  /** Columns that pass by, then the ones the step computes from (`$0`, `$1`, …). */
  readonly input: readonly ColumnSpec[]
  readonly carried: readonly ColumnSpec[]
  /** Columns after the step: carried ones, then added ones that are read. */
  readonly output: readonly ColumnSpec[]
}

export type Part = LoopPart | BreakingPart

export interface ChainShape {
  readonly input: readonly ColumnSpec[]
  readonly steps: readonly Step[]
  readonly output: readonly ProjectedColumn[]
  readonly rejected: readonly ColumnSpec[]
}

/** Loops and breaking steps in turn; the first and the last part are loops. */
export function segmentPlan(shape: ChainShape): Part[] {
  const needed = neededAfter(shape)
  const parts: Part[] = []
  let input = shape.input
  let columns = shape.input
  let steps: LoopStep[] = []
  shape.steps.forEach((step, index) => {
    if (step.kind === 'filter' || step.kind === 'validate' || step.kind === 'project') {
      steps.push(step)
      if (step.kind === 'project') columns = step.columns.map((column) => column.spec)
      return
    }
    const after = needed[index]
    assert(after !== undefined, 'every step knows what is needed after it')
    const carried = step.kind === 'flat_map' ? [] : carriedBy(step, columns, after)
    const computed = computedFor(step, columns)
    const scratch = step.kind === 'lookup' ? { scratchFrom: carried.length } : {}
    const before = [...carried.map(asItIs), ...computed]
    parts.push({ kind: 'loop', input, steps, output: before, ...scratch })
    const added = addedBy(step).filter((spec) => after.has(spec.path))
    const output = [...carried, ...added]
    const breakingInput = [...carried, ...computed.map((column) => column.spec)]
    parts.push({ kind: 'breaking', step, input: breakingInput, carried, output })
    input = output
    columns = output
    steps = []
  })
  parts.push({ kind: 'loop', input, steps, output: shape.output })
  return parts
}

/** Per step, the paths that something behind it reads. */
function neededAfter(shape: ChainShape): ReadonlySet<string>[] {
  let needed = new Set<string>()
  for (const column of shape.output) columnReferences(column.expr, needed)
  const after: ReadonlySet<string>[] = []
  for (const step of shape.steps.toReversed()) {
    after.unshift(needed)
    needed = neededBefore(step, needed, shape.rejected)
  }
  return after
}

function neededBefore(
  step: Step,
  after: ReadonlySet<string>,
  rejected: readonly ColumnSpec[],
): Set<string> {
  switch (step.kind) {
    case 'filter':
      return columnReferences(step.predicate, new Set(after))
    case 'validate': {
      const needed = new Set(after)
      for (const rule of step.rules) columnReferences(rule.predicate, needed)
      if (step.action === 'reject') for (const spec of rejected) needed.add(spec.path)
      return needed
    }
    case 'project': {
      const needed = new Set<string>()
      for (const { spec, expr } of step.columns) {
        if (after.has(spec.path)) columnReferences(expr, needed)
      }
      return needed
    }
    case 'unnest':
    case 'lookup': {
      const added = new Set(addedBy(step).map((spec) => spec.path))
      const needed = new Set([...after].filter((path) => !added.has(path)))
      for (const column of computedFor(step, [])) columnReferences(column.expr, needed)
      if (step.kind === 'lookup' && step.residual !== null) {
        for (const path of columnReferences(step.residual)) if (!added.has(path)) needed.add(path)
      }
      return needed
    }
    case 'flat_map':
      return new Set(step.input.map((spec) => spec.path))
    default:
      return unreachable(step)
  }
}

/** Columns that pass a step unchanged and are read behind it, or by its own condition. */
function carriedBy(
  step: BreakingStep,
  columns: readonly ColumnSpec[],
  after: ReadonlySet<string>,
): ColumnSpec[] {
  const added = new Set(addedBy(step).map((spec) => spec.path))
  const own =
    step.kind === 'lookup' && step.residual !== null ? columnReferences(step.residual) : null
  return columns.filter(
    ({ path }) => !added.has(path) && (after.has(path) || own?.has(path) === true),
  )
}

/**
 * What a step needs computed for it, as columns `$0`, `$1`, …; `columns` are those before it, whose
 * layouts plain columns keep.
 */
function computedFor(step: BreakingStep, columns: readonly ColumnSpec[]): ProjectedColumn[] {
  switch (step.kind) {
    case 'unnest':
      return [hidden(0, step.list, columns)]
    case 'lookup':
      return step.equal.map((term, index) => hidden(index, term.left, columns))
    case 'flat_map':
      return step.input.map(asItIs)
    default:
      return unreachable(step)
  }
}

function hidden(
  index: number,
  expr: ProjectedColumn['expr'],
  columns: readonly ColumnSpec[],
): ProjectedColumn {
  const spec = columnOf(`$${index}`, expr)
  const copied = expr.node === 'column' ? columns.find(({ path }) => path === expr.path) : undefined
  return { spec: copied?.layout === 'dict' ? { ...spec, layout: 'dict' } : spec, expr }
}

function addedBy(step: BreakingStep): readonly ColumnSpec[] {
  switch (step.kind) {
    case 'unnest':
      return step.index === null
        ? step.itemColumns
        : [...step.itemColumns, indexColumn(step.index, step.keepEmpty)]
    case 'lookup':
      return step.columns
    case 'flat_map':
      return step.output
    default:
      return unreachable(step)
  }
}

const INTEGER: DataType = { kind: 'integer' }

/** From 0, as `list[0]`; null where the list was empty and the record is kept. */
function indexColumn(path: string, nullable: boolean): ColumnSpec {
  return columnOf(path, { type: INTEGER, nullable })
}

function asItIs(spec: ColumnSpec): ProjectedColumn {
  const { path, type, nullable } = spec
  return { spec, expr: { node: 'column', path, type, nullable } }
}
