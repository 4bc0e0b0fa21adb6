/** q4 by hand: the highest bid per auction in a typed array; a category keeps sum and count of them. */
import type { Batch } from '../../../shared/model/batch.ts'
import { type Checksum, mixNumber } from '../../measure/checksum.ts'
import { AuctionBids } from '../baseline/auction-bids.ts'
import { type MakeBaseline, numbersOf } from '../baseline/baseline.ts'
import { BatchKeeper, placeOf } from '../baseline/batch-keeper.ts'
import { grownF64, grownI32 } from '../baseline/grow.ts'

const CATEGORIES = 32

export const q4: MakeBaseline = (checksum) => {
  const winning = new WinningPrices(checksum)
  return {
    inputs: {
      auction: ['id', 'dateTime', 'expires', 'category'],
      bid: ['auction', 'price', 'dateTime'],
    },
    onBatch(entity, batch) {
      if (entity === 'bid') winning.addBids(batch)
      else winning.addAuctions(batch)
      winning.emit()
    },
    onEnd: () => {},
  }
}

class WinningPrices {
  readonly #checksum: Checksum
  readonly #auctions = new AuctionBids()
  readonly #kept = new BatchKeeper()
  #highest = new Float64Array(0)
  #categories = new Int32Array(0)
  readonly #sums = new Float64Array(CATEGORIES)
  readonly #counts = new Int32Array(CATEGORIES)
  readonly #isTouched = new Uint8Array(CATEGORIES)

  constructor(checksum: Checksum) {
    this.#checksum = checksum
  }

  addBids(batch: Batch): void {
    const ids = numbersOf(batch, 0)
    const prices = numbersOf(batch, 1)
    const times = numbersOf(batch, 2)
    const first = this.#kept.keep(batch)
    this.#makeRoom(batch.length)
    const auctions = this.#auctions
    const { starts, expires } = auctions
    for (let row = 0; row < batch.length; row++) {
      const auction = auctions.numberOf(ids[row] as number)
      const time = times[row] as number
      const start = starts[auction] as number
      if (time >= start && time <= (expires[auction] as number)) {
        this.#raise(auction, prices[row] as number)
      } else if (Number.isNaN(start)) auctions.wait(auction, first + row)
    }
  }

  addAuctions(batch: Batch): void {
    const ids = numbersOf(batch, 0)
    const times = numbersOf(batch, 1)
    const ends = numbersOf(batch, 2)
    const categories = numbersOf(batch, 3)
    this.#makeRoom(batch.length)
    const { starts, expires } = this.#auctions
    for (let row = 0; row < batch.length; row++) {
      const auction = this.#auctions.numberOf(ids[row] as number)
      starts[auction] = times[row] as number
      expires[auction] = ends[row] as number
      this.#categories[auction] = categories[row] as number
      this.#highest[auction] = 0
      for (const bid of this.#auctions.takeWaiting(auction)) this.#addEarlier(auction, bid)
    }
  }

  #addEarlier(auction: number, bid: number): void {
    const batch = this.#kept.batchOf(bid)
    const row = placeOf(bid)
    const time = numbersOf(batch, 2)[row] as number
    if (time < (this.#auctions.starts[auction] as number)) return
    if (time > (this.#auctions.expires[auction] as number)) return
    this.#raise(auction, numbersOf(batch, 1)[row] as number)
  }

  #raise(auction: number, price: number): void {
    const before = this.#highest[auction] as number
    if (price <= before) return
    const category = this.#categories[auction] as number
    this.#highest[auction] = price
    this.#sums[category] = (this.#sums[category] as number) + price - before
    if (before === 0) this.#counts[category] = (this.#counts[category] as number) + 1
    this.#isTouched[category] = 1
  }

  emit(): void {
    for (let category = 0; category < CATEGORIES; category++) {
      if (this.#isTouched[category] === 0) continue
      this.#isTouched[category] = 0
      const final = (this.#sums[category] as number) / (this.#counts[category] as number)
      this.#checksum.put(category, mixNumber(mixNumber(0, category), final))
    }
  }

  #makeRoom(rows: number): void {
    this.#auctions.makeRoom(rows)
    const length = this.#auctions.ids.size + rows
    this.#highest = grownF64(this.#highest, length)
    this.#categories = grownI32(this.#categories, length)
  }
}
