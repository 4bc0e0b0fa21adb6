/** q15 by hand: per day twelve figures, and for each bidder and auction the ranks it was seen in, as bits. */
import { type Checksum, mixBytes, mixNumber } from '../../measure/checksum.ts'
import { NumberIndex } from '../../measure/number-index.ts'
import { type MakeBaseline, numbersOf } from '../baseline/baseline.ts'
import { DAY_MS, dayText } from '../baseline/days.ts'
import { grownI32 } from '../baseline/grow.ts'
import { AUCTIONS, BIDDERS, countDistinct, FIGURES, rankOf } from '../baseline/ranks.ts'

class Day {
  readonly text: Uint8Array
  readonly figures = new Int32Array(FIGURES)
  readonly bidders = new NumberIndex()
  readonly auctions = new NumberIndex()
  seenBidders = new Int32Array(1024)
  seenAuctions = new Int32Array(1024)
  isTouched = false

  constructor(day: number) {
    this.text = dayText(day)
  }

  makeRoom(rows: number): void {
    this.seenBidders = grownI32(this.seenBidders, this.bidders.size + rows)
    this.seenAuctions = grownI32(this.seenAuctions, this.auctions.size + rows)
  }
}

export const q15: MakeBaseline = (checksum) => {
  const days = new Map<number, Day>()
  return {
    inputs: { bid: ['auction', 'bidder', 'price', 'dateTime'] },
    onBatch(_entity, batch) {
      const auctions = numbersOf(batch, 0)
      const bidders = numbersOf(batch, 1)
      const prices = numbersOf(batch, 2)
      const times = numbersOf(batch, 3)
      let start = NaN
      let day = new Day(0)
      for (let row = 0; row < batch.length; row++) {
        const offset = (times[row] as number) - start
        if (!(offset >= 0 && offset < DAY_MS)) {
          const number = Math.floor((times[row] as number) / DAY_MS)
          start = number * DAY_MS
          day = days.get(number) ?? new Day(number)
          days.set(number, day)
          day.makeRoom(batch.length)
          day.isTouched = true
        }
        count(day, prices[row] as number, bidders[row] as number, auctions[row] as number)
      }
      emit(days, checksum)
    },
    onEnd: () => {},
  }
}

function count(day: Day, price: number, bidder: number, auction: number): void {
  const { figures, seenBidders, seenAuctions } = day
  const rank = rankOf(price)
  figures[0] = (figures[0] as number) + 1
  figures[rank] = (figures[rank] as number) + 1
  const own = day.bidders.add(bidder)
  seenBidders[own] = countDistinct(figures, BIDDERS, seenBidders[own] as number, rank)
  const item = day.auctions.add(auction)
  seenAuctions[item] = countDistinct(figures, AUCTIONS, seenAuctions[item] as number, rank)
}

function emit(days: ReadonlyMap<number, Day>, checksum: Checksum): void {
  for (const day of days.values()) {
    if (!day.isTouched) continue
    day.isTouched = false
    let hash = mixBytes(0, day.text, 0, day.text.length)
    for (let at = 0; at < FIGURES; at++) hash = mixNumber(hash, day.figures[at] as number)
    checksum.add(hash, 1)
  }
}
