/** Functions of the group "changes" on columns. Made from shared/expr by `npm run reference`. */
import type { Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/** The change of the row: insert, update_before, update_after or delete. */
export function change(): Result<'string', never>
export function change(...args: readonly unknown[]): unknown {
  return callColumn('change', args)
}
