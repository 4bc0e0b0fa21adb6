/**
 * q19 by hand: per auction ten places, best first, for price and row, by reference to its batch. After
 * a batch all places from the first that changed on come out.
 */
import type { Batch } from '../../../shared/model/batch.ts'
import { type Checksum, mixNumber } from '../../measure/checksum.ts'
import { NumberIndex } from '../../measure/number-index.ts'
import { type MakeBaseline, numbersOf } from '../baseline/baseline.ts'
import { BatchKeeper, placeOf } from '../baseline/batch-keeper.ts'
import { grownF64, grownI32 } from '../baseline/grow.ts'
import { compareRows, mixRow } from '../baseline/row-hash.ts'

const PLACES = 10

export const q19: MakeBaseline = (checksum) => {
  const best = new BestTen(checksum)
  return {
    inputs: { bid: ['auction', 'bidder', 'price', 'channel', 'url', 'dateTime', 'extra'] },
    onBatch: (_entity, batch) => best.addBatch(batch),
    onEnd: () => {},
  }
}

class BestTen {
  readonly #checksum: Checksum
  readonly #auctions = new NumberIndex()
  readonly #kept = new BatchKeeper()
  #prices = new Float64Array(1024)
  #rows = new Int32Array(1024)
  #counts = new Int32Array(1024)
  /** By auction: the first place that changed in this batch, + 1; 0 is none. */
  #changed = new Int32Array(1024)
  #touched = new Int32Array(0)
  #touchedCount = 0

  constructor(checksum: Checksum) {
    this.#checksum = checksum
  }

  addBatch(batch: Batch): void {
    const auctions = numbersOf(batch, 0)
    const prices = numbersOf(batch, 2)
    const first = this.#kept.keep(batch)
    this.#makeRoom(batch.length)
    for (let row = 0; row < batch.length; row++) {
      const auction = this.#auctions.add(auctions[row] as number)
      const price = prices[row] as number
      const count = this.#counts[auction] as number
      const worst = this.#prices[auction * PLACES + PLACES - 1] as number
      if (count < PLACES || price >= worst) this.#insert(auction, count, price, first + row)
    }
    this.#emit()
  }

  #insert(auction: number, count: number, price: number, row: number): void {
    const prices = this.#prices
    const rows = this.#rows
    const first = auction * PLACES
    let at = first + count
    for (; at > first; at--) {
      const other = prices[at - 1] as number
      if (other > price) break
      if (other === price && !this.#winsTie(row, rows[at - 1] as number)) break
    }
    const place = at - first
    if (place === PLACES) return
    const last = first + (count < PLACES ? count : PLACES - 1)
    for (let to = last; to > at; to--) {
      prices[to] = prices[to - 1] as number
      rows[to] = rows[to - 1] as number
    }
    prices[at] = price
    rows[at] = row
    if (count < PLACES) this.#counts[auction] = count + 1
    const changed = this.#changed[auction] as number
    if (changed === 0) this.#touched[this.#touchedCount++] = auction
    if (changed === 0 || place + 1 < changed) this.#changed[auction] = place + 1
  }

  #winsTie(row: number, other: number): boolean {
    const batch = this.#kept.batchOf(row)
    return compareRows(batch, placeOf(row), this.#kept.batchOf(other), placeOf(other)) < 0
  }

  #emit(): void {
    for (let index = 0; index < this.#touchedCount; index++) {
      const auction = this.#touched[index] as number
      const first = auction * PLACES
      const count = this.#counts[auction] as number
      for (let place = (this.#changed[auction] as number) - 1; place < count; place++) {
        const row = this.#rows[first + place] as number
        const hash = mixRow(0, this.#kept.batchOf(row), placeOf(row))
        this.#checksum.add(mixNumber(hash, place + 1), 1)
      }
      this.#changed[auction] = 0
    }
    this.#touchedCount = 0
  }

  #makeRoom(rows: number): void {
    const length = this.#auctions.size + rows
    this.#prices = grownF64(this.#prices, length * PLACES)
    this.#rows = grownI32(this.#rows, length * PLACES)
    this.#counts = grownI32(this.#counts, length)
    this.#changed = grownI32(this.#changed, length)
    this.#touched = grownI32(this.#touched, rows)
  }
}
