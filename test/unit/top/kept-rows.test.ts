/**
 * `top` over rows that are kept by reference against the general path, in seeded random cases: order
 * by columns of every layout with nulls and ties, keys of several layouts, batches of any size.
 */
import test from 'ava'
import { TopN, type TopOptions } from '../../../node/operators/top/top-n.ts'
import { topOperator } from '../../../node/operators/top/top-operator.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import type { Random } from '../../../shared/base/random.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'
import type { EdgeKind, TopCore } from '../../../shared/planning/plan.ts'
import { CountingStore } from '../state/counting-store.ts'
import { Driven } from './top-drive.ts'

const column = (path: string, kind: 'integer' | 'string' | 'date' | 'boolean' | 'json') =>
  columnOf(path, { type: { kind }, nullable: path !== 'id' })

const COLUMNS: readonly ColumnSpec[] = [
  column('id', 'integer'),
  column('k', 'integer'),
  column('name', 'string'),
  column('price', 'integer'),
  column('day', 'date'),
  column('flag', 'boolean'),
  { ...column('channel', 'string'), layout: 'dict' },
  column('extra', 'json'),
]
const [ID, K, NAME, PRICE, DAY, FLAG, CHANNEL, EXTRA] = [0, 1, 2, 3, 4, 5, 6, 7] as const

interface Case {
  readonly title: string
  readonly n: number
  readonly key: readonly number[]
  readonly order: TopCore['order']
  readonly ranked: boolean
  readonly output: EdgeKind
  /** Whether an upsert edge is keyed by the row's own id. */
  readonly byId?: boolean
  /** Values are drawn below these; few make ties. */
  readonly keys: number
  readonly values: number
  readonly isDistinct?: boolean
}

const desc = (at: number) => ({ column: at, descending: true })
const asc = (at: number) => ({ column: at, descending: false })

const CASES: readonly Case[] = [
  {
    title: 'one by a number',
    n: 1,
    key: [K],
    order: [desc(PRICE)],
    ranked: false,
    output: 'upsert',
    keys: 1200,
    values: 40,
  },
  {
    title: 'one by two, retract',
    n: 1,
    key: [K, FLAG],
    order: [asc(DAY), desc(PRICE)],
    ranked: true,
    output: 'retract',
    keys: 50,
    values: 6,
  },
  {
    title: 'one by text, by id',
    n: 1,
    key: [NAME],
    order: [asc(CHANNEL)],
    ranked: false,
    output: 'upsert',
    byId: true,
    keys: 9,
    values: 9,
  },
  {
    title: 'one of all',
    n: 1,
    key: [],
    order: [desc(FLAG), asc(NAME)],
    ranked: true,
    output: 'retract',
    keys: 1,
    values: 30,
  },
  {
    title: 'ten by a number, ranks',
    n: 10,
    key: [K],
    order: [desc(PRICE)],
    ranked: true,
    output: 'upsert',
    keys: 60,
    values: 500,
  },
  {
    title: 'ten by a number, ranks, ties',
    n: 10,
    key: [CHANNEL],
    order: [asc(PRICE)],
    ranked: true,
    output: 'retract',
    keys: 4,
    values: 7,
  },
  {
    title: 'three by id with ranks',
    n: 3,
    key: [NAME],
    order: [desc(DAY), asc(FLAG)],
    ranked: true,
    output: 'upsert',
    byId: true,
    keys: 30,
    values: 20,
  },
  {
    title: 'three by id',
    n: 3,
    key: [K],
    order: [asc(PRICE), desc(NAME)],
    ranked: false,
    output: 'upsert',
    byId: true,
    keys: 80,
    values: 9,
  },
  {
    title: 'forty, three order columns',
    n: 40,
    key: [K],
    order: [desc(FLAG), asc(DAY), desc(PRICE)],
    ranked: false,
    output: 'retract',
    keys: 12,
    values: 30,
  },
  {
    title: 'a hundred by text',
    n: 100,
    key: [],
    order: [desc(NAME), asc(PRICE)],
    ranked: true,
    output: 'upsert',
    keys: 1,
    values: 400,
  },
  {
    title: 'twenty-five by json',
    n: 25,
    key: [FLAG],
    order: [asc(EXTRA)],
    ranked: true,
    output: 'retract',
    keys: 1,
    values: 90,
  },
]

function optionsOf(of: Case, store: StateStore, ttlMs: number | null = null): TopOptions {
  const rank = columnOf('rank', { type: { kind: 'integer' }, nullable: false })
  const names = of.key.map((at) => COLUMNS[at]!.path)
  const isNamedByKey = of.n === 1 || of.ranked
  const core: TopCore = {
    kind: 'top',
    input: COLUMNS.map((spec) => ({
      spec,
      expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable },
    })),
    key: of.key,
    window: null,
    n: of.n,
    order: of.order,
    ties: false,
    rankAs: of.ranked ? 'rank' : null,
    kept: COLUMNS.map((_, at) => at),
    edge: 'append',
    uniqueKey: null,
    output: [...COLUMNS, ...(of.ranked ? [rank] : [])],
  }
  const uniqueKey =
    of.byId === true || !isNamedByKey ? ['id'] : [...names, ...(of.ranked ? ['rank'] : [])]
  return { core, store, ttlMs, edge: of.output, uniqueKey, batchRows: 37 }
}

function foldKey(of: Case): number[] | null {
  if (of.output === 'retract') return null
  if (of.byId === true) return [ID]
  return [...of.key, ...(of.ranked ? [COLUMNS.length] : [])]
}

/** Few rows of a kind often, many seldom; `first` numbers them. */
function batchOf(random: Random, of: Case, first: number, rows?: number): Batch {
  const length = rows ?? [1, 3, 40, 700, 1500, 4096, 5000][random.below(7)]!
  const builder = new BatchBuilder({ columns: COLUMNS })
  const orNull = (value: unknown): unknown => (random.below(8) === 0 ? null : value)
  for (let row = 0; row < length; row++) {
    const value = (): number => random.below(of.values)
    builder.append(
      [
        of.byId === true ? first + row : random.below(3),
        orNull(random.below(of.keys)),
        orNull(`name ${value()} ${'é'.repeat(random.below(3))}`),
        orNull(value() - 3),
        orNull(value()),
        orNull(random.below(2) === 1),
        orNull(`channel-${random.below(of.keys)}`),
        orNull(random.below(2) === 0 ? value() : { a: [value()] }),
      ],
      1000 + value(),
    )
  }
  return builder.finish()
}

const store = () => new StateStore(new CountingMemory())

for (const one of CASES) {
  for (const seed of [1]) {
    test(`kept rows: top ${one.title} says what the general path says, seed ${seed}`, (t) => {
      const random = new SeededRandom(seed)
      const kept = store()
      const own = new Driven(topOperator(optionsOf(one, kept)), () => random.below(2) === 0)
      const general = new Driven(new TopN(optionsOf(one, store())))
      const key = foldKey(one)
      let rows = 0
      for (let step = 0; step < 24; step++) {
        const batch = batchOf(random, one, rows)
        rows += batch.length
        own.give(batch)
        general.give(batch)
        if (step % 6 !== 5) continue
        t.deepEqual(own.rows(key), general.rows(key))
      }
      t.is(own.counters.absorbed, rows)
      const held = own.rows(key).length
      const figures = kept.figures().find(({ name }) => name === 'kept')
      t.is(figures?.entries, held, 'no other row is kept')
    })
  }
}

test('kept rows: a key that was forgotten by ttl lets go of its rows and begins anew', (t) => {
  for (const one of [CASES[0]!, CASES[4]!, CASES[5]!]) {
    const random = new SeededRandom(7)
    const kept = store()
    const own = new Driven(topOperator(optionsOf(one, kept, 50)))
    const general = new Driven(new TopN(optionsOf(one, store(), 50)))
    let rows = 0
    for (let step = 0; step < 30; step++) {
      const batch = batchOf(random, { ...one, keys: 1 + random.below(one.keys) }, rows)
      rows += batch.length
      own.give(batch)
      general.give(batch)
      own.watermark(step * 20)
      general.watermark(step * 20)
    }
    t.deepEqual(own.rows(foldKey(one)), general.rows(foldKey(one)))
    t.is(own.counters.expiredKeys, general.counters.expiredKeys)
    own.watermark(1_000_000)
    const figures = kept.figures()
    t.is(figures.find(({ name }) => name === 'kept')?.entries, 0)
    t.is(figures.find(({ name }) => name === 'best')?.entries, 0)
  }
})

/** Every row ranks before those of earlier batches. */
function improve(batch: Batch, { column: at, descending }: TopCore['order'][number], step: number) {
  const values = batch.columns[at]
  if (values?.layout !== 'f64' && values?.layout !== 'i32') throw new TypeError('a number')
  values.values.fill(descending ? 10_000 + step : -10_000 - step)
  values.nulls?.fill(0)
}

test('kept rows: rows that stay while most of their batches matter no more are moved, not changed', (t) => {
  for (const one of [CASES[0]!, CASES[4]!, CASES[7]!]) {
    const random = new SeededRandom(3)
    const moving = new CountingStore(new CountingMemory())
    const own = new Driven(topOperator(optionsOf(one, moving)))
    // Of one row per key only rows that came out are kept: there must be many, each better than before.
    const keyCount = one.n === 1 ? 3000 : 3
    const general = new Driven(new TopN(optionsOf(one, store())))
    const key = foldKey(one)
    for (let step = 0, after = 0; step < 70 && after < 4; step++) {
      // A key of its own in every batch keeps a few rows of it alive.
      const batch = batchOf(random, { ...one, keys: keyCount }, step * 3000, 3000)
      const keys = batch.columns[K]
      if (keys?.layout === 'f64') {
        keys.values.fill(10_000 + step, 0, 12)
        keys.nulls?.fill(0, 0, 12)
      }
      if (moving.moves > 0) after += 1
      if (one.n === 1) improve(batch, one.order[0]!, step)
      own.give(batch)
      general.give(batch)
    }
    t.true(moving.moves > 0, one.title)
    t.deepEqual(own.rows(key), general.rows(key))
    const again = batchOf(random, { ...one, keys: 3 }, 1_000_000, 200)
    own.give(again)
    general.give(again)
    t.deepEqual(own.rows(key), general.rows(key))
  }
})
