/** Corners of tests: joins and unions alone, early firings, splits by parallelism, files of any form. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { HOURLY, runIn, runTests } from './testing-fixture.ts'

const JOINED = `pipeline: joined
schemas:
  Order: { ts: timestamp, id: string, user: string, total: integer }
  User: { user: string, name: string, since: timestamp }
sources:
  orders: { connector: kafka, brokers: x, topic: o, schema: Order, event_time: ts, watermark: { out_of_orderness: 0s } }
  more: { connector: kafka, brokers: x, topic: m, schema: Order, event_time: ts, watermark: { out_of_orderness: 0s } }
  users: { connector: postgres_cdc, url: "\${DB}", table: users, primary_key: user, schema: User }
transformations:
  all: { from: [orders, more], where: total > 0 }
  named: { from: all, join: { who: { from: users, type: left, on: user } }, ttl: 1 day }
  counted: { from: named, key_by: { name: who.name }, aggregate: { orders: count(), total: sum(total) }, ttl: 1 day }
  early:
    from: all
    key_by: user
    window: { type: tumbling, size: 1 hour, early: every 10s }
    aggregate: { orders: count() }
sinks:
  out: { from: counted, connector: redis, url: "\${R}", type: hash, key: "{name}" }
  windows: { from: early, connector: kafka, brokers: x, topic: w }
`

const PASSING: Readonly<Record<string, string>> = {
  'a source of changes: a second row of a key updates, a delete takes back': `
  - name: x
    day: 2026-11-22
    given:
      - users: { user: u1, name: Ann, since: "00:00" }
      - orders: { at: "10:00", id: a, user: u1, total: 5 }
      - more: { at: "10:00", id: b, user: u2, total: 7 }
      - expect: { counted: [ { name: Ann, total: 5 }, { name: null, total: 7 } ] }
      - users: { user: u1, name: Bea, since: "00:00" }
      - expect:
          counted: [ { _kind: delete, name: Ann }, { _kind: insert, name: Bea, total: 5 } ]
      - users: { user: u1, _kind: delete, name: Bea, since: "00:00" }
    expect:
      counted: [ { name: null, orders: 2, total: 12 } ]
      users: []`,
  'a join alone takes both of its inputs, changes included': `
  - name: x
    where: named
    day: 2026-11-22
    given:
      - all: { at: "10:00", id: a, user: u1, total: 5 }
      - users: { user: u1, name: Ann, since: "00:00" }
    expect: { named: [ { id: a, who: { name: Ann } } ] }`,
  'a block behind a join alone takes changes by _kind': `
  - name: x
    where: counted
    given:
      - named: { id: a, user: u1, total: 5, ts: 2026-11-22, who: { user: u1, name: Ann, since: 2026-11-22 } }
      - named: { id: b, user: u1, total: 6, ts: 2026-11-22, who: { user: u1, name: Ann, since: 2026-11-22 } }
      - named: { _kind: delete, id: a, user: u1, total: 5, ts: 2026-11-22, who: { user: u1, name: Ann, since: 2026-11-22 } }
    expect: { counted: [ { name: Ann, orders: 1, total: 6 } ] }`,
  'a union alone takes all of its inputs': `
  - name: x
    where: all
    day: 2026-11-22
    given:
      - more: { at: "10:00", id: b, user: u2, total: 7 }
      - orders: { at: "10:00", id: a, user: u1, total: 0 }
    expect: { all: [ { id: b } ] }`,
  'early firings come with processing time': `
  - name: x
    day: 2026-11-22
    given:
      - orders: { at: "10:00", id: a, user: u1, total: 5 }
      - watermark: "10:00"
      - expect: { early: [] }
      - advance: 10s
      - expect: { early: [ { orders: 1 } ] }
      - orders: { at: "10:01", id: a, user: u1, total: 5 }
      - advance: 25s
      - expect: { early: [ { orders: 2 } ], windows: [ { orders: 2 } ] }
    expect: { early: [] }`,
}

for (const [fact, text] of Object.entries(PASSING)) {
  test(`corners: ${fact}`, async (t) => {
    const ran = await runTests(t, { 'joined.yaml': JOINED, 'joined.test.yaml': `tests:${text}\n` })
    t.is(ran.stdout, '1 passed, 0 failed\n', ran.stderr)
  })
}

test('corners: a test that passes at one degree and fails at another says so', async (t) => {
  const ran = await runTests(t, {
    'f.ts': `import { fn } from 'millrace'
let calls = 0
export const count = fn({ input: ['integer'], output: 'integer', run: (n) => n + calls++ })
`,
    'p.yaml': `pipeline: p
functions: { count: ./f.ts#count }
sources: { s: { connector: kafka, brokers: x, topic: s, schema: { n: integer } } }
transformations: { t: { from: s, set: { m: count(n) } } }
sinks: { o: { from: t, connector: kafka, brokers: x, topic: o } }
tests: [ { name: a function that remembers, given: { s: { n: 2 } }, expect: { t: [ { m: 2 } ] } } ]
`,
  })
  t.is(ran.exit, 1)
  t.regex(ran.stderr, /at parallelism 1 it passes\n {2}at parallelism 3:\n {4}p\.yaml:6:79/)
})

test('corners: --update in a pipeline file with CRLF and a byte order mark', async (t) => {
  const text = `\uFEFF${HOURLY}tests:
  - name: open   # stays
    given: { orders: [ { at: 2026-11-22, user: "ä", total: 1 } ] }
    expect: { totals: "?" }
`.replaceAll('\n', '\r\n')
  const ran = await runTests(t, { 'hourly.yaml': text }, { update: true })
  t.is(ran.stdout, '1 passed, 0 failed\n', ran.stderr)
  const filled = text.replace('"?"', '[ { user: ä, orders: 1, total: 1.00 } ]')
  t.is(readFileSync(join(ran.directory, 'hourly.yaml'), 'utf8'), filled)
  const again = await runIn(ran.directory)
  t.is(again.stdout, '1 passed, 0 failed\n', again.stderr)
})

test('corners: tests in a pipeline file are found wrong by the verb at their place', async (t) => {
  const text = `${HOURLY}tests:
  - name: wrong
    given: { orders: [ { at: 2026-11-22, user: a, totl: 1 } ] }
    expect: { totals: [] }
`
  const ran = await runTests(t, { 'hourly.yaml': text })
  t.is(ran.exit, 2)
  t.regex(ran.stderr, /hourly\.yaml:\d+:51/)
})
