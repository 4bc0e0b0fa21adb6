/** Oracles of joins and updating queries, as final rows: q3, q4, q9, q15–q20. */
import {
  type Auction,
  type Bid,
  iso,
  type NexmarkStreams,
  type ResultRow,
} from './nexmark-events.ts'

const STATES = new Set(['OR', 'ID', 'CA'])

export function q3({ auctions, persons }: NexmarkStreams): ResultRow[] {
  return auctions
    .filter(({ category }) => category === 10)
    .flatMap((auction) =>
      persons
        .filter(({ id, state }) => id === auction.seller && STATES.has(state))
        .map(({ name, city, state }) => ({ name, city, state, id: auction.id })),
    )
}

/** Each auction with the bids that came while it was open. */
function bidsInTime({ auctions, bids }: NexmarkStreams): { auction: Auction; bids: Bid[] }[] {
  const byAuction = groupBy(bids, (bid) => bid.auction)
  return auctions.map((auction) => ({
    auction,
    bids: (byAuction.get(auction.id) ?? []).filter(
      ({ dateTime }) => dateTime >= auction.dateTime && dateTime <= auction.expires,
    ),
  }))
}

export function q4(streams: NexmarkStreams): ResultRow[] {
  const winning = bidsInTime(streams).filter(({ bids }) => bids.length > 0)
  return [...groupBy(winning, ({ auction }) => auction.category)].map(([category, won]) => {
    const sum = won.reduce(
      (total, { bids }) => total + Math.max(...bids.map((bid) => bid.price)),
      0,
    )
    return { id: category, final: sum / won.length }
  })
}

export function q9(streams: NexmarkStreams): ResultRow[] {
  return bidsInTime(streams)
    .filter(({ bids }) => bids.length > 0)
    .map(({ auction, bids }) => {
      const [best] = bids.toSorted(
        (a, b) => b.price - a.price || a.dateTime - b.dateTime || compareBids(a, b, BID_OF_Q9),
      )
      return { ...auctionRow(auction), ...bidRow(best as Bid) }
    })
}

function auctionRow(auction: Auction): ResultRow {
  return {
    id: auction.id,
    itemName: auction.itemName,
    description: auction.description,
    initialBid: auction.initialBid,
    reserve: auction.reserve,
    dateTime: iso(auction.dateTime),
    expires: iso(auction.expires),
    seller: auction.seller,
    category: auction.category,
    extra: auction.extra,
  }
}

function bidRow({ auction, bidder, price, dateTime, extra }: Bid): ResultRow {
  return { auction, bidder, price, bid_dateTime: iso(dateTime), bid_extra: extra }
}

const WHOLE_BID = ['auction', 'bidder', 'price', 'channel', 'url', 'dateTime', 'extra'] as const
const BID_OF_Q9 = ['auction', 'bidder', 'price', 'dateTime', 'extra'] as const

/** Ties go to the row of the result with the smaller values, field by field. */
function compareBids(a: Bid, b: Bid, fields: readonly (keyof Bid)[] = WHOLE_BID): number {
  for (const field of fields) {
    if (a[field] < b[field]) return -1
    if (a[field] > b[field]) return 1
  }
  return 0
}

const dayOf = (bid: Bid): string => iso(bid.dateTime).slice(0, 10)

export function q15({ bids }: NexmarkStreams): ResultRow[] {
  return [...groupBy(bids, dayOf)].map(([day, own]) => ({ day, ...rankFigures(own) }))
}

export function q16({ bids }: NexmarkStreams): ResultRow[] {
  const groups = groupBy(bids, (bid) => `${bid.channel}\n${dayOf(bid)}`)
  return [...groups].map(([key, own]) => {
    const [channel = '', day = ''] = key.split('\n')
    const minutes = own.map((bid) => iso(bid.dateTime).slice(11, 16)).toSorted()
    return { channel, day, minute: minutes.at(-1) ?? null, ...rankFigures(own) }
  })
}

function rankFigures(bids: readonly Bid[]): ResultRow {
  const ranks = [
    bids,
    bids.filter(({ price }) => price < 10_000),
    bids.filter(({ price }) => price >= 10_000 && price < 1_000_000),
    bids.filter(({ price }) => price >= 1_000_000),
  ]
  const distinct = (field: 'bidder' | 'auction') =>
    ranks.map((own) => new Set(own.map((bid) => bid[field])).size)
  const names = ['total', 'rank1', 'rank2', 'rank3']
  const entries = (what: string, counts: readonly number[]): [string, number][] =>
    names.map((name, index) => [`${name}_${what}`, counts[index] ?? 0])
  return Object.fromEntries([
    ...entries(
      'bids',
      ranks.map((own) => own.length),
    ),
    ...entries('bidders', distinct('bidder')),
    ...entries('auctions', distinct('auction')),
  ])
}

export function q17({ bids }: NexmarkStreams): ResultRow[] {
  const groups = groupBy(bids, (bid) => `${bid.auction} ${dayOf(bid)}`)
  return [...groups].map(([key, own]) => {
    const [auction = '', day = ''] = key.split(' ')
    const prices = own.map((bid) => bid.price)
    const sum = prices.reduce((total, price) => total + price, 0)
    return {
      auction: Number(auction),
      day,
      total_bids: own.length,
      rank1_bids: prices.filter((price) => price < 10_000).length,
      rank2_bids: prices.filter((price) => price >= 10_000 && price < 1_000_000).length,
      rank3_bids: prices.filter((price) => price >= 1_000_000).length,
      min_price: Math.min(...prices),
      max_price: Math.max(...prices),
      avg_price: sum / own.length,
      sum_price: sum,
    }
  })
}

function wholeBid({ auction, bidder, price, channel, url, dateTime, extra }: Bid): ResultRow {
  return { auction, bidder, price, channel, url, dateTime: iso(dateTime), extra }
}

export function q18({ bids }: NexmarkStreams): ResultRow[] {
  const groups = groupBy(bids, (bid) => `${bid.bidder} ${bid.auction}`)
  return [...groups.values()].map((own) => {
    const [last] = own.toSorted((a, b) => b.dateTime - a.dateTime || compareBids(a, b))
    return wholeBid(last as Bid)
  })
}

export function q19({ bids }: NexmarkStreams): ResultRow[] {
  return [...groupBy(bids, (bid) => bid.auction).values()].flatMap((own) =>
    own
      .toSorted((a, b) => b.price - a.price || compareBids(a, b))
      .slice(0, 10)
      .map((bid, index) => ({ ...wholeBid(bid), rank_number: index + 1 })),
  )
}

export function q20({ bids, auctions }: NexmarkStreams): ResultRow[] {
  const items = new Map(auctions.map((auction) => [auction.id, auction]))
  return bids.flatMap((bid) => {
    const item = items.get(bid.auction)
    if (item === undefined || item.category !== 10) return []
    return [
      {
        auction: bid.auction,
        bidder: bid.bidder,
        price: bid.price,
        channel: bid.channel,
        url: bid.url,
        bid_dateTime: iso(bid.dateTime),
        bid_extra: bid.extra,
        itemName: item.itemName,
        description: item.description,
        initialBid: item.initialBid,
        reserve: item.reserve,
        auction_dateTime: iso(item.dateTime),
        expires: iso(item.expires),
        seller: item.seller,
        category: item.category,
        auction_extra: item.extra,
      },
    ]
  })
}

function groupBy<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}
