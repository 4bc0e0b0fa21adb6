/** The dictionary that grows with the texts of a column: codes stay, and one that is too large ends. */
import test from 'ava'
import { GrowingDictionary } from '../../../shared/model/growing-dictionary.ts'

test('growing dictionary: a text keeps its code from batch to batch', (t) => {
  const growing = new GrowingDictionary()
  const first = ['a', 'b', 'a', '', 'b'].map((text) => growing.code(text))
  const dictionary = growing.take()
  t.deepEqual(
    first.map((code) => dictionary.values[code]),
    ['a', 'b', 'a', '', 'b'],
  )
  t.is(growing.code('a'), first[0] ?? -1)
  t.is(growing.take(), dictionary)
})

test('growing dictionary: one that grew large ends with its column, and the next starts anew', (t) => {
  const growing = new GrowingDictionary()
  const codes = Array.from({ length: 70_000 }, (_, n) => growing.code(`text ${n}`))
  const large = growing.take()
  t.is(large.values[codes[69_999] ?? 0], 'text 69999')
  t.is(growing.code(''), 0)
  const again = growing.code('text 69999')
  const next = growing.take()
  t.not(next, large)
  t.is(next.values[again], 'text 69999')
  t.is(next.values.length, 2)
})
