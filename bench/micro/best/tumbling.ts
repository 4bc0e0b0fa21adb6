/** Counts per auction in one typed table per open window. */
import { type Checksum, mixNumber } from '../../measure/checksum.ts'
import {
  type MakeBaseline,
  numbersOf,
  WATERMARK_DELAY_MS,
} from '../../nexmark/baseline/baseline.ts'
import { CountTable } from '../../nexmark/baseline/count-table.ts'

const SIZE_MS = 10_000

export const tumbling: MakeBaseline = (checksum) => {
  const windows = new Map<number, CountTable>()
  let window = new CountTable()
  let start = NaN
  let largest = -Infinity
  const fireUntil = (watermark: number): void => {
    for (const [from, counts] of windows) {
      if (from + SIZE_MS - 1 > watermark) continue
      emit(from, counts, checksum)
      windows.delete(from)
      if (from === start) start = NaN
    }
  }
  return {
    inputs: { bid: ['auction', 'dateTime'] },
    onBatch(_entity, batch) {
      const auctions = numbersOf(batch, 0)
      const times = numbersOf(batch, 1)
      for (let row = 0; row < batch.length; row++) {
        const time = times[row] as number
        const offset = time - start
        if (!(offset >= 0 && offset < SIZE_MS)) {
          start = Math.floor(time / SIZE_MS) * SIZE_MS
          window = windows.get(start) ?? new CountTable()
          windows.set(start, window)
        }
        if (time > largest) largest = time
        window.add(auctions[row] as number, 1)
      }
      fireUntil(largest - WATERMARK_DELAY_MS - 1)
    },
    onEnd: () => fireUntil(Infinity),
  }
}

function emit(start: number, { keys, counts, capacity }: CountTable, checksum: Checksum): void {
  for (let at = 0; at < capacity; at++) {
    const count = counts[at] as number
    if (count === 0) continue
    const hash = mixNumber(mixNumber(0, keys[at] as number), start)
    checksum.add(mixNumber(mixNumber(hash, start + SIZE_MS), count), 1)
  }
}
