/**
 * q7 by hand: per window of 10 s the highest price and the bids that have it so far. A bid at the very
 * start of a window also belongs to the end of the one before, so such bids are kept apart, and a
 * window fires when no more bids of its end can come.
 */
import type { Batch } from '../../../shared/model/batch.ts'
import type { Checksum } from '../../measure/checksum.ts'
import { type MakeBaseline, numbersOf, WATERMARK_DELAY_MS } from '../baseline/baseline.ts'
import { BatchKeeper, placeOf } from '../baseline/batch-keeper.ts'
import { mixRow } from '../baseline/row-hash.ts'

const SIZE_MS = 10_000

interface Window {
  highest: number
  rows: number[]
  /** Bids of its first millisecond. */
  readonly first: number[]
}

export const q7: MakeBaseline = (checksum) => {
  const windows = new Map<number, Window>()
  const kept = new BatchKeeper()
  let window: Window = emptyWindow()
  let start = NaN
  let largest = -Infinity
  return {
    inputs: { bid: ['auction', 'price', 'bidder', 'dateTime', 'extra'] },
    onBatch(_entity, batch) {
      const prices = numbersOf(batch, 1)
      const times = numbersOf(batch, 3)
      const first = kept.keep(batch)
      const { length } = batch
      for (let row = 0; row < length; row++) {
        const time = times[row] as number
        const price = prices[row] as number
        const offset = time - start
        if (!(offset > 0 && offset < SIZE_MS)) {
          start = Math.floor(time / SIZE_MS) * SIZE_MS
          window = windows.get(start) ?? emptyWindow()
          windows.set(start, window)
          if (time === start) window.first.push(first + row)
        }
        if (time > largest) largest = time
        if (price < window.highest) continue
        if (price > window.highest) window.rows = []
        window.highest = price
        window.rows.push(first + row)
      }
      fire({ windows, kept, checksum }, largest - WATERMARK_DELAY_MS - 1)
    },
    onEnd: () => fire({ windows, kept, checksum }, Infinity),
  }
}

function emptyWindow(): Window {
  return { highest: -Infinity, rows: [], first: [] }
}

interface Windows {
  readonly windows: Map<number, Window>
  readonly kept: BatchKeeper
  readonly checksum: Checksum
}

function fire({ windows, kept, checksum }: Windows, watermark: number): void {
  for (const [start, { highest, rows }] of windows) {
    const end = start + SIZE_MS
    if (end > watermark) continue
    for (const row of rows) emit(checksum, kept.batchOf(row), placeOf(row))
    for (const row of windows.get(end)?.first ?? []) {
      const batch = kept.batchOf(row)
      if (numbersOf(batch, 1)[placeOf(row)] === highest) emit(checksum, batch, placeOf(row))
    }
    windows.delete(start)
  }
}

function emit(checksum: Checksum, batch: Batch, row: number): void {
  checksum.add(mixRow(0, batch, row), 1)
}
