/** Rows of a batch that lie in one pane, one after the other. */
import type { AggregateBatch } from '../aggregate/compile-aggregate.ts'

/** What decides whether a row lies in the pane that is filled. */
type PaneBatch = Pick<AggregateBatch, 'times' | 'paneStart' | 'paneEnd'>

export function inPane(time: number, start: number, end: number): boolean {
  return time >= start && time < end
}

/** The first row after `from` that is not in the batch's pane. */
export function runEnd(batch: PaneBatch, from: number, length: number): number {
  const { times, paneStart, paneEnd } = batch
  // A global window takes every record, also those that lost their time.
  if (paneStart === Number.NEGATIVE_INFINITY) return length
  let to = from + 1
  while (to < length && inPane(times[to] as number, paneStart, paneEnd)) to += 1
  return to
}
