/** Tests of pipelines: read in each of their forms, with places; expectations filled into text. */
import test from 'ava'
import { readTestFile } from '../../../shared/spec/read-pipeline.ts'
import { testTime } from '../../../shared/spec/test-spec.ts'
import type { TestSpec } from '../../../shared/spec/test-spec.ts'
import { updateExpectations } from '../../../shared/spec/update-expectations.ts'
import { readText } from './reading.ts'

const DAY = 20_779 // 2026-11-22
const UTC = { day: DAY, timezone: 'UTC' }

async function readTests(text: string): Promise<{ tests: readonly TestSpec[]; said: string[] }> {
  const { tests, diagnostics, places } = await readTestFile({
    path: 'p.test.yaml',
    text,
    readFile: async () => ({ kind: 'missing' }),
  })
  const said = diagnostics.all.map((one) => {
    const { line, column } = places.locate(one.path, one.onKey === true ? { onKey: true } : {})
    return `${one.code} ${line}:${column}`
  })
  return { tests, said }
}

const FULL = `tests:
  - name: late payments move an hour
    day: 2026-11-22
    params: { since: 2026-01-01 }
    environment: prod
    parallelism: [1]
    ordered: true
    tables: { cards: [ { id: c1 } ], rates: { file: rates.csv } }
    given:
      - clicks: { at: "10:01", user: u1, total: 40.00, big: 12345678901234567890, ok: true }
      - clicks: [ { at: "+3d", n: 1 }, { at: "2026-11-22T10:02:00+01:00", tags: [a, null] } ]
      - orders: { file: orders.csv }
      - watermark: "15:00"
      - watermark: { clicks: "+1d 15:00" }
      - advance: 5m
      - expect: { sessions: [ { user: u1 } ] }
    expect:
      revenue: [ { hour: "10:00", revenue: 40.00 } ]
      sessions.late: []
      out: "?"
`

test('tests: all of the long form is read', async (t) => {
  const { tests, said } = await readTests(FULL)
  const [one] = tests
  t.deepEqual(said, [])
  t.like(one, {
    name: 'late payments move an hour',
    base: UTC,
    params: { since: '2026-01-01' },
    environment: 'prod',
    parallelism: [1],
    isOrdered: true,
    isContained: false,
    where: null,
  })
  t.deepEqual(
    one?.given.map((step) => step.kind),
    ['rows', 'rows', 'rows', 'watermark', 'watermark', 'advance', 'expect'],
  )
  const midnight = DAY * 86_400_000
  t.like(one?.given[0], {
    name: 'clicks',
    rows: [
      {
        at: midnight + 36_060_000,
        values: { user: 'u1', total: 40, big: '12345678901234567890', ok: true },
      },
    ],
  })
  t.like(one?.given[1], {
    rows: [{ at: midnight + 3 * 86_400_000 }, { at: midnight + 32_520_000 }],
  })
  t.like(one?.given[2], { file: 'orders.csv' })
  t.like(one?.given[3], { source: null, ms: midnight + 54_000_000 })
  t.like(one?.given[4], { source: 'clicks', ms: midnight + 86_400_000 + 54_000_000 })
  t.like(one?.given[5], { ms: 300_000 })
  t.deepEqual(
    one?.expect?.streams.map((stream) => [stream.stream, stream.rows?.length ?? null]),
    [
      ['revenue', 1],
      ['sessions.late', 0],
      ['out', null],
    ],
  )
  t.deepEqual(
    one?.tables.map((table) => [table.name, table.rows.length, table.file]),
    [
      ['cards', 1, null],
      ['rates', 0, 'rates.csv'],
    ],
  )
})

test('tests: the short form, one block alone, and a list without `tests:`', async (t) => {
  const { tests, said } = await readTests(`
- name: short
  where: velocity
  contains: true
  given: { auths: [ { card: a }, { card: b } ], other: { card: c } }
  expect: "?"
`)
  t.deepEqual(said, [])
  t.like(tests[0], { where: 'velocity', isContained: true, parallelism: [1, 3] })
  t.deepEqual(
    tests[0]?.given.map((step) => (step.kind === 'rows' ? [step.name, step.rows.length] : [])),
    [
      ['auths', 2],
      ['other', 1],
    ],
  )
  t.true(tests[0]?.expect?.isOpen)
})

test('tests: those in a pipeline file are read with it, as written and typed', async (t) => {
  const read = await readText(`pipeline: p
sources: { s: { connector: stdin, schema: { id: string } } }
sinks: { o: { from: s, connector: stdout } }
${FULL}`)
  t.is(read.tests.length, 1)
  t.is(read.spec?.tests?.length, 1)
})

test('tests: short times count from the day, in the zone of the test', (t) => {
  const midnight = DAY * 86_400_000
  const berlin = { day: DAY, timezone: 'Europe/Berlin' }
  t.is(testTime('10:05', UTC), midnight + 36_300_000)
  t.is(testTime('9:05:07.25', UTC), midnight + 32_707_250)
  t.is(testTime('10:05', berlin), midnight + 32_700_000)
  t.is(testTime('+3d', UTC), midnight + 259_200_000)
  t.is(testTime('-1h', UTC), midnight - 3_600_000)
  t.is(testTime('+1d 00:30', UTC), midnight + 88_200_000)
  t.is(testTime('2026-11-22T10:00:00Z', berlin), midnight + 36_000_000)
  t.is(testTime('2026-11-22T10:00', berlin), midnight + 32_400_000)
  t.is(testTime('2026-11-22', berlin), midnight - 3_600_000)
  t.is(testTime('10:05', { day: null, timezone: 'UTC' }), null)
  for (const text of ['u1', '25:99', '10', '', '+', 'tomorrow']) t.is(testTime(text, UTC), null)
})

const WRONG: Readonly<Record<string, string>> = {
  '- given: {}\n  expect: "?"': 'TEST_INVALID 1:3',
  '- name: a\n  given: {}': 'TEST_INVALID 1:3',
  '- name: a\n  given: 5\n  expect: "?"': 'TEST_INVALID 2:10',
  '- name: a\n  given: [ { a: 1 } ]\n  expect: "?"': 'TEST_INVALID 2:14',
  '- name: a\n  given: [ { a: [ 1 ] } ]\n  expect: "?"': 'TEST_INVALID 2:19',
  '- name: a\n  given: [ { watermark: soon } ]\n  expect: "?"': 'TEST_INVALID 2:25',
  '- name: a\n  timezone: Berlin\n  expect: "?"': 'TEST_INVALID 2:13',
  '- name: a\n  ordered: yes\n  expect: "?"': 'TEST_INVALID 2:12',
  '- name: a\n  parallelism: [0]\n  expect: "?"': 'TEST_INVALID 2:16',
  '- name: a\n  expect: "?"\n- name: a\n  expect: "?"': 'TEST_INVALID 3:9',
  '- name: a\n  expct: "?"\n  expect: "?"': 'KEY_UNKNOWN 2:3',
  'cases: []': 'KEY_UNKNOWN 1:1',
  'tests: 5': 'TEST_INVALID 1:1',
}

for (const [text, place] of Object.entries(WRONG)) {
  test(`tests: wrong at its place: ${JSON.stringify(text)}`, async (t) => {
    const { said } = await readTests(text)
    t.deepEqual(said, [place])
  })
}

test('tests: expectations are filled in and nothing else changes', (t) => {
  const text = `tests:
  # why this test is here
  - name: x
    expect: "?"  # filled
  - name: y
    expect:
      out: "?"
      other: [ { a: 1 } ]   # stays
  - name: z
    expect: { out: "?", x: [] }
`
  const updated = updateExpectations(text, [
    { path: ['tests', 0, 'expect'], rows: { out: [{ a: 1, b: 'x: y' }], late: [] } },
    { path: ['tests', 1, 'expect', 'out'], rows: [{ a: 1 }, { a: '2' }] },
    { path: ['tests', 2, 'expect', 'out'], rows: [{ a: 1 }, { a: null }] },
  ])
  t.is(
    updated,
    `tests:
  # why this test is here
  - name: x
    expect:
      out:
        - { a: 1, b: "x: y" }
      late: []  # filled
  - name: y
    expect:
      out:
        - { a: 1 }
        - { a: "2" }
      other: [ { a: 1 } ]   # stays
  - name: z
    expect: { out: [ { a: 1 }, { a: null } ], x: [] }
`,
  )
})
