/**
 * Time zones: how far local clocks are ahead of UTC, and back from local time to UTC.
 *
 * Intl is asked once per zone and day (about 10 µs); a day without a change of clocks is one number
 * from then on, a day with one is the instant of the change, found by bisection, and both offsets.
 *
 * Owns: a cache per zone, which depends on nothing but the zone data of the process. Bounded.
 * A local time that clocks skip counts as the offset before says; one that occurs twice is the
 * first.
 */
import { StreamError } from '../base/errors.ts'

const DAY_MS = 86_400_000
/** Days per zone that are remembered; a year of them, several times over. */
const DAYS_MAX = 4096
const ZONES_MAX = 256
/** Outside of it Intl has no dates; the offsets at the ends stand for what is beyond. */
const DAY_INDEX_MAX = 99_999_999

/** One day of one zone: `before` up to `changeAt`, `after` from then on. */
interface ZoneDay {
  readonly before: number
  readonly changeAt: number
  readonly after: number
}

/** A zone by its name, with what was asked of it. Kept by loops that ask often. */
export class Zone {
  readonly name: string
  readonly #format: Intl.DateTimeFormat | null
  readonly #days = new Map<number, ZoneDay>()
  #lastIndex = Number.NaN
  #last: ZoneDay = { before: 0, changeAt: Infinity, after: 0 }

  constructor(name: string) {
    this.name = name
    this.#format = isUtc(name) ? null : formatOf(name)
  }

  /** Local time − UTC at an instant, ms. */
  offsetMs(utcMs: number): number {
    if (this.#format === null) return 0
    const index = Math.floor(utcMs / DAY_MS)
    if (index !== this.#lastIndex) {
      this.#last = this.#day(index)
      this.#lastIndex = index
    }
    return utcMs < this.#last.changeAt ? this.#last.before : this.#last.after
  }

  /** Milliseconds of the local clock as if it were UTC. */
  toLocal(utcMs: number): number {
    return utcMs + this.offsetMs(utcMs)
  }

  /** The instant at which the local clock shows this. */
  toUtc(localMs: number): number {
    if (this.#format === null) return localMs
    const early = this.offsetMs(localMs - DAY_MS)
    const late = this.offsetMs(localMs + DAY_MS)
    const first = localMs - early
    if (early === late || this.offsetMs(first) === early) return first
    const second = localMs - late
    return this.offsetMs(second) === late ? second : first
  }

  #day(index: number): ZoneDay {
    const known = this.#days.get(index)
    if (known !== undefined) return known
    if (this.#days.size >= DAYS_MAX) this.#days.clear()
    const bounded = Math.max(-DAY_INDEX_MAX, Math.min(DAY_INDEX_MAX, index))
    const day = this.#ask(bounded * DAY_MS)
    this.#days.set(index, day)
    return day
  }

  #ask(start: number): ZoneDay {
    const before = this.#askOffset(start)
    const after = this.#askOffset(start + DAY_MS)
    if (before === after) return { before, changeAt: Infinity, after }
    let low = start
    let high = start + DAY_MS
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000
      if (middle === low) break
      if (this.#askOffset(middle) === before) low = middle
      else high = middle
    }
    return { before, changeAt: high, after }
  }

  #askOffset(utcMs: number): number {
    const parts = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 }
    let era = 'AD'
    for (const { type, value } of this.#format?.formatToParts(utcMs) ?? []) {
      if (type === 'era') era = value
      else if (Object.hasOwn(parts, type)) Object.assign(parts, { [type]: Number(value) })
    }
    const year = era === 'BC' || era === 'B' ? 1 - parts.year : parts.year
    const local = new Date(0)
    local.setUTCFullYear(year, parts.month - 1, parts.day)
    local.setUTCHours(parts.hour, parts.minute, parts.second)
    return local.getTime() - Math.floor(utcMs / 1000) * 1000
  }
}

function isUtc(name: string): boolean {
  return name === 'UTC' || name === 'Etc/UTC' || name === 'Z' || name === 'GMT'
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    })
  } catch (cause) {
    throw new StreamError('EXPR_ARGUMENT_INVALID', `there is no time zone \`${name}\``, {
      cause,
      fix: 'zones look like `Europe/Berlin`, `America/New_York`, `UTC`',
    })
  }
}

const ZONES = new Map<string, Zone>()

/** The zone of a name; a StreamError when there is none. */
export function zoneNamed(name: string): Zone {
  const known = ZONES.get(name)
  if (known !== undefined) return known
  const zone = new Zone(name)
  if (ZONES.size >= ZONES_MAX) ZONES.clear()
  ZONES.set(name, zone)
  return zone
}

export function isZone(name: string): boolean {
  try {
    zoneNamed(name)
    return true
  } catch {
    return false
  }
}

export function zoneOffsetMs(zone: string, utcMs: number): number {
  return zoneNamed(zone).offsetMs(utcMs)
}
