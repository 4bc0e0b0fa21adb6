/**
 * Windows over input that is taken back, against a naive model: records of random panes come and go,
 * also such as were never there; windows fire, are corrected and close meanwhile. Flat tables and
 * pages, combinations that subtract in place and such that subtract key by key or are made anew.
 */
import test from 'ava'
import type { AggregateCall, WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, coreOf, fold, Harness, type InputRow, spec } from './window-model.ts'

const INPUT = [
  spec('k', 'integer', { nullable: true }),
  spec('s', 'string', { layout: 'utf8' }),
  spec('x', 'integer', { nullable: true }),
  spec('n', 'number'),
  spec('keep', 'boolean', { nullable: true }),
]
const SUBTRACTING = [
  call('count', [], spec('r', 'integer')),
  call('count', [2], spec('r', 'integer'), 4),
  call('sum', [2], spec('r', 'integer', { nullable: true })),
  call('sum', [3], spec('r', 'number', { nullable: true }), 4),
]
const ALL = [
  ...SUBTRACTING,
  call('max', [2], spec('r', 'integer', { nullable: true })),
  call('count_distinct', [2], spec('r', 'integer'), 4),
]
const SIZE = 60
const DELETE = 3

const timing = { time: 'event', earlyMs: null, emit: 'updates' } as const
const tumbling = { type: 'tumbling', size: { ms: SIZE }, offsetMs: 0, zone: 'UTC' } as const
const sliding = (slideMs: number) => ({ type: 'sliding', sizeMs: SIZE, slideMs }) as const

type Values = readonly unknown[]

interface Played {
  readonly key: number
  readonly slideMs: number
  readonly latenessMs: number
  readonly calls: readonly AggregateCall[]
}

function resultOf({ fn, args, where }: AggregateCall, rows: readonly Values[]): unknown {
  const [arg] = args
  const kept = where === null ? rows : rows.filter((row) => row[where] === true)
  if (arg === undefined) return kept.length
  const found = kept.map((row) => row[arg]).filter((value) => value !== null) as number[]
  if (fn === 'count') return found.length
  if (fn === 'count_distinct') return new Set(found).size
  if (found.length === 0) return null
  return fn === 'max' ? Math.max(...found) : found.reduce((sum, value) => sum + value, 0)
}

/** Rows in force of the windows that ever fired. */
class Model {
  readonly panes = new Map<number, Values[]>()
  readonly inForce: string[] = []
  readonly #closed = new Set<number>()
  readonly #options: Played
  unmatched = 0
  late = 0
  #watermark = Number.NEGATIVE_INFINITY

  constructor(options: Played) {
    this.#options = options
  }

  paneOf(time: number): number {
    const { slideMs } = this.#options
    return Math.floor(time / slideMs) * slideMs
  }

  add({ time, kind, values }: InputRow): void {
    const { key, latenessMs } = this.#options
    const pane = this.paneOf(time)
    if (this.#watermark >= pane + SIZE - 1 + latenessMs) {
      this.late += 1
      return
    }
    const rows = this.panes.get(pane) ?? []
    this.panes.set(pane, rows)
    if (kind !== DELETE) rows.push(values)
    else if (rows.some((row) => row[key] === values[key])) {
      rows.splice(
        rows.findIndex((row) => JSON.stringify(row) === JSON.stringify(values)),
        1,
      )
    } else this.unmatched += 1
  }

  advance(watermark: number): void {
    const { slideMs, latenessMs } = this.#options
    this.#watermark = watermark
    const starts = [...this.panes.keys()]
    const ends = starts.flatMap((start) => {
      const found: number[] = []
      for (let end = start + slideMs; end <= start + SIZE; end += slideMs) found.push(end)
      return slideMs === SIZE ? [start + SIZE] : found
    })
    for (const end of new Set(ends)) {
      if (this.#closed.has(end) || watermark < end - 1 + latenessMs) continue
      this.#closed.add(end)
      this.#close(end)
    }
  }

  #close(end: number): void {
    const { key, calls } = this.#options
    const groups = new Map<unknown, Values[]>()
    for (const [start, rows] of this.panes) {
      if (start < end - SIZE || start >= end) continue
      for (const row of rows) groups.set(row[key], [...(groups.get(row[key]) ?? []), row])
    }
    for (const [value, rows] of groups) {
      const results = calls.map((one) => resultOf(one, rows))
      this.inForce.push(JSON.stringify([value, end - SIZE, end, ...results]))
    }
  }
}

function play(options: Played, seed: number): { wanted: unknown[]; found: unknown[] } {
  const { key, slideMs, latenessMs, calls } = options
  const random = new SeededRandom(seed)
  const shape = slideMs === SIZE ? tumbling : sliding(slideMs)
  const window: WindowPlan = { ...timing, ...shape, allowedLatenessMs: latenessMs }
  const core = { ...coreOf(INPUT, [key], window, calls), edge: 'retract' } as const
  const setup = { core, inputEdge: 'retract', outputEdge: 'retract', ttlMs: null } as const
  const harness = new Harness({ ...setup, lateColumns: null }, { pushBack: true })
  const model = new Model(options)
  let now = 0
  const row = (): InputRow => {
    const time = Math.max(0, now + random.below(150) - 110)
    const live = model.panes.get(model.paneOf(time)) ?? []
    const id = random.below(12)
    const flag = [true, false, null][random.below(3)]
    const values = [
      id === 0 ? null : id * 17 - 80,
      `key ${id}`,
      id === 3 ? null : random.below(9) - 4,
      random.below(64) / 4,
      flag,
    ]
    if (random.below(3) > 0) return { time, kind: 0, values }
    const victim = live[random.below(Math.max(live.length, 1))]
    // Of a key that the pane does not have, or a record that it has.
    const isThere = live.some((one) => one[key] === values[key])
    if (!isThere) return { time, kind: DELETE, values }
    return { time, kind: DELETE, values: victim ?? values }
  }
  for (let step = 0; step < 60; step++) {
    const rows: InputRow[] = []
    for (let count = random.below(12); count > 0; count--) {
      const made = row()
      model.add(made)
      rows.push(made)
    }
    if (rows.length > 0) harness.batch(rows)
    if (random.below(3) > 0) continue
    now += random.below(40)
    model.advance(now)
    harness.watermark(now)
  }
  model.advance(Number.POSITIVE_INFINITY)
  harness.end()
  const { unmatchedRetractions, late } = harness.counters
  return {
    wanted: [model.inForce.toSorted(), model.unmatched, model.late],
    found: [fold(harness.rows, calls.length, { retract: true }), unmatchedRetractions, late],
  }
}

for (const [name, slideMs] of Object.entries({
  tumbling: SIZE,
  'sliding by 20': 20,
  'by 10': 10,
})) {
  for (const [keyName, key] of Object.entries({ numbers: 0, texts: 1 })) {
    for (const latenessMs of [0, 35]) {
      test(`windows over records that are taken back: ${name}, keys of ${keyName}, lateness ${latenessMs} equal the model`, (t) => {
        let unmatched = 0
        let late = 0
        for (let seed = 1; seed <= 3; seed++) {
          for (const calls of [SUBTRACTING, ALL]) {
            const { wanted, found } = play({ key, slideMs, latenessMs, calls }, seed)
            t.deepEqual(found, wanted, `seed ${seed}, ${calls.length} calls`)
            unmatched += Number(wanted[1])
            late += Number(wanted[2])
          }
        }
        t.true(unmatched > 0 && late > 0)
      })
    }
  }
}
