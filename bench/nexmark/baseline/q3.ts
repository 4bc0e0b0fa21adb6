/**
 * q3 by hand: auctions of category 10 and persons of three states, filtered before they are kept, as
 * lists per seller; who comes meets the list of the other side. Both sides are kept, since nothing
 * says that an id comes only once.
 */
import type { Batch } from '../../../shared/model/batch.ts'
import { type Checksum, encodedTexts, mixBytes, mixNumber } from '../../measure/checksum.ts'
import { codesOf, type MakeBaseline, numbersOf } from './baseline.ts'
import { grownF64, grownI32 } from './grow.ts'
import { NumberIndex } from './number-index.ts'

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
  /** By seller: the newest row of each side; −1 is none. Then, by row: the one before. */
  #lastAuction = new Int32Array(0)
  #lastPerson = new Int32Array(0)
  #auctionBefore = new Int32Array(1024)
  #personBefore = new Int32Array(1024)
  #auctionIds = new Float64Array(1024)
  /** Hash of name, city and state: a result starts with them. */
  #personHashes = new Int32Array(1024)
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
        this.#checksum.add(mixNumber(this.#personHashes[person] as number, id), 1)
      }
    }
  }

  addPersons(batch: Batch): void {
    const ids = numbersOf(batch, 0)
    const name = codesOf(batch, 1)
    const city = codesOf(batch, 2)
    const state = codesOf(batch, 3)
    const names = encodedTexts(name.dictionary.values)
    const cities = encodedTexts(city.dictionary.values)
    const states = encodedTexts(state.dictionary.values)
    this.#isWanted = Uint8Array.from(state.dictionary.values, (one) => (STATES.has(one) ? 1 : 0))
    this.#makeRoom(batch.length)
    for (let row = 0; row < batch.length; row++) {
      if (this.#isWanted[state.codes[row] as number] === 0) continue
      let hash = mixText(0, names[name.codes[row] as number])
      hash = mixText(hash, cities[city.codes[row] as number])
      hash = mixText(hash, states[state.codes[row] as number])
      const seller = this.#sellerOf(ids[row] as number)
      const person = this.#personCount++
      this.#personHashes[person] = hash
      this.#personBefore[person] = this.#lastPerson[seller] as number
      this.#lastPerson[seller] = person
      let auction = this.#lastAuction[seller] as number
      for (; auction >= 0; auction = this.#auctionBefore[auction] as number) {
        this.#checksum.add(mixNumber(hash, this.#auctionIds[auction] as number), 1)
      }
    }
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
    this.#personHashes = grownI32(this.#personHashes, this.#personCount + rows)
  }
}

function mixText(hash: number, bytes: Uint8Array | undefined): number {
  return bytes === undefined ? hash : mixBytes(hash, bytes, 0, bytes.length)
}
