/**
 * A retraction of a record that its pane does not have is counted and changes nothing, also where
 * the combination of panes has records of its key from other panes.
 */
import test from 'ava'
import type { WindowPlan } from '../../../shared/planning/plan.ts'
import { call, coreOf, Harness, type OutputRow, spec } from './window-model.ts'

const INPUT = [spec('k', 'integer'), spec('x', 'integer'), spec('s', 'string', { layout: 'utf8' })]
const COUNT = call('count', [], spec('r', 'integer'))
const SUM = call('sum', [1], spec('r', 'integer', { nullable: true }))
const DELETE = 3

const window: WindowPlan = {
  type: 'sliding',
  sizeMs: 40,
  slideMs: 10,
  time: 'event',
  allowedLatenessMs: 0,
  earlyMs: null,
  emit: 'updates',
}

const values = (k: number, x: number) => [k, x, `key ${k}`]

/** Rows of windows that the harness gives, with or without the retraction. */
function rowsWith(key: number, retraction: boolean): { rows: OutputRow[]; unmatched: number } {
  const core = { ...coreOf(INPUT, [key], window, [COUNT, SUM]), edge: 'retract' } as const
  const setup = { core, inputEdge: 'retract', outputEdge: 'retract', ttlMs: null } as const
  const harness = new Harness({ ...setup, lateColumns: null })
  harness.batch([
    { time: 5, values: values(1, 10) },
    { time: 15, values: values(2, 1) },
    { time: 15, values: values(1, 100) },
  ])
  harness.watermark(19)
  harness.batch([{ time: 25, values: values(2, 7) }])
  harness.watermark(29)
  // The pane of 5 has key 1 only; that of 15, which is in the combination too, has key 2.
  const wrong = { time: 5, kind: DELETE, values: values(2, 7) }
  harness.batch([...(retraction ? [wrong] : []), { time: 26, values: values(2, 5) }])
  harness.watermark(39)
  harness.end()
  const rows = harness.rows.toSorted(
    (one, other) =>
      one.time - other.time || (String(one.values[0]) < String(other.values[0]) ? -1 : 1),
  )
  return { rows, unmatched: harness.counters.unmatchedRetractions }
}

for (const [name, key] of Object.entries({ numbers: 0, texts: 2 })) {
  test(`sliding windows: a retraction that its pane does not match leaves other panes alone, keys of ${name}`, (t) => {
    const without = rowsWith(key, false)
    const withOne = rowsWith(key, true)
    t.is(withOne.unmatched, 1)
    t.is(without.unmatched, 0)
    t.true(without.rows.length > 0)
    t.deepEqual(withOne.rows, without.rows)
  })
}
