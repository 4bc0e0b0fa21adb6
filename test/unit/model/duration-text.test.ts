/** Durations: every spelling of the language, and what is refused. */
import test from 'ava'
import {
  parseDuration,
  printDuration,
  printDurationInParts,
} from '../../../shared/model/duration-text.ts'

const good: readonly [string, number][] = [
  ['10s', 10_000],
  ['5 minutes', 300_000],
  ['1_minute', 60_000],
  ['PT5M', 300_000],
  ['P1DT2H', 93_600_000],
  ['200ms', 200],
  ['1h30m', 5_400_000],
  ['1 h 30 min', 5_400_000],
  ['1.1s', 1100],
  ['-2 hours', -7_200_000],
  ['0s', 0],
  ['2 weeks', 1_209_600_000],
]

test('duration: every spelling of the language is read', (t) => {
  for (const [text, ms] of good) t.is(parseDuration(text).duration?.ms, ms, text)
})

test('duration: what has no unit, no number or no whole milliseconds is refused', (t) => {
  for (const text of ['', '10', 's', '10 parsecs', 'P', 'PT', '1h30', '0.1ms', 'ten s']) {
    t.is(parseDuration(text).duration, null, text)
  }
})

test('duration: days, weeks and months are calendar, hours are not', (t) => {
  t.deepEqual(parseDuration('1 day').duration?.calendar, { unit: 'day', count: 1 })
  t.deepEqual(parseDuration('2 months').duration?.calendar, { unit: 'month', count: 2 })
  t.deepEqual(parseDuration('P1D').duration?.calendar, { unit: 'day', count: 1 })
  t.is(parseDuration('24 hours').duration?.calendar, null)
  t.is(parseDuration('1d12h').duration?.calendar, null)
})

test('duration: printing is the inverse of parsing', (t) => {
  for (const ms of [0, 1, 999, 1000, 61_000, 60_000, 3_600_000, 86_400_000, -5000]) {
    t.is(parseDuration(printDuration(ms)).duration?.ms, ms)
  }
})

test('duration: long ones are told in parts, and read back', (t) => {
  const told = [0, 90_000, 1500, 7_134_999, 3_600_001, 90_000_000, -7_134_000]
  const texts = ['0s', '90s', '1.5s', '1h58m54.999s', '1h0.001s', '25h', '-1h58m54s']
  t.deepEqual(told.map(printDurationInParts), texts)
  for (const [at, text] of texts.entries()) t.is(parseDuration(text).duration?.ms, told[at])
})
