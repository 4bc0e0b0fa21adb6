/** Fields of the local calendar, and times truncated, moved and counted in its units. */
import { civilFromDays, daysFromCivil } from '../../../model/text/civil-time.ts'
import type { FunctionDef } from '../../overload.ts'
import { rt } from '../../runtime.ts'
import {
  addToDay,
  addUnits,
  daysInMonth,
  fixedMs,
  truncateDay,
  truncateTime,
  unitsBetween,
} from '../../zone-calendar.ts'
import { zoneNamed } from '../../zone-offset.ts'
import { StreamError } from '../../../base/errors.ts'
import { DATE, defineFixed, INTEGER, STRING, TIMESTAMP } from '../define.ts'
import { checkUnitAndZone, unitOf } from './time-units.ts'

const DAY_MS = 86_400_000
const TIME = { group: 'time' } as const

/** Milliseconds of the local day or clock; UTC without a zone. */
function local(ts: number, zone: string | undefined): number {
  return zone === undefined ? ts : zoneNamed(zone).toLocal(ts)
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by
}

/** A field of the date, of a timestamp in a zone or of a date. */
function dateField(
  name: string,
  summary: string,
  example: readonly [string, string],
  read: (days: number) => number,
): FunctionDef {
  return defineFixed(
    { ...TIME, name, summary },
    [example],
    {
      id: `${name}.timestamp`,
      params: { ts: TIMESTAMP, 'zone?': STRING },
      result: INTEGER,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { zone: 1 }),
      run: (ts: number, zone?: string) => read(Math.floor(local(ts, zone) / DAY_MS)),
    },
    { id: `${name}.date`, params: { day: DATE }, result: INTEGER, run: read },
  )
}

/** A field of the time of day; in UTC a division and a rest. */
function clockField(
  name: string,
  summary: string,
  example: readonly [string, string],
  [unit, count]: readonly [number, number],
): FunctionDef {
  return defineFixed(
    { ...TIME, name, summary },
    [example],
    {
      id: `${name}.utc`,
      params: { ts: TIMESTAMP },
      result: INTEGER,
      inline: ([ts]) => `rt.floorMod(Math.floor(${ts} / ${unit}), ${count})`,
      run: (ts: number) => mod(Math.floor(ts / unit), count),
    },
    {
      id: `${name}.zoned`,
      params: { ts: TIMESTAMP, zone: STRING },
      result: INTEGER,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { zone: 1 }),
      run: (ts: number, zone: string) => mod(Math.floor(local(ts, zone) / unit), count),
    },
  )
}

/** Monday is 1, Sunday 7. */
function dayOfWeek(days: number): number {
  return mod(days + 3, 7) + 1
}

function dayOfYear(days: number): number {
  const { year } = civilFromDays(days)
  return days - daysFromCivil({ year, month: 1, day: 1 }) + 1
}

/** ISO 8601: week 1 is the one with the year's first Thursday. */
function isoWeek(days: number): number {
  const thursday = days + 4 - dayOfWeek(days)
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1
}

function isoYear(days: number): number {
  return civilFromDays(days + 4 - dayOfWeek(days)).year
}

function lastDay(days: number): number {
  const { year, month } = civilFromDays(days)
  return truncateDay(days, 'month') + daysInMonth({ year, month }) - 1
}

function calendarUnit(unit: string): Parameters<typeof truncateDay>[1] {
  const known = unitOf(unit)
  if (
    known === 'year' ||
    known === 'quarter' ||
    known === 'month' ||
    known === 'week' ||
    known === 'day'
  )
    return known
  throw new StreamError('EXPR_ARGUMENT_INVALID', `a date has no unit \`${unit}\``)
}

export const CALENDAR_FUNCTIONS: readonly FunctionDef[] = [
  dateField(
    'year',
    'The year.',
    ['year(timestamp("2026-01-31T23:30:00Z"))', '2026'],
    (days) => civilFromDays(days).year,
  ),
  dateField('quarter', 'The quarter, from 1.', ['quarter(date("2026-05-01"))', '2'], (days) =>
    Math.ceil(civilFromDays(days).month / 3),
  ),
  dateField(
    'month',
    'The month, from 1.',
    ['month(timestamp("2026-01-31T23:30:00Z"), "Europe/Berlin")', '2'],
    (days) => civilFromDays(days).month,
  ),
  dateField('week', 'The ISO week, from 1.', ['week(date("2027-01-01"))', '53'], isoWeek),
  dateField(
    'week_year',
    'The year an ISO week belongs to.',
    ['week_year(date("2027-01-01"))', '2026'],
    isoYear,
  ),
  dateField(
    'day',
    'The day of the month, from 1.',
    ['day(date("2026-05-17"))', '17'],
    (days) => civilFromDays(days).day,
  ),
  dateField(
    'day_of_week',
    'Monday is 1, Sunday 7.',
    ['day_of_week(date("2026-11-22"))', '7'],
    dayOfWeek,
  ),
  dateField(
    'day_of_year',
    'The day of the year, from 1.',
    ['day_of_year(date("2026-02-01"))', '32'],
    dayOfYear,
  ),
  clockField(
    'hour',
    'The hour, 0 to 23.',
    ['hour(timestamp("2026-07-01T22:15:00Z"), "Europe/Berlin")', '0'],
    [3_600_000, 24],
  ),
  clockField(
    'minute',
    'The minute, 0 to 59.',
    ['minute(timestamp("2026-07-01T22:15:00Z"))', '15'],
    [60_000, 60],
  ),
  clockField(
    'second',
    'The second, 0 to 59.',
    ['second(timestamp("2026-07-01T22:15:09Z"))', '9'],
    [1000, 60],
  ),
  clockField(
    'millisecond',
    'The millisecond, 0 to 999.',
    ['millisecond(timestamp("2026-07-01T22:15:09.250Z"))', '250'],
    [1, 1000],
  ),
  defineFixed(
    { ...TIME, name: 'last_day', summary: 'The last day of the month.' },
    [['last_day(date("2028-02-03"))', '2028-02-29']],
    { id: 'last_day', params: { day: DATE }, result: DATE, run: lastDay },
  ),
  defineFixed(
    {
      ...TIME,
      name: 'date_trunc',
      summary: 'The start of the year, quarter, month, week (Monday), day, hour, minute or second.',
    },
    [
      ['date_trunc("hour", timestamp("2026-11-22T10:45:00Z"))', '2026-11-22T10:00:00.000Z'],
      [
        'date_trunc("day", timestamp("2026-11-22T23:30:00Z"), "Europe/Berlin")',
        '2026-11-22T23:00:00.000Z',
      ],
      ['date_trunc("month", date("2026-11-22"))', '2026-11-01'],
    ],
    {
      id: 'date_trunc.timestamp',
      params: { unit: STRING, ts: TIMESTAMP, 'zone?': STRING },
      result: TIMESTAMP,
      throws: true,
      literals: (values) => {
        const problem = checkUnitAndZone(values, { unit: 0, zone: 2 })
        return problem ?? staticUnit(values)
      },
      run: truncate,
      prepare: ({ statics }) => truncateBy(statics) ?? truncate,
    },
    {
      id: 'date_trunc.date',
      params: { unit: STRING, day: DATE },
      result: DATE,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { unit: 0 }),
      run: (unit: string, days: number) => truncateDay(days, calendarUnit(unit)),
    },
  ),
  defineFixed(
    {
      ...TIME,
      name: 'date_add',
      summary: 'Moved by calendar units in a zone; the time of day stays.',
    },
    [
      ['date_add(date("2026-01-31"), 1, "month")', '2026-02-28'],
      [
        'date_add(timestamp("2026-03-28T11:00:00Z"), 1, "day", "Europe/Berlin")',
        '2026-03-29T10:00:00.000Z',
      ],
    ],
    {
      id: 'date_add.timestamp',
      params: { ts: TIMESTAMP, count: INTEGER, unit: STRING, 'zone?': STRING },
      result: TIMESTAMP,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { unit: 2, zone: 3 }),
      run: (ts: number, count: number, unit: string, zone = 'UTC') =>
        rt.timestamp(addUnits(zone, ts, { count, unit: unitOf(unit) })),
    },
    {
      id: 'date_add.date',
      params: { day: DATE, count: INTEGER, unit: STRING },
      result: DATE,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { unit: 2 }),
      run: (days: number, count: number, unit: string) =>
        dayInRange(addToDay(days, count, calendarUnit(unit))),
    },
  ),
  defineFixed(
    { ...TIME, name: 'date_diff', summary: 'Whole units from `from` to `to`, towards zero.' },
    [
      ['date_diff("day", date("2026-01-01"), date("2026-03-01"))', '59'],
      ['date_diff("month", timestamp("2026-01-31"), timestamp("2026-03-30"))', '1'],
    ],
    {
      id: 'date_diff.timestamp',
      params: { unit: STRING, from: TIMESTAMP, to: TIMESTAMP, 'zone?': STRING },
      result: INTEGER,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { unit: 0, zone: 3 }),
      run: (unit: string, from: number, to: number, zone = 'UTC') =>
        unitsBetween(zone, { from, to }, unitOf(unit)),
    },
    {
      id: 'date_diff.date',
      params: { unit: STRING, from: DATE, to: DATE },
      result: INTEGER,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { unit: 0 }),
      run: (unit: string, from: number, to: number) =>
        unitsBetween('UTC', { from: from * DAY_MS, to: to * DAY_MS }, unitOf(unit)),
    },
  ),
]

function truncate(unit: string, ts: number, zone = 'UTC'): number {
  return truncateTime(zone, ts, unitOf(unit))
}

/** Unit and zone as static parts, when both are literals. */
function staticUnit(values: readonly unknown[]): Readonly<Record<string, unknown>> | null {
  const [unit, , zone] = values
  const isFixed = values.length < 3 || typeof zone === 'string'
  if (typeof unit !== 'string' || !isFixed) return null
  return { unit, zone: typeof zone === 'string' ? zone : 'UTC' }
}

/** Hours and less in UTC are one division; days and more look the zone up once. */
function truncateBy(
  statics: Readonly<Record<string, unknown>> | undefined,
): ((unit: string, ts: number) => number) | null {
  if (typeof statics?.['unit'] !== 'string' || typeof statics['zone'] !== 'string') return null
  const unit = unitOf(statics['unit'])
  const zone = statics['zone']
  const fixed = unit === 'day' && zone === 'UTC' ? DAY_MS : fixedMs(unit)
  if (fixed === null) return (_, ts) => truncateTime(zone, ts, unit)
  if (zone === 'UTC') return (_, ts) => Math.floor(ts / fixed) * fixed
  const named = zoneNamed(zone)
  return (_, ts) => {
    const offset = named.offsetMs(ts)
    return Math.floor((ts + offset) / fixed) * fixed - offset
  }
}

function dayInRange(days: number): number {
  rt.timestamp(days * DAY_MS)
  return days
}
