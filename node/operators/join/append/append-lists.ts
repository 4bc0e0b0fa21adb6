/** The lists of kept rows of an append join, outside of its loop: moving rows together. */
import type { KeptBatches } from '../../../state/kept/kept-batches.ts'

/** The heads of the lists of one side, one by one. */
export interface Heads {
  /** The place of the next one; −1 behind the last. */
  next(): number
  /** 0: no row. */
  get(place: number): number
  set(place: number, head: number): void
}

/** Moves rows together; `from` is the oldest time that matters, null: all do. */
export function compactLists(heads: Heads, kept: KeptBatches, from: number | null): void {
  const rows: number[] = []
  kept.compact((move) => {
    for (let place = heads.next(); place >= 0; place = heads.next()) {
      const head = heads.get(place)
      if (head === 0) continue
      rows.length = 0
      collect(kept, head, from, rows)
      const moved = relink(kept, rows, move)
      if (moved !== head) heads.set(place, moved)
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
