/** Nexmark's events as plain objects, as the oracles read them. Times are ms since 1970. */

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

export type NexmarkEvent = Person | Auction | Bid

export interface NexmarkStreams {
  readonly persons: readonly Person[]
  readonly auctions: readonly Auction[]
  readonly bids: readonly Bid[]
}

export function streamsOf(events: readonly NexmarkEvent[]): NexmarkStreams {
  return {
    persons: events.filter((event) => event.event === 'person'),
    auctions: events.filter((event) => event.event === 'auction'),
    bids: events.filter((event) => event.event === 'bid'),
  }
}

/** A row of a result: names in the order of the query's columns; timestamps as ISO text. */
export type ResultRow = Readonly<Record<string, string | number | null>>

export const iso = (ms: number): string => new Date(ms).toISOString()

/** A decimal of scale 3 as JSON shows it: exact, all digits. */
export const thousandths = (units: number): string =>
  `${Math.trunc(units / 1000)}.${String(Math.abs(units) % 1000).padStart(3, '0')}`
