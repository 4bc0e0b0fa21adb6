/** The verb `test`: which files it finds, what it fills in, what it prints and how it exits. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import test from 'ava'
import { HOURLY, runIn, runTests } from './testing-fixture.ts'

const ONE_PASSES = `tests:
  - name: one order
    day: 2026-11-22
    given: { orders: [ { at: "10:00", user: u1, total: 1 } ] }
    expect: { totals: [ { user: u1 } ] }
  - name: other order
    day: 2026-11-22
    given: { orders: [ { at: "10:00", user: u2, total: 1 } ] }
    expect: { totals: [ { user: u1 } ] }
`

test('test verb: a failed test exits 1, the last line counts', async (t) => {
  const ran = await runTests(t, { 'hourly.yaml': HOURLY, 'hourly.test.yaml': ONE_PASSES })
  t.is(ran.exit, 1)
  t.true(ran.stdout.endsWith('1 passed, 1 failed\n'))
})

test('test verb: -t chooses by a part of the name, and says when nothing has it', async (t) => {
  const files = { 'hourly.yaml': HOURLY, 'hourly.test.yaml': ONE_PASSES }
  const ran = await runTests(t, files, { name: 'one' })
  t.is(ran.stdout, '1 passed, 0 failed\n')
  await t.throwsAsync(() => runIn(ran.directory, { name: 'none' }), { message: /has "none"/ })
})

test('test verb: a pipeline finds its tests inside and beside it; a test file only its own', async (t) => {
  const inside = `${HOURLY}${ONE_PASSES}`
  const beside = ONE_PASSES.replaceAll('order', 'further order').replaceAll(
    'further orders',
    'orders',
  )
  const files = { 'hourly.yaml': inside, 'hourly.test.yaml': beside }
  const ran = await runTests(t, files, { files: ['hourly.yaml'] })
  t.is(ran.stdout, '2 passed, 2 failed\n')
  const alone = await runIn(ran.directory, { files: ['hourly.test.yaml'] })
  t.is(alone.stdout, '1 passed, 1 failed\n')
})

test('test verb: without files all below the folder, in order, but not in node_modules', async (t) => {
  const ran = await runTests(t, {
    'hourly.yaml': HOURLY,
    'hourly.test.yaml': ONE_PASSES,
    'a.yaml': 'x: 1',
  })
  for (const folder of ['deep', 'node_modules']) {
    mkdirSync(join(ran.directory, folder))
    writeFileSync(join(ran.directory, folder, 'p.yaml'), `${HOURLY}${ONE_PASSES}`)
  }
  const all = await runIn(ran.directory)
  t.is(all.stdout, '2 passed, 2 failed\n')
  t.deepEqual(
    [...all.stderr.matchAll(/^(?:pass|FAIL) (\S+):/gm)].map((match) => match[1]),
    ['deep/p.yaml', 'deep/p.yaml', 'hourly.test.yaml', 'hourly.test.yaml'],
  )
})

test('test verb: no tests anywhere, or a test file without its pipeline, is a wrong call', async (t) => {
  await t.throwsAsync(() => runTests(t, { 'hourly.yaml': HOURLY }), {
    message: /there are no tests/,
  })
  await t.throwsAsync(() => runTests(t, { 'a.test.yaml': ONE_PASSES }), {
    message: /a\.yaml, which is not there/,
  })
})

test('test verb: a pipeline with mistakes exits 2 and shows them', async (t) => {
  const wrong = HOURLY.replace('count()', 'cont()')
  const ran = await runTests(t, { 'hourly.yaml': wrong, 'hourly.test.yaml': ONE_PASSES })
  t.is(ran.exit, 2)
  t.regex(ran.stderr, /hourly\.yaml:\d+:\d+/)
})

test('test verb: --json is one object with cells, places and errors', async (t) => {
  const files = { 'hourly.yaml': HOURLY, 'hourly.test.yaml': ONE_PASSES }
  const ran = await runTests(t, files, { json: true })
  const json = JSON.parse(ran.stdout) as Record<string, unknown>
  t.like(json, { ok: false, passed: 1, failed: 1, errors: [] })
  t.like((json['tests'] as Record<string, unknown>[])[1], {
    file: 'hourly.test.yaml',
    name: 'other order',
    ok: false,
    errors: [],
  })
  const { failures } = (json['tests'] as { failures: Record<string, unknown>[] }[])[1]!
  t.is(failures.length, 2)
  t.like(failures[0], {
    parallelism: 1,
    kind: 'rows',
    place: 'hourly.test.yaml:9:15',
    stream: 'totals',
    missing: [{ user: 'u1' }],
    surplus: [{ _kind: 'insert', user: 'u2', orders: 1, total: '1.00' }],
  })
  t.is(ran.stderr, '')
})

const OPEN = `tests:
  # why it is here
  - name: filled in
    day: 2026-11-22
    given:
      - orders: { at: "10:00", user: "yes", total: 40.00, weight: 0.1 }
      - expect: { totals: "?" }   # in between
      - orders: { at: "+3d", user: a: b, total: 1e2, tags: [x, "1"] }
    expect: "?"
  - name: untouched
    given: {}
    expect: { totals: [] }
`.replace('a: b', '"a: b"')

test('test verb: --update fills in "?" and keeps the rest byte for byte; then all pass', async (t) => {
  const files = { 'hourly.yaml': HOURLY, 'hourly.test.yaml': OPEN }
  const ran = await runTests(t, files, { update: true })
  t.is(ran.stdout, '2 passed, 0 failed\n', ran.stderr)
  t.is(
    ran.read('hourly.test.yaml'),
    `tests:
  # why it is here
  - name: filled in
    day: 2026-11-22
    given:
      - orders: { at: "10:00", user: "yes", total: 40.00, weight: 0.1 }
      - expect: { totals: [ { user: yes, orders: 1, total: 40.00 } ] }   # in between
      - orders: { at: "+3d", user: "a: b", total: 1e2, tags: [x, "1"] }
    expect:
      hourly:
        - { user: yes, window_start: "10:00", window_end: "11:00", orders: 1, total: 40.00, weight: 0.1 }
        - { user: "a: b", window_start: "+3d 00:00", window_end: "+3d 01:00", orders: 1, total: 100.00, weight: null }
      totals:
        - { user: "a: b", orders: 1, total: 100.00 }
  - name: untouched
    given: {}
    expect: { totals: [] }
`,
  )
  const again = await runIn(ran.directory)
  t.is(again.stdout, '2 passed, 0 failed\n', again.stderr)
})

test('test verb: rows from files have the words of rows in tests', async (t) => {
  const csv = 'at,user,total,weight,tags\n10:00,u1,12.50,0.5,"[""x""]"\n+1d 11:00,,1,,\n'
  const json =
    '{"at":"10:00","user":"u1","total":12.50}\n\n{"ts":"2026-11-22T11:00:00Z","total":9007199254.99}\n'
  const list = '[{"at":"10:00","user":"u1","total":12.5}]'
  const ran = await runTests(t, {
    'hourly.yaml': HOURLY,
    'o.csv': csv,
    'o.jsonl.gz': gzipSync(json),
    'o.json': list,
    'hourly.test.yaml': `tests:
  - name: csv
    day: 2026-11-22
    given: { orders: { file: o.csv } }
    expect:
      orders: [ { user: u1, ts: "10:00", total: 12.50, weight: 0.5, tags: [x] }, { ts: "+1d 11:00", user: null, weight: null } ]
  - name: json lines
    day: 2026-11-22
    given: [ { orders: { file: o.jsonl.gz } } ]
    expect: { orders: [ { user: u1, ts: "10:00" }, { total: 9007199254.99, ts: "11:00" } ] }
  - name: json
    day: 2026-11-22
    given: { orders: { file: o.json } }
    expect: { orders: [ { total: 12.5 } ] }
`,
  })
  t.is(ran.stdout, '3 passed, 0 failed\n', ran.stderr)
  const bad = await runTests(t, {
    'hourly.yaml': HOURLY,
    'o.csv': 'at,user,totl\n10:00,u1,1\n',
    'hourly.test.yaml': ONE_PASSES.replace(/\[ \{ at.*u1.* \]/, '{ file: o.csv }'),
  })
  t.is(bad.exit, 2)
  t.regex(bad.stderr, /o\.csv:2: `orders` has no field `totl`/)
})
