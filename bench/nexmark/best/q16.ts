/**
 * q16 by hand: a group per day and code of the channel's dictionary, found by position; distinct sets
 * of all groups of a day in one typed table each, keyed by group and member.
 */
import type { Dictionary } from '../../../shared/model/batch.ts'
import { type Checksum, encodedTexts, mixBytes, mixNumber } from '../../measure/checksum.ts'
import { codesOf, type MakeBaseline, numbersOf } from '../baseline/baseline.ts'
import { DAY_MS, dayText, MINUTE_MS, minuteTexts } from '../baseline/days.ts'
import { grownI32 } from '../baseline/grow.ts'
import { PairIndex } from '../baseline/pair-index.ts'
import { AUCTIONS, BIDDERS, countDistinct, FIGURES, rankOf } from '../baseline/ranks.ts'

/** Of one day; a group's number is its channel's code. */
class Day {
  readonly text: Uint8Array
  readonly start: number
  figures = new Int32Array(0)
  minutes = new Int32Array(0)
  isTouched = new Int32Array(0)
  touched = new Int32Array(0)
  touchedCount = 0
  readonly bidders = new PairIndex()
  readonly auctions = new PairIndex()
  seenBidders = new Int32Array(1024)
  seenAuctions = new Int32Array(1024)

  constructor(day: number) {
    this.text = dayText(day)
    this.start = day * DAY_MS
  }

  makeRoom(channels: number, rows: number): void {
    this.figures = grownI32(this.figures, channels * FIGURES)
    this.minutes = grownI32(this.minutes, channels)
    this.isTouched = grownI32(this.isTouched, channels)
    this.touched = grownI32(this.touched, channels)
    this.seenBidders = grownI32(this.seenBidders, this.bidders.size + rows)
    this.seenAuctions = grownI32(this.seenAuctions, this.auctions.size + rows)
  }

  count(channel: number, price: number, bidder: number, auction: number): void {
    const { figures, seenBidders, seenAuctions } = this
    const first = channel * FIGURES
    const rank = rankOf(price)
    figures[first] = (figures[first] as number) + 1
    figures[first + rank] = (figures[first + rank] as number) + 1
    const own = this.bidders.add(channel, bidder)
    const seen = seenBidders[own] as number
    seenBidders[own] = countDistinct(figures, first + BIDDERS, seen, rank)
    const item = this.auctions.add(channel, auction)
    const seenItem = seenAuctions[item] as number
    seenAuctions[item] = countDistinct(figures, first + AUCTIONS, seenItem, rank)
  }

  touch(channel: number, minute: number): void {
    if (minute > (this.minutes[channel] as number)) this.minutes[channel] = minute
    if (this.isTouched[channel] === 1) return
    this.isTouched[channel] = 1
    this.touched[this.touchedCount++] = channel
  }
}

export const q16: MakeBaseline = (checksum) => {
  const days = new Map<number, Day>()
  const minutes = minuteTexts()
  return {
    inputs: { bid: ['auction', 'bidder', 'price', 'channel', 'dateTime'] },
    onBatch(_entity, batch) {
      const auctions = numbersOf(batch, 0)
      const bidders = numbersOf(batch, 1)
      const prices = numbersOf(batch, 2)
      const { codes, dictionary } = codesOf(batch, 3)
      const times = numbersOf(batch, 4)
      let start = NaN
      let day = new Day(0)
      for (let row = 0; row < batch.length; row++) {
        const time = times[row] as number
        if (!(time - start >= 0 && time - start < DAY_MS)) {
          const number = Math.floor(time / DAY_MS)
          day = days.get(number) ?? new Day(number)
          days.set(number, day)
          start = day.start
          day.makeRoom(dictionary.values.length, batch.length)
        }
        const channel = codes[row] as number
        day.count(channel, prices[row] as number, bidders[row] as number, auctions[row] as number)
        day.touch(channel, Math.floor((time - start) / MINUTE_MS))
      }
      for (const one of days.values()) emit(one, { dictionary, minutes, checksum })
    },
    onEnd: () => {},
  }
}

function emit(
  day: Day,
  to: { dictionary: Dictionary; minutes: readonly Uint8Array[]; checksum: Checksum },
): void {
  const texts = encodedTexts(to.dictionary.values)
  for (let index = 0; index < day.touchedCount; index++) {
    const channel = day.touched[index] as number
    day.isTouched[channel] = 0
    const text = texts[channel] as Uint8Array
    const minute = to.minutes[day.minutes[channel] as number] as Uint8Array
    let hash = mixBytes(0, text, 0, text.length)
    hash = mixBytes(hash, day.text, 0, day.text.length)
    hash = mixBytes(hash, minute, 0, minute.length)
    const first = channel * FIGURES
    for (let at = first; at < first + FIGURES; at++) {
      hash = mixNumber(hash, day.figures[at] as number)
    }
    to.checksum.add(hash, 1)
  }
  day.touchedCount = 0
}
