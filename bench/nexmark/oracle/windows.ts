/** Oracles of the windowed queries: q5, q7, q8, q11, and the count that q12 must conserve. */
import { type Bid, iso, type NexmarkStreams, type ResultRow } from './nexmark-events.ts'

const TEN_SECONDS = 10_000
const TWO_SECONDS = 2_000
const windowOf = (time: number): number => Math.floor(time / TEN_SECONDS) * TEN_SECONDS

/** Per window of 10 s every 2 s: the auctions with as many bids as the one with most. */
export function q5({ bids }: NexmarkStreams): ResultRow[] {
  const windows = new Map<number, Map<number, number>>()
  for (const { auction, dateTime } of bids) {
    const last = Math.floor(dateTime / TWO_SECONDS) * TWO_SECONDS
    for (let start = last; start > dateTime - TEN_SECONDS; start -= TWO_SECONDS) {
      const counts = windows.get(start) ?? new Map<number, number>()
      windows.set(start, counts)
      counts.set(auction, (counts.get(auction) ?? 0) + 1)
    }
  }
  return [...windows.values()].flatMap((counts) => {
    const most = Math.max(...counts.values())
    return [...counts].filter(([, num]) => num === most).map(([auction, num]) => ({ auction, num }))
  })
}

/** Per tumbling 10 s the highest price; then every bid with it in [end − 10 s, end], both included. */
export function q7({ bids }: NexmarkStreams): ResultRow[] {
  const highest = new Map<number, number>()
  for (const { price, dateTime } of bids) {
    const start = Math.floor(dateTime / TEN_SECONDS) * TEN_SECONDS
    highest.set(start, Math.max(highest.get(start) ?? 0, price))
  }
  return [...highest].flatMap(([start, price]) =>
    bids
      .filter((bid) => bid.price === price && isWithin(bid, start, start + TEN_SECONDS))
      .map(({ auction, bidder, dateTime, extra }) => ({
        auction,
        price,
        bidder,
        dateTime: iso(dateTime),
        extra,
      })),
  )
}

const isWithin = (bid: Bid, from: number, to: number): boolean =>
  bid.dateTime >= from && bid.dateTime <= to

/** Persons who registered and opened an auction within one tumbling 10 s; each once per window. */
export function q8({ persons, auctions }: NexmarkStreams): ResultRow[] {
  const sellers = new Set(auctions.map(({ seller, dateTime }) => `${windowOf(dateTime)} ${seller}`))
  const rows = new Map<string, ResultRow>()
  for (const { id, name, dateTime } of persons) {
    const start = windowOf(dateTime)
    if (!sellers.has(`${start} ${id}`)) continue
    rows.set(`${start} ${id} ${name}`, { id, name, stime: iso(start) })
  }
  return [...rows.values()]
}

/** Sessions per bidder that end 10 s after their last bid. */
export function q11({ bids }: NexmarkStreams): ResultRow[] {
  const rows: ResultRow[] = []
  for (const [bidder, times] of timesByBidder(bids)) {
    let start = 0
    for (let at = 1; at <= times.length; at++) {
      const last = times[at - 1] ?? 0
      const next = times[at] ?? Infinity
      if (next - last <= TEN_SECONDS) continue
      rows.push({
        bidder,
        bid_count: at - start,
        starttime: iso(times[start] ?? 0),
        endtime: iso(last + TEN_SECONDS),
      })
      start = at
    }
  }
  return rows
}

function timesByBidder(bids: readonly Bid[]): Map<number, number[]> {
  const times = new Map<number, number[]>()
  for (const { bidder, dateTime } of bids) {
    const own = times.get(bidder) ?? []
    times.set(bidder, own)
    own.push(dateTime)
  }
  for (const own of times.values()) own.sort((a, b) => a - b)
  return times
}

/** Bids per bidder over all windows: what q12's counts must add up to, whenever they fired. */
export function q12Totals({ bids }: NexmarkStreams): Map<number, number> {
  const totals = new Map<number, number>()
  for (const { bidder } of bids) totals.set(bidder, (totals.get(bidder) ?? 0) + 1)
  return totals
}
