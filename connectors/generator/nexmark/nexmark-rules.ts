/**
 * The rules of the auction benchmark for single values: what an event holds as a function of its id.
 * Columns and single events are both made from these.
 *
 * Of every 50 ids the first is a person, three are auctions, 46 are bids. References point to the
 * newest rows and up to ten ids ahead of them.
 */
import { below, drawBits } from '../seeded-draws.ts'

export const BASE_TIME = 1_436_918_400_000
export const PERSON = 0
export const AUCTION = 1
export const BID = 2
export const CYCLE = 50
const AUCTIONS_PER_CYCLE = 3
const FIRST_ID = 1000
const FIRST_CATEGORY = 10
const CATEGORIES = 5
const HOT_BLOCK = 100
const IN_FLIGHT_AUCTIONS = 100
const ACTIVE_PEOPLE = 1000
const ID_LEAD = 10
/** Events of the mean life of an auction. */
const LIFE_EVENTS = 1666
/** Multiplied with the place in a group that is out of order; a prime. */
export const PERMUTATION = 953

/** Numbers of the draws of an event; two fields never share one. */
export const DRAW = {
  auction: 0,
  bidder: 1,
  price: 2,
  channel: 3,
  extraLength: 4,
  extraPlace: 5,
  seller: 6,
  category: 7,
  reserve: 8,
  expires: 9,
  itemName: 10,
  itemNamePlace: 11,
  description: 12,
  descriptionPlace: 13,
  name: 14,
  city: 15,
  state: 16,
  card: 17,
  cardMore: 18,
  email: 19,
  emailPlace: 20,
  emailHost: 21,
  emailHostPlace: 22,
} as const

export interface NexmarkRules {
  readonly seed: number
  /** Events per second of event time. */
  readonly rate: number
  /** Size of the groups within which events are permuted; 1 is in order. */
  readonly group: number
  /** Whether bidders are another 1000 ahead, as upstream. */
  readonly compat: boolean
}

export function kindOf(place: number): number {
  return place === 0 ? PERSON : place <= AUCTIONS_PER_CYCLE ? AUCTION : BID
}

/** The id of the `number`-th event in the order of emission. */
export function idAt(number: number, group: number): number {
  if (group === 1) return number
  const start = number - (number % group)
  return start + ((number * PERMUTATION) % group)
}

export function timeOf(id: number, rate: number): number {
  return BASE_TIME + Math.floor((id * 1000) / rate)
}

/** Newest auction (from 0) as of an event at a place of its cycle; −1 where there is none yet. */
export function newestAuction(cycle: number, place: number): number {
  if (place === 0) return cycle * AUCTIONS_PER_CYCLE - 1
  const last = place <= AUCTIONS_PER_CYCLE ? place : AUCTIONS_PER_CYCLE
  return cycle * AUCTIONS_PER_CYCLE + last - 1
}

export function bidAuction(state: number, newest: number): number {
  const bits = drawBits(state, DRAW.auction)
  if ((bits & 1) === 0) return newest - (newest % HOT_BLOCK) + FIRST_ID
  const low = Math.max(newest - IN_FLIGHT_AUCTIONS, 0)
  return low + below(bits, newest - low + 1 + ID_LEAD) + FIRST_ID
}

export function bidBidder(state: number, cycle: number, offset: number): number {
  const bits = drawBits(state, DRAW.bidder)
  if ((bits & 3) !== 0) return cycle - (cycle % HOT_BLOCK) + 1 + offset
  return randomPerson(bits, cycle) + offset
}

export function bidderOffset(rules: NexmarkRules): number {
  return rules.compat ? FIRST_ID * 2 : FIRST_ID
}

export function auctionSeller(state: number, cycle: number): number {
  const bits = drawBits(state, DRAW.seller)
  if ((bits & 3) !== 0) return cycle - (cycle % HOT_BLOCK) + FIRST_ID
  return randomPerson(bits, cycle) + FIRST_ID
}

function randomPerson(bits: number, cycle: number): number {
  const count = cycle + 1
  const active = Math.min(count, ACTIVE_PEOPLE)
  return count - active + below(bits, active + ID_LEAD)
}

export function auctionId(cycle: number, place: number): number {
  return newestAuction(cycle, place) + FIRST_ID
}

export function personId(cycle: number): number {
  return cycle + FIRST_ID
}

export function auctionCategory(state: number): number {
  return FIRST_CATEGORY + below(drawBits(state, DRAW.category), CATEGORIES)
}

export function auctionExpires(state: number, id: number, rate: number): number {
  const time = timeOf(id, rate)
  const life = timeOf(id + LIFE_EVENTS, rate) - time
  return time + 1 + below(drawBits(state, DRAW.expires), Math.max(2 * life, 1))
}

/**
 * Log-uniform prices from 100 to 10^8: 10^(6u) is the product of what three parts of the 32 bits of
 * u stand for, each from a table.
 */
export class Prices {
  readonly #high = powers(4096, 1)
  readonly #middle = powers(1024, 4096)
  readonly #low = powers(1024, 4096 * 1024)

  price(bits: number): number {
    const high = this.#high[bits >>> 20] ?? 0
    const middle = this.#middle[(bits >>> 10) & 1023] ?? 0
    const low = this.#low[bits & 1023] ?? 0
    return Math.floor(100 * high * middle * low + 0.5)
  }
}

function powers(count: number, before: number): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => 10 ** ((6 * index) / (count * before)))
}
