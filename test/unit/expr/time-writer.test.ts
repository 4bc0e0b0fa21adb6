/** Hunts: texts of times that are kept for a time that has another one. */
import test from 'ava'
import * as fc from 'fast-check'
import { formatTime, timeWriter } from '../../../shared/expr/functions/time/time-format.ts'

const PATTERNS = [
  'yyyy-MM-dd',
  'HH:mm',
  'H',
  'hh a',
  'ss',
  'SSS',
  "EEE 'at' HH XX",
  'yyyy-MM-dd HH:mm:ss.SSS',
  'Q',
]
const ZONES = ['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Europe/Amsterdam']

test('format_time: a kept text is that of the time, in order or not, in every pattern and zone', (t) => {
  const write = timeWriter()
  const step = fc.oneof(
    fc.integer({ min: -2000, max: 2000 }),
    fc.integer({ min: -7_200_000, max: 7_200_000 }),
    fc.integer({ min: -1e11, max: 1e11 }),
  )
  const steps = fc.array(
    fc.record({ step, pattern: fc.constantFrom(...PATTERNS), zone: fc.constantFrom(...ZONES) }),
    { minLength: 5, maxLength: 30 },
  )
  fc.assert(
    fc.property(fc.integer({ min: -4e12, max: 4e12 }), steps, (start, all) => {
      let time = start
      for (const { step: by, pattern, zone } of all) {
        for (const at of [(time += by), time + 1, time + 999, time]) {
          t.is(write(at, pattern, zone), formatTime(at, pattern, zone))
        }
      }
    }),
  )
})
