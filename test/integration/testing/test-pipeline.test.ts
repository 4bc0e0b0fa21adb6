/** `testPipeline`: the words of tests in TypeScript, what it rejects with, and its types. */
import test from 'ava'
import { count, kafka, pipeline, postgres, redis, schema, sum } from '../../../index.ts'
import { testPipeline } from '../../../testing.ts'

const Order = schema({ ts: 'timestamp', user: 'string', card: 'string', total: 'decimal(12,2)' })
const Card = schema({ card_id: 'string', owner: 'string' })

const totals = pipeline('totals', (p) => {
  const cards = p.table(
    'cards',
    postgres({ url: 'postgres://x', table: 'c', key: 'card_id', schema: Card }),
  )
  p.source(
    'orders',
    kafka({
      brokers: 'x:1',
      topic: 'orders',
      schema: Order,
      eventTime: 'ts',
      watermark: { outOfOrderness: '5 seconds' },
    }),
  )
    .lookup('holder', cards, { on: (order, card) => order.card.eq(card.card_id) })
    .as('known')
    .keyBy('user')
    .tumbling('1 hour')
    .aggregate((r) => ({ orders: count(), total: sum(r.total) }))
    .as('hourly')
    .to('out', redis({ url: 'redis://x', type: 'hash', key: '{user}', latestBy: 'window_end' }))
})

const ORDER = { user: 'u1', card: 'c1' }

test('testPipeline: steps by calls, tables, an expectation in between and at the end', async (t) => {
  await testPipeline(totals, { day: '2026-11-22' })
    .tables({ cards: [{ card_id: 'c1', owner: 'Ada' }] })
    .given({ orders: [{ ...ORDER, at: '10:00', total: '40.00' }] })
    .watermark('11:00')
    .expect({
      hourly: [{ user: 'u1', orders: 1, total: 40 }],
      known: [{ holder: { owner: 'Ada' } }],
    })
    .advance('5m')
    .given({ orders: { ...ORDER, at: new Date('2026-11-22T10:30:00Z'), total: 1 } })
    .expect({
      'hourly.late': [{ total: '1.00', ts: new Date('2026-11-22T10:30:00Z') }],
      hourly: [],
    })
  t.pass()
})

test('testPipeline: a list of steps has the words of the file', async (t) => {
  await testPipeline(totals, { day: '2026-11-22', parallelism: 2 }).given([
    { orders: { ...ORDER, at: '10:00', total: 40 } },
    { watermark: { orders: '11:00' } },
    { expect: { hourly: [{ window_end: '11:00' }] } },
  ])
  t.pass()
})

test('testPipeline: rejects with what differs, at the line of the expectation', async (t) => {
  const error = await t.throwsAsync(async () => {
    await testPipeline(totals, { day: '2026-11-22' })
      .given({ orders: [{ ...ORDER, at: '10:00', total: 40 }] })
      .expect({ hourly: [{ user: 'u1', orders: 2 }] })
  })
  t.regex(error?.message ?? '', /test-pipeline\.test\.ts:\d+:8 {2}hourly: expected 1 row, got 1/)
  t.regex(error?.message ?? '', /differs +orders +expected 2, got 1/)
})

test('testPipeline: a test that is wrong in itself rejects with its mistakes', async (t) => {
  const error = await t.throwsAsync(async () => {
    await testPipeline(totals, { day: '2026-11-22' })
      .given({ ordrs: [{ ...ORDER, at: '10:00' }] })
      .expect({ hourly: [{ totl: 2 }] })
  })
  t.is(Reflect.get(error ?? {}, 'code'), 'TEST_BLOCK_UNKNOWN')
  t.regex(error?.message ?? '', /write `orders`/)
  t.regex(error?.message ?? '', /write `total`/)
})
