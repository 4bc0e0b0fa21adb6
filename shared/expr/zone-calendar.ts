/** Calendar units in a zone: where days, weeks, months and years start, and steps by them. */
import { civilFromDays, daysFromCivil } from '../model/text/civil-time.ts'
import { zoneNamed } from './zone-offset.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** 1970-01-01 was a Thursday; weeks start on Monday. */
const MONDAY_SHIFT = 3

export type CalendarUnit = 'year' | 'quarter' | 'month' | 'week' | 'day'
export type TimeUnit = CalendarUnit | 'hour' | 'minute' | 'second' | 'millisecond'

/** The first day of the unit that holds a day. */
export function truncateDay(days: number, unit: CalendarUnit): number {
  if (unit === 'day') return days
  if (unit === 'week') return days - mod(days + MONDAY_SHIFT, 7)
  const { year, month } = civilFromDays(days)
  if (unit === 'month') return daysFromCivil({ year, month, day: 1 })
  if (unit === 'quarter') return daysFromCivil({ year, month: month - ((month - 1) % 3), day: 1 })
  return daysFromCivil({ year, month: 1, day: 1 })
}

/** A day moved by units; the 31st becomes the last day of a shorter month. */
export function addToDay(days: number, count: number, unit: CalendarUnit): number {
  if (unit === 'day') return days + count
  if (unit === 'week') return days + 7 * count
  const months = unit === 'year' ? 12 * count : unit === 'quarter' ? 3 * count : count
  const { year, month, day } = civilFromDays(days)
  const index = year * 12 + (month - 1) + months
  const target = { year: Math.floor(index / 12), month: mod(index, 12) + 1 }
  return daysFromCivil({ ...target, day: Math.min(day, daysInMonth(target)) })
}

export function daysInMonth({ year, month }: { year: number; month: number }): number {
  const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 }
  return daysFromCivil({ ...next, day: 1 }) - daysFromCivil({ year, month, day: 1 })
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by
}

/** The day of the local clock, since 1970. */
export function localDay(zone: string, utcMs: number): number {
  return Math.floor(zoneNamed(zone).toLocal(utcMs) / DAY_MS)
}

/** The instant at which a local day starts: its first one where clocks skip midnight. */
export function dayStart(zone: string, days: number): number {
  return zoneNamed(zone).toUtc(days * DAY_MS)
}

/** The start of the unit of the local calendar that holds an instant. */
export function startOf(zone: string, unit: CalendarUnit, utcMs: number): number {
  return dayStart(zone, truncateDay(localDay(zone, utcMs), unit))
}

export function startOfDay(zone: string, utcMs: number): number {
  return startOf(zone, 'day', utcMs)
}

/** Weeks start on Monday. */
export function startOfWeek(zone: string, utcMs: number): number {
  return startOf(zone, 'week', utcMs)
}

export function startOfMonth(zone: string, utcMs: number): number {
  return startOf(zone, 'month', utcMs)
}

/**
 * An instant moved by calendar units: the local time of day stays, so a day may have 23 or 25
 * hours. Hours and less are fixed lengths.
 */
export function addUnits(
  zone: string,
  utcMs: number,
  { count, unit }: { readonly count: number; readonly unit: TimeUnit },
): number {
  const fixed = fixedMs(unit)
  if (fixed !== null) return utcMs + count * fixed
  const named = zoneNamed(zone)
  const local = named.toLocal(utcMs)
  const days = Math.floor(local / DAY_MS)
  return named.toUtc(addToDay(days, count, calendar(unit)) * DAY_MS + (local - days * DAY_MS))
}

/** Truncated to the unit on the local clock; hours and less stay on their side of a change. */
export function truncateTime(zone: string, utcMs: number, unit: TimeUnit): number {
  const fixed = fixedMs(unit)
  if (fixed === null) return startOf(zone, calendar(unit), utcMs)
  const offset = zoneNamed(zone).offsetMs(utcMs)
  return Math.floor((utcMs + offset) / fixed) * fixed - offset
}

/** Whole units from one instant to another, towards zero, on the local calendar. */
export function unitsBetween(
  zone: string,
  { from, to }: { readonly from: number; readonly to: number },
  unit: TimeUnit,
): number {
  const fixed = fixedMs(unit)
  if (fixed !== null) return Math.trunc((to - from) / fixed) + 0
  const estimate = Math.trunc((to - from) / (averageDays(calendar(unit)) * DAY_MS))
  const isForward = to >= from
  const passes = (count: number): boolean => {
    const moved = addUnits(zone, from, { count, unit })
    return isForward ? moved > to : moved < to
  }
  const step = isForward ? 1 : -1
  let count = estimate - 2 * step
  if (isForward ? count < 0 : count > 0) count = 0
  while (!passes(count + step)) count += step
  return count + 0
}

function averageDays(unit: CalendarUnit): number {
  return { day: 1, week: 7, month: 30.436875, quarter: 91.310625, year: 365.2425 }[unit]
}

export function fixedMs(unit: TimeUnit): number | null {
  switch (unit) {
    case 'hour':
      return HOUR_MS
    case 'minute':
      return 60_000
    case 'second':
      return 1000
    case 'millisecond':
      return 1
    default:
      return null
  }
}

function calendar(unit: TimeUnit): CalendarUnit {
  switch (unit) {
    case 'year':
    case 'quarter':
    case 'month':
    case 'week':
      return unit
    default:
      return 'day'
  }
}
