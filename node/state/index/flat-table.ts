/**
 * A keyed table that is not cut into key groups: a pane of a window, which is short-lived and freed
 * whole, or what is computed from panes at any time. All entries lie in one ring of pages. Inserting
 * writes where the last one was written, and walking sees hardly a free slot, so that neither waits
 * for memory; a small table is one page.
 *
 * A snapshot writes such a pane whole and tells each entry's key group from its key. Where the index
 * goes by the values of keys, nobody needs their hash: entries may have the tag FLAT_TAG instead.
 *
 * Owns: its pages, which belong to no key group: their header says 0.
 */
import type { Arena } from '../arena.ts'
import { KeyedTable } from '../keyed-table.ts'
import type { CompiledTable } from '../keyed-table-code.ts'
import { PAGE_ENTRIES_LOG2_MAX } from '../page.ts'

const PAGE_LOG2_FIRST = 6

/** Of an entry whose hash nobody made. */
export const FLAT_TAG = 1

export class FlatTable extends KeyedTable {
  constructor(compiled: CompiledTable, arena: Arena, expectedSize = 0) {
    const needed = Math.ceil(Math.log2(expectedSize + 1))
    const log2First = Math.max(PAGE_LOG2_FIRST, Math.min(needed, PAGE_ENTRIES_LOG2_MAX))
    super(compiled, arena, expectedSize, { rings: 1, log2First, log2Max: PAGE_ENTRIES_LOG2_MAX })
  }

  override insertBare(_group: number, b: number): number {
    return super.insertBare(0, b)
  }
}
