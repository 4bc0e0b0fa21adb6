/** The order of ties is total and follows the values' bytes. */
import test from 'ava'
import { compareCanonical, compareText } from '../../../shared/model/canonical/canonical-order.ts'

test('canonical order: null, then values by size', (t) => {
  const values = [5, null, -1, 0, Number.NaN, 2.5]
  t.deepEqual(values.toSorted(compareCanonical), [null, -1, 0, 2.5, 5, Number.NaN])
  t.is(compareCanonical(-0, 0), 0)
})

test('canonical order: strings go by their UTF-8 bytes', (t) => {
  const texts = ['', 'a', 'ab', 'b', 'é', '\u{ffee}', '\u{1f600}', 'a\u{1f600}', 'a\u{ffee}']
  const byBytes = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  t.deepEqual(texts.toReversed().toSorted(compareText), byBytes)
})
