/** q9 by hand: per auction its row and that of its best bid, by reference to their batches. */
import type { Batch } from '../../../shared/model/batch.ts'
import { type Checksum } from '../../measure/checksum.ts'
import { AuctionBids } from '../baseline/auction-bids.ts'
import { type MakeBaseline, numbersOf } from '../baseline/baseline.ts'
import { BatchKeeper, placeOf } from '../baseline/batch-keeper.ts'
import { grownF64, grownI32 } from '../baseline/grow.ts'
import { compareRows, mixRow } from '../baseline/row-hash.ts'

const AUCTION = { id: 0, dateTime: 5, expires: 6 } as const
const BID = { auction: 0, price: 2, dateTime: 3 } as const

export const q9: MakeBaseline = (checksum) => {
  const best = new BestBids(checksum)
  return {
    inputs: {
      auction: [
        'id',
        'itemName',
        'description',
        'initialBid',
        'reserve',
        'dateTime',
        'expires',
        'seller',
        'category',
        'extra',
      ],
      bid: ['auction', 'bidder', 'price', 'dateTime', 'extra'],
    },
    onBatch(entity, batch) {
      if (entity === 'bid') best.addBids(batch)
      else best.addAuctions(batch)
      best.emit()
    },
    onEnd: () => {},
  }
}

class BestBids {
  readonly #checksum: Checksum
  readonly #auctions = new AuctionBids()
  readonly #kept = new BatchKeeper()
  /** By auction. A price of 0: no bid yet. */
  #prices = new Float64Array(0)
  #times = new Float64Array(0)
  #auctionRows = new Int32Array(0)
  #bidRows = new Int32Array(0)
  #isTouched = new Uint8Array(0)
  #touched = new Int32Array(0)
  #touchedCount = 0

  constructor(checksum: Checksum) {
    this.#checksum = checksum
  }

  addBids(batch: Batch): void {
    const ids = numbersOf(batch, BID.auction)
    const prices = numbersOf(batch, BID.price)
    const times = numbersOf(batch, BID.dateTime)
    const first = this.#kept.keep(batch)
    this.#makeRoom(batch.length)
    const auctions = this.#auctions
    const { starts, expires } = auctions
    for (let row = 0; row < batch.length; row++) {
      const auction = auctions.numberOf(ids[row] as number)
      const time = times[row] as number
      const start = starts[auction] as number
      if (time >= start && time <= (expires[auction] as number)) {
        const price = prices[row] as number
        if (price >= (this.#prices[auction] as number))
          this.#take(auction, first + row, price, time)
      } else if (Number.isNaN(start)) auctions.wait(auction, first + row)
    }
  }

  addAuctions(batch: Batch): void {
    const ids = numbersOf(batch, AUCTION.id)
    const times = numbersOf(batch, AUCTION.dateTime)
    const ends = numbersOf(batch, AUCTION.expires)
    const first = this.#kept.keep(batch)
    this.#makeRoom(batch.length)
    const { starts, expires } = this.#auctions
    for (let row = 0; row < batch.length; row++) {
      const auction = this.#auctions.numberOf(ids[row] as number)
      starts[auction] = times[row] as number
      expires[auction] = ends[row] as number
      this.#auctionRows[auction] = first + row
      this.#prices[auction] = 0
      for (const bid of this.#auctions.takeWaiting(auction)) this.#addEarlier(auction, bid)
    }
  }

  #addEarlier(auction: number, bid: number): void {
    const batch = this.#kept.batchOf(bid)
    const row = placeOf(bid)
    const time = numbersOf(batch, BID.dateTime)[row] as number
    if (time < (this.#auctions.starts[auction] as number)) return
    if (time > (this.#auctions.expires[auction] as number)) return
    const price = numbersOf(batch, BID.price)[row] as number
    if (price >= (this.#prices[auction] as number)) this.#take(auction, bid, price, time)
  }

  /** The price is at least that of the best so far. */
  #take(auction: number, bid: number, price: number, time: number): void {
    if (price === this.#prices[auction] && !this.#winsTie(auction, bid, time)) return
    this.#prices[auction] = price
    this.#times[auction] = time
    this.#bidRows[auction] = bid
    if (this.#isTouched[auction] === 1) return
    this.#isTouched[auction] = 1
    this.#touched[this.#touchedCount++] = auction
  }

  /** Of equal prices the earlier bid, then the one with the smaller values. */
  #winsTie(auction: number, bid: number, time: number): boolean {
    const best = this.#times[auction] as number
    if (time !== best) return time < best
    const other = this.#bidRows[auction] as number
    const own = this.#kept.batchOf(bid)
    return compareRows(own, placeOf(bid), this.#kept.batchOf(other), placeOf(other)) < 0
  }

  emit(): void {
    for (let index = 0; index < this.#touchedCount; index++) {
      const auction = this.#touched[index] as number
      this.#isTouched[auction] = 0
      const row = this.#auctionRows[auction] as number
      const bid = this.#bidRows[auction] as number
      const hash = mixRow(0, this.#kept.batchOf(row), placeOf(row))
      const id = this.#auctions.ids.keys[auction] as number
      this.#checksum.put(id, mixRow(hash, this.#kept.batchOf(bid), placeOf(bid)))
    }
    this.#touchedCount = 0
  }

  #makeRoom(rows: number): void {
    this.#auctions.makeRoom(rows)
    const length = this.#auctions.ids.size + rows
    this.#prices = grownF64(this.#prices, length)
    this.#times = grownF64(this.#times, length)
    this.#auctionRows = grownI32(this.#auctionRows, length)
    this.#bidRows = grownI32(this.#bidRows, length)
    this.#touched = grownI32(this.#touched, length)
    if (this.#isTouched.length >= length) return
    const grown = new Uint8Array(length * 2)
    grown.set(this.#isTouched)
    this.#isTouched = grown
  }
}
