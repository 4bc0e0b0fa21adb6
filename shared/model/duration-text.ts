/**
 * Durations as authors write them: `10s`, `5 minutes`, `1_minute`, `1h30m`, `PT5M`, `200ms`. A number
 * without a unit is refused. Days and longer are given in calendar units too, for windows.
 */

export type DurationUnit = 'ms' | 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month'

export interface ParsedDuration {
  /** Total in ms; a month counts 30 days (only windows know calendar months). */
  readonly ms: number
  /** When it is a whole number of days, weeks or months and was written so. */
  readonly calendar: { readonly unit: 'day' | 'week' | 'month'; readonly count: number } | null
}

export type DurationResult =
  | { readonly duration: ParsedDuration; readonly problem: null }
  | { readonly duration: null; readonly problem: string }

const UNIT_MS: Readonly<Record<DurationUnit, number>> = {
  ms: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
}

const UNITS: ReadonlyMap<string, DurationUnit> = new Map([
  ...names('ms', 'ms', 'milli', 'millis', 'millisecond', 'milliseconds'),
  ...names('second', 's', 'sec', 'secs', 'second', 'seconds'),
  ...names('minute', 'm', 'min', 'mins', 'minute', 'minutes'),
  ...names('hour', 'h', 'hr', 'hrs', 'hour', 'hours'),
  ...names('day', 'd', 'day', 'days'),
  ...names('week', 'w', 'week', 'weeks'),
  ...names('month', 'mo', 'month', 'months'),
])

function names(unit: DurationUnit, ...texts: string[]): [string, DurationUnit][] {
  return texts.map((text) => [text, unit])
}

const WRITE = 'write a number and a unit, as in 10s, 5 minutes, 1h30m or PT5M'
const PART = /^(\d+(?:\.\d+)?)[ _]*([a-z]+)[ _]*/i
const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** Parses one duration; `-` in front makes it negative. Whole milliseconds only. */
export function parseDuration(text: string): DurationResult {
  const trimmed = text.trim()
  const isNegative = trimmed.startsWith('-')
  const rest = isNegative ? trimmed.slice(1).trim() : trimmed
  const result = rest.startsWith('P') ? parseIso(rest) : parseParts(rest)
  if (typeof result === 'string') return { duration: null, problem: result }
  if (!Number.isSafeInteger(result.ms)) {
    return { duration: null, problem: `"${trimmed}" is no whole number of milliseconds` }
  }
  if (!isNegative || result.ms === 0) return { duration: result, problem: null }
  return { duration: { ms: -result.ms, calendar: null }, problem: null }
}

function parseParts(text: string): ParsedDuration | string {
  if (text === '') return `a duration is empty: ${WRITE}`
  if (/^\d+(\.\d+)?$/.test(text)) return `"${text}" has no unit: ${WRITE}`
  let rest = text
  let ms = 0
  let partCount = 0
  let calendar: ParsedDuration['calendar'] = null
  while (rest !== '') {
    const match = PART.exec(rest)
    const unit = match === null ? undefined : UNITS.get((match[2] ?? '').toLowerCase())
    if (match === null || unit === undefined) return `"${text}" is no duration: ${WRITE}`
    const amount = Number(match[1])
    ms += amount * UNIT_MS[unit]
    partCount += 1
    calendar = calendarOf(unit, amount)
    rest = rest.slice(match[0].length)
  }
  return { ms: roundNoise(ms), calendar: partCount === 1 ? calendar : null }
}

function parseIso(text: string): ParsedDuration | string {
  const match = ISO.exec(text)
  if (match === null || text === 'P' || text.endsWith('T'))
    return `"${text}" is no duration: ${WRITE}`
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0))
  const ms =
    (weeks ?? 0) * UNIT_MS.week +
    (days ?? 0) * UNIT_MS.day +
    (hours ?? 0) * UNIT_MS.hour +
    (minutes ?? 0) * UNIT_MS.minute +
    (seconds ?? 0) * UNIT_MS.second
  const isDays = text.endsWith('D') && match[1] === undefined
  return { ms: roundNoise(ms), calendar: isDays ? calendarOf('day', days ?? 0) : null }
}

function calendarOf(unit: DurationUnit, amount: number): ParsedDuration['calendar'] {
  if (!Number.isInteger(amount)) return null
  return unit === 'day' || unit === 'week' || unit === 'month' ? { unit, count: amount } : null
}

/** `1.1s` is 1100 ms, although 1.1 × 1000 is not exactly that. */
function roundNoise(ms: number): number {
  const whole = Math.round(ms)
  return Math.abs(ms - whole) < 1e-6 ? whole : ms
}

/** The shortest of `30s`, `5m`, `24h`, `1500ms` that says it exactly; for plans and messages. */
export function printDuration(ms: number): string {
  if (ms < 0) return `-${printDuration(-ms)}`
  if (ms === 0) return '0s'
  if (ms % UNIT_MS.hour === 0) return `${ms / UNIT_MS.hour}h`
  if (ms % UNIT_MS.minute === 0) return `${ms / UNIT_MS.minute}m`
  if (ms % UNIT_MS.second === 0) return `${ms / UNIT_MS.second}s`
  return `${ms}ms`
}

const PARTS = [
  ['h', UNIT_MS.hour],
  ['m', UNIT_MS.minute],
  ['s', UNIT_MS.second],
] as const

/** As printDuration where one unit says it in up to three digits, else as `1h58m54.999s`. */
export function printDurationInParts(ms: number): string {
  if (ms < 0) return `-${printDurationInParts(-ms)}`
  const short = printDuration(ms)
  if (Number.parseFloat(short) < 1000) return short
  let text = ''
  let rest = ms
  for (const [unit, unitMs] of PARTS) {
    const amount = unit === 's' ? rest / unitMs : Math.floor(rest / unitMs)
    if (amount > 0) text += `${amount}${unit}`
    rest -= amount * unitMs
  }
  return text
}
