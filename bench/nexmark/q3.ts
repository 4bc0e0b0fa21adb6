/** q3.yaml as a program. */
import { pipeline } from '../../index.ts'
import { auctions, persons, results } from './nexmark-streams.ts'

export default pipeline('nexmark_q3', (p) => {
  const auction = p.source('auction', auctions)
  const person = p.source('person', persons)
  auction
    .join('person', person, { type: 'inner', on: (item, seller) => item.seller.eq(seller.id) })
    .where((r) => r.category.eq(10).and(r.person.state.isIn('OR', 'ID', 'CA')))
    .select('person.name', 'person.city', 'person.state', 'id')
    .as('q3')
    .to('out', results('q3'))
})
