/**
 * What is said of tests that fail and of tests that are wrong in themselves, as golden texts:
 * `UPDATE_GOLDEN=1` writes them anew, and a person reads whether they help.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { HOURLY, runTests } from './testing-fixture.ts'

const GOLDEN = join(import.meta.dirname, '../../golden/testing')

function isGolden(t: ExecutionContext, name: string, text: string): void {
  const path = join(GOLDEN, `${name}.txt`)
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, text)
  t.is(text, existsSync(path) ? readFileSync(path, 'utf8') : '')
}

const day = 'day: 2026-11-22'

const FAILING: Readonly<Record<string, string>> = {
  'cells-that-differ': `
  - name: two users in an hour
    ${day}
    given:
      - orders: { at: "10:01", user: u1, total: 10.00, weight: 1 }
      - orders: { at: "10:02", total: 10.00 }
      - orders: { at: "10:03", user: u1, total: 0 }
      - orders: { at: "10:04", user: u2, total: 2.50 }
      - orders: { at: "12:04", user: u2, total: 2.50 }
      - orders: { at: "10:05", user: u2, total: 2.50 }
    expect:
      hourly:
        - { user: u1, window_start: "10:00", orders: 2, total: 10.00 }
        - { user: u2, window_start: "10:00", orders: 1, total: 2.50 }
        - { user: u3, window_start: "09:00", orders: 4, total: 9.99 }`,
  'changes-that-differ': `
  - name: a total moves
    ${day}
    given: { orders: [ { at: "10:01", user: u1, total: 1 }, { at: "10:02", user: u1, total: 2 } ] }
    expect:
      totals: [ { _kind: insert, total: 1 }, { _kind: update_after, total: 4 } ]`,
  'order-and-times': `
  - name: in order
    ${day}
    ordered: true
    parallelism: [1]
    given:
      - orders: [ { at: "10:01", user: a, total: 1 }, { at: "10:02", user: b, total: 1 } ]
      - orders: { at: "+3d 10:00", user: c, total: 1 }
    expect:
      checked:
        - { user: b }
        - { user: a }
        - { user: c, at: "+3d 10:01" }`,
  'expectation-in-between': `
  - name: nothing yet
    ${day}
    given:
      - orders: { at: "10:01", user: a, total: 1 }
      - expect: { hourly: [ { user: a } ] }
    expect: { hourly: [ { user: a, tags: [x] } ] }`,
  'late-by-a-duration': `
  - name: late by more than thought
    ${day}
    parallelism: [1]
    given:
      - orders: { at: "12:00", user: a, total: 1 }
      - orders: { at: "10:01", user: b, total: 1 }
    expect:
      too_late: [ { user: b, _late: { by: 1 hour, window_end: "11:00" } } ]`,
  'open-expectation': `
  - name: to be filled in
    given: {}
    expect: "?"`,
}

for (const [name, text] of Object.entries(FAILING)) {
  test(`failing tests: golden text of ${name}`, async (t) => {
    const ran = await runTests(t, { 'hourly.yaml': HOURLY, 'hourly.test.yaml': `tests:${text}\n` })
    isGolden(t, name, `exit ${ran.exit}\n${ran.stderr}${ran.stdout}`)
  })
}

const WRONG: Readonly<Record<string, string>> = {
  'wrong-names': `
  - name: a
    where: sorces
    given: {}
    expect: { hourly: [] }
  - name: b
    ${day}
    given:
      - ordrs: { at: "10:01", user: a, total: 1 }
      - watermark: { order: "10:00" }
    expect: { hourly.lat: [], houry: [], totals: [] }
  - name: c
    where: totals
    given: { orders: [], checked: [] }
    expect: { hourly: [] }
  - name: d
    tables: { cards: [] }
    given: {}
    expect: { sums.dead_letter: [], orders.dead_letter: [] }`,
  'wrong-values': `
  - name: a
    given:
      - orders: { at: 2026-11-22, user: 5, total: 1.234, wieght: 2 }
      - orders: { ts: "10:05", user: a, total: abc, weight: heavy, tags: [x, 1] }
      - orders: { ts: "2026-11-22", at: "2026-11-23", user: a, total: 1 }
      - orders: { user: a, total: 1 }
      - orders: { ts: 2026-11-22, user: a, total: 1, _kind: delete }
    expect:
      hourly: [ { total: 1.005, orders: 1.5, user: 7 } ]
      totals: [ { _kind: replaced } ]`,
  'wrong-form': `
  - name: a
    given: [ { orders: [ 5 ] } ]
    expct: {}
  - name: b
    ${day}
    given: { orders: { file: none.csv } }
    expect: { totals: [] }`,
}

for (const [name, text] of Object.entries(WRONG)) {
  test(`wrong tests: golden text of ${name}`, async (t) => {
    const ran = await runTests(t, { 'hourly.yaml': HOURLY, 'hourly.test.yaml': `tests:${text}\n` })
    t.is(ran.exit, 2)
    isGolden(t, name, `exit ${ran.exit}\n${ran.stderr}${ran.stdout}`)
  })
}
