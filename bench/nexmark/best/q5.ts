/**
 * q5 by hand: counts per auction in panes of 2 s over typed tables; at each slide the five panes of a
 * window are added up into one table and its maximum is emitted.
 */
import { type Checksum, mixNumber } from '../../measure/checksum.ts'
import { type MakeBaseline, numbersOf, WATERMARK_DELAY_MS } from '../baseline/baseline.ts'
import { CountTable } from '../baseline/count-table.ts'

const PANE_MS = 2000
const PANES = 5

export const q5: MakeBaseline = (checksum) => {
  const panes = new Map<number, CountTable>()
  const sums = new CountTable()
  let pane = new CountTable()
  let paneStart = NaN
  let largest = -Infinity
  let nextEnd = NaN
  const fireUntil = (watermark: number): void => {
    for (; nextEnd - 1 <= watermark; nextEnd += PANE_MS) fire(nextEnd, { panes, sums, checksum })
  }
  return {
    inputs: { bid: ['auction', 'dateTime'] },
    onBatch(_entity, batch) {
      const auctions = numbersOf(batch, 0)
      const times = numbersOf(batch, 1)
      const { length } = batch
      for (let row = 0; row < length; row++) {
        const time = times[row] as number
        const offset = time - paneStart
        if (!(offset >= 0 && offset < PANE_MS)) {
          paneStart = Math.floor(time / PANE_MS) * PANE_MS
          pane = panes.get(paneStart) ?? new CountTable()
          panes.set(paneStart, pane)
          if (!(nextEnd <= paneStart + PANE_MS)) nextEnd = paneStart + PANE_MS
        }
        if (time > largest) largest = time
        pane.add(auctions[row] as number, 1)
      }
      fireUntil(largest - WATERMARK_DELAY_MS - 1)
    },
    onEnd() {
      while (panes.size > 0) {
        fire(nextEnd, { panes, sums, checksum })
        nextEnd += PANE_MS
      }
    },
  }
}

function fire(
  end: number,
  state: { panes: Map<number, CountTable>; sums: CountTable; checksum: Checksum },
): void {
  const { panes, sums, checksum } = state
  sums.clear()
  for (let start = end - PANES * PANE_MS; start < end; start += PANE_MS) {
    const pane = panes.get(start)
    if (pane !== undefined) sums.addAll(pane)
  }
  panes.delete(end - PANES * PANE_MS)
  let most = 0
  for (let at = 0; at < sums.capacity; at++) {
    const count = sums.counts[at] as number
    if (count > most) most = count
  }
  if (most === 0) return
  for (let at = 0; at < sums.capacity; at++) {
    if (sums.counts[at] === most) {
      checksum.add(mixNumber(mixNumber(0, sums.keys[at] as number), most), 1)
    }
  }
}
