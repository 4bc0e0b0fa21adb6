/** Streams of the benchmark as programs read them: the fields they use, settings of the environment. */
import { file, generator } from '../../index.ts'

function settings<Entity extends 'bid' | 'auction' | 'person'>(entity: Entity) {
  return {
    kind: 'nexmark',
    entity,
    events: '${EVENTS:-100000}',
    rate: '${RATE:-100000}',
    seed: '${SEED:-42}',
    watermark: { outOfOrderness: '4 seconds' },
  } as const
}

export const bids = generator<{
  auction: 'integer'
  bidder: 'integer'
  price: 'integer'
  channel: 'string'
  url: 'string'
  dateTime: 'timestamp'
  extra: 'string'
}>(settings('bid'))

export const auctions = generator<{
  id: 'integer'
  itemName: 'string'
  description: 'string'
  initialBid: 'integer'
  reserve: 'integer'
  dateTime: 'timestamp'
  expires: 'timestamp'
  seller: 'integer'
  category: 'integer'
  extra: 'string'
}>(settings('auction'))

export const persons = generator<{
  id: 'integer'
  name: 'string'
  emailAddress: 'string'
  creditCard: 'string'
  city: 'string'
  state: 'string'
  dateTime: 'timestamp'
  extra: 'string'
}>(settings('person'))

export function results(query: string) {
  return file({ path: `\${OUT:-out/${query}.jsonl}`, format: 'jsonl' })
}
