/** Counts per auction in panes of 2 s; at each slide the five panes of a window are added up. */
import { type Checksum, mixNumber } from '../../measure/checksum.ts'
import {
  type MakeBaseline,
  numbersOf,
  WATERMARK_DELAY_MS,
} from '../../nexmark/baseline/baseline.ts'
import { CountTable } from '../../nexmark/baseline/count-table.ts'

const PANE_MS = 2000
const SIZE_MS = 10_000

export const sliding: MakeBaseline = (checksum) => {
  const panes = new Map<number, CountTable>()
  const sums = new CountTable()
  let pane = new CountTable()
  let paneStart = NaN
  let largest = -Infinity
  let nextEnd = NaN
  return {
    inputs: { bid: ['auction', 'dateTime'] },
    onBatch(_entity, batch) {
      const auctions = numbersOf(batch, 0)
      const times = numbersOf(batch, 1)
      for (let row = 0; row < batch.length; row++) {
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
      const watermark = largest - WATERMARK_DELAY_MS - 1
      for (; nextEnd - 1 <= watermark; nextEnd += PANE_MS) fire(nextEnd, { panes, sums, checksum })
    },
    onEnd() {
      for (; panes.size > 0; nextEnd += PANE_MS) fire(nextEnd, { panes, sums, checksum })
    },
  }
}

function fire(
  end: number,
  state: { panes: Map<number, CountTable>; sums: CountTable; checksum: Checksum },
): void {
  const { panes, sums, checksum } = state
  sums.clear()
  for (let start = end - SIZE_MS; start < end; start += PANE_MS) {
    const pane = panes.get(start)
    if (pane !== undefined) sums.addAll(pane)
  }
  panes.delete(end - SIZE_MS)
  for (let at = 0; at < sums.capacity; at++) {
    const count = sums.counts[at] as number
    if (count === 0) continue
    const hash = mixNumber(mixNumber(0, sums.keys[at] as number), end - SIZE_MS)
    checksum.add(mixNumber(mixNumber(hash, end), count), 1)
  }
}
