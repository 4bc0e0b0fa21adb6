/** orders.yaml in TypeScript. In a project of yours the import is `from 'millrace'`. */
import { coalesce, count, file, max, pipeline, schema, sum } from '../../index.ts'

const Order = schema({
  order_id: 'string',
  customer_id: 'string',
  total: 'decimal(10,2)',
  status: 'string',
})
const Customer = schema({ customer_id: 'string', country: 'string' })

export default pipeline('order_status', (p) => {
  const orders = p.source(
    'orders',
    file({ path: 'orders.jsonl', schema: Order, primaryKey: 'order_id', changes: 'kinds' }),
  )
  const customers = p.source(
    'customers',
    file({
      path: 'customers.jsonl',
      schema: Customer,
      primaryKey: 'customer_id',
      changes: 'kinds',
    }),
  )

  const placed = orders
    .join('customer', customers, { type: 'left', on: 'customer_id' })
    .set((order) => ({ country: coalesce(order.customer.country, 'unknown') }))
    .select('order_id', 'status', 'total', 'country')
    .as('placed')
  const byCountry = placed
    .where((order) => order.status.ne('cancelled'))
    .keyBy('country')
    .aggregate((order) => ({
      orders: count(),
      total: sum(order.total),
      largest: max(order.total),
    }))
    .as('by_country')

  byCountry.to('current', file({ path: 'out/by_country.jsonl', mode: 'upsert' }))
  placed.to('history', file({ path: 'out/placed.jsonl', mode: 'changes' }))
})
