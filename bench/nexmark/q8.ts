/** q8.yaml as a program. */
import { count, pipeline } from '../../index.ts'
import { auctions, persons, results } from './nexmark-streams.ts'

export default pipeline('nexmark_q8', (p) => {
  const person = p.source('person', persons)
  const auction = p.source('auction', auctions)
  const registered = person
    .keyBy('id', 'name')
    .tumbling('10 seconds')
    .aggregate(() => ({ count: count() }))
    .as('registered')
  const opened = auction
    .keyBy('seller')
    .tumbling('10 seconds')
    .aggregate(() => ({ count: count() }))
    .as('opened')
  registered
    .join('opened', opened, { type: 'inner', on: (r, s) => r.id.eq(s.seller), window: true })
    .select((r) => ({ id: r.id, name: r.name, stime: r.window_start }))
    .as('q8')
    .to('out', results('q8'))
})
