/**
 * Ranges of event numbers as splits. They follow from the config alone, so that every subtask sees
 * the same ones; a subtask takes those it owns, in order, one after the other.
 */
import { CYCLE } from './nexmark/nexmark-rules.ts'

/** 512 cycles of 50 events. */
const RANGE_EVENTS_MIN = 512 * CYCLE
const RANGES_MAX = 1024
const RANGE_EVENTS_ENDLESS = RANGE_EVENTS_MIN * 64

export interface EventRange {
  readonly split: string
  readonly from: number
  /** Behind the last. */
  readonly end: number
}

/** Events of one range; `events` null: there is no end. */
export function rangeSize(events: number | null): number {
  if (events === null) return RANGE_EVENTS_ENDLESS
  let size = RANGE_EVENTS_MIN
  while (events / size > RANGES_MAX) size *= 2
  return size
}

/** The next range from `index` on that is owned; null: there is none. */
export function nextRange(
  index: number,
  events: number | null,
  owns: (splitId: string) => boolean,
): { readonly range: EventRange; readonly index: number } | null {
  const size = rangeSize(events)
  const end = events ?? Infinity
  for (let at = index; at * size < end; at++) {
    const split = `events-${at}`
    if (!owns(split)) continue
    return { range: { split, from: at * size, end: Math.min((at + 1) * size, end) }, index: at }
  }
  return null
}
