/**
 * q20 by hand: bids and auctions of category 10 as lists per auction id, rows by reference to their
 * batches; who comes meets the list of the other side. Both sides are kept, since nothing says that
 * an id comes only once.
 */
import type { Batch } from '../../../shared/model/batch.ts'
import type { Checksum } from '../../measure/checksum.ts'
import { type MakeBaseline, numbersOf } from '../baseline/baseline.ts'
import { BatchKeeper, placeOf } from '../baseline/batch-keeper.ts'
import { grownI32 } from '../baseline/grow.ts'
import { NumberIndex } from '../../measure/number-index.ts'
import { mixCell, mixRow } from '../baseline/row-hash.ts'

const CATEGORY = 10

export const q20: MakeBaseline = (checksum) => {
  const join = new AuctionJoin(checksum)
  return {
    inputs: {
      bid: ['auction', 'bidder', 'price', 'channel', 'url', 'dateTime', 'extra'],
      auction: [
        'itemName',
        'description',
        'initialBid',
        'reserve',
        'dateTime',
        'expires',
        'seller',
        'category',
        'extra',
        'id',
      ],
    },
    onBatch: (entity, batch) => (entity === 'bid' ? join.addBids(batch) : join.addAuctions(batch)),
    onEnd: () => {},
  }
}

const AUCTION_COLUMNS = 9
const CATEGORY_COLUMN = 7
const ID_COLUMN = 9

class AuctionJoin {
  readonly #checksum: Checksum
  readonly #auctions = new NumberIndex()
  readonly #kept = new BatchKeeper()
  /** By auction: the newest entry of each side; −1 is none. By entry: its row and the one before. */
  #lastBid = new Int32Array(0)
  #lastItem = new Int32Array(0)
  #bidBefore = new Int32Array(4096)
  #itemBefore = new Int32Array(4096)
  #bidRow = new Int32Array(4096)
  #itemRow = new Int32Array(4096)
  #bidCount = 0
  #itemCount = 0

  constructor(checksum: Checksum) {
    this.#checksum = checksum
  }

  addBids(batch: Batch): void {
    const ids = numbersOf(batch, 0)
    const first = this.#kept.keep(batch)
    this.#makeRoom(batch.length)
    for (let row = 0; row < batch.length; row++) {
      const auction = this.#auctionOf(ids[row] as number)
      const bid = this.#bidCount++
      this.#bidRow[bid] = first + row
      this.#bidBefore[bid] = this.#lastBid[auction] as number
      this.#lastBid[auction] = bid
      let item = this.#lastItem[auction] as number
      if (item < 0) continue
      const hash = mixRow(0, batch, row)
      for (; item >= 0; item = this.#itemBefore[item] as number) {
        this.#emit(hash, this.#itemRow[item] as number)
      }
    }
  }

  addAuctions(batch: Batch): void {
    const ids = numbersOf(batch, ID_COLUMN)
    const categories = numbersOf(batch, CATEGORY_COLUMN)
    const first = this.#kept.keep(batch)
    this.#makeRoom(batch.length)
    for (let row = 0; row < batch.length; row++) {
      if (categories[row] !== CATEGORY) continue
      const auction = this.#auctionOf(ids[row] as number)
      const item = this.#itemCount++
      this.#itemRow[item] = first + row
      this.#itemBefore[item] = this.#lastItem[auction] as number
      this.#lastItem[auction] = item
      let bid = this.#lastBid[auction] as number
      for (; bid >= 0; bid = this.#bidBefore[bid] as number) {
        const bidRow = this.#bidRow[bid] as number
        this.#emit(mixRow(0, this.#kept.batchOf(bidRow), placeOf(bidRow)), first + row)
      }
    }
  }

  #emit(bidHash: number, item: number): void {
    const batch = this.#kept.batchOf(item)
    const row = placeOf(item)
    let hash = bidHash
    for (let index = 0; index < AUCTION_COLUMNS; index++) hash = mixCell(hash, batch, index, row)
    this.#checksum.add(hash, 1)
  }

  #auctionOf(id: number): number {
    const known = this.#auctions.size
    const auction = this.#auctions.add(id)
    if (auction === known) {
      this.#lastBid[auction] = -1
      this.#lastItem[auction] = -1
    }
    return auction
  }

  #makeRoom(rows: number): void {
    this.#lastBid = grownI32(this.#lastBid, this.#auctions.size + rows)
    this.#lastItem = grownI32(this.#lastItem, this.#auctions.size + rows)
    this.#bidBefore = grownI32(this.#bidBefore, this.#bidCount + rows)
    this.#bidRow = grownI32(this.#bidRow, this.#bidCount + rows)
    this.#itemBefore = grownI32(this.#itemBefore, this.#itemCount + rows)
    this.#itemRow = grownI32(this.#itemRow, this.#itemCount + rows)
  }
}
