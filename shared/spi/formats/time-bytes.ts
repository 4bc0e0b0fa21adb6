/**
 * Timestamps and dates from bytes. The common spelling (`2026-11-24T10:05:00.123Z`) is read digit by
 * digit; everything else goes by the text rules of the model. NaN: it is none.
 */
import {
  civilFromDays,
  daysFromCivil,
  parseDate,
  parseTimestamp,
} from '../../model/text/civil-time.ts'

const DASH = 45
const COLON = 58
const POINT = 46
const UPPER_T = 84
const SPACE = 32
const UPPER_Z = 90
const ZERO = 48
const DAY_MS = 86_400_000

/** Owns only a memory of the last date: the rows of a batch are mostly of one day. */
export class TimeBytes {
  #lastDate = -1
  #lastDays = 0

  timestampAt(bytes: Buffer, start: number, end: number): number {
    const length = end - start
    if ((length === 20 || length === 24) && bytes[end - 1] === UPPER_Z) {
      const fast = this.#isoTimestamp(bytes, start, length)
      if (!Number.isNaN(fast)) return fast
    }
    return parseTimestamp(bytes.toString('latin1', start, end)) ?? Number.NaN
  }

  daysAt(bytes: Buffer, start: number, end: number): number {
    if (end - start === 10) {
      const fast = this.#isoDays(bytes, start)
      if (!Number.isNaN(fast)) return fast
    }
    return parseDate(bytes.toString('latin1', start, end)) ?? Number.NaN
  }

  #isoTimestamp(bytes: Buffer, at: number, length: number): number {
    const separator = bytes[at + 10]
    if (separator !== UPPER_T && separator !== SPACE) return Number.NaN
    if (bytes[at + 13] !== COLON || bytes[at + 16] !== COLON) return Number.NaN
    const hours = two(bytes, at + 11)
    const minutes = two(bytes, at + 14)
    const seconds = two(bytes, at + 17)
    if (!(hours < 24 && minutes < 60 && seconds < 60)) return Number.NaN
    let millis = 0
    if (length > 20) {
      if (bytes[at + 19] !== POINT) return Number.NaN
      millis = two(bytes, at + 20) * 10 + digit(bytes, at + 22)
    }
    const seconds1970 = (hours * 60 + minutes) * 60 + seconds
    return this.#isoDays(bytes, at) * DAY_MS + seconds1970 * 1000 + millis
  }

  #isoDays(bytes: Buffer, at: number): number {
    if (bytes[at + 4] !== DASH || bytes[at + 7] !== DASH) return Number.NaN
    const year = two(bytes, at) * 100 + two(bytes, at + 2)
    const month = two(bytes, at + 5)
    const day = two(bytes, at + 8)
    const date = (year * 100 + month) * 100 + day
    if (date === this.#lastDate) return this.#lastDays
    if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN
    const days = daysFromCivil({ year, month, day })
    if (civilFromDays(days).day !== day) return Number.NaN
    this.#lastDays = days
    this.#lastDate = date
    return days
  }
}

function two(bytes: Buffer, at: number): number {
  return digit(bytes, at) * 10 + digit(bytes, at + 1)
}

/** NaN when the byte is no digit. */
function digit(bytes: Buffer, at: number): number {
  const value = (bytes[at] ?? 0) - ZERO
  return value >= 0 && value <= 9 ? value : Number.NaN
}
