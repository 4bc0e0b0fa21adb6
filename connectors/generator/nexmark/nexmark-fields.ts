/** Fields of the events of the auction benchmark, as a pipeline sees them. */
import type { DataType, Field } from '../../../shared/model/data-type.ts'

export type NexmarkEntity = 'bid' | 'auction' | 'person' | 'all'

const INTEGER: DataType = { kind: 'integer' }
const STRING: DataType = { kind: 'string' }
const TIMESTAMP: DataType = { kind: 'timestamp' }

function field(name: string, type: DataType): Field {
  return { name, type, nullable: false }
}

export const BID_FIELDS: readonly Field[] = [
  field('auction', INTEGER),
  field('bidder', INTEGER),
  field('price', INTEGER),
  field('channel', STRING),
  field('url', STRING),
  field('dateTime', TIMESTAMP),
  field('extra', STRING),
]

export const AUCTION_FIELDS: readonly Field[] = [
  field('id', INTEGER),
  field('itemName', STRING),
  field('description', STRING),
  field('initialBid', INTEGER),
  field('reserve', INTEGER),
  field('dateTime', TIMESTAMP),
  field('expires', TIMESTAMP),
  field('seller', INTEGER),
  field('category', INTEGER),
  field('extra', STRING),
]

export const PERSON_FIELDS: readonly Field[] = [
  field('id', INTEGER),
  field('name', STRING),
  field('emailAddress', STRING),
  field('creditCard', STRING),
  field('city', STRING),
  field('state', STRING),
  field('dateTime', TIMESTAMP),
  field('extra', STRING),
]

/** Flat rows of all three: what an event does not have is null. */
export const EVENT_FIELDS: readonly Field[] = [
  field('event', STRING),
  ...distinct([...BID_FIELDS, ...AUCTION_FIELDS, ...PERSON_FIELDS]).map((one) => ({
    ...one,
    nullable: !everyEventHas(one.name),
  })),
]

export const NEXMARK_FIELDS: Readonly<Record<NexmarkEntity, readonly Field[]>> = {
  bid: BID_FIELDS,
  auction: AUCTION_FIELDS,
  person: PERSON_FIELDS,
  all: EVENT_FIELDS,
}

/** String columns of few values, delivered by number. */
export const NEXMARK_DICTIONARIES: Readonly<
  Record<NexmarkEntity, Readonly<Record<string, 'dict'>>>
> = {
  bid: { channel: 'dict', url: 'dict' },
  auction: {},
  person: { name: 'dict', city: 'dict', state: 'dict' },
  all: {
    event: 'dict',
    channel: 'dict',
    url: 'dict',
    name: 'dict',
    city: 'dict',
    state: 'dict',
  },
}

function everyEventHas(name: string): boolean {
  return name === 'dateTime' || name === 'extra'
}

function distinct(fields: readonly Field[]): Field[] {
  return [...new Map(fields.map((one) => [one.name, one])).values()]
}
