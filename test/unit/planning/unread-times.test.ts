/** Event times that nobody uses: what must hold of a source and of all behind it. */
import test from 'ava'
import { explainText } from '../../../shared/planning/explain/explain-text.ts'
import type { SourceBlock } from '../../../shared/planning/plan.ts'
import { diagnosticText, planText } from './plan-text.ts'

interface Case {
  readonly source?: string
  readonly schema?: string
  readonly blocks: string
  readonly from?: string
  readonly sink?: string
}

const FILE = '{ connector: file, path: x.jsonl, schema: Order, event_time: at'

async function sourceOf(one: Case): Promise<SourceBlock> {
  const { plan, diagnostics } = await planText(`
pipeline: unread
schemas:
  Order: ${one.schema ?? '{ id: integer, user: string, amount: integer, at: timestamp }'}
sources:
  orders: ${one.source ?? `${FILE} }`}
transformations:
${one.blocks}
sinks:
  out: { from: ${one.from ?? 'made'}, connector: file, path: out.jsonl${one.sink ?? ''} }
`)
  const block = plan?.blocks.find((found) => found.name === 'orders')
  if (block?.kind !== 'source') throw new Error(diagnostics.map(diagnosticText).join('\n'))
  return block
}

const SELECT = '  made: { from: orders, where: amount > 3, select: [id, user] }'

const unread: readonly (readonly [string, Case])[] = [
  ['steps without state', { blocks: SELECT }],
  [
    'steps behind each other',
    {
      blocks: `${SELECT.replace('made', 'few')}\n  made: { from: few, set: { id: id + 1 } }`,
    },
  ],
  [
    'an aggregate without a window',
    { blocks: '  made: { from: orders, key_by: user, aggregate: { n: count() } }', sink: upsert() },
  ],
  [
    'an updating join',
    {
      blocks:
        '  made: { from: orders, join: { o: { from: orders, on: id == o.amount } }, select: [id, o.user] }',
    },
  ],
]

const read: readonly (readonly [string, Case])[] = [
  [
    'a window',
    {
      blocks:
        '  made: { from: orders, window: { type: tumbling, size: 1 hour }, aggregate: { n: count() } }',
    },
  ],
  [
    'a window behind steps',
    {
      blocks: `${SELECT.replace('made', 'few')}
  made: { from: few, window: { type: tumbling, size: 1 hour }, aggregate: { n: count() } }`,
    },
  ],
  [
    'the first value in time',
    {
      blocks: '  made: { from: orders, key_by: user, aggregate: { f: first(amount) } }',
      sink: upsert(),
    },
  ],
  [
    'an interval join',
    {
      blocks:
        '  made: { from: orders, join: { o: { from: orders, on: id == o.amount, within: [0s, 1 hour] } }, select: [id] }',
    },
  ],
  [
    'dedupe within a time',
    { blocks: '  made: { from: orders, key_by: user, dedupe: { within: 1 hour } }' },
  ],
  [
    'state with a time to live',
    {
      blocks: '  made: { from: orders, key_by: user, ttl: 1 day, aggregate: { n: count() } }',
      sink: upsert(),
    },
  ],
  [
    'state with a time to live behind an aggregate, whose rows have no time but watermarks do',
    {
      blocks: `  few: { from: orders, key_by: [user, id], aggregate: { n: count() } }
  made: { from: few, key_by: user, ttl: 1 day, aggregate: { most: max(n) } }`,
      sink: upsert(),
    },
  ],
  [
    'rejected rows of an aggregate, which come out as they came in',
    {
      blocks: `  sums: { from: orders, validate: { rules: { some: amount > 0 }, action: reject }, key_by: user, aggregate: { n: count() } }
  made: { from: sums.rejected, window: { type: tumbling, size: 1 hour }, aggregate: { n: count() } }`,
    },
  ],
  [
    'the latest row of each key',
    {
      blocks: SELECT.replace('[id, user]', '[user, amount]'),
      sink: `${upsert()}, key: user, latest_by: amount`,
    },
  ],
  [
    'rows that replace each other',
    { source: `${FILE}, primary_key: id, changes: upsert }`, blocks: SELECT, sink: upsert() },
  ],
  [
    'a process function behind a join whose rows have no time but watermarks do',
    {
      blocks: `  few: { from: orders, join: { o: { from: orders, on: id == o.amount } }, select: [id, o.user] }
  made: { from: few, key_by: user, process: ./functions.ts#seen }`,
    },
  ],
  [
    'a source that never ends',
    { source: `${FILE}, follow: true, watermark: { out_of_orderness: 1 s } }`, blocks: SELECT },
  ],
  [
    'a source in the order of event time',
    { source: `${FILE}, order: event_time }`, blocks: SELECT },
  ],
  [
    'records that may be too far ahead',
    { source: `${FILE}, watermark: { max_ahead: 1 hour } }`, blocks: SELECT },
  ],
  [
    'an event time that may be null',
    { schema: '{ id: integer, user: string, amount: integer, at: timestamp? }', blocks: SELECT },
  ],
  [
    'an event time that is computed',
    {
      source:
        '{ connector: file, path: x.jsonl, schema: Order, event_time: "date_add(at, id, \'minute\')" }',
      blocks: SELECT,
    },
  ],
]

function upsert(): string {
  return ', mode: upsert'
}

for (const [name, one] of unread) {
  test(`event time nobody uses: ${name}`, async (t) => {
    const block = await sourceOf(one)
    t.true(block.timeUnread)
    t.false(block.outputs[0]?.used.includes('at'))
  })
}

for (const [name, one] of read) {
  test(`event time that is used: ${name}`, async (t) => {
    t.false((await sourceOf(one)).timeUnread)
  })
}

test('event time nobody uses: a field that is read stays, and explain says what it is not', async (t) => {
  const blocks = '  made: { from: orders, select: [id, at] }'
  const block = await sourceOf({ blocks })
  t.true(block.timeUnread)
  t.deepEqual(block.outputs[0]?.used, ['id', 'at'])
  const { plan } = await planText(`
pipeline: unread
schemas: { Order: { id: integer, at: timestamp } }
sources: { orders: ${FILE} } }
transformations:
${blocks}
sinks: { out: { from: made, connector: file, path: out.jsonl } }
`)
  const text = plan === null ? '' : (explainText(plan) ?? '')
  t.regex(text, /event time +at: nothing uses it, so that no watermark is made/)
})
