/**
 * Single events of the auction benchmark as objects, by id, and bids as plain arrays: for oracles
 * and benchmarks. The rules are those of the columns; a test holds both together.
 */
import type { Column } from '../../../shared/model/batch.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import { drawBits, idState, seedState } from '../seeded-draws.ts'
import { EventBlock } from './event-block.ts'
import { descriptionSlice, itemNameSlice, NexmarkColumns, paddingOf } from './nexmark-columns.ts'
import { BID_FIELDS } from './nexmark-fields.ts'
import {
  AUCTION,
  auctionCategory,
  auctionExpires,
  auctionId,
  auctionSeller,
  BID,
  bidAuction,
  bidBidder,
  bidderOffset,
  CYCLE,
  DRAW,
  kindOf,
  newestAuction,
  personId,
  Prices,
  timeOf,
  type NexmarkRules,
} from './nexmark-rules.ts'
import {
  cardText,
  channelCode,
  cityCode,
  emailText,
  nameCode,
  NexmarkTexts,
  slicePlace,
  stateCode,
  type TextSlice,
} from './nexmark-texts.ts'

export interface Bid {
  readonly event: 'bid'
  readonly auction: number
  readonly bidder: number
  readonly price: number
  readonly channel: string
  readonly url: string
  readonly dateTime: number
  readonly extra: string
}

export interface Auction {
  readonly event: 'auction'
  readonly id: number
  readonly itemName: string
  readonly description: string
  readonly initialBid: number
  readonly reserve: number
  readonly dateTime: number
  readonly expires: number
  readonly seller: number
  readonly category: number
  readonly extra: string
}

export interface Person {
  readonly event: 'person'
  readonly id: number
  readonly name: string
  readonly emailAddress: string
  readonly creditCard: string
  readonly city: string
  readonly state: string
  readonly dateTime: number
  readonly extra: string
}

export type NexmarkEvent = Bid | Auction | Person

export const DEFAULT_RULES: NexmarkRules = { seed: 0, rate: 100_000, group: 1, compat: false }

/** Makes any event by its id alone. */
export class NexmarkEvents {
  readonly rules: NexmarkRules
  readonly #texts: NexmarkTexts
  readonly #prices = new Prices()
  readonly #seed: number

  constructor(rules: Partial<NexmarkRules> = {}) {
    this.rules = { ...DEFAULT_RULES, ...rules }
    this.#texts = new NexmarkTexts(this.rules.seed)
    this.#seed = seedState(this.rules.seed)
  }

  eventAt(id: number): NexmarkEvent {
    const place = id % CYCLE
    const cycle = (id - place) / CYCLE
    const kind = kindOf(place)
    const at: EventPlace = { id, place, cycle, state: idState(id, this.#seed) }
    if (kind === BID) return this.#bid(at)
    return kind === AUCTION ? this.#auction(at) : this.#person(at)
  }

  #bid({ id, place, cycle, state }: EventPlace): Bid {
    const code = channelCode(state)
    return {
      event: 'bid',
      auction: bidAuction(state, newestAuction(cycle, place)),
      bidder: bidBidder(state, cycle, bidderOffset(this.rules)),
      price: this.#prices.price(drawBits(state, DRAW.price)),
      channel: this.#texts.channels.values[code] ?? '',
      url: this.#texts.urls.values[code] ?? '',
      dateTime: timeOf(id, this.rules.rate),
      extra: this.#extra(state, BID),
    }
  }

  #auction({ id, place, cycle, state }: EventPlace): Auction {
    const initialBid = this.#prices.price(drawBits(state, DRAW.price))
    const { words } = this.#texts
    return {
      event: 'auction',
      id: auctionId(cycle, place),
      itemName: textOf(words, itemNameSlice(words, state)),
      description: textOf(words, descriptionSlice(words, state)),
      initialBid,
      reserve: initialBid + this.#prices.price(drawBits(state, DRAW.reserve)),
      dateTime: timeOf(id, this.rules.rate),
      expires: auctionExpires(state, id, this.rules.rate),
      seller: auctionSeller(state, cycle),
      category: auctionCategory(state),
      extra: this.#extra(state, AUCTION),
    }
  }

  #person({ id, cycle, state }: EventPlace): Person {
    const texts = this.#texts
    return {
      event: 'person',
      id: personId(cycle),
      name: texts.names.values[nameCode(state)] ?? '',
      emailAddress: emailText(texts.words, state),
      creditCard: cardText(state),
      city: texts.cities.values[cityCode(state)] ?? '',
      state: texts.states.values[stateCode(state)] ?? '',
      dateTime: timeOf(id, this.rules.rate),
      extra: this.#extra(state, kindOf(0)),
    }
  }

  #extra(state: number, kind: number): string {
    const length = paddingOf(this.#texts, state, kind)
    const start = slicePlace(state, DRAW.extraPlace, length)
    return textOf(this.#texts.letters, { start, end: start + length })
  }
}

interface EventPlace {
  readonly id: number
  readonly place: number
  readonly cycle: number
  readonly state: number
}

function textOf(bytes: Buffer, slice: TextSlice): string {
  return bytes.toString('latin1', slice.start, slice.end)
}

/** Event `id` of a seed by itself; for many, keep a NexmarkEvents. */
export function eventAt(id: number, seed: number): NexmarkEvent {
  return new NexmarkEvents({ seed }).eventAt(id)
}

export interface BidColumns {
  readonly length: number
  /** By field; only those that were wanted. */
  readonly columns: Readonly<Record<string, Column>>
}

/**
 * Columns of `count` bids from the `firstIndex`-th bid on (in order), for benchmarks: parts of at
 * most a batch each, in order.
 */
export function bidColumns(
  firstIndex: number,
  count: number,
  rules: Partial<NexmarkRules>,
  wanted: readonly string[],
): BidColumns[] {
  const all: NexmarkRules = { ...DEFAULT_RULES, ...rules, group: 1 }
  const maker = new NexmarkColumns(all.seed)
  const block = new EventBlock('bid', all)
  const specs = columnsOf(BID_FIELDS).filter((spec) => wanted.includes(spec.path))
  const end = bidId(firstIndex + count)
  const parts: BidColumns[] = []
  for (let at = bidId(firstIndex); at < end;) {
    at = block.fill(at, end)
    if (block.count === 0) break
    const columns = Object.fromEntries(specs.map((spec) => [spec.path, maker.column(spec, block)]))
    parts.push({ length: block.count, columns })
  }
  return parts
}

const BIDS_PER_CYCLE = 46
const FIRST_BID_PLACE = 4

/** Id of the `index`-th bid. */
export function bidId(index: number): number {
  const place = index % BIDS_PER_CYCLE
  return ((index - place) / BIDS_PER_CYCLE) * CYCLE + place + FIRST_BID_PLACE
}
