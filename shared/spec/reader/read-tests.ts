/** `tests:` of a pipeline file. */
import type { TestSpec } from '../test-spec.ts'
import { itemsOf, plainOf } from '../yaml/yaml-tree.ts'
import type { ReadContext } from './read-context.ts'

export function readTestList(context: ReadContext): {
  tests: readonly TestSpec[]
  written: readonly unknown[]
} {
  const written = itemsOf(context.node(['tests'])).map(plainOf)
  return { tests: [], written }
}
