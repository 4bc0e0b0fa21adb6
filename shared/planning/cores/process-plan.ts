/** `process`: a TypeScript function with keyed state. Its definition says what goes in and out. */
import type { Field } from '../../model/data-type.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import { columnsOf } from '../../model/row-schema.ts'
import type { CoreSpec } from '../../spec/pipeline-spec.ts'
import { refuseChanges } from '../change-kinds.ts'
import { refuse, type Draft } from '../draft.ts'
import { functionInput, readDefinition } from '../function-types.ts'
import type { ProcessCore } from '../plan.ts'
import { rowOf } from '../row.ts'
import { sideStream } from '../blocks/side-outputs.ts'
import { setEdge } from './aggregate-plan.ts'
import { CoreInput } from './core-input.ts'
import type { KeyPart } from './key-plan.ts'

const RESERVED_OUTPUTS: ReadonlySet<string> = new Set(['main', 'late', 'rejected', 'dead_letter'])

export function planProcess(
  draft: Draft,
  spec: Extract<CoreSpec, { kind: 'process' }>,
  key: readonly KeyPart[],
): ProcessCore | null {
  refuseChanges(draft, { what: '`process`', at: ['process'] })
  const definition = readDefinition(draft, spec.fn, { kind: 'processor', at: ['process'] })
  if (definition === null) return null
  const input = new CoreInput(draft.row)
  input.readAll(functionInput(draft, definition.input, ['process']))
  const keyIndexes = key.map((part) => input.value(part.expr, 'key'))
  const name = spec.fn.ref.split('#').at(-1) ?? spec.fn.ref
  draft.row = rowOf(definition.output, `output of ${name}`)
  draft.steps = []
  draft.isInputRow = false
  draft.uniqueKey = null
  draft.window = null
  setEdge(draft, 'append')
  const sides = planSides(draft, definition.outputs)
  return {
    kind: 'process',
    input: input.columns,
    key: keyIndexes,
    fn: spec.fn,
    with: spec.with ?? {},
    output: columnsOf(definition.output),
    sides,
  }
}

function planSides(
  draft: Draft,
  outputs: Readonly<Record<string, readonly Field[]>>,
): Record<string, readonly ColumnSpec[]> {
  const sides: Record<string, readonly ColumnSpec[]> = {}
  for (const [name, fields] of Object.entries(outputs)) {
    if (RESERVED_OUTPUTS.has(name)) {
      refuse(draft, {
        code: 'NAME_TAKEN',
        at: ['process'],
        message: `the function calls a side output \`${name}\`, which every block has`,
        fix: 'give the output another name',
      })
      continue
    }
    sides[name] = columnsOf(fields)
    const row = rowOf(fields, `output ${name} of ${draft.name}`)
    const { eventTime, bounded } = draft
    draft.sides.push(sideStream(draft.name, name, { row, eventTime, bounded, edge: 'append' }))
  }
  return sides
}
