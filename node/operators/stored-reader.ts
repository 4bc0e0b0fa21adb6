/** Compiled readers of some value columns of stored entries, one writer per column. */
import { assert } from '../../shared/base/assert.ts'
import { functionOf } from '../../shared/base/generated-code.ts'
import type { ColumnWriter } from '../state/column-writer.ts'
import { readEntryCode } from '../state/entry-code.ts'
import type { Pages } from '../state/pages.ts'

export type StoredReader = (
  pages: Pages,
  entry: number,
  writers: readonly ColumnWriter[],
  at: number,
) => void

/** `positions`: of value columns in the layout of `pages`, in the order of the writers. */
export function storedReader(pages: Pages, positions: readonly number[]): StoredReader {
  const slots = positions.map((position) => {
    const slot = pages.layout.value[position]
    assert(slot !== undefined, `value column ${position} is stored`)
    return slot
  })
  const code = readEntryCode(slots).join('\n')
  return functionOf(['T', 'e', 'ws', 'r'], code)
}
