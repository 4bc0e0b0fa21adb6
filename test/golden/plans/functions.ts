/** The TypeScript functions that the plans of this folder name. */
import { aggregator, flatMap, fn } from '../../../shared/api/function-definition.ts'
import { processor, value } from '../../../shared/api/processor.ts'

export const score = processor({
  input: { order_id: 'string', user: 'string', ts: 'timestamp' },
  output: { order_id: 'string', user: 'string', gap_s: 'number' },
  outputs: { odd: { order_id: 'string' } },
  state: { last: value('timestamp') },
  onRecord(row, ctx) {
    const before = ctx.state.last.get() ?? row.ts
    ctx.emit({ order_id: row.order_id, user: row.user, gap_s: (row.ts.getTime() - before.getTime()) / 1000 })
    ctx.state.last.set(row.ts)
  },
})

export const card_score = processor({
  input: { auth_id: 'string', card: 'string', amount: 'decimal(12,2)', ts: 'timestamp' },
  output: { auth_id: 'string', card: 'string', gap_s: 'number' },
  state: { last: value('timestamp') },
  onRecord(row, ctx) {
    ctx.emit({ auth_id: row.auth_id, card: row.card, gap_s: 0 })
    ctx.state.last.set(row.ts)
  },
})

export const seen = processor({
  input: { user: 'string' },
  output: { user: 'string' },
  state: {},
  onRecord(row, ctx) {
    ctx.emit({ user: row.user })
  },
})

export const words = flatMap({
  input: { order_id: 'string' },
  output: { word: 'string' },
  run: (row) => row.order_id.split('-').map((word) => ({ word })),
})

export const risk = fn({
  input: ['string', 'integer'],
  output: 'number',
  run: (user, quantity) => user.length / quantity,
})

export const spread = aggregator({
  input: ['integer'],
  output: 'integer?',
  create: () => ({ least: Infinity, most: -Infinity }),
  add: (state, x) => ({ least: Math.min(state.least, x), most: Math.max(state.most, x) }),
  merge: (a, b) => ({ least: Math.min(a.least, b.least), most: Math.max(a.most, b.most) }),
  result: (state) => (state.most >= state.least ? state.most - state.least : null),
})
