/** q17 by hand: per day a typed table of auctions; figures lie side by side in one array per auction. */
import { type Checksum, mixBytes, mixNumber } from '../../measure/checksum.ts'
import { NumberIndex } from '../../measure/number-index.ts'
import { type MakeBaseline, numbersOf } from '../baseline/baseline.ts'
import { DAY_MS, dayText } from '../baseline/days.ts'
import { grownF64, grownI32 } from '../baseline/grow.ts'
import { rankOf } from '../baseline/ranks.ts'

/** All, three ranks, least, most, sum. */
const WIDTH = 7
const LEAST = 4
const MOST = 5
const SUM = 6

class Day {
  readonly text: Uint8Array
  readonly start: number
  readonly auctions = new NumberIndex()
  figures = new Float64Array(1024)
  isTouched = new Int32Array(1024)
  touched = new Int32Array(1024)
  touchedCount = 0

  constructor(day: number) {
    this.text = dayText(day)
    this.start = day * DAY_MS
  }

  makeRoom(rows: number): void {
    const length = this.auctions.size + rows
    this.figures = grownF64(this.figures, length * WIDTH)
    this.isTouched = grownI32(this.isTouched, length)
    this.touched = grownI32(this.touched, length)
  }

  count(id: number, price: number): void {
    const { figures } = this
    const auction = this.auctions.add(id)
    const first = auction * WIDTH
    const count = figures[first] as number
    const rank = first + rankOf(price)
    figures[first] = count + 1
    figures[rank] = (figures[rank] as number) + 1
    if (count === 0 || price < (figures[first + LEAST] as number)) figures[first + LEAST] = price
    if (price > (figures[first + MOST] as number)) figures[first + MOST] = price
    figures[first + SUM] = (figures[first + SUM] as number) + price
    if (this.isTouched[auction] === 1) return
    this.isTouched[auction] = 1
    this.touched[this.touchedCount++] = auction
  }

  emit(checksum: Checksum): void {
    const { figures, text } = this
    for (let index = 0; index < this.touchedCount; index++) {
      const auction = this.touched[index] as number
      this.isTouched[auction] = 0
      const first = auction * WIDTH
      const sum = figures[first + SUM] as number
      let hash = mixNumber(0, this.auctions.keys[auction] as number)
      hash = mixBytes(hash, text, 0, text.length)
      for (let at = first; at < first + SUM; at++) hash = mixNumber(hash, figures[at] as number)
      checksum.add(mixNumber(mixNumber(hash, sum / (figures[first] as number)), sum), 1)
    }
    this.touchedCount = 0
  }
}

export const q17: MakeBaseline = (checksum) => {
  const days = new Map<number, Day>()
  return {
    inputs: { bid: ['auction', 'price', 'dateTime'] },
    onBatch(_entity, batch) {
      const auctions = numbersOf(batch, 0)
      const prices = numbersOf(batch, 1)
      const times = numbersOf(batch, 2)
      let start = NaN
      let day = new Day(0)
      for (let row = 0; row < batch.length; row++) {
        const offset = (times[row] as number) - start
        if (!(offset >= 0 && offset < DAY_MS)) {
          const number = Math.floor((times[row] as number) / DAY_MS)
          day = days.get(number) ?? new Day(number)
          days.set(number, day)
          start = day.start
          day.makeRoom(batch.length)
        }
        day.count(auctions[row] as number, prices[row] as number)
      }
      for (const one of days.values()) one.emit(checksum)
    },
    onEnd: () => {},
  }
}
