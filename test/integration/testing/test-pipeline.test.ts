/** `testPipeline`: the words of tests in TypeScript, what it rejects with, and its types. */
import test from 'ava'
import { count, kafka, pipeline, postgres, redis, schema, sum } from '../../../index.ts'
import type { DecimalValue } from '../../../shared/api/tokens.ts'
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

interface Typed {
  orders: { ts: Date; user: string; card: string; total: DecimalValue }
  hourly: { user: string; window_end: Date; orders: number; total: DecimalValue | null }
}

const typed = () => testPipeline<Typed>(totals, { day: '2026-11-22' })

test('testPipeline: with the rows of streams a wrong name or type does not compile', async (t) => {
  await typed()
    .given({ orders: [{ ...ORDER, at: '10:00', total: '40.00' }] })
    .expect({ hourly: [{ orders: 1, total: 40, window_end: '11:00' }] })
  // @ts-expect-error: the stream has another name
  typed().given({ order: [] })
  // @ts-expect-error: the field has another name
  typed().expect({ hourly: [{ order: 1 }] })
  // @ts-expect-error: a count is no text
  typed().expect({ hourly: [{ orders: 'one' }] })
  t.pass()
})

test('testPipeline: parameters, one block alone, order; and a pipeline by its path', async (t) => {
  await testPipeline(totals, { day: '2026-11-22', where: 'hourly', ordered: true, parallelism: 1 })
    .given({
      known: [
        { ...ORDER, at: '10:00', total: 1 },
        { ...ORDER, at: '11:00', total: 2 },
      ],
    })
    .expect({ hourly: [{ total: 1 }, { total: 2 }] })
  await testPipeline('test/fixtures/language/card_fraud.yaml', {
    day: '2026-11-22',
    where: 'flagged',
  })
    .tables({ cards: [{ card_id: 'c1', daily_limit: 5, country: 'DE' }] })
    .given({
      velocity: {
        at: '10:00',
        auth_id: 'a',
        card: 'c1',
        amount: 300,
        country: 'FR',
        merchant: { id: 'm' },
        tries_1m: 1,
        spent_24h: 300,
        countries_1h: 1,
      },
    })
    .expect({ flagged: { rules: ['over_limit', 'abroad'], id: 'm' } })
  t.pass()
})

test('testPipeline: a pipeline with mistakes, and a test that expects nothing, say so', async (t) => {
  await t.throwsAsync(() => testPipeline(totals).given({}), { code: 'TEST_INVALID' })
  await t.throwsAsync(() => testPipeline('test/fixtures/wrong/value-yes.yaml').expect({}))
  t.throws(() => testPipeline(totals).given({ orders: [{ at: '10:00' }] }), { message: /no time/ })
})
