/** Oracles of the queries that keep nothing: q0, q1, q2, q13, q14, q21, q22. Slow and obvious. */
import { iso, type NexmarkStreams, type ResultRow, thousandths } from './nexmark-events.ts'

export function q0({ bids }: NexmarkStreams): ResultRow[] {
  return bids.map(({ auction, bidder, price, dateTime, extra }) => ({
    auction,
    bidder,
    price,
    dateTime: iso(dateTime),
    extra,
  }))
}

export function q1(streams: NexmarkStreams): ResultRow[] {
  return streams.bids.map(({ auction, bidder, price, dateTime, extra }) => ({
    auction,
    bidder,
    price: thousandths(price * 908),
    dateTime: iso(dateTime),
    extra,
  }))
}

export function q2({ bids }: NexmarkStreams): ResultRow[] {
  return bids
    .filter(({ auction }) => auction % 123 === 0)
    .map(({ auction, price }) => ({ auction, price }))
}

/** The table holds `i, i` for i below 10,000. */
export function q13({ bids }: NexmarkStreams): ResultRow[] {
  return bids.map(({ auction, bidder, price, dateTime }) => ({
    auction,
    bidder,
    price,
    dateTime: iso(dateTime),
    value: auction % 10_000,
  }))
}

export function q14({ bids }: NexmarkStreams): ResultRow[] {
  return bids
    .filter(({ price }) => price * 908 > 1_000_000_000 && price * 908 < 50_000_000_000)
    .map(({ auction, bidder, price, dateTime, extra }) => ({
      auction,
      bidder,
      price: thousandths(price * 908),
      bidTimeType: timeType(new Date(dateTime).getUTCHours()),
      dateTime: iso(dateTime),
      extra,
      c_counts: extra.split('c').length - 1,
    }))
}

function timeType(hour: number): string {
  if (hour >= 8 && hour <= 18) return 'dayTime'
  return hour <= 6 || hour >= 20 ? 'nightTime' : 'otherTime'
}

const CHANNEL_IDS: Readonly<Record<string, string>> = {
  apple: '0',
  google: '1',
  facebook: '2',
  baidu: '3',
}

export function q21({ bids }: NexmarkStreams): ResultRow[] {
  return bids.flatMap(({ auction, bidder, price, channel, url }) => {
    const named = CHANNEL_IDS[channel.toLowerCase()]
    const id = named ?? /(?:&|^)channel_id=([^&]*)/.exec(url)?.[1]
    return id === undefined ? [] : [{ auction, bidder, price, channel, channel_id: id }]
  })
}

export function q22({ bids }: NexmarkStreams): ResultRow[] {
  return bids.map(({ auction, bidder, price, channel, url }) => {
    const parts = url.split('/')
    return {
      auction,
      bidder,
      price,
      channel,
      dir1: parts[3] ?? null,
      dir2: parts[4] ?? null,
      dir3: parts[5] ?? null,
    }
  })
}
