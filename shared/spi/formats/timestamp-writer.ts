/**
 * Timestamps as `2026-11-24T10:05:00.123Z`, digit by digit. Owns only a memory of the last date: the
 * rows of a batch are mostly of one day.
 */
import { formatDate } from '../../model/text/civil-time.ts'
import type { ByteOutput } from './byte-output.ts'

const DAY_MS = 86_400_000
const ZERO = 48
const COLON = 58
const POINT = 46
const UPPER_T = 84
const UPPER_Z = 90

export class TimestampWriter {
  #days = Number.NaN
  #date = Buffer.alloc(0)

  write(ms: number, output: ByteOutput): void {
    const days = Math.floor(ms / DAY_MS)
    if (days !== this.#days) {
      this.#days = days
      this.#date = Buffer.from(formatDate(days))
    }
    output.copy(this.#date, 0, this.#date.length)
    output.reserve(14)
    const { bytes, at } = output
    const rest = ms - days * DAY_MS
    const seconds = (rest / 1000) | 0
    const minutes = (seconds / 60) | 0
    const hours = (minutes / 60) | 0
    const millis = rest - seconds * 1000
    bytes[at] = UPPER_T
    two(bytes, at + 1, hours)
    bytes[at + 3] = COLON
    two(bytes, at + 4, minutes - hours * 60)
    bytes[at + 6] = COLON
    two(bytes, at + 7, seconds - minutes * 60)
    bytes[at + 9] = POINT
    bytes[at + 10] = ZERO + ((millis / 100) | 0)
    two(bytes, at + 11, millis % 100)
    bytes[at + 13] = UPPER_Z
    output.at = at + 14
  }
}

function two(bytes: Buffer, at: number, value: number): void {
  const tens = (value / 10) | 0
  bytes[at] = ZERO + tens
  bytes[at + 1] = ZERO + (value - tens * 10)
}
