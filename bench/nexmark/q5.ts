/** q5.yaml as a program. */
import { count, desc, pipeline } from '../../index.ts'
import { bids, results } from './nexmark-streams.ts'

export default pipeline('nexmark_q5', (p) => {
  const bid = p.source('bid', bids)
  const counts = bid
    .keyBy('auction')
    .sliding('10 seconds', '2 seconds')
    .aggregate(() => ({ num: count() }))
    .as('counts')
  counts
    .global()
    .sameWindow()
    .top(1, (r) => desc(r.num), { ties: true })
    .select('auction', 'num')
    .as('q5')
    .to('out', results('q5'))
})
