/**
 * Mistakes that the compiler must find in steps: each stands under the line that expects an error,
 * and an error that is missing fails the check of types.
 */
import {
  coalesce,
  count,
  dateTrunc,
  div,
  file,
  kafka,
  lower,
  pipeline,
  ratio,
  schema,
  size,
  splitPart,
  stdout,
  sum,
  upper,
  when,
} from '../../index.ts'

const Order = schema({
  id: 'string',
  user: 'string?',
  price: 'decimal(12,2)',
  weight: 'number',
  pieces: 'integer',
  tags: 'array<string>',
  attributes: 'map<integer>',
  paid: 'boolean',
  ts: 'timestamp',
  maker: { id: 'string', country: 'string?' },
})

pipeline('mistakes', (p) => {
  const orders = p.source('orders', file({ path: 'orders.jsonl', schema: Order, eventTime: 'ts' }))

  // A field that is not there.
  // @ts-expect-error
  orders.where((r) => r.prise.gt(1))
  // @ts-expect-error
  orders.set((r) => ({ net: r.prise.mul(0.81) }))
  // @ts-expect-error
  orders.select('id', 'prise')
  // @ts-expect-error
  orders.select('maker.name')
  // @ts-expect-error
  orders.drop('prise')
  // @ts-expect-error
  orders.keyBy('prise')
  // @ts-expect-error
  orders.keyBy((r) => ({ who: r.usr }))
  // @ts-expect-error
  orders.where((r) => r.maker.name.eq('x'))
  // @ts-expect-error
  orders.unnest('tag', (r) => r.tagz)
  // @ts-expect-error
  orders.validate((r) => ({ positive: r.prise.gt(0) }))
  // @ts-expect-error
  orders.rename({ customer: 'usr' })
  // @ts-expect-error
  orders.global().aggregate((r) => ({ total: sum(r.prise) }))

  // A column is no JavaScript value.
  // @ts-expect-error
  orders.where((r) => r.price > 0)
  // @ts-expect-error
  orders.set((r) => ({ sum: r.pieces + 1 }))
  // @ts-expect-error
  orders.where((r) => r.paid && r.price.gt(0) && true)
  // @ts-expect-error
  orders.where((r) => !r.paid)

  // Operands that do not fit.
  // @ts-expect-error
  orders.where((r) => r.price.gt('1'))
  // @ts-expect-error
  orders.where((r) => r.id.eq(1))
  // @ts-expect-error
  orders.where((r) => r.paid.eq('true'))
  // @ts-expect-error
  orders.where((r) => r.ts.gt(5))
  // @ts-expect-error
  orders.set((r) => ({ x: r.price.add(r.weight) }))
  // @ts-expect-error
  orders.set((r) => ({ x: r.weight.mul(r.price) }))
  // @ts-expect-error
  orders.set((r) => ({ x: r.pieces.add(r.id) }))
  // @ts-expect-error
  orders.set((r) => ({ x: r.ts.add(1) }))
  // @ts-expect-error
  orders.set((r) => ({ x: r.id.mul(2) }))
  // @ts-expect-error
  orders.where((r) => r.price.and(r.paid))
  // @ts-expect-error
  orders.where((r) => r.paid.and(r.pieces))
  // @ts-expect-error
  orders.where((r) => r.id.isIn('a', 2))
  // @ts-expect-error
  orders.set((r) => ({ x: r.tags.at('first') }))
  // @ts-expect-error
  orders.set((r) => ({ x: r.tags.map((tag) => tag.mul(2)) }))

  // A condition is boolean.
  // @ts-expect-error
  orders.where((r) => r.pieces)
  // @ts-expect-error
  orders.where((r) => ({ paid: r.paid }))

  // Null where none can be.
  // @ts-expect-error
  orders.where((r) => r.price.isNull())
  // @ts-expect-error
  orders.where((r) => r.id.isNotNull())

  // Functions.
  // @ts-expect-error
  orders.set((r) => ({ x: upper(r.pieces) }))
  // @ts-expect-error
  orders.set((r) => ({ x: lower(r.id, r.user) }))
  // @ts-expect-error
  orders.set((r) => ({ x: dateTrunc('hour', r.id.eq('x')) }))
  // @ts-expect-error
  orders.set((r) => ({ x: splitPart(r.id, '-') }))
  // @ts-expect-error
  orders.set((r) => ({ x: size(r.pieces) }))
  // @ts-expect-error
  orders.set((r) => ({ x: coalesce(r.user, 0) }))
  // @ts-expect-error
  orders.set((r) => ({ x: coalesce(r.weight, r.price) }))
  // @ts-expect-error
  orders.set((r) => ({ x: div(r.weight, 2) }))
  // @ts-expect-error
  orders.set((r) => ({ x: ratio(r.id, 2) }))
  // @ts-expect-error
  orders.set((r) => ({ x: when(r.paid).then('a').else(1) }))
  // @ts-expect-error
  orders.set((r) => ({ x: when(r.pieces).then('a').else('b') }))
  // @ts-expect-error
  orders.set((r) => ({ x: when(r.paid).then('a') }))

  // A schema is declared.
  // @ts-expect-error
  p.source('plain', kafka({ brokers: 'b', topic: 't', schema: { id: 'string' } }))
  // @ts-expect-error
  p.source('time', file({ path: 'x', schema: Order, eventTime: 'when' }))
  // @ts-expect-error
  p.source('key', file({ path: 'x', schema: Order, primaryKey: ['nr'] }))
  // @ts-expect-error
  p.source('option', file({ path: 'x', schema: Order, fromat: 'jsonl' }))
  // @ts-expect-error
  p.source('value', file({ path: 'x', schema: Order, format: 'xml' }))
  // @ts-expect-error
  p.source('needed', kafka({ brokers: 'b', schema: Order }))

  // Only a named stream is written.
  // @ts-expect-error
  orders.where((r) => r.paid).to('out', stdout({}))
  const counted = orders.global().aggregate(() => ({ n: count() }))
  // @ts-expect-error
  counted.to('out', stdout({}))
})

// @ts-expect-error
schema({ id: 5 })
