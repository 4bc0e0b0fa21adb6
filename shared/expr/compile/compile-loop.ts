/**
 * Consecutive stateless steps as one generated loop over a batch (D2): predicates and expressions
 * row by row, only the columns that are read, rows that are left side by side.
 */
import { factoryOf } from '../../base/generated-code.ts'
import { rt } from '../runtime.ts'
import { LoopCode } from './loop/loop-code.ts'
import { LOOP_LIBRARY } from './loop/loop-library.ts'
import type { Loop, LoopSpec } from './loop-spec.ts'

export function compileLoop(spec: LoopSpec): Loop {
  const made = new LoopCode(spec).make()
  const build = factoryOf(['constants', 'lib', 'rt', 'schema'], made.code)
  const schema = { columns: spec.output.map((column) => column.spec) }
  const run = build(made.constants, LOOP_LIBRARY, rt, schema) as Loop['run']
  return { code: made.code, run }
}
