/** takings.yaml in TypeScript. In a project of yours the import is `from 'millrace'`. */
import { count, file, pipeline, schema, stdout, sum } from '../../index.ts'

const Order = schema({ at: 'timestamp', till: 'integer', total: 'decimal(8,2)' })

export default pipeline('takings', (p) => {
  const watermark = { outOfOrderness: '1 minute' }
  const orders = p.source(
    'orders',
    file({ path: 'orders.csv', schema: Order, eventTime: 'at', watermark }),
  )
  orders
    .global()
    .tumbling('1 day', { allowedLateness: '2 days' })
    .aggregate((order) => ({ orders: count(), takings: sum(order.total) }))
    .as('daily')
    .to('out', stdout({}))
})
