/**
 * `top` in windows that an aggregate keeps: sessions, counts of records, windows that fire early;
 * against models that sort every window, under every delivery of the conformance kit.
 */
import test from 'ava'
import { checkConformance, type ExpectedRow } from '../../conformance/kit/conformance.ts'
import { plainDelivery } from '../../conformance/kit/delivery.ts'
import { drive } from '../../conformance/kit/drive.ts'
import { rowsWithWatermarks, type Script, type ScriptRow } from '../../conformance/kit/script.ts'
import type { Subject } from '../../conformance/kit/subject.ts'
import { TopByAggregate } from '../../../node/operators/top/top-by-aggregate.ts'
import type { Random } from '../../../shared/base/random.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { compareCanonicalRows } from '../../../shared/model/canonical/canonical-order.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'
import type { EdgeKind, TopCore, WindowPlan } from '../../../shared/planning/plan.ts'

const GAP = 40
const COUNT = 4
const columns = [
  columnOf('id', { type: { kind: 'integer' }, nullable: false }),
  columnOf('k', { type: { kind: 'string' }, nullable: true }),
  columnOf('price', { type: { kind: 'number' }, nullable: true }),
  columnOf('name', { type: { kind: 'string' }, nullable: true }),
]
const bound = (path: string) => columnOf(path, { type: { kind: 'timestamp' }, nullable: true })
const integer = (path: string) => columnOf(path, { type: { kind: 'integer' }, nullable: false })

const BASE = { time: 'event', allowedLatenessMs: 0, earlyMs: null, emit: 'updates' } as const
const session: WindowPlan = { ...BASE, type: 'session', gapMs: GAP }
const count: WindowPlan = { ...BASE, type: 'count', size: COUNT }
const early: WindowPlan = {
  ...BASE,
  type: 'tumbling',
  size: { ms: 100 },
  offsetMs: 0,
  zone: 'UTC',
  earlyMs: 10,
}

interface Case {
  readonly window: WindowPlan
  readonly n: number
  readonly ties: boolean
  readonly input?: EdgeKind
  readonly output: EdgeKind
}

function subject(of: Case, name: string): Subject {
  const { window } = of
  const numbered = window.type === 'count' ? [integer('window_number')] : []
  const core: TopCore = {
    kind: 'top',
    input: columns.map((spec) => ({
      spec,
      expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable },
    })),
    key: [1],
    window,
    n: of.n,
    order: [
      { column: 2, descending: true },
      { column: 3, descending: false },
    ],
    ties: of.ties,
    rankAs: 'rank',
    kept: [0, 1, 2, 3],
    edge: of.input ?? 'append',
    uniqueKey: [0],
    output: [...columns, bound('window_start'), bound('window_end'), ...numbered, integer('rank')],
  }
  return {
    name,
    inputs: [{ columns, edge: core.edge, key: [1] }],
    outputs: { main: { columns: core.output, edge: of.output, uniqueKey: [0, 4, 5] } },
    build: () =>
      new TopByAggregate({
        core,
        ttlMs: null,
        ttlByProcessingTime: false,
        edge: of.output,
        lateColumns: null,
      }),
  }
}

const randomRow = (random: Random, id: number): unknown[] => [
  id,
  random.below(6) === 0 ? null : `k${random.below(3)}`,
  random.below(6) === 0 ? null : random.below(6),
  random.below(4) === 0 ? null : `n${random.below(3)}`,
]

/** Negative when `a` is better; nulls are worst. */
function compare(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [at, sign] of [
    [2, -1],
    [3, 1],
  ] as const) {
    const [one, other] = [a[at] ?? null, b[at] ?? null]
    if (one === other) continue
    if (one === null || other === null) return one === null ? 1 : -1
    return one < other ? -sign : sign
  }
  return 0
}

interface Group {
  readonly rows: readonly ScriptRow[]
  readonly bounds: readonly unknown[]
  readonly eventTime: number
}

function best({ rows, bounds, eventTime }: Group, of: Case): ExpectedRow[] {
  const sorted = rows.toSorted(
    (a, b) => compare(a.values, b.values) || compareCanonicalRows(a.values, b.values),
  )
  const last = sorted[Math.min(of.n, sorted.length) - 1]!
  return sorted
    .map((row, at) => ({
      row,
      at,
      rank: of.ties
        ? sorted.filter((other) => compare(other.values, row.values) < 0).length + 1
        : at + 1,
    }))
    .filter(({ row, at }) => at < of.n || (of.ties && compare(row.values, last.values) === 0))
    .map(({ row, rank }) => ({ values: [...row.values, ...bounds, rank], eventTime }))
}

function byKey(rows: readonly ScriptRow[]): ScriptRow[][] {
  const groups = new Map<unknown, ScriptRow[]>()
  for (const row of rows) {
    const key = row.values[1]
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}

function sessionsOf(rows: readonly ScriptRow[]): Group[] {
  return byKey(rows).flatMap((all) => {
    const sessions: ScriptRow[][] = []
    for (const row of all.toSorted((a, b) => a.time - b.time)) {
      const open = sessions.at(-1)
      if (open !== undefined && row.time <= open.at(-1)!.time + GAP) open.push(row)
      else sessions.push([row])
    }
    return sessions.map((one) => {
      const end = one.at(-1)!.time + GAP
      return { rows: one, bounds: [one[0]!.time, end], eventTime: end - 1 }
    })
  })
}

function countsOf(rows: readonly ScriptRow[]): Group[] {
  return byKey(rows).flatMap((all) => {
    const groups: Group[] = []
    for (let at = 0; at < all.length; at += COUNT) {
      const one = all.slice(at, at + COUNT)
      const times = one.map((row) => row.time)
      const bounds = [Math.min(...times), Math.max(...times), at / COUNT + 1]
      groups.push({ rows: one, bounds, eventTime: Number.NaN })
    }
    return groups
  })
}

function hundredsOf(rows: readonly ScriptRow[]): Group[] {
  return byKey(rows).flatMap((all) => {
    const starts = [...new Set(all.map((row) => Math.floor(row.time / 100) * 100))]
    return starts.map((start) => ({
      rows: all.filter((row) => Math.floor(row.time / 100) * 100 === start),
      bounds: [start, start + 100],
      eventTime: start + 99,
    }))
  })
}

const KINDS = [
  ['a session window', session, sessionsOf, 'append'],
  [
    'a session window with corrections',
    { ...session, allowedLatenessMs: 90 },
    sessionsOf,
    'retract',
  ],
  ['a count window', count, countsOf, 'append'],
  ['a window that fires early', early, hundredsOf, 'upsert'],
] as const

for (const [what, window, groupsOf, output] of KINDS) {
  for (const n of [1, 3]) {
    for (const ties of [false, true]) {
      const of: Case = { window, n, ties, output }
      const name = `top ${n} in ${what}${ties ? ', ties' : ''}`
      test(`${name}: equals sorting each window`, (t) => {
        let id = 0
        t.notThrows(() =>
          checkConformance({
            subject: subject(of, name),
            inputs: [
              {
                row: (random: Random) => randomRow(random, id++),
                ...(window.allowedLatenessMs === 0
                  ? {}
                  : { correctableMs: window.allowedLatenessMs }),
              },
            ],
            seeds: 4,
            rows: 80,
            clock: window.earlyMs === null ? 0 : 0.2,
            model: (script) => {
              const rows = rowsWithWatermarks(script, 1).map((one) => one.row)
              return { main: groupsOf(rows).flatMap((group) => best(group, of)) }
            },
          }),
        )
      })
    }
  }
}

const row = (id: number, price: number, time: number): Script[number] => ({
  kind: 'row',
  input: 0,
  row: { values: [id, 'a', price, null], time, change: 0 },
})

const now = (time: number): Script[number] => ({ kind: 'now', time })

function said(of: Case, script: Script): string[] {
  const delivery = plainDelivery(new SeededRandom(1))
  const { emitted } = drive(subject(of, 'top'), script, { delivery, isCalm: false })
  const kinds = ['+', '-', '+', '-']
  return emitted['main']!.map(({ values, change }) => `${kinds[change]}${String(values[0])}`)
}

test('top in a window that fires early: says only what is new among the best', (t) => {
  const of: Case = { window: early, n: 2, ties: false, output: 'retract' }
  const script = [
    row(1, 10, 0),
    row(2, 20, 1),
    now(10),
    row(3, 5, 2),
    now(20), // the same best rows: nothing
    row(4, 30, 3),
    now(30),
    { kind: 'watermark', input: 0, time: 99 },
    { kind: 'end', input: 0 },
  ] as const
  t.deepEqual(said(of, script), ['+2', '+1', '-2', '-1', '+4', '+2'])
})

test('top in a session window: a record between two sessions makes one of them', (t) => {
  const window = { ...session, allowedLatenessMs: 200 }
  const of: Case = { window, n: 1, ties: false, output: 'retract' }
  const script = [
    row(1, 10, 0),
    row(2, 20, 70),
    { kind: 'watermark', input: 0, time: 120 },
    row(3, 5, 35),
    { kind: 'end', input: 0 },
  ] as const
  t.deepEqual(said(of, script), ['+1', '+2', '-1', '-2', '+2'])
})
