/** A keyed table of the kind that its layout asks for. */
import type { Arena } from '../arena.ts'
import { HashedTable } from './hashed-table.ts'
import type { CompiledTable } from '../keyed-table-code.ts'
import { KeyedTable } from '../keyed-table.ts'

/** `expectedSize`: entries that a like table had, so that its pages need not grow step by step. */
export function openTable(compiled: CompiledTable, arena: Arena, expectedSize = 0): KeyedTable {
  return new (compiled.isHashed ? HashedTable : KeyedTable)(compiled, arena, expectedSize)
}
