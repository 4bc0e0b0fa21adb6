/** `environments:` what `--env` lays over a pipeline; checked for all names, whichever is used. */
import type { ReadContext } from './read-context.ts'
import { entriesOf, plainOf } from '../yaml/yaml-tree.ts'

export function readEnvironments(context: ReadContext): Record<string, unknown> {
  return Object.fromEntries(
    entriesOf(context.node(['environments'])).map((entry) => [entry.key, plainOf(entry.node)]),
  )
}
