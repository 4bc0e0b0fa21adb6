/**
 * Auctions by id with the time in which they take bids, and the bids that came before their auction:
 * what q4 and q9 have in common. Who owns the state of an auction counts by the same number.
 */
import { NumberIndex } from '../../measure/number-index.ts'
import { grownF64, grownI32 } from './grow.ts'

export class AuctionBids {
  readonly ids = new NumberIndex()
  /** By auction: NaN until it has come. */
  starts = new Float64Array(0)
  expires = new Float64Array(0)
  /** By auction: the newest bid that waits for it, −1 is none. By waiting bid: its row and the one before. */
  #lastWaiting = new Int32Array(0)
  #waitingRow = new Int32Array(1024)
  #waitingBefore = new Int32Array(1024)
  #waitingCount = 0

  /** Before a batch of so many rows. */
  makeRoom(rows: number): void {
    const length = this.ids.size + rows
    this.starts = grownF64(this.starts, length)
    this.expires = grownF64(this.expires, length)
    this.#lastWaiting = grownI32(this.#lastWaiting, length)
    this.#waitingRow = grownI32(this.#waitingRow, this.#waitingCount + rows)
    this.#waitingBefore = grownI32(this.#waitingBefore, this.#waitingCount + rows)
  }

  numberOf(id: number): number {
    const known = this.ids.size
    const number = this.ids.add(id)
    if (number === known) {
      this.starts[number] = NaN
      this.#lastWaiting[number] = -1
    }
    return number
  }

  /** A bid whose auction has not come. */
  wait(auction: number, row: number): void {
    const waiting = this.#waitingCount++
    this.#waitingRow[waiting] = row
    this.#waitingBefore[waiting] = this.#lastWaiting[auction] as number
    this.#lastWaiting[auction] = waiting
  }

  /** The rows that waited for an auction; they wait no more. */
  takeWaiting(auction: number): number[] {
    const rows: number[] = []
    let waiting = this.#lastWaiting[auction] as number
    for (; waiting >= 0; waiting = this.#waitingBefore[waiting] as number) {
      rows.push(this.#waitingRow[waiting] as number)
    }
    this.#lastWaiting[auction] = -1
    return rows
  }
}
