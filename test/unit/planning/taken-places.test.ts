/** Which sinks would write over something; wrong-plans has the messages of whole files. */
import test from 'ava'
import { takenPlaces, type PlaceUse } from '../../../shared/planning/taken-places.ts'

const use = (block: string, side: PlaceUse['side'], place: string): PlaceUse => ({
  block,
  side,
  place,
})

test('taken places: sources and tables may read one place together', (t) => {
  t.deepEqual(takenPlaces([use('a', 'source', '/x'), use('b', 'table', '/x')]), [])
})

test('taken places: a sink never takes what is read, whichever comes first', (t) => {
  for (const uses of [
    [use('in', 'source', '/x'), use('out', 'sink', '/x')],
    [use('out', 'sink', '/x'), use('in', 'source', '/x')],
  ]) {
    const [only, ...more] = takenPlaces(uses)
    t.is(only?.sink, 'out')
    t.regex(only?.message ?? '', /which the source `in` reads/)
    t.deepEqual(more, [])
  }
})

test('taken places: the file of dead letters that nobody reads is one of them', (t) => {
  const own = { ...use('dead_letter', 'sink', '/x'), what: 'the sink of dead letters' }
  const [only] = takenPlaces([own, use('out', 'sink', '/x')])
  t.is(only?.sink, 'out')
  t.regex(only?.message ?? '', /`out` and the sink of dead letters both write \/x/)
})
