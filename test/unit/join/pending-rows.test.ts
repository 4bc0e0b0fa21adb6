/**
 * Rows that wait for their window, against a list of them: the order and the rows that become due, and
 * the memory of those that stay.
 */
import test from 'ava'
import { DueRows } from '../../../node/operators/join/window/due-rows.ts'
import { PendingRows } from '../../../node/operators/join/window/pending-rows.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'

interface Row {
  readonly row: number
  readonly time: number
}

function dueOf(pending: PendingRows, watermark: number): Row[] {
  const due = new DueRows()
  pending.moveDue(watermark, due)
  return Array.from({ length: due.count }, (_, at) => {
    const row = due.rows[at]!
    if (due.laneA[at] !== row * 3 || due.laneB[at] !== row * 5) throw new TypeError('not its hash')
    return { row, time: due.times[at]! }
  })
}

test('pending rows: those that are due leave in order of arrival', (t) => {
  const random = new SeededRandom(1)
  const pending = new PendingRows(new CountingMemory())
  let expected: Row[] = []
  let next = 1
  for (let watermark = 0; watermark < 60; watermark++) {
    const length = random.below(6) === 0 ? 5000 : random.below(900)
    const ahead = random.below(4) === 0 ? 50 : 4
    const rows = Array.from({ length }, (_, at) => next + at)
    const times = rows.map(() => watermark + 1 + random.below(ahead))
    if (random.below(2) === 0) {
      const laneA = Int32Array.from(rows, (row) => row * 3)
      const laneB = Int32Array.from(rows, (row) => row * 5)
      pending.addAll({ first: next, laneA, laneB, times: Float64Array.from(times), length })
    } else rows.forEach((row, at) => pending.add(row, row * 3, row * 5, times[at]!))
    expected.push(...rows.map((row, at) => ({ row, time: times[at]! })))
    next += length
    if (random.below(3) === 0) continue
    t.deepEqual(
      dueOf(pending, watermark),
      expected.filter(({ time }) => time <= watermark),
    )
    expected = expected.filter(({ time }) => time > watermark)
    t.is(pending.least, Math.min(Number.POSITIVE_INFINITY, ...expected.map(({ time }) => time)))
  }
  t.deepEqual(dueOf(pending, Number.POSITIVE_INFINITY), expected)
})

test('pending rows: a few rows far ahead do not hold the memory of all they came with', (t) => {
  const memory = new CountingMemory()
  const pending = new PendingRows(memory)
  for (let batch = 0; batch < 200; batch++) {
    for (let at = 0; at < 4096; at++) {
      const row = batch * 4096 + at
      pending.add(row, row * 3, row * 5, at % 1000 === 7 ? 1_000_000 : batch >> 2)
    }
    // Many segments are due at once.
    if (batch % 4 === 3) t.is(dueOf(pending, batch >> 2).length, 4 * 4091)
  }
  t.true(memory.usedBytes < 20 * 82_000, `${memory.usedBytes} bytes for 1000 rows`)
  const left = dueOf(pending, 1_000_000).map(({ row }) => row)
  t.is(left.length, 1000)
  t.deepEqual(
    left,
    left.toSorted((a, b) => a - b),
  )
  pending.close()
  t.is(memory.usedBytes, 0)
})
