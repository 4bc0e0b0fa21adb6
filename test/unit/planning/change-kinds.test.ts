/**
 * Kinds of edges (D18): what appends, what updates, who keeps last rows, and how sinks write. Each
 * case is a small pipeline and the facts of one block.
 */
import test from 'ava'
import type { Plan, PlanBlock } from '../../../shared/planning/plan.ts'
import { diagnosticText, planText } from './plan-text.ts'

const HEAD = `pipeline: edges
schemas:
  Order: { id: integer, user: string, amount: "decimal(12,2)", ts: timestamp }
sources:
  orders: { connector: kafka, brokers: "localhost:9092", topic: o, schema: Order, event_time: ts, watermark: { out_of_orderness: 5 seconds } }
  accounts: { connector: kafka, brokers: "localhost:9092", topic: a, schema: Order, event_time: ts, primary_key: id, watermark: { out_of_orderness: 5 seconds } }
  rows: { connector: postgres_cdc, url: "\${DB}", table: public.rows, schema: Order, event_time: ts, primary_key: id, watermark: { out_of_orderness: 5 seconds } }
`

async function planOf(body: string): Promise<Plan> {
  const { plan, diagnostics } = await planText(`${HEAD}${body}`)
  if (plan === null) throw new Error(diagnostics.map(diagnosticText).join('\n'))
  return plan
}

function blockOf(plan: Plan, name: string): PlanBlock {
  const block = plan.blocks.find((one) => one.name === name)
  if (block === undefined) throw new Error(`no block ${name}`)
  return block
}

const TO_STDOUT = '\nsinks:\n  out: { from: t, connector: stdout }\n'
const TO_TABLE = '\nsinks:\n  out: { from: t, connector: postgres, url: "${DB}", table: t }\n'

/** Block `t`, what its rows are, and what the sink does. */
const CASES: readonly [title: string, t: string, sinks: string, edge: string, mode: string][] = [
  ['a filter of appends appends', '{ from: orders, where: id > 1 }', TO_STDOUT, 'append', 'append'],
  [
    'an aggregate into changes is retract',
    '{ from: orders, key_by: user, aggregate: { n: count() }, ttl: 1 day }',
    TO_STDOUT,
    'retract',
    'changes',
  ],
  [
    'an aggregate into an upsert sink is upsert',
    '{ from: orders, key_by: user, aggregate: { n: count() }, ttl: 1 day }',
    TO_TABLE,
    'upsert',
    'upsert',
  ],
  [
    'having makes an aggregate retract',
    '{ from: orders, key_by: user, aggregate: { n: count() }, having: n > 1, ttl: 1 day }',
    TO_TABLE,
    'retract',
    'upsert',
  ],
  [
    'a window without lateness appends',
    '{ from: orders, window: { type: tumbling, size: 1 hour }, aggregate: { n: count() } }',
    TO_TABLE,
    'append',
    'append',
  ],
  [
    'a window with lateness updates',
    '{ from: orders, window: { type: tumbling, size: 1 hour, allowed_lateness: 1 minute }, aggregate: { n: count() } }',
    TO_TABLE,
    'upsert',
    'upsert',
  ],
  [
    'a final window appends',
    '{ from: orders, window: { type: tumbling, size: 1 hour, allowed_lateness: 1 minute, emit: final }, aggregate: { n: count() } }',
    TO_TABLE,
    'append',
    'append',
  ],
  [
    'an early window updates',
    '{ from: orders, window: { type: tumbling, size: 1 hour, early: every 10s }, aggregate: { n: count() } }',
    TO_STDOUT,
    'retract',
    'changes',
  ],
  [
    'a window of changes updates',
    '{ from: accounts, window: { type: tumbling, size: 1 hour }, aggregate: { n: count() } }',
    TO_STDOUT,
    'retract',
    'changes',
  ],
  [
    'top updates',
    '{ from: orders, top: { n: 3, by: amount desc } }',
    TO_STDOUT,
    'retract',
    'changes',
  ],
  [
    'dedupe within appends',
    '{ from: orders, key_by: id, dedupe: { within: 1 hour } }',
    TO_STDOUT,
    'append',
    'append',
  ],
  [
    'keep last updates',
    '{ from: orders, key_by: id, dedupe: { keep: last, by: ts }, ttl: 1 day }',
    TO_TABLE,
    'upsert',
    'upsert',
  ],
  [
    'an inner join of appends appends',
    '{ from: orders, join: { a: { from: orders, on: id } }, ttl: 1 day }',
    TO_STDOUT,
    'append',
    'append',
  ],
  [
    'a left join updates',
    '{ from: orders, join: { a: { from: orders, type: left, on: id } }, ttl: 1 day }',
    TO_STDOUT,
    'retract',
    'changes',
  ],
  [
    'a left join within a bound appends',
    '{ from: orders, join: { a: { from: orders, type: left, on: id, within: [0s, 1h] } } }',
    TO_STDOUT,
    'append',
    'append',
  ],
  [
    'as_of an upsert stream appends',
    '{ from: orders, join: { a: { from: accounts, type: left, on: id, as_of: ts } } }',
    TO_STDOUT,
    'append',
    'append',
  ],
  [
    'upserts pass a select into an upsert sink',
    '{ from: accounts, select: [id, amount] }',
    TO_TABLE,
    'upsert',
    'upsert',
  ],
  [
    'a filter on upserts needs full changes',
    '{ from: accounts, where: amount > 1 }',
    TO_TABLE,
    'retract',
    'upsert',
  ],
  [
    'inserts only append',
    '{ from: rows, where: change() == "insert" && amount > 1 }',
    TO_STDOUT,
    'append',
    'append',
  ],
  [
    'inserts of upserts need full changes',
    '{ from: accounts, where: change() == "insert" }',
    TO_STDOUT,
    'append',
    'append',
  ],
]

for (const [title, t, sinks, edge, mode] of CASES) {
  test(`edges: ${title}`, async (assert) => {
    const plan = await planOf(`transformations:\n  t: ${t}${sinks}`)
    const sink = blockOf(plan, 'out')
    assert.is(blockOf(plan, 't').outputs[0]?.stream.edge as string, edge)
    assert.is(sink.kind === 'sink' ? sink.mode : '', mode)
  })
}

const isNormalized = (plan: Plan, name: string): boolean => {
  const block = blockOf(plan, name)
  return block.kind === 'source' && block.normalizer === true
}

test('normalizer: a copy of an upsert source needs none', async (t) => {
  const plan = await planOf(`transformations:\n  t: { from: accounts, drop: [user] }${TO_TABLE}`)
  t.false(isNormalized(plan, 'accounts'))
})

test('normalizer: an aggregate of an upsert source needs one', async (t) => {
  const text = '{ from: accounts, key_by: user, aggregate: { n: count() }, ttl: 1 day }'
  const plan = await planOf(`transformations:\n  t: ${text}${TO_TABLE}`)
  t.true(isNormalized(plan, 'accounts'))
})

const insertsOf = (source: string): string =>
  `transformations:\n  t: { from: ${source}, where: change() == "insert" }${TO_STDOUT}`

test('normalizer: inserts of a source that knows kinds need none, those of upserts do', async (t) => {
  t.false(isNormalized(await planOf(insertsOf('rows')), 'rows'))
  t.true(isNormalized(await planOf(insertsOf('accounts')), 'accounts'))
})

test('sinks: a key that is larger than that of the rows gets a materializer', async (t) => {
  const plan = await planOf(`transformations:
  t: { from: orders, key_by: user, aggregate: { n: count() }, ttl: 1 day }
sinks:
  same: { from: t, connector: postgres, url: "\${DB}", table: t, key: [user] }
  larger: { from: t, connector: postgres, url: "\${DB}", table: t2, key: [user, n] }
`)
  const facts = ['same', 'larger'].map((name) => {
    const sink = blockOf(plan, name)
    return sink.kind === 'sink' ? sink.materializer : null
  })
  t.deepEqual(facts, [false, true])
})

const joinOf = (type: string): string =>
  `transformations:\n  t: { from: orders, join: { a: { from: accounts, type: ${type}, on: id } }, where: amount > 1 && a.amount > 2, ttl: 1 day }${TO_STDOUT}`

test('filters: a term on `from` fields runs before a left join, not before a full one', async (t) => {
  const counts = await Promise.all(
    ['left', 'full'].map(async (type) => {
      const block = blockOf(await planOf(joinOf(type)), 't')
      if (block.kind !== 'transform') return null
      const filters = (steps: typeof block.pre) => steps.filter((one) => one.kind === 'filter')
      return [filters(block.pre).length, filters(block.post).length]
    }),
  )
  t.deepEqual(counts, [
    [1, 1],
    [0, 1],
  ])
})

const topOf = (n: number): string =>
  `transformations:\n  t: { from: accounts, key_by: user, top: { n: ${n}, by: amount desc }, ttl: 1 day }${TO_STDOUT}`

test('unique keys: top one per key is unique by the key, more are as their input', async (t) => {
  t.deepEqual(blockOf(await planOf(topOf(1)), 't').outputs[0]?.stream.uniqueKey, ['user'])
  t.deepEqual(blockOf(await planOf(topOf(2)), 't').outputs[0]?.stream.uniqueKey, ['id'])
})

test('filters: a term on the right side runs before an inner join, not before a left one', async (t) => {
  for (const [type, isEarly] of [
    ['inner', true],
    ['left', false],
  ] as const) {
    const block = blockOf(await planOf(joinOf(type)), 't')
    const core = block.kind === 'transform' ? block.core : null
    t.is(core?.kind === 'join' && core.right.where !== null, isEarly)
  }
})

test('unique keys: a join on the key of the right side keeps that of the left', async (t) => {
  const plan = await planOf(`transformations:
  totals: { from: orders, key_by: user, aggregate: { n: count() }, ttl: 1 day }
  t: { from: accounts, join: { total: { from: totals, type: left, on: user } }, ttl: 1 day }${TO_STDOUT}`)
  t.deepEqual(blockOf(plan, 't').outputs[0]?.stream.uniqueKey, ['id'])
})
