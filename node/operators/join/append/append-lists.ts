/** The lists of kept rows of an append join, outside of its loop: heads, and moving rows together. */
import type { KeptBatches } from '../../../state/kept/kept-batches.ts'
import type { KeyedTable } from '../../../state/keyed-table.ts'
import type { Side } from '../pair-writer.ts'
import { HEAD_WORD } from './append-code.ts'

/**
 * Whether a side of a key has a row. A head whose row has gone is taken out: row numbers come again,
 * and by then it would name a row of some other key.
 */
// oxlint-disable-next-line max-params -- called per key: an object would be allocated
export function hasRows(keys: KeyedTable, entry: number, side: Side, kept: KeptBatches): boolean {
  const place = (entry + keys.layout.wordsAt + HEAD_WORD) * 2 + side
  const { i32 } = keys.arena
  const head = i32[place] as number
  if (kept.isKept(head)) return true
  if (head === 0) return false
  i32[place] = 0
  keys.markDirty(entry)
  return false
}

/** Moves the rows of a side together; `from` is the oldest time that matters, null: all do. */
// oxlint-disable-next-line max-params -- the lists of one side, and which rows of them
export function compactSide(
  keys: KeyedTable,
  side: Side,
  kept: KeptBatches,
  from: number | null,
): void {
  const at = keys.layout.wordsAt + HEAD_WORD
  const cursor = keys.cursor()
  const { i32 } = keys.arena
  const rows: number[] = []
  kept.compact((move) => {
    for (let entry = cursor.next(); entry !== 0; entry = cursor.next()) {
      const place = (entry + at) * 2 + side
      const head = i32[place] as number
      if (head === 0) continue
      rows.length = 0
      collect(kept, head, from, rows)
      const moved = relink(kept, rows, move)
      if (moved === head) continue
      i32[place] = moved
      keys.markDirty(entry)
    }
  })
}

// oxlint-disable-next-line max-params -- a list, and which rows of it whereto
function collect(kept: KeptBatches, head: number, from: number | null, rows: number[]): void {
  const { before, times, rowMask } = kept
  for (let row = head; row !== 0; row = before[row & rowMask] as number) {
    if (from === null) {
      rows.push(row)
      continue
    }
    if (!kept.isKept(row)) return
    if ((times[row & rowMask] as number) >= from) rows.push(row)
  }
}

/** From the oldest on, so that numbers grow towards the head; answers the head. */
function relink(kept: KeptBatches, rows: readonly number[], move: (row: number) => number): number {
  let head = 0
  for (let at = rows.length - 1; at >= 0; at--) {
    const moved = move(rows[at] as number)
    kept.before[moved & kept.rowMask] = head
    head = moved
  }
  return head
}
