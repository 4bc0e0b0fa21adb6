/** q18 by hand: per bidder and auction the time of the last bid and its row, by reference to its batch. */
import type { Batch } from '../../../shared/model/batch.ts'
import type { Checksum } from '../../measure/checksum.ts'
import { type MakeBaseline, numbersOf } from '../baseline/baseline.ts'
import { BatchKeeper, placeOf } from '../baseline/batch-keeper.ts'
import { grownF64, grownI32 } from '../baseline/grow.ts'
import { PairIndex } from '../baseline/pair-index.ts'
import { compareRows, mixRow } from '../baseline/row-hash.ts'

export const q18: MakeBaseline = (checksum) => {
  const last = new LastBids(checksum)
  return {
    inputs: { bid: ['auction', 'bidder', 'price', 'channel', 'url', 'dateTime', 'extra'] },
    onBatch: (_entity, batch) => last.addBatch(batch),
    onEnd: () => {},
  }
}

class LastBids {
  readonly #checksum: Checksum
  readonly #keys = new PairIndex()
  readonly #kept = new BatchKeeper()
  #times = new Float64Array(1024)
  #prices = new Float64Array(1024)
  #rows = new Int32Array(1024)
  #touched = new Int32Array(0)

  constructor(checksum: Checksum) {
    this.#checksum = checksum
  }

  addBatch(batch: Batch): void {
    const auctions = numbersOf(batch, 0)
    const bidders = numbersOf(batch, 1)
    const prices = numbersOf(batch, 2)
    const times = numbersOf(batch, 5)
    const first = this.#kept.keep(batch)
    this.#makeRoom(batch.length)
    let touchedCount = 0
    for (let row = 0; row < batch.length; row++) {
      const time = times[row] as number
      const known = this.#keys.size
      const key = this.#keys.add(bidders[row] as number, auctions[row] as number)
      if (key !== known) {
        const before = this.#times[key] as number
        if (time < before) continue
        if (time === before && !this.#winsTie(key, first + row, prices[row] as number)) continue
      }
      if (key === known || (this.#rows[key] as number) < first) this.#touched[touchedCount++] = key
      this.#times[key] = time
      this.#prices[key] = prices[row] as number
      this.#rows[key] = first + row
    }
    for (let index = 0; index < touchedCount; index++) {
      const row = this.#rows[this.#touched[index] as number] as number
      this.#checksum.add(mixRow(0, batch, row - first), 1)
    }
  }

  /** Of bids of the same time the one with the smaller values. */
  #winsTie(key: number, row: number, price: number): boolean {
    const other = this.#prices[key] as number
    if (price !== other) return price < other
    const best = this.#rows[key] as number
    const batch = this.#kept.batchOf(row)
    return compareRows(batch, placeOf(row), this.#kept.batchOf(best), placeOf(best)) < 0
  }

  #makeRoom(rows: number): void {
    const length = this.#keys.size + rows
    this.#times = grownF64(this.#times, length)
    this.#prices = grownF64(this.#prices, length)
    this.#rows = grownI32(this.#rows, length)
    this.#touched = grownI32(this.#touched, rows)
  }
}
