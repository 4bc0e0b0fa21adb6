/** Steps that make several rows of one, or none: unnest and flat_map. */
import type { Field } from '../../model/data-type.ts'
import { columnsOf } from '../../model/row-schema.ts'
import { printFieldType } from '../../model/type-text.ts'
import type { FunctionRef, StepSpec } from '../../spec/pipeline-spec.ts'
import { needFullChanges, refuse, type Draft } from '../draft.ts'
import { checkRowExpr } from '../expression-checks.ts'
import { functionInput, readDefinition } from '../function-types.ts'
import { layoutsOf, rowOf } from '../row.ts'

const INTEGER = { kind: 'integer' } as const

export function planUnnest(draft: Draft, step: Extract<StepSpec, { kind: 'unnest' }>): void {
  needFullChanges(draft)
  const { item, index = null, keep_empty: keepEmpty = false } = step
  const at = [...step.key, item]
  const list = checkRowExpr(draft, step.expr, { at, row: draft.row })
  if (list === null) return
  if (list.type.kind !== 'array') {
    const isJson = list.type.kind === 'json'
    refuse(draft, {
      code: 'TYPE_MISMATCH',
      at,
      message: `\`unnest\` takes a list, and this is ${printFieldType(list)}`,
      fix: isJson
        ? 'declare the field as `array<json>` in the schema'
        : 'give a field of type `array<…>`',
    })
    return
  }
  for (const name of index === null ? [item] : [item, index]) {
    if (!draft.row.fields.some((field) => field.name === name)) continue
    refuse(draft, {
      code: 'FIELD_TAKEN',
      at,
      message: `the row already has a field \`${name}\``,
      fix: `give the element another name: \`unnest: { one_${name}: … }\``,
    })
    return
  }
  const { element } = list.type
  const itemField: Field = {
    name: item,
    type: element.type,
    nullable: element.nullable || keepEmpty,
  }
  const added =
    index === null ? [itemField] : [itemField, { name: index, type: INTEGER, nullable: keepEmpty }]
  draft.steps.push({
    kind: 'unnest',
    list,
    item,
    itemColumns: columnsOf([itemField]),
    index,
    keepEmpty,
  })
  const origins = new Map(draft.row.origins)
  for (const field of added) origins.set(field.name, `\`unnest\` of ${draft.name}`)
  draft.row = rowOf([...draft.row.fields, ...added], origins, layoutsOf(draft.row))
  draft.uniqueKey = index === null || draft.uniqueKey === null ? null : [...draft.uniqueKey, index]
  draft.isInputRow = false
}

export function planFlatMap(draft: Draft, step: Extract<StepSpec, { kind: 'flat_map' }>): void {
  needFullChanges(draft)
  const definition = readDefinition(draft, step.fn, { kind: 'flat_map', at: step.key })
  if (definition === null) return
  const input = functionInput(draft, definition.input, step.key)
  const output = columnsOf(definition.output)
  draft.steps.push({ kind: 'flat_map', fn: step.fn, input, output })
  draft.row = rowOf(definition.output, `output of ${functionName(step.fn)}`)
  draft.uniqueKey = null
  draft.isInputRow = false
}

function functionName(fn: FunctionRef): string {
  return fn.ref.split('#').at(-1) ?? fn.ref
}
