/** Candidates of a firing window: the index by hash, and the comparison of keys column by column. */
import test from 'ava'
import { DueIndex } from '../../../node/operators/join/window/due-index.ts'
import { DueRows } from '../../../node/operators/join/window/due-rows.ts'
import { PendingRows } from '../../../node/operators/join/window/pending-rows.ts'
import { unmarkDifferent } from '../../../node/operators/join/window/same-keys.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import type { Layout } from '../../../shared/model/layout.ts'
import { batchOf, column, SeededRandom, valueOf } from '../state/state-model.ts'

test('due index: a list has the rows of one hash in order of arrival, and no row without a key', (t) => {
  const random = new SeededRandom(3)
  for (const count of [0, 1, 40, 5000]) {
    const due = new DueRows()
    due.reserve(count)
    const lists = new Map<string, number[]>()
    for (let at = 0; at < count; at++) {
      // Few values, with the same low bits, so that slots are taken.
      const [a, b] = [random.below(3), random.below(300) * 4096]
      due.laneA[at] = a
      due.laneB[at] = b
      if (b !== 0) lists.set(`${a} ${b}`, [...(lists.get(`${a} ${b}`) ?? []), at])
    }
    due.count = count
    const index = new DueIndex()
    index.build(due)
    for (const [key, expected] of lists) {
      const [a = 0, b = 0] = key.split(' ').map(Number)
      const found: number[] = []
      for (let one = index.first(a, b); one !== 0; one = index.next[one - 1]!) found.push(one - 1)
      t.deepEqual(found, expected)
    }
    t.is(index.first(0, 0), 0)
    t.is(index.first(7, 4096), 0)
  }
})

test('pending rows: what is due leaves in order of arrival, what is not stays', (t) => {
  const random = new SeededRandom(5)
  const memory = new CountingMemory()
  const pending = new PendingRows(memory)
  let kept: { row: number; time: number }[] = []
  let next = 1
  for (let watermark = 0; watermark < 400; watermark += 20) {
    for (let count = random.below(3000); count > 0; count--) {
      const one = { row: next++, time: watermark + 1 + random.below(60) }
      kept.push(one)
      pending.add(one.row, one.row * 3, one.row * 7, one.time)
    }
    const due = new DueRows()
    pending.moveDue(watermark, due)
    const expected = kept.filter((one) => one.time <= watermark)
    kept = kept.filter((one) => one.time > watermark)
    t.deepEqual(
      [...due.rows.subarray(0, due.count)],
      expected.map(({ row }) => row),
    )
    for (let at = 0; at < due.count; at++) t.is(due.laneB[at], due.rows[at]! * 7)
    t.is(pending.least, Math.min(...kept.map(({ time }) => time)))
  }
  pending.close()
  t.is(memory.usedBytes, 0)
})

const LAYOUTS: readonly (readonly [Layout, Layout])[] = [
  ['f64', 'f64'],
  ['i32', 'i32'],
  ['bool', 'bool'],
  ['utf8', 'utf8'],
  ['dict', 'dict'],
  ['utf8', 'dict'],
  ['bytes', 'bytes'],
  ['any', 'any'],
]

for (const [own, other] of LAYOUTS) {
  test(`same keys: ${own} and ${other}: rows that differ lose their byte`, (t) => {
    const random = new SeededRandom(9)
    const pool = other === 'dict' ? 'utf8' : other
    const left = Array.from({ length: 300 }, () => [valueOf(random, pool, 4)])
    const right = Array.from({ length: 300 }, () => [valueOf(random, pool, 4)])
    const [one] = batchOf([column('k', own)], left).columns
    const [two] = batchOf([column('k', other)], right).columns
    const marks = new Uint8Array(300).fill(1)
    const lost = unmarkDifferent(one!, two!, 300, marks)
    const expected = left.map(([value], at) => Number(textOf(value) === textOf(right[at]?.[0])))
    t.deepEqual([...marks], expected)
    t.is(lost, expected.filter((mark) => mark === 0).length)
    t.true(lost > 0 && lost < 300)
  })
}

test('same keys: one NaN, one zero', (t) => {
  const left = { layout: 'f64', values: Float64Array.of(Number.NaN, 0, 1), nulls: null } as const
  const right = { layout: 'f64', values: Float64Array.of(Number.NaN, -0, 2), nulls: null } as const
  const marks = new Uint8Array(3).fill(1)
  t.is(unmarkDifferent(left, right, 3, marks), 1)
  t.deepEqual([...marks], [1, 1, 0])
})

function textOf(value: unknown): string {
  return value instanceof Uint8Array ? value.join() : JSON.stringify(value)
}
