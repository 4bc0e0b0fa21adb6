/**
 * `top` with and without ties, ranks, windows and rows taken back, against a model that sorts
 * everything, under every delivery of the conformance kit.
 */
import test from 'ava'
import { checkConformance, type ExpectedRow } from '../../conformance/kit/conformance.ts'
import { survivors, type ScriptRow } from '../../conformance/kit/script.ts'
import type { Subject } from '../../conformance/kit/subject.ts'
import { topOperator } from '../../../node/operators/top/top-operator.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import type { Random } from '../../../shared/base/random.ts'
import {
  compareCanonicalRows,
  compareText,
} from '../../../shared/model/canonical/canonical-order.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'
import type { EdgeKind, TopCore, WindowPlan } from '../../../shared/planning/plan.ts'

const columns = [
  columnOf('id', { type: { kind: 'integer' }, nullable: false }),
  columnOf('k', { type: { kind: 'string' }, nullable: true }),
  columnOf('price', { type: { kind: 'number' }, nullable: true }),
  columnOf('name', { type: { kind: 'string' }, nullable: true }),
]
const bound = (path: string) => columnOf(path, { type: { kind: 'timestamp' }, nullable: true })

interface TopCase {
  readonly n: number
  readonly ties?: boolean
  readonly rank?: boolean
  readonly byName?: boolean
  readonly edge: EdgeKind
  readonly output: EdgeKind
  readonly window?: WindowPlan
}

const BASE = { time: 'event', earlyMs: null, emit: 'updates' } as const
const tumbling = (allowedLatenessMs: number): WindowPlan => ({
  ...BASE,
  type: 'tumbling',
  size: { ms: 100 },
  offsetMs: 0,
  zone: 'UTC',
  allowedLatenessMs,
})
const sliding: WindowPlan = {
  ...BASE,
  type: 'sliding',
  sizeMs: 100,
  slideMs: 40,
  allowedLatenessMs: 0,
}

function topCore(of: TopCase): TopCore {
  const window = of.window ?? null
  const bounds = window === null ? [] : [bound('window_start'), bound('window_end')]
  const rank = columnOf('rank', { type: { kind: 'integer' }, nullable: false })
  return {
    kind: 'top',
    input: columns.map((spec) => ({
      spec,
      expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable },
    })),
    key: [1],
    window,
    n: of.n,
    order:
      of.byName === true
        ? [
            { column: 3, descending: false },
            { column: 2, descending: true },
          ]
        : [{ column: 2, descending: true }],
    ties: of.ties ?? false,
    rankAs: of.rank === true ? 'rank' : null,
    kept: [0, 1, 2, 3],
    edge: of.edge,
    uniqueKey: [0],
    output: [...columns, ...bounds, ...(of.rank === true ? [rank] : [])],
  }
}

function subject(of: TopCase, name: string): Subject {
  const core = topCore(of)
  const byRank = of.rank === true && of.ties !== true && of.output === 'upsert'
  const uniqueKey = byRank ? ['k', 'rank'] : ['id']
  const at = uniqueKey.map((path) => core.output.findIndex((spec) => spec.path === path))
  const windowed = of.window === undefined ? [] : [4, 5]
  return {
    name,
    inputs: [{ columns, edge: of.edge, key: [1] }],
    outputs: {
      main: { columns: core.output, edge: of.output, uniqueKey: [...at, ...windowed] },
    },
    build: () =>
      topOperator({
        core,
        store: new StateStore(new CountingMemory()),
        ttlMs: null,
        edge: of.output,
        uniqueKey,
        batchRows: 5,
      }),
  }
}

const price = (row: readonly unknown[]): number =>
  (row[2] as number | null) ?? Number.NEGATIVE_INFINITY

function compareBy(of: TopCase, a: readonly unknown[], b: readonly unknown[]): number {
  if (of.byName === true && a[3] !== b[3]) {
    if (a[3] === null || b[3] === null) return a[3] === null ? 1 : -1
    return compareText(a[3] as string, b[3] as string)
  }
  return price(a) === price(b) ? 0 : price(b) - price(a)
}

function windowsOf(of: TopCase, time: number): (readonly [number, number])[] {
  if (of.window === undefined) return [[Number.NaN, Number.NaN]]
  const slide = of.window.type === 'sliding' ? 40 : 100
  const found: [number, number][] = []
  for (let start = Math.floor(time / slide) * slide; start > time - 100; start -= slide)
    found.push([start, start + 100])
  return found
}

function model(of: TopCase, rows: readonly ScriptRow[]): ExpectedRow[] {
  const groups = new Map<string, { rows: ScriptRow[]; bounds: readonly [number, number] }>()
  for (const row of rows) {
    for (const bounds of windowsOf(of, row.time)) {
      const key = `${String(row.values[1])} ${bounds[1]}`
      const group = groups.get(key) ?? { rows: [], bounds }
      group.rows.push(row)
      groups.set(key, group)
    }
  }
  return [...groups.values()].flatMap(({ rows: all, bounds }) => {
    const sorted = all.toSorted(
      (a, b) => compareBy(of, a.values, b.values) || compareCanonicalRows(a.values, b.values),
    )
    const last = sorted[Math.min(of.n, sorted.length) - 1]!
    return sorted
      .map((row) => {
        const better = sorted.filter((other) => compareBy(of, other.values, row.values) < 0).length
        const rank = of.ties === true ? better + 1 : sorted.indexOf(row) + 1
        return { row, rank, at: sorted.indexOf(row) }
      })
      .filter(
        ({ row, at }) =>
          at < of.n || (of.ties === true && compareBy(of, row.values, last.values) === 0),
      )
      .map(({ row, rank }) => ({
        values: [
          ...row.values,
          ...(of.window === undefined ? [] : bounds),
          ...(of.rank === true ? [rank] : []),
        ],
        eventTime: bounds[1] - 1,
      }))
  })
}

function check(of: TopCase, name: string): void {
  let id = 0
  checkConformance({
    subject: subject(of, name),
    inputs: [
      {
        row: (random: Random) => [
          id++,
          random.below(6) === 0 ? null : `k${random.below(3)}`,
          random.below(6) === 0 ? null : random.below(6),
          random.below(4) === 0 ? null : `n${random.below(3)}`,
        ],
        update: (random, row) => [row.values[0], row.values[1], random.below(6), row.values[3]],
        ...(of.window === undefined ? {} : { correctableMs: of.window.allowedLatenessMs }),
      },
    ],
    seeds: 10,
    rows: 80,
    model: (script) => ({ main: model(of, survivors(script, 0)) }),
  })
}

for (const n of [1, 3]) {
  for (const ties of [false, true]) {
    for (const rank of [false, true]) {
      for (const edge of ['append', 'retract'] as const) {
        for (const output of ['upsert', 'retract'] as const) {
          const of: TopCase = { n, ties, rank, edge, output, byName: n === 3 && !rank }
          const name = `top ${n}, ${edge} to ${output}${ties ? ', ties' : ''}${rank ? ', ranked' : ''}`
          test(`${name}: equals sorting everything`, (t) => {
            t.notThrows(() => check(of, name))
          })
        }
      }
    }
  }
}

for (const [name, window, edge, output] of [
  ['tumbling', tumbling(0), 'append', 'append'],
  ['sliding', sliding, 'append', 'append'],
  ['tumbling with corrections', tumbling(80), 'retract', 'retract'],
] as const) {
  for (const ties of [false, true]) {
    const of: TopCase = { n: 2, ties, rank: true, edge, output, window }
    test(`top in a window: ${name}${ties ? ', ties' : ''} equals sorting each window`, (t) => {
      t.notThrows(() => check(of, name))
    })
  }
}
