/**
 * `explain --format code`: the loops that a run generates, with a heading per block and stage. Built
 * as a run builds them, over tables that are not loaded; nothing is read or run.
 */
import { overloadsWith } from '../../node/operators/chain/user-functions.ts'
import { createOperator } from '../../node/operators/create-operator.ts'
import { pairColumns } from '../../node/operators/join/join-operator.ts'
import { LookupTable } from '../../node/operators/lookup/lookup-table.ts'
import type { OperatorEnvironment } from '../../node/operators/operator-place.ts'
import { CountingMemory } from '../../node/state/memory.ts'
import { compilePredicate } from '../../shared/expr/compile/compile-predicate.ts'
import { compileKeyHash } from '../../shared/model/key-hash/key-hash-compile.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import { planExecution } from '../../shared/planning/execution/execution-plan.ts'
import type { ExecutionPlan, Stage } from '../../shared/planning/execution/stage.ts'
import type { Core, Plan } from '../../shared/planning/plan.ts'

interface Part {
  readonly what: string
  readonly code: string
}

/** Of the whole plan, or of one block. */
export function explainCode(plan: Plan, block?: string): string {
  const execution = planExecution(plan, { parallelism: 1, isSingleSink: () => true })
  const environment = environmentOf(plan)
  const sections = execution.stages
    .filter((stage) => block === undefined || stage.block.name === block)
    .flatMap((stage) => sectionOf(stage, execution, environment))
  if (sections.length > 0) return `${sections.join('\n\n')}\n`
  return `// ${block ?? plan.pipeline} generates no code: rows pass as they are\n`
}

function environmentOf(plan: Plan): OperatorEnvironment {
  const tables = new Map(
    plan.tables.map(({ name, columns }) => [name, new LookupTable(name, columns)]),
  )
  return {
    plan,
    overload: overloadsWith(plan.functions ?? {}),
    table: (name) => tables.get(name) ?? new LookupTable(name, []),
    memory: new CountingMemory(),
  }
}

function sectionOf(
  stage: Stage,
  execution: ExecutionPlan,
  environment: OperatorEnvironment,
): string[] {
  const inputs = inputsOf(stage, execution)
  const parts = [
    ...exchangeParts(stage, inputs),
    ...(stage.role === 'source' || stage.role === 'sink'
      ? []
      : operatorParts(stage, inputs, environment)),
  ].filter((part) => part.code.trim() !== '')
  return parts.map(({ what, code }) => {
    const columns = stage.role === 'core' ? [] : columnLines(inputs)
    return [`// == ${stage.block.name}: ${what}`, ...columns, code.trimEnd()].join('\n')
  })
}

/** What `columns[0]`, `columns[1]` … of the loop are. */
function columnLines(inputs: readonly (readonly ColumnSpec[])[]): string[] {
  return inputs.map((columns) => {
    const list = columns.map(({ path, layout }, index) => `${index} ${path} (${layout})`)
    return `// columns: ${list.join(', ')}`
  })
}

function inputsOf(stage: Stage, execution: ExecutionPlan): (readonly ColumnSpec[])[] {
  return Array.from({ length: stage.inputCount }, (_, input) => {
    const edge = stage.inputs.find((one) => one.input === input)
    const from = edge === undefined ? undefined : execution.stages[edge.from]
    return from?.outputs.find((output) => output.name === edge?.output)?.columns ?? []
  })
}

/** How rows find their subtask, once there are several. */
function exchangeParts(stage: Stage, inputs: readonly (readonly ColumnSpec[])[]): Part[] {
  return stage.inputs.flatMap(({ route, input }) => {
    if (route.kind !== 'hash') return []
    const key = pick(inputs[input] ?? [], route.columns)
    return [{ what: `key hash of the exchange (${names(key)})`, code: keyHashCode(key) }]
  })
}

const STAGES: Readonly<Record<Exclude<Stage['role'], 'source' | 'sink'>, string>> = {
  normalize: 'last row per key, behind the source',
  steps: 'steps',
  pre: 'steps before the core',
  core: 'core',
  post: 'steps behind the core',
  materialize: 'last row per key, before the sink',
}

function operatorParts(
  stage: Stage,
  inputs: readonly (readonly ColumnSpec[])[],
  environment: OperatorEnvironment,
): Part[] {
  if (stage.role === 'source' || stage.role === 'sink') return []
  const core = stage.role === 'core' && stage.block.kind === 'transform' ? stage.block.core : null
  const what = core === null ? STAGES[stage.role] : `core ${core.kind}`
  if (core !== null && core.kind !== 'aggregate') return coreParts(core, what, environment)
  const operator = createOperator({ stage, subtask: 0, inputs, environment })
  const own = { what, code: 'code' in operator ? String(operator.code) : '' }
  return core === null ? [own] : [...coreParts(core, what, environment), own]
}

/** The parts of a core that are generated per plan: the hash of its key, the rest of a condition. */
function coreParts(core: Core, what: string, { overload }: OperatorEnvironment): Part[] {
  if (core.kind === 'join') {
    const key = pick(specs(core.left.input), core.left.key)
    const hash = { what: `${what}, key hash (${names(key)})`, code: keyHashCode(key) }
    if (core.residual === null) return [hash]
    const { code } = compilePredicate(core.residual, pairColumns(core), overload)
    return [hash, { what: `${what}, what is left of the condition`, code }]
  }
  const key = pick(specs(core.input), core.key)
  return [{ what: `${what}, key hash (${names(key)})`, code: keyHashCode(key) }]
}

function keyHashCode(key: readonly ColumnSpec[]): string {
  return key.length === 0 ? '' : compileKeyHash(key).code
}

const specs = (columns: readonly { readonly spec: ColumnSpec }[]): ColumnSpec[] =>
  columns.map((column) => column.spec)

const names = (key: readonly ColumnSpec[]): string => key.map((column) => column.path).join(', ')

function pick(columns: readonly ColumnSpec[], indexes: readonly number[]): ColumnSpec[] {
  return indexes.flatMap((index) => columns[index] ?? [])
}
