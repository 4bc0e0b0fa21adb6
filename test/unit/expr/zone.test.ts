/**
 * Hunts: offsets that are wrong around changes of clocks, days that start an hour off, and calendar
 * steps that drift. The oracle asks Intl for every instant, which the code does once per day.
 */
import test from 'ava'
import * as fc from 'fast-check'
import {
  addToDay,
  addUnits,
  dayStart,
  startOfDay,
  startOfMonth,
  startOfWeek,
  truncateTime,
  unitsBetween,
} from '../../../shared/expr/zone-calendar.ts'
import { isZone, zoneNamed, zoneOffsetMs } from '../../../shared/expr/zone-offset.ts'
import { daysFromCivil } from '../../../shared/model/text/civil-time.ts'
import { valueOf } from './expr-kit.ts'

const HOUR = 3_600_000
/** Zones with gaps at midnight, half-hour changes, changes of date, and none. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'America/Havana',
  'Africa/Cairo',
  'UTC',
]

const FORMATS = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      dateStyle: 'short',
      timeStyle: 'medium',
    }),
  ]),
)

/** The local clock of an instant after 1900, as if it were UTC. */
function oracleLocal(zone: string, utcMs: number): number {
  const text = FORMATS.get(zone)?.format(utcMs) ?? ''
  const [day, month, year, hour, minute, second] = text.split(/\D+/).map(Number)
  const ms = ((utcMs % 1000) + 1000) % 1000
  return Date.UTC(year!, month! - 1, day, hour, minute, second, ms)
}

const instant = fc.oneof(
  fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2037, 0, 1) }),
  fc.integer({ min: Date.UTC(2011, 11, 29), max: Date.UTC(2012, 0, 2) }), // Apia skips a day
)

test('zone: offsets are those of Intl at any instant', (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), instant, (zone, ms) => {
      t.is(zoneOffsetMs(zone, ms), oracleLocal(zone, ms) - ms, `${zone} ${ms}`)
    }),
    { numRuns: 3000 },
  )
})

test('zone: offsets change at the very millisecond', (t) => {
  const change = Date.UTC(2026, 2, 29, 1)
  t.is(zoneOffsetMs('Europe/Berlin', change - 1), HOUR)
  t.is(zoneOffsetMs('Europe/Berlin', change), 2 * HOUR)
})

test('zone: a local time that exists once leads back to its instant', (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), instant, (name, ms) => {
      const zone = zoneNamed(name)
      const local = zone.toLocal(ms)
      const back = zone.toUtc(local)
      t.is(zone.toLocal(back), local, `${name} ${ms}`)
      t.true(back <= ms, 'of two instants the first')
    }),
    { numRuns: 3000 },
  )
})

test('zone: a skipped time counts as before the change, a doubled one is the first', (t) => {
  const berlin = zoneNamed('Europe/Berlin')
  t.is(berlin.toUtc(Date.UTC(2026, 2, 29, 2, 30)), Date.UTC(2026, 2, 29, 1, 30))
  t.is(berlin.toUtc(Date.UTC(2026, 9, 25, 2, 30)), Date.UTC(2026, 9, 25, 0, 30))
})

test('zone: a day starts at its first instant, also where midnight does not exist', (t) => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), instant, (zone, ms) => {
      const start = startOfDay(zone, ms)
      const day = Math.floor(oracleLocal(zone, ms) / 86_400_000)
      t.true(start <= ms)
      t.is(Math.floor(oracleLocal(zone, start) / 86_400_000), day, `${zone} ${ms}`)
      t.not(Math.floor(oracleLocal(zone, start - 1) / 86_400_000), day, `${zone} ${ms}`)
    }),
    { numRuns: 3000 },
  )
  t.is(
    dayStart('America/Sao_Paulo', daysFromCivil({ year: 2018, month: 11, day: 4 })),
    Date.UTC(2018, 10, 4, 3),
  )
})

test('zone: days of 23 and 25 hours, weeks from Monday, months of any length', (t) => {
  const zone = 'Europe/Berlin'
  const spring = startOfDay(zone, Date.UTC(2026, 2, 29, 12))
  t.is(addUnits(zone, spring, { count: 1, unit: 'day' }) - spring, 23 * HOUR)
  const autumn = startOfDay(zone, Date.UTC(2026, 9, 25, 12))
  t.is(addUnits(zone, autumn, { count: 1, unit: 'day' }) - autumn, 25 * HOUR)
  t.is(startOfWeek(zone, Date.UTC(2026, 10, 22, 12)), Date.UTC(2026, 10, 15, 23))
  t.is(startOfMonth(zone, Date.UTC(2026, 10, 1)), Date.UTC(2026, 9, 31, 23))
  const jan31 = daysFromCivil({ year: 2028, month: 1, day: 31 })
  t.is(addToDay(jan31, 1, 'month'), daysFromCivil({ year: 2028, month: 2, day: 29 }))
  t.is(addToDay(jan31, -2, 'month'), daysFromCivil({ year: 2027, month: 11, day: 30 }))
})

test('zone: counting units and adding them are inverse', (t) => {
  const units = ['year', 'quarter', 'month', 'week', 'day', 'hour'] as const
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.constantFrom(...units),
      instant,
      fc.integer({ min: -40, max: 40 }),
      (zone, unit, from, count) => {
        const to = addUnits(zone, from, { count, unit })
        const counted = unitsBetween(zone, { from, to }, unit)
        t.is(addUnits(zone, from, { count: counted, unit }), to, `${zone} ${unit} ${from} ${count}`)
      },
    ),
    { numRuns: 2000 },
  )
})

test('zone: truncating is idempotent and never goes forward', (t) => {
  const units = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.constantFrom(...units), instant, (zone, unit, ms) => {
      const start = truncateTime(zone, ms, unit)
      t.true(start <= ms)
      t.is(truncateTime(zone, start, unit), start, `${zone} ${unit} ${ms}`)
    }),
    { numRuns: 3000 },
  )
})

test('zone: names that are none are known as such', (t) => {
  t.true(isZone('Europe/Berlin'))
  t.false(isZone('Europe/Berln'))
  t.false(isZone('__proto__'))
  t.throws(() => zoneOffsetMs('Mars/Base', 0), { message: /no time zone `Mars\/Base`/ })
})

test('time format: what is written in a pattern is read back', (t) => {
  const patterns = [
    'yyyy-MM-dd HH:mm:ss.SSS',
    'dd.MM.yyyy hh:mm:ss a SSS',
    'EEE, d MMM yyyy HH:mm:ss XX SSS',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...patterns),
      fc.constantFrom(...ZONES),
      instant,
      (pattern, zone, ms) => {
        const shown = valueOf(`format_time(ts, "${pattern}", "${zone}")`, { ts: ms })
        const back = valueOf(`unix_millis(parse_time(${shown}, "${pattern}", "${zone}"))`)
        // A doubled local time without offset is read as its first instant.
        const local = zoneNamed(zone).toLocal(ms)
        const hasOffset = pattern.includes('XX')
        const isWhole = (local - ms) % 60_000 === 0
        if (!hasOffset) t.is(Number(back), zoneNamed(zone).toUtc(local))
        else if (isWhole) t.is(Number(back), ms)
      },
    ),
    { numRuns: 500 },
  )
})
