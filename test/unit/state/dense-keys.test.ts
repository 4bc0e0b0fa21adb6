/**
 * Keys with numbers against a Map: keys come and go one by one, in crowds and all at once, so that the
 * index is mended or made anew and tiles are given back and taken again.
 */
import test from 'ava'
import { TILE_KEYS } from '../../../node/state/dense/dense-keys.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import { compileDense } from '../../../node/operators/window/dense/compile-dense.ts'
import type { WindowPlan } from '../../../shared/planning/plan.ts'
import { call, coreOf, spec } from '../window/window-model.ts'
import { batchOf, SeededRandom } from './state-model.ts'

const KEY = [spec('k', 'integer', { nullable: true }), spec('b', 'boolean')]
const window: WindowPlan = {
  type: 'sliding',
  sizeMs: 10,
  slideMs: 5,
  time: 'event',
  allowedLatenessMs: 0,
  earlyMs: null,
  emit: 'updates',
}

function ascending(numbers: Iterable<number>): Int32Array {
  return Int32Array.from(numbers).toSorted()
}

test('dense keys: they are found where they should be, through crowds that come and go', (t) => {
  const random = new SeededRandom(7)
  const core = coreOf(KEY, [0, 1], window, [call('count', [], spec('r', 'integer'))])
  const { loops, entryWords } = compileDense(core, false)
  const store = new StateStore(new CountingMemory())
  const keys = store.dense('keys', entryWords, loops)
  const numbers = new Map<string, number>()
  let next = 0
  for (let step = 0; step < 60; step++) {
    const crowd = step % 7 === 0 ? 900 : random.below(80)
    const rows = Array.from({ length: crowd }, () => {
      const k = random.below(9) === 0 ? random.below(50) * 2 ** 32 : next++
      return [random.below(400) === 0 ? null : k, random.below(2) === 1]
    })
    const { columns } = batchOf(KEY, rows)
    for (const [at, row] of rows.entries()) {
      const known = keys.find(columns, at)
      t.is(known === 0 ? undefined : keys.numberOf(known), numbers.get(String(row)))
      if (known === 0) numbers.set(String(row), keys.numberOf(keys.insert(columns, at)))
    }
    // A few, most of them, or all.
    const share = step % 9 === 8 ? 1 : step % 4 === 3 ? 0.9 : 0.03
    const gone = [...numbers].filter(() => random.next() < share)
    for (const [key] of gone) numbers.delete(key)
    const dead = ascending(gone.map(([, number]) => number))
    for (const tile of keys.release(dead, dead.length))
      t.false([...numbers.values()].some((number) => Math.floor(number / TILE_KEYS) === tile))
    t.deepEqual(ascending(keys.assertHolds()), ascending(numbers.values()))
  }
  t.true(next > 5000)
  t.true(keys.tileCount * TILE_KEYS < next)
})
