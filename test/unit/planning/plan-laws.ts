/**
 * What holds of every plan, checked step by step: expressions read columns that are there, indexes
 * point into inputs, and a block ends with the columns that its readers use.
 */
import type { TypedExpr } from '../../../shared/expr/ast.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { pathsRead } from '../../../shared/planning/expr-shape.ts'
import type {
  Core,
  Plan,
  PlanBlock,
  ProjectedColumn,
  Step,
  TransformBlock,
} from '../../../shared/planning/plan.ts'

/** Sentences about what is broken; none for a good plan. */
export function brokenLaws(plan: Plan): string[] {
  const broken: string[] = []
  for (const block of plan.blocks) {
    const say = (text: string): void => void broken.push(`${block.name}: ${text}`)
    checkOrder(plan, block, say)
    if (block.kind === 'transform') checkTransform(plan, block, say)
    if (block.kind === 'sink') {
      const used = usedOf(plan, block, 0)
      for (const column of block.columns) {
        if (!used.has(column.path)) say(`writes ${column.path}, which does not arrive`)
      }
    }
    for (const output of block.outputs) {
      const columns = new Set(output.stream.columns.map((one) => one.path))
      for (const path of output.used) if (!columns.has(path)) say(`uses ${path}, which is none`)
      for (const path of output.stream.uniqueKey ?? []) {
        if (!columns.has(path)) say(`is unique by ${path}, which is none`)
      }
    }
  }
  return broken
}

type Say = (text: string) => void

function checkOrder(plan: Plan, block: PlanBlock, say: Say): void {
  const at = plan.blocks.indexOf(block)
  for (const ref of block.inputs) {
    const from = plan.blocks.findIndex((one) => one.name === ref.block)
    if (from < 0 || from >= at) say(`stands before ${ref.block}, which it reads`)
  }
}

function usedOf(plan: Plan, block: PlanBlock, index: number): Set<string> {
  const ref = block.inputs[index]
  const from = plan.blocks.find((one) => one.name === ref?.block)
  return new Set(from?.outputs.find((one) => one.name === ref?.output)?.used)
}

function checkTransform(plan: Plan, block: TransformBlock, say: Say): void {
  const isJoin = block.core?.kind === 'join'
  const lefts = isJoin ? block.inputs.slice(0, -1) : block.inputs
  lefts.forEach((_, index) => {
    const used = usedOf(plan, block, index)
    for (const one of block.inputColumns ?? []) {
      if (!used.has(one.path)) say(`reads ${one.path}, which input ${index} does not give`)
    }
  })
  let row = pathsOf(block.inputColumns ?? [])
  row = checkSteps(row, block.pre, say)
  if (block.core !== null) {
    const right = isJoin ? usedOf(plan, block, block.inputs.length - 1) : new Set<string>()
    row = checkCore(block.core, { row, right, say })
  }
  row = checkSteps(row, block.post, say)
  const main = block.outputs.find((one) => one.name === 'main')
  if ([...row].join() !== (main?.used ?? []).join()) {
    say(`ends with ${[...row].join()}, and its readers use ${main?.used.join() ?? ''}`)
  }
}

function pathsOf(columns: readonly ColumnSpec[]): Set<string> {
  return new Set(columns.map((one) => one.path))
}

function checkExpr(row: ReadonlySet<string>, expr: TypedExpr, say: Say): void {
  for (const path of pathsRead(expr)) {
    const isThere = path.endsWith('.')
      ? [...row].some((one) => one.startsWith(path))
      : row.has(path)
    if (!isThere) say(`an expression reads ${path}, and the row is ${[...row].join()}`)
  }
}

function checkSteps(start: Set<string>, steps: readonly Step[], say: Say): Set<string> {
  let row = start
  for (const step of steps) row = checkStep(row, step, say)
  return row
}

function checkStep(row: Set<string>, step: Step, say: Say): Set<string> {
  switch (step.kind) {
    case 'filter':
      checkExpr(row, step.predicate, say)
      return row
    case 'project':
      for (const one of step.columns) checkExpr(row, one.expr, say)
      return pathsOf(step.columns.map((one) => one.spec))
    case 'unnest':
      checkExpr(row, step.list, say)
      return new Set([
        ...row,
        ...pathsOf(step.itemColumns),
        ...(step.index === null ? [] : [step.index]),
      ])
    case 'flat_map':
      for (const one of step.input) if (!row.has(one.path)) say(`flat_map reads ${one.path}`)
      return pathsOf(step.output)
    case 'lookup':
      for (const one of step.equal) checkExpr(row, one.left, say)
      return new Set([...row, ...pathsOf(step.columns)])
    default:
      for (const rule of step.rules) checkExpr(row, rule.predicate, say)
      return row
  }
}

interface CoreScope {
  readonly row: ReadonlySet<string>
  readonly right: ReadonlySet<string>
  readonly say: Say
}

function checkCore(core: Core, { row, right, say }: CoreScope): Set<string> {
  const within = (input: readonly ProjectedColumn[], indexes: readonly (number | null)[]): void => {
    for (const index of indexes) {
      if (index !== null && input[index] === undefined) say(`index ${index} is not in the input`)
    }
  }
  if (core.kind === 'join') {
    for (const one of core.left.input) checkExpr(row, one.expr, say)
    for (const one of core.right.input) checkExpr(right, one.expr, say)
    if (core.right.where) checkExpr(right, core.right.where, say)
    for (const side of [core.left, core.right]) {
      within(side.input, [...side.key, ...side.kept, ...(side.uniqueKey ?? [])])
    }
    const rights = core.right.input.map((one) => `${core.alias}.${one.spec.path}`)
    const both = new Set([...pathsOf(core.left.input.map((one) => one.spec)), ...rights])
    if (core.residual !== null) checkExpr(both, core.residual, say)
    if (core.left.key.length !== core.right.key.length) say('keys of other lengths')
  } else {
    for (const one of core.input) checkExpr(row, one.expr, say)
    within(core.input, core.key)
    if (core.kind === 'aggregate') {
      for (const call of core.calls) within(core.input, [...call.args, call.where])
      within(core.input, core.passed)
    }
    if (core.kind === 'top' || core.kind === 'dedupe') within(core.input, core.kept)
  }
  return pathsOf(core.output)
}
