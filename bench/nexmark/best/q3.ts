/**
 * q3 by hand: auctions of category 10 and persons of three states, filtered before they are kept, as
 * lists per seller; who comes meets the list of the other side. Both sides are kept, since nothing
 * says that an id comes only once.
 */
import type { Batch } from '../../../shared/model/batch.ts'
import { type Checksum, mixNumber } from '../../measure/checksum.ts'
import { codesOf, type MakeBaseline, numbersOf } from '../baseline/baseline.ts'
import { BatchKeeper, placeOf } from '../baseline/batch-keeper.ts'
import { grownF64, grownI32 } from '../baseline/grow.ts'
import { NumberIndex } from '../../measure/number-index.ts'
import { mixCell } from '../baseline/row-hash.ts'

const CATEGORY = 10
const STATES = new Set(['OR', 'ID', 'CA'])

export const q3: MakeBaseline = (checksum) => {
  const join = new SellerJoin(checksum)
  return {
    inputs: {
      auction: ['id', 'dateTime', 'seller', 'category'],
      person: ['id', 'name', 'city', 'state', 'dateTime'],
    },
    onBatch: (entity, batch) =>
      entity === 'auction' ? join.addAuctions(batch) : join.addPersons(batch),
    onEnd: () => {},
  }
}

class SellerJoin {
  readonly #checksum: Checksum
  readonly #sellers = new NumberIndex()
  readonly #kept = new BatchKeeper()
  /** By seller: the newest row of each side; −1 is none. Then, by row: the one before. */
  #lastAuction = new Int32Array(0)
  #lastPerson = new Int32Array(0)
  #auctionBefore = new Int32Array(1024)
  #personBefore = new Int32Array(1024)
  #auctionIds = new Float64Array(1024)
  #personRows = new Int32Array(1024)
  #auctionCount = 0
  #personCount = 0
  #isWanted = new Uint8Array(0)

  constructor(checksum: Checksum) {
    this.#checksum = checksum
  }

  addAuctions(batch: Batch): void {
    const ids = numbersOf(batch, 0)
    const sellers = numbersOf(batch, 2)
    const categories = numbersOf(batch, 3)
    this.#makeRoom(batch.length)
    for (let row = 0; row < batch.length; row++) {
      if (categories[row] !== CATEGORY) continue
      const id = ids[row] as number
      const seller = this.#sellerOf(sellers[row] as number)
      const auction = this.#auctionCount++
      this.#auctionIds[auction] = id
      this.#auctionBefore[auction] = this.#lastAuction[seller] as number
      this.#lastAuction[seller] = auction
      let person = this.#lastPerson[seller] as number
      for (; person >= 0; person = this.#personBefore[person] as number) {
        this.#emit(this.#personRows[person] as number, id)
      }
    }
  }

  addPersons(batch: Batch): void {
    const ids = numbersOf(batch, 0)
    const state = codesOf(batch, 3)
    const first = this.#kept.keep(batch)
    this.#isWanted = Uint8Array.from(state.dictionary.values, (one) => (STATES.has(one) ? 1 : 0))
    this.#makeRoom(batch.length)
    for (let row = 0; row < batch.length; row++) {
      if (this.#isWanted[state.codes[row] as number] === 0) continue
      const seller = this.#sellerOf(ids[row] as number)
      const person = this.#personCount++
      this.#personRows[person] = first + row
      this.#personBefore[person] = this.#lastPerson[seller] as number
      this.#lastPerson[seller] = person
      let auction = this.#lastAuction[seller] as number
      for (; auction >= 0; auction = this.#auctionBefore[auction] as number) {
        this.#emit(first + row, this.#auctionIds[auction] as number)
      }
    }
  }

  #emit(person: number, id: number): void {
    const batch = this.#kept.batchOf(person)
    const row = placeOf(person)
    const hash = mixCell(mixCell(mixCell(0, batch, 1, row), batch, 2, row), batch, 3, row)
    this.#checksum.add(mixNumber(hash, id), 1)
  }

  #sellerOf(id: number): number {
    const known = this.#sellers.size
    const seller = this.#sellers.add(id)
    if (seller === known) {
      this.#lastAuction[seller] = -1
      this.#lastPerson[seller] = -1
    }
    return seller
  }

  #makeRoom(rows: number): void {
    this.#lastAuction = grownI32(this.#lastAuction, this.#sellers.size + rows)
    this.#lastPerson = grownI32(this.#lastPerson, this.#sellers.size + rows)
    this.#auctionBefore = grownI32(this.#auctionBefore, this.#auctionCount + rows)
    this.#auctionIds = grownF64(this.#auctionIds, this.#auctionCount + rows)
    this.#personBefore = grownI32(this.#personBefore, this.#personCount + rows)
    this.#personRows = grownI32(this.#personRows, this.#personCount + rows)
  }
}
