/** What LANGUAGE §4 says of tests, feature by feature, each by the verb on a small pipeline. */
import test from 'ava'
import { HOURLY, runTests } from './testing-fixture.ts'

/** Cases that must pass; the text stands below `tests:`. */
const PASSING: Readonly<Record<string, string>> = {
  'steps run in order, and expect in between sees rows since the last expect': `
  - name: x
    day: 2026-11-22
    given:
      - orders: { at: "10:01", user: u1, total: 10.00 }
      - expect: { totals: [ { user: u1, orders: 1, total: 10.00 } ], hourly: [] }
      - orders: { at: "10:02", user: u2, total: 1.50 }
      - expect: { totals: [ { user: u2, total: 1.5 } ] }
      - orders: { at: "10:03", user: u1, total: 2.25 }
    expect:
      totals: [ { user: u1, orders: 2, total: 12.25 } ]
      hourly:
        - { user: u1, window_start: "10:00", window_end: "11:00", orders: 2, total: 12.25 }
        - { user: u2, orders: 1 }`,
  'watermarks follow the strategy of the source after every row': `
  - name: x
    day: 2026-11-22
    given:
      - orders: { at: "10:59:59", user: u1, total: 1 }
      - orders: { at: "11:00:04", user: u1, total: 1 }
      - expect: { hourly: [] }
      - orders: { at: "11:00:06", user: u1, total: 1 }
      - expect: { hourly: [ { user: u1, window_end: "11:00", orders: 1 } ] }`,
  'with a watermark step only those steps move the watermark': `
  - name: x
    day: 2026-11-22
    given:
      - orders: { at: "10:00", user: u1, total: 1 }
      - orders: { at: "18:00", user: u1, total: 1 }
      - expect: { hourly: [] }
      - watermark: "11:00"
      - expect: { hourly: [ { window_end: "11:00" } ] }
      - watermark: { orders: "19:00" }
      - expect: { hourly: [ { window_end: "19:00" } ] }`,
  'a correction within the allowed lateness, and rows beyond it to the side output and its alias': `
  - name: x
    day: 2026-11-22
    given:
      - orders: { at: "10:00", user: u1, total: 1 }
      - watermark: "11:05"
      - expect: { hourly: [ { orders: 1 } ] }
      - orders: { at: "10:30", user: u1, total: 1 }
      - expect:
          hourly: [ { _kind: update_before, orders: 1 }, { _kind: update_after, orders: 2 } ]
      - watermark: "11:10"
      - orders: { at: "10:31", user: u1, total: 1 }
    expect:
      hourly.late: [ { user: u1, ts: "10:31", _late: { window_end: "11:00" } } ]
      too_late: [ { ts: "10:31" } ]
      hourly: []`,
  'side outputs: rejected rows, dead letters, and those of one block': `
  - name: x
    given:
      - orders: { at: "2026-11-22T10:00:00Z", user: u1, total: 0 }
    expect:
      checked.rejected: [ { user: u1, _rule: [paid] } ]
      checked: []
      dead_letter: []
      checked.dead_letter: []`,
  'any block and any sink can be expected': `
  - name: x
    day: 2026-11-22
    given: { orders: [ { at: "10:00", user: u1, total: 1 }, { at: "10:01", total: 1 } ] }
    expect:
      orders: [ { user: null }, { user: u1, ts: "10:00" } ]
      checked: [ { user: u1 } ]
      out: [ { user: u1, orders: 1 } ]
      sums: [ { user: u1, orders: 1 } ]`,
  'numbers are equal to 1e-9, decimals exactly': `
  - name: x
    day: 2026-11-22
    given:
      orders:
        - { at: "10:00", user: u1, total: 0.1, weight: 0.1 }
        - { at: "10:01", user: u1, total: 0.2, weight: 0.2 }
    expect: { hourly: [ { total: 0.30, weight: 0.15 } ] }`,
  'raw changes are those of the retract form': `
  - name: x
    day: 2026-11-22
    ordered: true
    given:
      orders:
        - { at: "10:00", user: u1, total: 1 }
        - { at: "10:01", user: u1, total: 2 }
    expect:
      totals:
        - { _kind: insert, total: 1.00 }
        - { _kind: update_before, total: 1.00 }
        - { _kind: update_after, total: 3.00 }
      sums:
        - { _kind: insert, total: 1.00 }
        - { _kind: update_before, total: 1.00 }
        - { _kind: update_after, total: 3.00 }`,
  'contains: other rows may be there': `
  - name: x
    contains: true
    given: { orders: [ { at: 2026-11-22, user: u1, total: 1 }, { at: 2026-11-22, user: u2, total: 1 } ] }
    expect: { checked: [ { user: u2 } ] }`,
  'where: one block alone, its input under its from name': `
  - name: x
    where: hourly
    day: 2026-11-22
    given:
      - checked: { at: "10:00", user: u1, total: 3.00 }
      - checked: { at: "11:30", user: u1, total: 1.00 }
      - checked: { at: "10:30", user: u9, total: 1.00 }
    expect:
      hourly: [ { orders: 1, total: 3.00 }, { total: 1.00 } ]
      hourly.late: [ { user: u9 } ]`,
  'ordered: rows in this order': `
  - name: x
    ordered: true
    parallelism: [1]
    given: { orders: [ { at: 2026-11-22, user: u2, total: 1 }, { at: 2026-11-22, user: u1, total: 1 } ] }
    expect: { checked: [ { user: u2 }, { user: u1 } ] }`,
  'a source that is not mentioned is empty, and so is what comes of it': `
  - name: x
    given: {}
    expect: { hourly: [], totals: [], out: [] }`,
  'times: a zone, days from the base, ISO, nested values': `
  - name: x
    day: 2026-11-22
    timezone: Europe/Berlin
    given:
      - orders: { at: "10:00", user: a, total: 1, tags: [x, y] }
      - orders: { at: "+3d", user: b, total: 1 }
      - orders: { at: "+3d 10:00", user: c, total: 1 }
      - orders: { at: "2026-11-22T09:00:00Z", user: d, total: 1 }
    expect:
      checked:
        - { user: a, ts: "2026-11-22T09:00:00Z", tags: [x, y] }
        - { user: b, ts: "2026-11-24T23:00:00Z", at: "+3d" }
        - { user: c, ts: "+3d 10:00" }
        - { user: d, ts: "10:00", tags: null }`,
}

for (const [fact, text] of Object.entries(PASSING)) {
  test(`given and expect: ${fact}`, async (t) => {
    const ran = await runTests(t, { 'hourly.yaml': HOURLY, 'hourly.test.yaml': `tests:${text}\n` })
    t.is(ran.stdout, '1 passed, 0 failed\n', ran.stderr)
    t.is(ran.exit, 0)
  })
}
