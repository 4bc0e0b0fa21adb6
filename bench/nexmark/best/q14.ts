/** q14 by hand: the price first, which drops most bids; letters are counted in the bytes. */
import { encodedTexts, mixBytes, mixNumber } from '../../measure/checksum.ts'
import { type MakeBaseline, numbersOf, textsOf } from '../baseline/baseline.ts'

const HOUR_MS = 3_600_000
const LETTER_C = 99
const PRICE_LOW = 1_000_000_000
const PRICE_HIGH = 50_000_000_000
const TIME_TYPES = ['dayTime', 'nightTime', 'otherTime'] as const

export const q14: MakeBaseline = (checksum) => {
  const names = encodedTexts(TIME_TYPES)
  const typeOfHour = Array.from({ length: 24 }, (_, hour) => names[timeType(hour)] as Uint8Array)
  return {
    inputs: { bid: ['auction', 'bidder', 'price', 'dateTime', 'extra'] },
    onBatch(_entity, batch) {
      const auctions = numbersOf(batch, 0)
      const bidders = numbersOf(batch, 1)
      const prices = numbersOf(batch, 2)
      const times = numbersOf(batch, 3)
      const { starts, ends, bytes } = textsOf(batch, 4)
      const { length } = batch
      for (let row = 0; row < length; row++) {
        const price = (prices[row] as number) * 908
        if (price <= PRICE_LOW || price >= PRICE_HIGH) continue
        const time = times[row] as number
        const type = typeOfHour[Math.floor(time / HOUR_MS) % 24] as Uint8Array
        const start = starts[row] as number
        const end = ends[row] as number
        let letters = 0
        for (let at = start; at < end; at++) if (bytes[at] === LETTER_C) letters++
        let hash = mixNumber(0, auctions[row] as number)
        hash = mixNumber(mixNumber(hash, bidders[row] as number), price)
        hash = mixNumber(mixBytes(hash, type, 0, type.length), time)
        checksum.add(mixNumber(mixBytes(hash, bytes, start, end), letters), 1)
      }
    },
    onEnd: () => {},
  }
}

function timeType(hour: number): number {
  if (hour >= 8 && hour <= 18) return 0
  return hour <= 6 || hour >= 20 ? 1 : 2
}
