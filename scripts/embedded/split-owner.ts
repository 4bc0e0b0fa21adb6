/** Which subtask of a source owns a split (D13): by its id, so that nobody has to hand splits out. */
import { KEY_GROUPS } from '../../shared/base/limits.ts'
import { compileKeyHash, hashOne } from '../../shared/model/key-hash/key-hash-compile.ts'
import { keyGroupOf } from '../../shared/model/key-hash/key-hash.ts'
import { keyGroupTable } from '../../shared/planning/execution/execution-plan.ts'

const ID = { path: 'split', type: { kind: 'string' }, nullable: false, layout: 'utf8' } as const

export function splitOwner(subtaskCount: number): (splitId: string) => number {
  const table = keyGroupTable(KEY_GROUPS, subtaskCount)
  const hash = compileKeyHash([ID])
  return (splitId) => {
    if (subtaskCount === 1) return 0
    const bytes = new TextEncoder().encode(splitId)
    const starts = Uint32Array.of(0)
    const ends = Uint32Array.of(bytes.length)
    const [laneA] = hashOne(hash, [{ layout: 'utf8', starts, ends, bytes, nulls: null }], 0)
    return table[keyGroupOf(laneA)] ?? 0
  }
}
