/**
 * Tests touch nothing outside, know nothing of each other, and say the same every time: the clock
 * stands, parameters and environments are each test's own, and what fails in a run fails the test.
 */
import { performance } from 'node:perf_hooks'
import test from 'ava'
import { HOURLY, runIn, runTests } from './testing-fixture.ts'

const TIMED = `pipeline: timed
params: { least: { type: integer, default: 2 } }
environments: { prod: { sources: { ticks: { topic: live } } } }
schemas:
  Tick: { id: string, n: integer }
sources:
  ticks: { connector: kafka, brokers: "\${NOT_SET}", topic: ticks, schema: Tick }
tables:
  names: { connector: postgres, url: "\${secret:NAMES}", table: names, key: id, schema: { id: string, name: string } }
transformations:
  counted:
    from: ticks
    key_by: id
    window: { type: tumbling, size: 1 minute, time: processing }
    aggregate: { ticks: count() }
  chosen: { from: ticks, where: n >= params.least, lookup: {}, set: { seen: now() } }
  named: { from: ticks, lookup: { who: { from: names, on: id == who.id } } }
sinks:
  out: { from: counted, connector: kafka, brokers: "x:1", topic: out }
  chosen_out: { from: chosen, connector: kafka, brokers: "x:1", topic: out }
  named_out: { from: named, connector: kafka, brokers: "x:1", topic: out }
`.replace(' lookup: {},', '')

test('isolation: processing time moves by advance only, from the start of the day', async (t) => {
  const ran = await runTests(t, {
    'timed.yaml': TIMED,
    'timed.test.yaml': `tests:
  - name: a window of a minute
    day: 2026-11-22
    given:
      - ticks: { id: a, n: 2 }
      - advance: 59s
      - expect: { counted: [], chosen: [ { seen: "00:00" } ] }
      - ticks: { id: a, n: 3 }
      - advance: 1s
      - expect: { counted: [ { ticks: 2, window_end: "00:01" } ], chosen: [ { seen: "00:00:59" } ] }
      - ticks: { id: b, n: 3 }
    expect: { counted: [ { id: b, ticks: 1 } ] }
`,
  })
  t.is(ran.stdout, '1 passed, 0 failed\n', ran.stderr)
})

test('isolation: parameters, environment and tables are those of the test', async (t) => {
  const ran = await runTests(t, {
    'timed.yaml': TIMED,
    'timed.test.yaml': `tests:
  - name: default
    given: { ticks: [ { id: a, n: 1 }, { id: a, n: 2 } ] }
    expect: { chosen: [ { n: 2 } ], named: [ { who: null }, { who: null } ] }
  - name: own
    params: { least: 1 }
    environment: prod
    tables: { names: [ { id: a, name: Ada } ] }
    given: { ticks: [ { id: a, n: 1 }, { id: z, n: 2 } ] }
    expect: { chosen: [ { n: 2 }, { n: 1 } ], named: [ { id: a, who: { name: Ada } }, { id: z, who: null } ] }
  - name: default again
    given: { ticks: [ { id: a, n: 1 } ] }
    expect: { chosen: [], named: [ { who: null } ] }
`,
  })
  t.is(ran.stdout, '3 passed, 0 failed\n', ran.stderr)
})

test('isolation: a run that fails by its data fails the test', async (t) => {
  const failing = HOURLY.replace('on_error: dead_letter', 'on_error: fail').replace(
    'rules: { paid: total > 0 }',
    'rules: { paid: total > 0 }, action: fail',
  )
  const ran = await runTests(t, {
    'hourly.yaml': failing,
    'hourly.test.yaml': `tests:
  - name: a free order
    day: 2026-11-22
    given: { orders: [ { at: "10:00", user: u1, total: 0 } ] }
    expect: { totals: [] }
`,
  })
  t.is(ran.exit, 1)
  t.regex(ran.stderr, /the run failed in checked: a record breaks 'paid'.*RULE_BROKEN/)
  t.regex(ran.stderr, /record +\{.*"user":"u1".*"total":0/)
  t.regex(ran.stderr, /fix +mend the data, or write `action: reject`/)
})

test('isolation: an idle source no longer holds the watermark back', async (t) => {
  const two = HOURLY.replace(
    'transformations:',
    `  more: { connector: kafka, brokers: "x:1", topic: more, schema: Order, event_time: ts, watermark: { out_of_orderness: 0s, idle_after: 30 seconds } }
transformations:
  both: { from: [orders, more] }`,
  ).replace('from: orders\n    where', 'from: both\n    where')
  const ran = await runTests(t, {
    'hourly.yaml': two,
    'hourly.test.yaml': `tests:
  - name: idle
    day: 2026-11-22
    given:
      - more: { at: "09:00", user: u1, total: 1 }
      - orders: { at: "10:00", user: u1, total: 1 }
      - orders: { at: "12:00", user: u1, total: 1 }
      - expect: { hourly: [] }
      - advance: 31s
      - orders: { at: "12:00:01", user: u1, total: 1 }
      - expect: { hourly: [ { window_end: "10:00" }, { window_end: "11:00" } ] }
`,
  })
  t.is(ran.stdout, '1 passed, 0 failed\n', ran.stderr)
})

test('isolation: small tests are quick, and say the same each time', async (t) => {
  const cases = Array.from(
    { length: 20 },
    (_, index) => `
  - name: case ${index}
    day: 2026-11-22
    given: { orders: [ { at: "10:00", user: u1, total: ${index + 1} }, { at: "12:00", user: u2, total: 1 } ] }
    expect: { hourly: [ { total: ${index + 1} }, { total: 1 } ] }`,
  )
  const files = { 'hourly.yaml': HOURLY, 'hourly.test.yaml': `tests:${cases.join('')}\n` }
  const ran = await runTests(t, files)
  t.is(ran.stdout, '20 passed, 0 failed\n', ran.stderr)
  const startedAt = performance.now()
  const again = await runIn(ran.directory)
  const each = (performance.now() - startedAt) / 20
  t.is(again.stderr, ran.stderr)
  t.log(`${each.toFixed(1)} ms per test, at two degrees of parallelism each`)
  t.true(each < 250, 'well below what a person waits for, on a busy machine too')
})
