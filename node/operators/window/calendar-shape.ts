/**
 * Tumbling windows of whole days, weeks or months of a zone's calendar: a day may have 23 or 25
 * hours. Several units are counted from 1970: days from its first day, weeks from its first Monday,
 * months from its January.
 */
import { addToDay, dayStart, localDay, truncateDay } from '../../../shared/expr/zone-calendar.ts'
import { civilFromDays } from '../../../shared/model/text/civil-time.ts'
import type { SpanPlan } from '../../../shared/planning/plan.ts'
import type { WindowShape } from './window-arithmetic.ts'

/** 1970-01-05, the first Monday, as a day since 1970. */
const FIRST_MONDAY = 4

type CalendarSpan = Extract<SpanPlan, { calendar: string }>

export function calendarShape(size: CalendarSpan, offsetMs: number, zone: string): WindowShape {
  const startOfDays = (days: number) => dayStart(zone, days) + offsetMs
  const firstDay = (time: number) => windowDay(localDay(zone, time - offsetMs), size)
  const paneEnd = (start: number) =>
    startOfDays(addToDay(firstDay(start), size.count, size.calendar))
  return {
    paneStart: (time) => startOfDays(firstDay(time)),
    paneEnd,
    firstEnd: paneEnd,
    lastEnd: paneEnd,
    nextEnd: paneEnd,
    endAfter: paneEnd,
    windowStart: (end) => startOfDays(firstDay(end - 1)),
    isSingle: true,
  }
}

/** The first day of the window that holds a day. */
function windowDay(day: number, { calendar, count }: CalendarSpan): number {
  const unit = truncateDay(day, calendar)
  if (count === 1) return unit
  if (calendar === 'month') {
    const { year, month } = civilFromDays(unit)
    return addToDay(unit, -modulo((year - 1970) * 12 + month - 1, count), 'month')
  }
  if (calendar === 'week') return unit - 7 * modulo((unit - FIRST_MONDAY) / 7, count)
  return unit - modulo(unit, count)
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
