/** Hunts: dates, timestamps and decimals whose text is not exactly their value. */
import test from 'ava'
import {
  formatDate,
  formatTimestamp,
  parseDate,
  parseTimestamp,
} from '../../../shared/model/text/civil-time.ts'
import { formatDecimal, parseDecimal } from '../../../shared/model/text/decimal-text.ts'

const DAY_MS = 86_400_000

test('timestamps: text is that of JavaScript for every day of 400 years', (t) => {
  for (let day = -80_000; day < 80_000; day += 7) {
    const ms = day * DAY_MS + ((day * 7919) % DAY_MS)
    const expected = new Date(ms).toISOString()
    if (formatTimestamp(ms) !== expected) t.is(formatTimestamp(ms), expected)
    if (parseTimestamp(expected) !== ms) t.is(parseTimestamp(expected), ms)
  }
  t.is(formatTimestamp(-1), '1969-12-31T23:59:59.999Z')
  t.is(formatTimestamp(8.64e15), '+275760-09-13T00:00:00.000Z')
  t.is(formatTimestamp(-8.64e15), '-271821-04-20T00:00:00.000Z')
})

test('timestamps: a zone is subtracted, finer digits are cut off, no zone is UTC', (t) => {
  t.is(parseTimestamp('2026-11-24 10:05'), Date.UTC(2026, 10, 24, 10, 5))
  t.is(parseTimestamp('2026-11-24T10:05:01.2349Z'), Date.UTC(2026, 10, 24, 10, 5, 1, 234))
  t.is(parseTimestamp('2026-11-24T10:05:00+05:30'), Date.UTC(2026, 10, 24, 4, 35))
  t.is(parseTimestamp('2026-11-24'), Date.UTC(2026, 10, 24))
})

test('dates: days that do not exist are refused', (t) => {
  t.is(parseDate('2024-02-29'), 19_782)
  t.is(formatDate(19_782), '2024-02-29')
  for (const wrong of ['2025-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '20260401', '']) {
    t.is(parseDate(wrong), null)
    t.is(parseTimestamp(wrong), null)
  }
  t.is(parseTimestamp('2026-11-24T25:00:00Z'), null)
})

test('decimals: digits are exact in both directions', (t) => {
  t.is(formatDecimal(5, 2), '0.05')
  t.is(formatDecimal(-1230, 2), '-12.30')
  t.is(formatDecimal(0, 3), '0.000')
  t.is(formatDecimal(-12n, 0), '-12')
  t.is(parseDecimal('12.30', 2), 1230n)
  t.is(parseDecimal('-.5', 2), -50n)
  t.is(parseDecimal('1e2', 2), 10_000n)
  t.is(parseDecimal('12.300', 2), 1230n)
  t.is(parseDecimal('12.301', 2), null)
  t.is(parseDecimal('9007199254740993.01', 2), 900_719_925_474_099_301n)
  for (const wrong of ['', '.', 'x', '1.2.3', '0x10', '1_000']) t.is(parseDecimal(wrong, 2), null)
})
