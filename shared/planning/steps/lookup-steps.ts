/** Lookups: the row of a table under an alias. */
import { nearestName } from '../../base/nearest-name.ts'
import type { TypedExpr } from '../../expr/ast.ts'
import type { Field } from '../../model/data-type.ts'
import { columnsOf, layoutOf } from '../../model/row-schema.ts'
import type { LookupSpec, StepSpec } from '../../spec/pipeline-spec.ts'
import { refuseChance } from '../change-kinds.ts'
import { draftPath, refuse, type Draft } from '../draft.ts'
import { splitCondition, type SplitCondition } from '../equality-pairs.ts'
import type { Step } from '../plan.ts'
import type { PlannedTable } from '../blocks/table-plan.ts'
import { layoutsOf, listNames, rowOf } from '../row.ts'

type LookupStep = Extract<Step, { kind: 'lookup' }>

export function planLookups(draft: Draft, step: Extract<StepSpec, { kind: 'lookup' }>): void {
  for (const lookup of step.lookups) planLookup(draft, lookup, [...step.key, lookup.alias])
}

function planLookup(draft: Draft, spec: LookupSpec, at: readonly (string | number)[]): void {
  const { alias } = spec
  const table = findTable(draft, spec, at)
  if (table === null) return
  if (draft.row.fields.some((field) => field.name === alias)) {
    refuse(draft, {
      code: 'FIELD_TAKEN',
      at,
      message: `the row already has a field \`${alias}\``,
      fix: 'give the alias another name',
    })
    return
  }
  refuseChance(draft, `lookup \`${alias}\``, at)
  const sides = { left: draft.row, right: table.row, alias, at: [...at, 'on'] }
  const condition = splitCondition(draft, spec.on, sides)
  const type = spec.type ?? 'left'
  if (condition !== null) {
    const equal = equalities(draft, condition, { table, alias, at })
    if (equal !== null) draft.steps.push(lookupStep(draft, { spec, table, equal, condition }))
  }
  const joined: Field = {
    name: alias,
    type: { kind: 'struct', fields: table.row.fields },
    nullable: type === 'left',
  }
  const origins = new Map(draft.row.origins)
  origins.set(alias, `the ${type} lookup in table ${spec.from}`)
  draft.row = rowOf([...draft.row.fields, joined], origins, layoutsOf(draft.row))
}

function findTable(
  draft: Draft,
  { from }: LookupSpec,
  at: readonly (string | number)[],
): PlannedTable | null {
  const { planning } = draft
  const known = planning.tables.get(from)
  if (known !== undefined) return known
  const path = draftPath(draft, ...at, 'from')
  if (planning.graph.sections.has(from)) {
    planning.diagnostics.error(
      'TABLE_MISUSED',
      path,
      `\`${from}\` is a stream, and a lookup reads a table`,
      {
        fix: `use \`join: { alias: { from: ${from}, on: … } }\`, or declare it under \`tables:\``,
      },
    )
    return null
  }
  const names = [...planning.tables.keys()]
  const near = nearestName(from, names)
  const choice = names.length === 0 ? 'declare it under `tables:`' : `one of ${listNames(names)}`
  planning.diagnostics.error('BLOCK_UNKNOWN', path, `there is no table \`${from}\``, {
    fix: near === null ? choice : `write \`${near}\``,
  })
  return null
}

interface LookupPlace {
  readonly table: PlannedTable
  readonly alias: string
  readonly at: readonly (string | number)[]
}

/** Pairs with a column of the table on the right; they must fix the key of the table. */
function equalities(
  draft: Draft,
  condition: SplitCondition,
  { table, alias, at }: LookupPlace,
): LookupStep['equal'] | null {
  const equal: { left: TypedExpr; right: string }[] = []
  for (const { left, right } of condition.pairs) {
    const column = plainColumn(right)
    if (column === null) {
      refuse(draft, {
        code: 'JOIN_CONDITION_WRONG',
        at: [...at, 'on'],
        message:
          'an equality of a lookup compares a field of the table itself, not something computed of it',
        fix: `convert the other side, as in \`to_string(id) == ${alias}.${table.block.key[0] ?? 'key'}\``,
      })
      return null
    }
    equal.push({ left, right: column })
  }
  const missing = table.block.key.filter((key) => !equal.some((one) => one.right === key))
  if (missing.length === 0) return equal
  const name = table.block.name
  refuse(draft, {
    code: 'JOIN_CONDITION_WRONG',
    at: [...at, 'on'],
    message: `\`on\` does not fix ${missing.map((key) => `\`${key}\``).join(', ')}, the key of table \`${name}\`, so that several rows could match`,
    fix: `add \`… == ${alias}.${missing[0]}\`, or declare another \`key\` of \`${name}\``,
  })
  return null
}

/** A column, also one that is only widened in the same layout. */
function plainColumn(expr: TypedExpr): string | null {
  if (expr.node === 'column') return expr.path
  if (expr.node !== 'cast' || expr.arg.node !== 'column') return null
  const isSameLayout = layoutOf(expr.to) === layoutOf(expr.arg.type)
  return isSameLayout && expr.to.kind !== 'decimal' ? expr.arg.path : null
}

interface LookupParts {
  readonly spec: LookupSpec
  readonly table: PlannedTable
  readonly equal: LookupStep['equal']
  readonly condition: SplitCondition
}

function lookupStep(draft: Draft, { spec, table, equal, condition }: LookupParts): LookupStep {
  const { alias } = spec
  const type = spec.type ?? 'left'
  const joined: Field = {
    name: alias,
    type: { kind: 'struct', fields: table.row.fields },
    nullable: type === 'left',
  }
  return {
    kind: 'lookup',
    alias,
    table: table.block.name,
    type,
    equal,
    residual: condition.rest,
    columns: columnsOf([joined]),
    onError: spec.on_error ?? draft.onError,
  }
}
