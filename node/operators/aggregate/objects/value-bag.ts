/**
 * A multiset of values in order, so that rows can be taken back: what min, max, first, last, min_by,
 * max_by, collect and string_agg keep where one value is not enough.
 *
 * An element is a value with what it is ordered by (a time, another value, or null where the value
 * itself is the order), and how often it is in. Elements are sorted; a new one costs a search and a
 * move of those behind it, and usually goes to the end.
 */
import { compareCanonical } from '../../../../shared/model/canonical/canonical-order.ts'

export interface ValueBag {
  readonly orders: unknown[]
  readonly values: unknown[]
  readonly counts: number[]
}

/** Sign of the order of `orders` and of `values`: 1 ascending, −1 descending. */
export interface BagOrder {
  readonly byOrder: 1 | -1
  readonly byValue: 1 | -1
}

export const ASCENDING: BagOrder = { byOrder: 1, byValue: 1 }

export function valueBag(): ValueBag {
  return { orders: [], values: [], counts: [] }
}

// oxlint-disable-next-line max-params -- called per record: an object would be allocated
export function putValue(
  bag: ValueBag,
  order: unknown,
  value: unknown,
  count: number,
  by: BagOrder,
): void {
  const at = placeOf(bag, order, value, by)
  if (at < bag.values.length && compareAt(bag, at, order, value, by) === 0) {
    bag.counts[at] = (bag.counts[at] as number) + count
    return
  }
  if (at === bag.values.length) {
    bag.orders.push(order)
    bag.values.push(value)
    bag.counts.push(count)
    return
  }
  bag.orders.splice(at, 0, order)
  bag.values.splice(at, 0, value)
  bag.counts.splice(at, 0, count)
}

/**
 * Takes a value out `count` times. A row may be taken back with another time than it came with (the
 * time of the change): then the first element with that value goes. False when there is none.
 */
// oxlint-disable-next-line max-params -- called per record: an object would be allocated
export function takeValue(
  bag: ValueBag,
  order: unknown,
  value: unknown,
  count: number,
  by: BagOrder,
): boolean {
  let at = placeOf(bag, order, value, by)
  if (at === bag.values.length || compareAt(bag, at, order, value, by) !== 0) {
    at = bag.values.findIndex((one) => compareCanonical(one, value) === 0)
    if (at < 0) return false
  }
  const left = (bag.counts[at] as number) - count
  if (left > 0) {
    bag.counts[at] = left
    return true
  }
  bag.orders.splice(at, 1)
  bag.values.splice(at, 1)
  bag.counts.splice(at, 1)
  return true
}

export function mergeBag(into: ValueBag, from: ValueBag, by: BagOrder): void {
  for (const [at, value] of from.values.entries())
    putValue(into, from.orders[at], value, from.counts[at] as number, by)
}

export function unmergeBag(into: ValueBag, from: ValueBag, by: BagOrder): void {
  for (const [at, value] of from.values.entries())
    takeValue(into, from.orders[at], value, from.counts[at] as number, by)
}

/** Every value as often as it is in, in order. */
export function valuesOf(bag: ValueBag): unknown[] {
  return bag.values.flatMap((value, at) => {
    const count = bag.counts[at] as number
    return count === 1 ? [value] : Array.from({ length: count }, () => value)
  })
}

/** Index of the first element that does not come before (order, value). */
// oxlint-disable-next-line max-params -- called per record: an object would be allocated
function placeOf(bag: ValueBag, order: unknown, value: unknown, by: BagOrder): number {
  let low = 0
  let high = bag.values.length
  if (high > 0 && compareAt(bag, high - 1, order, value, by) < 0) return high
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareAt(bag, middle, order, value, by) < 0) low = middle + 1
    else high = middle
  }
  return low
}

// oxlint-disable-next-line max-params -- called per record: an object would be allocated
function compareAt(
  bag: ValueBag,
  at: number,
  order: unknown,
  value: unknown,
  by: BagOrder,
): number {
  const first = compareCanonical(bag.orders[at], order) * by.byOrder
  return first === 0 ? compareCanonical(bag.values[at], value) * by.byValue : first
}
