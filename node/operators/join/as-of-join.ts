/**
 * Joins each left row with the version of the right row that was valid at the left row's `as_of`
 * time.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Operator } from '../operator.ts'
import type { JoinOptions } from './keyed-join.ts'

export function asOfJoin(options: JoinOptions): Operator {
  assert(options.core.mode.kind !== 'as_of', 'as_of joins come with the next commit')
  throw new TypeError('as_of')
}
