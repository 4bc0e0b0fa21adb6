/**
 * Merging sessions copies kept texts, which may move the memory that the rest of the merge writes
 * to: the calls behind a text must be written where the state is then. Texts get longer, so that
 * the memory moves again and again.
 */
import test from 'ava'
import type { WindowPlan } from '../../../shared/planning/plan.ts'
import { call, coreOf, Harness, type InputRow, spec, TIMING } from './window-model.ts'

const GAP = 10
const INPUT = [
  spec('k', 'integer'),
  spec('x', 'integer'),
  spec('s', 'string', { layout: 'utf8', nullable: true }),
]
const text = spec('r', 'string', { nullable: true })
const number = spec('r', 'integer', { nullable: true })

const ORDERS: Readonly<Record<string, readonly string[]>> = {
  'texts before numbers': ['max', 'first', 'sum', 'count'],
  'numbers before texts': ['sum', 'count', 'min', 'last'],
  'texts between numbers': ['sum', 'min', 'count', 'max', 'sum'],
}

const window: WindowPlan = { ...TIMING, type: 'session', gapMs: GAP }

const callOf = (fn: string) => {
  if (fn === 'count') return call(fn, [], spec('r', 'integer'))
  return fn === 'sum' ? call(fn, [1], number) : call(fn, [2], text)
}

/** What the call gives for the three records of a key, which lie in order of time. */
function expected(fn: string, rows: readonly InputRow[]): unknown {
  const texts = rows.map((row) => row.values[2] as string)
  switch (fn) {
    case 'count':
      return rows.length
    case 'sum':
      return rows.reduce((sum, row) => sum + (row.values[1] as number), 0)
    case 'first':
      return texts[0]
    case 'last':
      return texts.at(-1)
    default: {
      const sorted = texts.toSorted()
      return fn === 'max' ? sorted.at(-1) : sorted[0]
    }
  }
}

for (const [name, fns] of Object.entries(ORDERS)) {
  test(`sessions that merge: ${name} are written where the state is after a text was copied`, (t) => {
    const core = coreOf(INPUT, [0], window, fns.map(callOf))
    const setup = { core, inputEdge: 'append', outputEdge: 'append', ttlMs: null } as const
    const harness = new Harness({ ...setup, lateColumns: null })
    const all = Array.from({ length: 300 }, (_, k): InputRow[] => {
      const long = (letter: string) => `${letter}${String(k)}`.padEnd(1 + k * 13, letter)
      const letters = k % 2 === 0 ? ['a', 'b', 'c'] : ['c', 'b', 'a']
      return letters.map((letter, at) => ({
        time: at * 9,
        values: [k, k * 10 + at, long(letter)],
      }))
    })
    // The outer ones are sessions of their own until the middle one joins them.
    for (const place of [0, 2, 1]) {
      for (let k = 0; k < all.length; k += 7)
        harness.batch(all.slice(k, k + 7).map((rows) => rows[place]!))
    }
    harness.end()
    t.deepEqual(
      harness.rows
        .map(({ values }) => values)
        .toSorted((a, b) => (a[0] as number) - (b[0] as number)),
      all.map((rows, k) => [k, 0, 18 + GAP, ...fns.map((fn) => expected(fn, rows))]),
    )
  })
}
