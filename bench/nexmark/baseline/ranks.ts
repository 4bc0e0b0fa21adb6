/** The price ranks of q15 and q16, and their twelve figures: bids, bidders and auctions, all and by rank. */

export const FIGURES = 12
export const BIDS = 0
export const BIDDERS = 4
export const AUCTIONS = 8

export function rankOf(price: number): 1 | 2 | 3 {
  if (price < 10_000) return 1
  return price < 1_000_000 ? 2 : 3
}

/**
 * Counts a member of a distinct set; `seen` are the ranks in which it was seen, as bits, with bit 0
 * for any. Answers what it was seen in now.
 */
export function countDistinct(
  figures: Int32Array,
  first: number,
  seen: number,
  rank: number,
): number {
  const bit = 1 << rank
  if ((seen & bit) !== 0) return seen
  figures[first + rank] = (figures[first + rank] as number) + 1
  if (seen === 0) figures[first] = (figures[first] as number) + 1
  return seen | bit | 1
}
