/** Timestamps, dates and durations: made, converted, formatted and read. */
import { StreamError } from '../../../base/errors.ts'
import { daysFromCivil, formatDate, formatTimestamp } from '../../../model/text/civil-time.ts'
import type { FunctionDef } from '../../overload.ts'
import { rt } from '../../runtime.ts'
import { timeLiteral, type TimeKind } from '../../checking/time-literal.ts'
import { zoneNamed } from '../../zone-offset.ts'
import { daysInMonth } from '../../zone-calendar.ts'
import { DATE, defineFixed, DURATION, INTEGER, NUMBER, STRING, TIMESTAMP } from '../define.ts'
import { compileTimeFormat, parseTime, timeWriter } from './time-format.ts'
import { checkUnitAndZone } from './time-units.ts'

const DAY_MS = 86_400_000
const TIME = { group: 'time' } as const

function read(text: string, kind: TimeKind): number {
  const literal = timeLiteral(text.trim(), kind)
  if (literal.problem === null) return literal.value
  throw new StreamError('EXPR_CONVERSION_FAILED', literal.problem, { fix: literal.fix })
}

function tryRead(text: string, kind: TimeKind): number | null {
  return timeLiteral(text.trim(), kind).value
}

/** A text without offset is local time of the zone. */
function readInZone(text: string, zone: string): number {
  const utc = read(text, 'timestamp')
  const hasOffset = /(?:Z|z|[+-]\d\d(?::?\d\d)?)$/.test(text.trim()) && text.includes(':')
  return hasOffset ? utc : zoneNamed(zone).toUtc(utc)
}

const CONVERSIONS: readonly FunctionDef[] = [
  defineFixed(
    {
      ...TIME,
      name: 'timestamp',
      summary: 'A timestamp of ISO text (UTC unless it has an offset, or in a zone) or of a date.',
    },
    [
      ['timestamp("2026-01-31T10:05:00+01:00")', '2026-01-31T09:05:00.000Z'],
      ['timestamp("2026-07-01T10:00", "Europe/Berlin")', '2026-07-01T08:00:00.000Z'],
      ['timestamp(date("2026-01-31"))', '2026-01-31T00:00:00.000Z'],
    ],
    {
      id: 'timestamp.string',
      params: { text: STRING },
      result: TIMESTAMP,
      throws: true,
      run: (text: string) => read(text, 'timestamp'),
    },
    {
      id: 'timestamp.zoned',
      params: { text: STRING, zone: STRING },
      result: TIMESTAMP,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { zone: 1 }),
      run: readInZone,
    },
    {
      id: 'timestamp.date',
      params: { day: DATE },
      result: TIMESTAMP,
      inline: ([day]) => `(${day} * ${DAY_MS})`,
      run: (day: number) => day * DAY_MS,
    },
    {
      id: 'timestamp.date_zoned',
      params: { day: DATE, zone: STRING },
      result: TIMESTAMP,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { zone: 1 }),
      run: (day: number, zone: string) => zoneNamed(zone).toUtc(day * DAY_MS),
    },
    {
      id: 'timestamp.timestamp',
      params: { ts: TIMESTAMP },
      result: TIMESTAMP,
      inline: ([ts]) => `${ts}`,
      run: (ts: number) => ts,
    },
  ),
  defineFixed(
    {
      ...TIME,
      name: 'date',
      summary: 'A date of ISO text, or of a timestamp in a zone (UTC without one).',
    },
    [
      ['date("2026-01-31")', '2026-01-31'],
      ['date(timestamp("2026-01-31T23:30:00Z"), "Europe/Berlin")', '2026-02-01'],
    ],
    {
      id: 'date.string',
      params: { text: STRING },
      result: DATE,
      throws: true,
      run: (text: string) => read(text, 'date'),
    },
    {
      id: 'date.timestamp',
      params: { ts: TIMESTAMP },
      result: DATE,
      inline: ([ts]) => `Math.floor(${ts} / ${DAY_MS})`,
      run: (ts: number) => Math.floor(ts / DAY_MS),
    },
    {
      id: 'date.zoned',
      params: { ts: TIMESTAMP, zone: STRING },
      result: DATE,
      throws: true,
      literals: (values) => checkUnitAndZone(values, { zone: 1 }),
      run: (ts: number, zone: string) => Math.floor(zoneNamed(zone).toLocal(ts) / DAY_MS),
    },
    {
      id: 'date.parts',
      params: { year: INTEGER, month: INTEGER, day: INTEGER },
      result: DATE,
      throws: true,
      run: dateOfParts,
    },
  ),
  defineFixed(
    { ...TIME, name: 'duration', summary: 'A duration of text: `5m`, `1h 30m`, `PT5M`.' },
    [['duration("90 minutes")', '90m']],
    {
      id: 'duration.string',
      params: { text: STRING },
      result: DURATION,
      throws: true,
      run: (text: string) => read(text, 'duration'),
    },
  ),
  defineFixed(
    { ...TIME, name: 'try_timestamp', summary: 'A timestamp of text; null where it is none.' },
    [['try_timestamp("soon")', 'null']],
    {
      id: 'try_timestamp',
      params: { text: STRING },
      result: TIMESTAMP,
      nullable: true,
      run: (text: string) => tryRead(text, 'timestamp'),
    },
  ),
  defineFixed(
    { ...TIME, name: 'try_date', summary: 'A date of text; null where it is none.' },
    [['try_date("2026-02-30")', 'null']],
    {
      id: 'try_date',
      params: { text: STRING },
      result: DATE,
      nullable: true,
      run: (text: string) => tryRead(text, 'date'),
    },
  ),
  defineFixed(
    { ...TIME, name: 'try_duration', summary: 'A duration of text; null where it is none.' },
    [['try_duration("5")', 'null']],
    {
      id: 'try_duration',
      params: { text: STRING },
      result: DURATION,
      nullable: true,
      run: (text: string) => tryRead(text, 'duration'),
    },
  ),
]

function dateOfParts(year: number, month: number, day: number): number {
  const isMonth = month >= 1 && month <= 12
  if (isMonth && day >= 1 && day <= daysInMonth({ year, month }) && Math.abs(year) <= 9999) {
    return daysFromCivil({ year, month, day })
  }
  throw new StreamError('EXPR_ARGUMENT_INVALID', `there is no date ${year}-${month}-${day}`)
}

/** A time as a number of units since 1970 or of a duration, and back. */
function counts(unit: string, ms: number): readonly FunctionDef[] {
  const toCount = `unix_${unit}`
  const since = `from_unix_${unit}`
  return [
    defineFixed(
      { ...TIME, name: toCount, summary: `Whole ${unit} since 1970.` },
      [[`${toCount}(timestamp("1970-01-01T00:00:05Z"))`, String(5000 / ms)]],
      {
        id: toCount,
        params: { ts: TIMESTAMP },
        result: INTEGER,
        inline: ([ts]) => (ms === 1 ? `${ts}` : `Math.floor(${ts} / ${ms})`),
        run: (ts: number) => Math.floor(ts / ms),
      },
    ),
    defineFixed(
      { ...TIME, name: since, summary: `The timestamp so many ${unit} after 1970.` },
      [[`${since}(${5000 / ms})`, '1970-01-01T00:00:05.000Z']],
      {
        id: since,
        params: { count: NUMBER },
        result: TIMESTAMP,
        throws: true,
        run: (count: number) => rt.timestamp(Math.floor(count * ms)),
      },
    ),
  ]
}

const DURATION_UNITS = [
  ['milliseconds', 1],
  ['seconds', 1000],
  ['minutes', 60_000],
  ['hours', 3_600_000],
  ['days', 86_400_000],
] as const

const FORMATS: readonly FunctionDef[] = [
  defineFixed(
    {
      ...TIME,
      name: 'format_time',
      summary: "A time as text: yyyy MM dd HH mm ss SSS, EEE, MMM, XX, 'quoted'.",
    },
    [
      ['format_time(timestamp("2026-11-22T10:05:00Z"), "yyyy-MM-dd HH:mm")', '"2026-11-22 10:05"'],
      [
        'format_time(timestamp("2026-11-22T10:05:00Z"), "EEE d MMM, HH:mm XX", "Europe/Berlin")',
        '"Sun 22 Nov, 11:05 +0100"',
      ],
    ],
    {
      id: 'format_time.timestamp',
      params: { ts: TIMESTAMP, pattern: STRING, 'zone?': STRING },
      result: STRING,
      throws: true,
      literals: (values) => checkFormat(values[1]) ?? checkUnitAndZone(values, { zone: 2 }),
      prepare: () => timeWriter(),
    },
    {
      id: 'format_time.date',
      params: { day: DATE, pattern: STRING },
      result: STRING,
      throws: true,
      literals: (values) => checkFormat(values[1]),
      prepare: () => {
        const write = timeWriter()
        return (day: number, pattern: string) => write(day * DAY_MS, pattern)
      },
    },
  ),
  defineFixed(
    {
      ...TIME,
      name: 'parse_time',
      summary: 'A timestamp of text in a pattern and zone; an error where it does not fit.',
    },
    [
      [
        'parse_time("22.11.2026 11:05", "dd.MM.yyyy HH:mm", "Europe/Berlin")',
        '2026-11-22T10:05:00.000Z',
      ],
    ],
    {
      id: 'parse_time',
      params: { text: STRING, pattern: STRING, 'zone?': STRING },
      result: TIMESTAMP,
      throws: true,
      literals: (values) => checkFormat(values[1]) ?? checkUnitAndZone(values, { zone: 2 }),
      run: (text: string, pattern: string, zone = 'UTC') => {
        const ms = parseTime(text, pattern, zone)
        if (ms !== null) return ms
        throw new StreamError(
          'EXPR_CONVERSION_FAILED',
          `\`${text}\` is not a time like \`${pattern}\``,
          { fix: '`try_parse_time` gives null there' },
        )
      },
    },
  ),
  defineFixed(
    { ...TIME, name: 'try_parse_time', summary: 'As `parse_time`; null where it does not fit.' },
    [['try_parse_time("soon", "yyyy")', 'null']],
    {
      id: 'try_parse_time',
      params: { text: STRING, pattern: STRING, 'zone?': STRING },
      result: TIMESTAMP,
      nullable: true,
      throws: true,
      literals: (values) => checkFormat(values[1]) ?? checkUnitAndZone(values, { zone: 2 }),
      run: (text: string, pattern: string, zone = 'UTC') => parseTime(text, pattern, zone),
    },
  ),
]

function checkFormat(pattern: unknown): string | null {
  if (typeof pattern !== 'string') return null
  const compiled = compileTimeFormat(pattern)
  return typeof compiled === 'string' ? compiled : null
}

export const TIME_FUNCTIONS: readonly FunctionDef[] = [
  ...CONVERSIONS,
  ...FORMATS,
  ...counts('seconds', 1000),
  ...counts('millis', 1),
  ...DURATION_UNITS.map(([unit, ms]) =>
    defineFixed(
      { ...TIME, name: `in_${unit}`, summary: `A duration in ${unit}.` },
      [[`in_${unit}(duration("36h"))`, String((36 * 3_600_000) / ms)]],
      {
        id: `in_${unit}`,
        params: { d: DURATION },
        result: NUMBER,
        inline: ([d]) => `(${d} / ${ms})`,
        run: (d: number) => d / ms,
      },
    ),
  ),
  defineFixed(
    {
      ...TIME,
      name: 'now',
      summary: 'The processing time. Not a function of the row: refused on retracting input.',
    },
    [],
    { id: 'now', params: {}, result: TIMESTAMP, deterministic: false, run: nowIsGenerated },
  ),
]

/** The interpreter and generated code read the clock they are given. */
function nowIsGenerated(): never {
  throw new TypeError('now() is read from the clock of the task')
}

/** For printed values. */
export function timeText(value: number, kind: 'timestamp' | 'date'): string {
  return kind === 'date' ? formatDate(value) : formatTimestamp(value)
}
