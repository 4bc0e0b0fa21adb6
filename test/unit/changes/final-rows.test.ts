/** Folding changes to final rows: both keyed and as a multiset. */
import test from 'ava'
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import { canonicalText } from '../../../shared/model/canonical/canonical-text.ts'
import { FinalRows } from '../../../shared/model/rows/final-rows.ts'

const row = (...values: unknown[]) => ({ values, eventTime: 0 })

test('final rows: without a key, equal rows are counted and taken back one by one', (t) => {
  const final = new FinalRows(null)
  final.add(row('a', 1), INSERT)
  final.add(row('a', 1), INSERT)
  final.add(row('a', 1), UPDATE_BEFORE)
  final.add(row('a', 2), UPDATE_AFTER)
  t.deepEqual(
    final.rows().map((one) => one.values),
    [
      ['a', 1],
      ['a', 2],
    ],
  )
})

test('final rows: with a key, the newest row stays and a delete needs only the key', (t) => {
  const final = new FinalRows([0])
  final.add(row('a', 1), INSERT)
  final.add(row('b', 1), INSERT)
  final.add(row('a', 1), UPDATE_BEFORE)
  final.add(row('a', 2), UPDATE_AFTER)
  final.add(row('b', null), DELETE)
  t.deepEqual(
    final.rows().map((one) => one.values),
    [['a', 2]],
  )
})

test('final rows: taking back what is not there is counted', (t) => {
  const final = new FinalRows(null)
  final.add(row('a'), DELETE)
  t.is(final.unmatchedCount, 1)
})

test('canonical text: equal values have equal texts, and others do not', (t) => {
  t.is(canonicalText(-0), canonicalText(0))
  t.not(canonicalText('1'), canonicalText(1))
  t.not(canonicalText(1n), canonicalText(1))
  t.not(canonicalText(null), canonicalText('null'))
  const one = new Map<string, unknown>(Object.entries({ a: 1, b: [null] }))
  const other = new Map<string, unknown>(Object.entries({ b: [null], a: 1 }))
  t.is(canonicalText(one), canonicalText(other))
})
