/** What the compiler must find out by itself: the types of rows behind every step and core. */
/* oxlint-disable no-underscore-dangle -- fields that Millrace adds begin so */
import {
  avg,
  coalesce,
  collect,
  count,
  dateTrunc,
  file,
  first,
  fn,
  greatest,
  kafka,
  listOf,
  min,
  pipeline,
  processor,
  ratio,
  round,
  schema,
  size,
  stdout,
  sum,
  topK,
  value,
  when,
  type Column,
  type NamedStream,
} from '../../index.ts'

// oxlint-disable typescript/no-unnecessary-type-parameters -- how TypeScript compares types exactly
type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
// oxlint-enable typescript/no-unnecessary-type-parameters
type RowOfStream<S> =
  S extends NamedStream<infer R, infer _> ? { -readonly [K in keyof R]: R[K] } : never
function expectRow<const Want>() {
  return <S>(_stream: S, ..._same: Equal<RowOfStream<S>, Want> extends true ? [] : [never]) => {}
}
type TokenOfColumn<C> = C extends Column<infer T> ? T : never
function expectToken<Want extends string>() {
  return <C>(_column: C, ..._same: Equal<TokenOfColumn<C>, Want> extends true ? [] : [never]) => {}
}

const Order = schema({
  id: 'string',
  user: 'string?',
  price: 'decimal(12,2)',
  weight: 'number',
  pieces: 'integer',
  tags: 'array<string>',
  ts: 'timestamp',
  maker: { id: 'string', country: 'string?' },
})
const Payment = schema({ nr: 'string', paid: 'decimal(12,2)', at: 'timestamp' })

const score = processor({
  input: { id: 'string', weight: 'number' },
  output: { id: 'string', risk: 'number' },
  outputs: { odd: { id: 'string' } },
  state: { last: value('timestamp'), sum: value('decimal(15,2)') },
  onRecord(row, ctx) {
    const last: Date | undefined = ctx.state.last.get()
    const digits: string | undefined = ctx.state.sum.get()?.toString()
    ctx.emit({ id: row.id, risk: row.weight + (last?.getTime() ?? 0) + (digits?.length ?? 0) })
  },
})
const risk = fn({
  input: ['string', 'number'],
  output: 'number',
  run: (text, x) => text.length + x,
})

pipeline('inferred', { functions: { risk } }, (p) => {
  const orders = p.source('orders', file({ path: 'o.jsonl', schema: Order, eventTime: 'ts' }))
  const payments = p.source(
    'payments',
    kafka({ brokers: 'b', topic: 't', schema: Payment, eventTime: 'at' }),
  )

  const shaped = orders
    .where((r) => r.price.gt(0).and(r.user.isNotNull()))
    .set((r) => ({ user: coalesce(r.user, 'nobody'), net: r.price.mul(2) }))
    .select('id', 'user', 'net', 'maker.country')
    .as('shaped')
  expectRow<{ id: 'string'; user: 'string'; net: 'decimal'; country: 'string?' }>()(shaped)

  const renamed = orders
    .drop('tags', 'maker', 'ts', 'weight', 'price')
    .rename({ customer: 'user' })
    .as('renamed')
  expectRow<{ id: 'string'; customer: 'string?'; pieces: 'integer' }>()(renamed)

  const tagged = orders
    .unnest('tag', (r) => r.tags, { index: 'position' })
    .select('tag', 'position')
    .as('tagged')
  expectRow<{ tag: 'string'; position: 'integer' }>()(tagged)

  const hourly = orders
    .keyBy('user', 'maker.country')
    .tumbling('1 hour')
    .aggregate((r) => ({
      orders: count(),
      heavy: count().where(r.weight.gt(5)),
      total: coalesce(sum(r.price), 0),
      mean: avg(r.pieces),
      first: first(r.id),
      least: min(r.ts),
      tags: topK(r.id, 3),
      share: ratio(count().where(r.pieces.gt(1)), count()),
    }))
    .as('hourly')
  expectRow<{
    user: 'string?'
    country: 'string?'
    window_start: 'timestamp'
    window_end: 'timestamp'
    orders: 'integer'
    heavy: 'integer'
    total: 'decimal'
    mean: 'number?'
    first: 'string?'
    least: 'timestamp?'
    tags: 'array<string>'
    share: 'number?'
  }>()(hourly)
  hourly.late.where((r) => r.price.gt(1).and(r._late.watermark.gt(r.ts))).as('late_again')

  const joined = orders
    .select('id', 'ts')
    .join('payment', payments, { type: 'left', on: (order, pay) => order.id.eq(pay.nr) })
    .set((r) => ({ paid: r.payment.paid }))
    .as('joined')
  expectRow<{
    id: 'string'
    ts: 'timestamp'
    payment: { readonly nr: 'string?'; readonly paid: 'decimal(12,2)?'; readonly at: 'timestamp?' }
    paid: 'decimal(12,2)?'
  }>()(joined)

  const semi = orders
    .select('id')
    .join('payment', payments, { type: 'semi', on: 'id == payment.nr' })
  expectRow<{ id: 'string' }>()(semi.as('semi'))

  const scored = orders.keyBy('user').process(score).as('scored')
  expectRow<{ id: 'string'; risk: 'number' }>()(scored)
  expectRow<{ id: 'string' }>()(scored.side('odd'))

  const checked = orders
    .validate((r) => ({ positive: r.price.gt(0) }))
    .drop('maker')
    .as('checked')
  checked.rejected.where((r) => r.maker.id.eq('x').and(size(r._rule).gt(1))).as('rejected_again')

  const ranked = orders.keyBy('user').top(3, 'price desc', { rankAs: 'rank' }).select('id', 'rank')
  expectRow<{ id: 'string'; rank: 'integer' }>()(ranked.as('ranked'))

  orders
    .where((r) => {
      expectToken<'integer'>()(r.pieces.add(1))
      expectToken<'number'>()(r.pieces.add(0.5))
      expectToken<'number'>()(r.pieces.mul(r.weight))
      expectToken<'decimal'>()(r.pieces.mul(r.price))
      expectToken<'boolean?'>()(r.user.eq('x'))
      expectToken<'boolean'>()(r.user.isNull())
      expectToken<'string?'>()(r.tags.at(0))
      expectToken<'duration'>()(r.ts.since('2026-01-01'))
      expectToken<'timestamp'>()(dateTrunc('hour', r.ts))
      expectToken<'decimal'>()(round(r.price, 1))
      expectToken<'string?'>()(coalesce(r.user, r.maker.country))
      expectToken<'number'>()(greatest(r.pieces, r.weight))
      expectToken<'string'>()(when(r.price.gt(1)).then('a').else('b'))
      expectToken<'string?'>()(when(r.price.gt(1)).then('a').else(null))
      expectToken<'array<integer>'>()(listOf(r.pieces, 2))
      expectToken<'number?'>()(risk(r.user, r.pieces))
      expectToken<'array<string>'>()(collect(r.user))
      return r.price.gt(1)
    })
    .as('expressions')
    .to('out', stdout({}))
})
