/** Mistakes that the compiler must find in keys, windows, cores, joins, side outputs and sinks. */
/* oxlint-disable no-underscore-dangle -- fields that Millrace adds begin so */
import {
  all,
  any,
  avg,
  count,
  file,
  fn,
  pipeline,
  postgres,
  processor,
  schema,
  stdout,
  sum,
  value,
} from '../../index.ts'

const Order = schema({ id: 'string', user: 'string', price: 'decimal(12,2)', ts: 'timestamp' })
const Payment = schema({ nr: 'string', paid: 'decimal(12,2)', at: 'timestamp' })
const Country = schema({ code: 'string', name: 'string' })

const score = processor({
  input: { id: 'string', price: 'decimal(12,2)' },
  output: { id: 'string', risk: 'number' },
  outputs: { odd: { id: 'string' } },
  state: { last: value('timestamp') },
  onRecord(r, ctx) {
    ctx.emit({ id: r.id, risk: 0 })
    // @ts-expect-error
    ctx.emit({ id: r.id })
    // @ts-expect-error
    ctx.emit({ id: 5, risk: 0 })
    // @ts-expect-error
    ctx.emitTo('strange', { id: r.id })
    // @ts-expect-error
    ctx.emitTo('odd', { nr: r.id })
    // @ts-expect-error
    ctx.state.last.set('yesterday')
    // @ts-expect-error
    ctx.state.first.get()
    // @ts-expect-error
    ctx.emit({ id: r.risk, risk: 0 })
  },
})
const needsMore = processor({
  input: { id: 'string', weight: 'number' },
  output: { id: 'string' },
  onRecord() {},
})
const needsOther = processor({ input: { id: 'integer' }, output: {}, onRecord() {} })
const risk = fn({ input: ['string', 'number'], output: 'number', run: (_, x) => x })
// @ts-expect-error
fn({ input: ['string'], output: 'number', run: (text) => text })
// @ts-expect-error
fn({ input: ['string'], output: 'number', run: (text: number) => text })

pipeline('mistakes', { functions: { risk } }, (p) => {
  const orders = p.source('orders', file({ path: 'orders.jsonl', schema: Order, eventTime: 'ts' }))
  const payments = p.source('payments', file({ path: 'p.jsonl', schema: Payment, eventTime: 'at' }))
  const countries = p.table('countries', file({ path: 'c.csv', key: 'code', schema: Country }))
  const byUser = orders.keyBy('user')

  // What follows a core.
  // @ts-expect-error
  byUser.aggregate(() => ({ n: count() })).set((r) => ({ m: r.n }))
  // @ts-expect-error
  byUser.aggregate(() => ({ n: count() })).keyBy('user')
  // @ts-expect-error
  byUser.aggregate(() => ({ n: count() })).aggregate(() => ({ n: count() }))
  // @ts-expect-error
  byUser.aggregate(() => ({ n: count() })).where((r) => r.id.eq('x'))
  // @ts-expect-error
  byUser.aggregate(() => ({ n: count() })).select('price')
  // @ts-expect-error
  orders.join('p', payments, { on: 'id == p.nr' }).keyBy('id')
  // @ts-expect-error
  byUser.dedupe().dedupe()
  // @ts-expect-error
  byUser.where((r) => r.price.gt(1))
  // @ts-expect-error
  orders.aggregate(() => ({ n: count() }))
  // @ts-expect-error
  byUser.session('5 minutes').dedupe()
  // @ts-expect-error
  byUser.rolling('1 hour').top(1, 'price desc')

  // Aggregates.
  // @ts-expect-error
  byUser.aggregate((r) => ({ total: sum(r.id) }))
  // @ts-expect-error
  byUser.aggregate((r) => ({ mean: avg(r.ts) }))
  // @ts-expect-error
  byUser.aggregate((r) => ({ odd: any(r.price) }))
  // @ts-expect-error
  byUser.aggregate((r) => ({ odd: all(r.user) }))
  // @ts-expect-error
  byUser.aggregate((r) => ({ n: count().where(r.price) }))
  // @ts-expect-error
  byUser.aggregate((r) => ({ n: count().last(r.price) }))

  // Joins and lookups.
  // @ts-expect-error
  orders.join('p', payments, { on: (order, p) => order.id.eq(p.id) })
  // @ts-expect-error
  orders.join('p', payments, { on: (order, p) => order.nr.eq(p.nr) })
  // @ts-expect-error
  orders.join('p', payments, { type: 'outer', on: 'id == p.nr' })
  // @ts-expect-error
  orders.join('p', countries, { on: 'id == p.code' })
  // @ts-expect-error
  orders.join('p', payments, { type: 'semi', on: 'id == p.nr' }).where((r) => r.p.paid.gt(1))
  // @ts-expect-error
  orders.lookup('c', payments, { on: 'id == c.nr' })
  // @ts-expect-error
  orders.lookup('c', countries, { on: (order, c) => order.user.eq(c.user) })
  // @ts-expect-error
  orders.lookup('c', countries, { on: 'user == c.code' }).where((r) => r.c.continent.eq('x'))
  // @ts-expect-error
  orders.union(payments)

  // Processors and functions.
  // @ts-expect-error
  byUser.process(needsMore)
  // @ts-expect-error
  byUser.process(needsOther)
  // @ts-expect-error
  orders.where((r) => risk(r.id).gt(1))
  // @ts-expect-error
  orders.where((r) => risk(r.user, r.id).gt(1))
  // @ts-expect-error
  byUser.process(score).where((r) => r.price.gt(1))
  const scored = byUser.process(score).as('scored')
  // @ts-expect-error
  scored.side('even')
  // @ts-expect-error
  scored.side('odd').where((r) => r.risk.gt(1))

  // Windows and side outputs.
  // @ts-expect-error
  byUser.tumbling('1 hour', { alowedLateness: '5 minutes' })
  // @ts-expect-error
  byUser.tumbling('1 hour', { emit: 'arrival' })
  // @ts-expect-error
  byUser.tumbling(60)
  const hourly = byUser
    .tumbling('1 hour')
    .aggregate((r) => ({ total: sum(r.price) }))
    .as('hourly')
  // @ts-expect-error
  hourly.late.where((r) => r.total.gt(1))
  // @ts-expect-error
  hourly.late.where((r) => r._late.because.eq('x'))
  // @ts-expect-error
  hourly.rejected.where((r) => r._late.by.gt('1h'))
  // @ts-expect-error
  hourly.deadLetter.where((r) => r.total.gt(1))
  // @ts-expect-error
  hourly.where((r) => r.window_stop.gt(r.window_start))

  // Sinks.
  // @ts-expect-error
  hourly.to('out', postgres({ url: 'u', table: 't', key: ['usr'] }))
  // @ts-expect-error
  hourly.to('out', postgres({ url: 'u', table: 't', latestBy: 'windowEnd' }))
  // @ts-expect-error
  hourly.to('out', postgres({ url: 'u', tabel: 't' }))
  // @ts-expect-error
  hourly.to('out', 'stdout')
  // @ts-expect-error
  hourly.to('out', file({ path: 'x', mode: 'replace' }))
  hourly.to('out', stdout({}))
})
