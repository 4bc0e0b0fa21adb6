/**
 * Keys with numbers against a Map: keys come and go one by one, in crowds and all at once, so that the
 * index is mended or made anew and tiles are given back and taken again.
 */
import test from 'ava'
import { type DenseKeys, TILE_KEYS } from '../../../node/state/dense/dense-keys.ts'
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

function openKeys(): DenseKeys {
  const core = coreOf(KEY, [0, 1], window, [call('count', [], spec('r', 'integer'))])
  const { loops, entryWords } = compileDense(core, false)
  return new StateStore(new CountingMemory()).dense('keys', entryWords, loops)
}

test('dense keys: they are found where they should be, through crowds that come and go', (t) => {
  const random = new SeededRandom(7)
  const keys = openKeys()
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

test('dense keys: a full tile that loses keys takes new ones later, or goes when it has none', (t) => {
  const keys = openKeys()
  let next = 0
  const insert = (count: number): void => {
    const rows = Array.from({ length: count }, () => [next++, false])
    const { columns } = batchOf(KEY, rows)
    for (let row = 0; row < count; row++) keys.insert(columns, row)
  }
  const release = (from: number, to: number): void => {
    keys.release(
      Int32Array.from({ length: to - from }, (_, at) => from + at),
      to - from,
    )
    keys.assertHolds()
  }
  insert(2 * TILE_KEYS)
  release(0, 40)
  insert(40)
  t.is(keys.tileCount, 2)
  // Now it is the one that new keys go to, and full.
  release(0, 40)
  insert(TILE_KEYS + 40)
  keys.assertHolds()
  t.is(keys.tileCount, 3)
  release(0, TILE_KEYS)
  insert(1)
  keys.assertHolds()
  t.is(keys.size, 2 * TILE_KEYS + 1)
})

test('dense keys: the index is small again after a rush of keys', (t) => {
  const keys = openKeys()
  const rows = Array.from({ length: 20_000 }, (_, n) => [n, false])
  const { columns } = batchOf(KEY, rows)
  for (let row = 0; row < rows.length; row++) keys.insert(columns, row)
  const slots = keys.index.slots
  keys.release(ascending(rows.keys()).subarray(10), rows.length - 10)
  t.true(keys.index.slots < slots / 16)
  t.is(keys.assertHolds().length, 10)
})
