/**
 * Patterns of `format_time` and `parse_time`, with the letters of Unicode (as Java and Flink):
 * y M d D E H h m s S a X Q, repeated for width (`MMM` is a short name), other text 'quoted'.
 * Names are English. Compiled once per pattern.
 *
 * Owns: a bounded cache of compiled patterns.
 */
import { StreamError } from '../../../base/errors.ts'
import { civilFromDays, daysFromCivil } from '../../../model/text/civil-time.ts'
import { daysInMonth } from '../../zone-calendar.ts'
import { zoneNamed } from '../../zone-offset.ts'

const DAY_MS = 86_400_000
const FORMATS_MAX = 256

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** A local time taken apart. */
interface Moment {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly days: number
  /** Of the local day. */
  readonly ms: number
  readonly offsetMs: number
}

/** What parsing has found so far. */
interface Found {
  year: number
  month: number
  day: number
  hour: number
  isAfternoon: boolean | null
  minute: number
  second: number
  ms: number
  offsetMs: number | null
}

interface Letter {
  readonly write: (moment: Moment) => string
  /** A pattern of one group, and what its text says; absent letters cannot be read. */
  readonly read?: { readonly pattern: string; readonly take: (text: string, found: Found) => void }
}

function digits(count: number): string {
  return count === 1 ? '(\\d{1,2})' : `(\\d{${count}})`
}

function number(
  width: number,
  get: (moment: Moment) => number,
  set: (value: number, found: Found) => void,
): Letter {
  return {
    write: (moment) => String(get(moment)).padStart(width, '0'),
    read: { pattern: digits(width), take: (text, found) => set(Number(text), found) },
  }
}

function hourOf(moment: Moment): number {
  return Math.floor(moment.ms / 3_600_000)
}

function twelve(moment: Moment): number {
  return ((hourOf(moment) + 11) % 12) + 1
}

/** A list of names, whole or by their first three letters. */
function names(
  all: readonly string[],
  short: boolean,
  parts: { get: (moment: Moment) => number; set: (index: number, found: Found) => void },
): Letter {
  const shown = all.map((name) => (short ? name.slice(0, 3) : name))
  return {
    write: (moment) => shown[parts.get(moment)] ?? '',
    read: {
      pattern: `(${shown.join('|')})`,
      take: (text, found) =>
        parts.set(
          shown.findIndex((name) => name.toLowerCase() === text.toLowerCase()),
          found,
        ),
    },
  }
}

function offset(withColon: boolean, shortest: boolean): Letter {
  return {
    write: ({ offsetMs }) => {
      if (offsetMs === 0) return 'Z'
      const minutes = Math.abs(Math.trunc(offsetMs / 60_000))
      const hh = String(Math.floor(minutes / 60)).padStart(2, '0')
      const mm = String(minutes % 60).padStart(2, '0')
      const tail = shortest && mm === '00' ? '' : `${withColon ? ':' : ''}${mm}`
      return `${offsetMs < 0 ? '-' : '+'}${hh}${tail}`
    },
    read: {
      pattern: '(Z|[+-]\\d\\d(?::?\\d\\d)?)',
      take: (text, found) => {
        if (text.toUpperCase() === 'Z') found.offsetMs = 0
        else {
          const [hh, mm] = [Number(text.slice(1, 3)), Number(text.slice(3).replace(':', '') || 0)]
          found.offsetMs = (text.startsWith('-') ? -1 : 1) * (hh * 60 + mm) * 60_000
        }
      },
    },
  }
}

function weekday(short: boolean): Letter {
  return names(WEEKDAYS, short, { get: ({ days }) => (((days + 3) % 7) + 7) % 7, set: () => {} })
}

function month(short: boolean): Letter {
  return names(MONTHS, short, {
    get: (moment) => moment.month - 1,
    set: (index, found) => {
      found.month = index + 1
    },
  })
}

type NumberField = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'ms'

/** Puts what was read into one field, in its unit. */
function into(field: NumberField, factor = 1, base = 0): (value: number, found: Found) => void {
  return (value, found) => {
    found[field] = base + value * factor
  }
}

function minuteOf(moment: Moment): number {
  return Math.floor(moment.ms / 60_000) % 60
}

function secondOf(moment: Moment): number {
  return Math.floor(moment.ms / 1000) % 60
}

/** The first digits of the milliseconds. */
function fraction(digitCount: 1 | 2 | 3): Letter {
  const factor = 10 ** (3 - digitCount)
  const letter = number(digitCount, (at) => Math.floor((at.ms % 1000) / factor), into('ms', factor))
  const take = (text: string, found: Found): void => into('ms', factor)(Number(text), found)
  return { write: letter.write, read: { pattern: `(\\d{${digitCount}})`, take } }
}

function dayOfYear(at: Moment): number {
  return at.days - daysFromCivil({ year: at.year, month: 1, day: 1 }) + 1
}

const HALF_DAY: Letter = {
  write: (at) => (hourOf(at) < 12 ? 'AM' : 'PM'),
  read: {
    pattern: '(AM|PM)',
    take: (text, found) => {
      found.isAfternoon = text.toUpperCase() === 'PM'
    },
  },
}

/** By letter and how often it stands. */
const LETTERS: ReadonlyMap<string, Letter> = new Map<string, Letter>([
  ['y4', number(4, (at) => at.year, into('year'))],
  ['y2', number(2, (at) => ((at.year % 100) + 100) % 100, into('year', 1, 2000))],
  ['M4', month(false)],
  ['M3', month(true)],
  ['M2', number(2, (at) => at.month, into('month'))],
  ['M1', number(1, (at) => at.month, into('month'))],
  ['d2', number(2, (at) => at.day, into('day'))],
  ['d1', number(1, (at) => at.day, into('day'))],
  ['D1', { write: (at) => String(dayOfYear(at)) }],
  ['Q1', { write: (at) => String(Math.ceil(at.month / 3)) }],
  ['E4', weekday(false)],
  ['E3', weekday(true)],
  ['E1', weekday(true)],
  ['H2', number(2, hourOf, into('hour'))],
  ['H1', number(1, hourOf, into('hour'))],
  ['h2', number(2, twelve, into('hour'))],
  ['h1', number(1, twelve, into('hour'))],
  ['m2', number(2, minuteOf, into('minute'))],
  ['m1', number(1, minuteOf, into('minute'))],
  ['s2', number(2, secondOf, into('second'))],
  ['s1', number(1, secondOf, into('second'))],
  ['S3', fraction(3)],
  ['S2', fraction(2)],
  ['S1', fraction(1)],
  ['a1', HALF_DAY],
  ['X3', offset(true, false)],
  ['X2', offset(false, false)],
  ['X1', offset(false, true)],
])

/** How long the text of a letter stays; of the others a day or more. */
const UNITS: Readonly<Record<string, number>> = {
  S: 1,
  s: 1000,
  m: 60_000,
  H: 3_600_000,
  h: 3_600_000,
  a: 3_600_000,
}

interface TimeFormat {
  readonly parts: readonly (string | Letter)[]
  readonly pattern: RegExp | null
  /** Times in the same unit of local time, counted from 1970, have the same text. */
  readonly unitMs: number
}

/** The compiled pattern, or what is wrong with it. */
export function compileTimeFormat(pattern: string): TimeFormat | string {
  const parts: (string | Letter)[] = []
  let unitMs = DAY_MS
  for (const [run] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    if (run === "'") return 'a quote in the pattern is not closed'
    if (/^[A-Za-z]/.test(run)) {
      const letter = LETTERS.get(`${run.charAt(0)}${run.length}`)
      if (letter === undefined) return unknownLetters(run)
      parts.push(letter)
      unitMs = Math.min(unitMs, UNITS[run.charAt(0)] ?? DAY_MS)
    } else if (run.startsWith("'")) {
      parts.push(run === "''" ? "'" : run.slice(1, -1).replaceAll("''", "'"))
    } else parts.push(run)
  }
  return { parts, pattern: readerOf(parts), unitMs }
}

function unknownLetters(run: string): string {
  const hint: Readonly<Record<string, string>> = { YYYY: 'yyyy', DD: 'dd', mmm: 'MMM' }
  const near = hint[run]
  const fix =
    near === undefined
      ? 'letters are yyyy MM dd HH mm ss SSS, other text stands in quotes'
      : `write \`${near}\``
  return `the pattern has no letters \`${run}\`: ${fix}`
}

function readerOf(parts: readonly (string | Letter)[]): RegExp | null {
  const sources = parts.map((part) => {
    if (typeof part !== 'string') return part.read?.pattern ?? null
    return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return sources.includes(null) ? null : new RegExp(`^${sources.join('')}$`, 'i')
}

const FORMATS = new Map<string, TimeFormat>()

function formatOf(pattern: string): TimeFormat {
  const known = FORMATS.get(pattern)
  if (known !== undefined) return known
  const compiled = compileTimeFormat(pattern)
  if (typeof compiled === 'string') throw new StreamError('EXPR_ARGUMENT_INVALID', compiled)
  if (FORMATS.size >= FORMATS_MAX) FORMATS.clear()
  FORMATS.set(pattern, compiled)
  return compiled
}

export function formatTime(utcMs: number, pattern: string, zone: string): string {
  const offsetMs = zoneNamed(zone).offsetMs(utcMs)
  const local = utcMs + offsetMs
  const days = Math.floor(local / DAY_MS)
  const moment = { ...civilFromDays(days), days, ms: local - days * DAY_MS, offsetMs }
  let text = ''
  for (const part of formatOf(pattern).parts) {
    text += typeof part === 'string' ? part : part.write(moment)
  }
  return text
}

/**
 * As formatTime, keeping the last text: times of a stream mostly have the text of the one before.
 * Offsets of other zones change within a day, and by whole seconds only.
 */
export function timeWriter(): (utcMs: number, pattern: string, zone?: string) => string {
  let lastPattern = ''
  let lastZone = 'UTC'
  /** The unit in which all times have the last text. */
  let from = Number.NaN
  let until = Number.NaN
  let text = ''
  return (utcMs, pattern, zone = 'UTC') => {
    if (utcMs >= from && utcMs < until && pattern === lastPattern && zone === lastZone) return text
    text = formatTime(utcMs, pattern, zone)
    const format = formatOf(pattern)
    const unitMs = zone === 'UTC' ? format.unitMs : Math.min(format.unitMs, 1000)
    from = Math.floor(utcMs / unitMs) * unitMs
    until = from + unitMs
    lastPattern = pattern
    lastZone = zone
    return text
  }
}

/** Null where the text does not fit or names no time. */
export function parseTime(text: string, pattern: string, zone: string): number | null {
  const format = formatOf(pattern)
  if (format.pattern === null) {
    throw new StreamError('EXPR_ARGUMENT_INVALID', `the pattern \`${pattern}\` can only be written`)
  }
  const match = format.pattern.exec(text.trim())
  if (match === null) return null
  const found: Found = {
    year: 1970,
    month: 1,
    day: 1,
    hour: 0,
    isAfternoon: null,
    minute: 0,
    second: 0,
    ms: 0,
    offsetMs: null,
  }
  let group = 1
  for (const part of format.parts) {
    if (typeof part !== 'string') part.read?.take(match[group++] ?? '', found)
  }
  return momentOf(found, zone)
}

function momentOf(found: Found, zone: string): number | null {
  const { year, month: monthNumber, day, minute, second } = found
  if (monthNumber < 1 || monthNumber > 12 || minute > 59 || second > 59) return null
  if (day < 1 || day > daysInMonth({ year, month: monthNumber })) return null
  const hour =
    found.isAfternoon === null ? found.hour : (found.hour % 12) + (found.isAfternoon ? 12 : 0)
  if (hour > 23) return null
  const days = daysFromCivil({ year, month: monthNumber, day })
  const local = days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + found.ms
  return found.offsetMs === null ? zoneNamed(zone).toUtc(local) : local - found.offsetMs
}
