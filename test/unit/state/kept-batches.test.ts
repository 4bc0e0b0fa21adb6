/**
 * Kept batches against a plain map of rows: random batches of all layouts and sizes, kept, retained,
 * let go of and moved together, by count and by time. Hunted: values of another row, rows that go
 * too early, memory that is never given back.
 */
import test from 'ava'
import { KEPT_PLACE_MASK, KeptBatches } from '../../../node/state/kept/kept-batches.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { gather } from '../../../shared/model/gather.ts'
import type { Layout } from '../../../shared/model/layout.ts'
import { batchOf, column, SeededRandom, valueOf } from './state-model.ts'

const LAYOUTS: readonly Layout[] = ['f64', 'i32', 'bool', 'utf8', 'dict', 'bytes', 'any']
const specs = [
  ...LAYOUTS.map((layout) => column(layout, layout)),
  ...LAYOUTS.map((layout) => column(`${layout}?`, layout, true)),
]

function randomBatch(random: SeededRandom, length: number): Batch {
  const rows = Array.from({ length }, () =>
    specs.map(({ layout, nullable }) =>
      nullable && random.below(3) === 0 ? null : valueOf(random, layout, 50),
    ),
  )
  return batchOf(specs, rows)
}

/** One large block, and batches that share its buffers. */
function* batches(random: SeededRandom): Generator<Batch> {
  for (;;) {
    const block = randomBatch(random, 1500 + random.below(1500))
    const parts = 1 + random.below(4)
    for (let part = 0; part < parts; part++) {
      const length = random.below(4) === 0 ? 1100 : 1 + random.below(200)
      const rows = Int32Array.from({ length }, () => random.below(block.length))
      yield gather(block, rows, length)
    }
  }
}

/** Bytes come as whatever class of array their source had. */
function cell(columnOf: Column, row: number): unknown {
  const value = valueAt(columnOf, row)
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

const rowOf = (batch: Batch, row: number): unknown[] => batch.columns.map((one) => cell(one, row))

function keptRow(kept: KeptBatches, row: number): unknown[] {
  return kept.columnsOf(row).map((one) => cell(one, kept.placeOf(row)))
}

function gathered(kept: KeptBatches, rows: readonly number[]): unknown[][] {
  const list = Int32Array.from(rows)
  const columns = specs.map((_, index) => kept.gather(list, rows.length, index))
  return rows.map((_, at) => columns.map((one) => cell(one, at)))
}

for (let seed = 1; seed <= 3; seed++) {
  test(`kept batches: counted rows are those of a map, seed ${seed}`, (t) => {
    const random = new SeededRandom(seed)
    const memory = new CountingMemory()
    const kept = new KeptBatches(specs, memory, { order: 'counted' })
    const first = memory.usedBytes
    const expected = new Map<number, unknown[]>()
    let step = 0
    for (const batch of batches(random)) {
      if (step++ === 60) break
      const row = kept.keep(batch.columns, batch.length)
      const share = random.below(5)
      for (let index = 0; index < batch.length; index++) {
        if (random.below(5) >= share) continue
        if (expected.has(row + index)) t.fail('a number in use is given again')
        expected.set(row + index, rowOf(batch, index))
        kept.retain(row + index)
      }
      kept.settle()
      const goes = random.below(3) === 0 ? 2 : 6
      for (const one of expected.keys()) {
        if (random.below(goes) !== 0) continue
        kept.release(one)
        expected.delete(one)
      }
      if (random.below(10) === 0) compactCounted(kept, expected)
      t.is(kept.liveCount, expected.size)
      const some = [...expected.keys()].filter(() => random.below(20) === 0)
      t.deepEqual(
        gathered(kept, some),
        some.map((one) => expected.get(one)),
        `seed ${seed}`,
      )
    }
    for (const [one, values] of expected) t.deepEqual(keptRow(kept, one), values, `seed ${seed}`)
    for (const one of expected.keys()) kept.release(one)
    kept.compact(() => {})
    t.is(kept.rowCount, 0)
    t.is(memory.usedBytes, first)
    kept.close()
    t.is(memory.usedBytes, 0)
  })
}

function compactCounted(kept: KeptBatches, expected: Map<number, unknown[]>): void {
  const before = [...expected]
  expected.clear()
  kept.compact((move) => {
    for (const [row, values] of before) expected.set(move(row), values)
  })
}

for (let seed = 1; seed <= 3; seed++) {
  const rings = seed === 3
  const how = rings ? ' with doubles beside them' : ''
  test(`kept batches: timed rows${how} stay while they matter and are told when gone, seed ${seed}`, (t) => {
    const random = new SeededRandom(seed)
    const memory = new CountingMemory()
    const kept = new KeptBatches(specs, memory, { order: 'timed', times: true, links: true, rings })
    let expected = new Map<number, { values: unknown[]; time: number }>()
    let bound = 0
    let step = 0
    for (const batch of batches(random)) {
      if (step++ === 80) break
      const times = Float64Array.from(
        { length: batch.length },
        () => bound + random.below(200) + (random.below(2000) === 0 ? 3000 : 0),
      )
      const row = kept.keep(batch.columns, batch.length, times)
      for (let index = 0; index < batch.length; index++) {
        expected.set(row + index, { values: rowOf(batch, index), time: times[index]! })
      }
      bound += random.below(60)
      kept.dropBefore(bound)
      for (const [one, { time }] of expected) if (time < bound) expected.delete(one)
      if (kept.needsCompaction || random.below(15) === 0) {
        const before = [...expected]
        expected = new Map()
        kept.compact((move) => {
          for (const [one, row] of before) expected.set(move(one), row)
        })
        if (before.some(([one]) => kept.isKept(one))) t.fail('rows that moved have gone')
      }
      for (const [one, { time, values }] of expected) {
        if (!kept.isKept(one) || kept.times[one & kept.rowMask] !== time) t.fail(`${one} is there`)
        const beside = kept.ringOf(0)?.[one & kept.rowMask]
        if (rings && beside !== values[0]) t.fail(`${one} has its double beside it`)
      }
      const some = [...expected.keys()].filter(() => random.below(50) === 0)
      t.deepEqual(
        gathered(kept, some),
        some.map((one) => expected.get(one)?.values),
        `seed ${seed}`,
      )
    }
    kept.dropBefore(Infinity)
    t.is(kept.rowCount, 0)
    for (const one of expected.keys()) t.false(kept.isKept(one))
    kept.close()
    t.is(memory.usedBytes, 0)
  })
}

test('kept batches: a batch larger than a slot has numbers that follow each other', (t) => {
  const random = new SeededRandom(3)
  const batch = randomBatch(random, 3 * (KEPT_PLACE_MASK + 1) + 7)
  for (const order of ['counted', 'timed'] as const) {
    const kept = new KeptBatches(specs, new CountingMemory(), { order, times: true })
    kept.keep(batch.columns, 5, batch.eventTime)
    const row = kept.keep(batch.columns, batch.length, batch.eventTime)
    if (order === 'counted') kept.retainAll(row, batch.length)
    kept.settle()
    for (const index of [0, 4095, 4096, 9000, batch.length - 1]) {
      t.deepEqual(keptRow(kept, row + index), rowOf(batch, index))
    }
  }
})

test('kept batches: numbers of timed rows go round and still tell what has gone', (t) => {
  const kept = new KeptBatches([], new CountingMemory(), { order: 'timed', times: true })
  const none: Batch['columns'] = []
  const times = new Float64Array(1024)
  const rows = new Int32Array(128)
  for (let round = 0; round < (1 << 20) + 5000; round++) {
    times.fill(round)
    const row = kept.keep(none, 1024, times)
    if (row === 0) t.fail('no row is 0')
    rows[round & 127] = row
    kept.dropBefore(round - 60)
    if (round < 128) continue
    // Also where numbers become negative, and where they begin again.
    const isOldestThere = kept.isKept(rows[(round - 60) & 127]!)
    if (!isOldestThere || kept.isKept(rows[(round - 61) & 127]!)) return t.fail(`round ${round}`)
  }
  return t.is(kept.rowCount, 61 * 1024)
})

test('kept batches: a row of the far future holds neither what came after it nor, once moved, its numbers', (t) => {
  const kept = new KeptBatches([], new CountingMemory(), { order: 'timed', times: true })
  const times = new Float64Array(1024)
  times[7] = 1e9
  const far = kept.keep([], 1024, times) + 7
  let second = 0
  for (let round = 1; round <= 300; round++) {
    const row = kept.keep([], 1024, times.fill(round))
    if (round === 1) second = row
    kept.dropBefore(round - 5)
  }
  t.true(kept.rowCount < 100 * 1024, 'columns have gone')
  t.true(kept.isKept(second), 'numbers are let go of in order')
  t.true(kept.needsCompaction)
  let moved = 0
  kept.compact((move) => {
    moved = move(far)
  })
  t.false(kept.needsCompaction)
  t.false(kept.isKept(second))
  t.true(kept.isKept(moved))
  t.is(kept.times[moved & kept.rowMask], 1e9)
  t.is(kept.rowCount, 1)
})

test('kept batches: batches of which few rows matter are moved together, those that matter stay', (t) => {
  const kept = new KeptBatches([], new CountingMemory(), { order: 'counted' })
  const full = kept.keep([], 4096)
  kept.retainAll(full, 4096)
  const rows: number[] = []
  for (let batch = 0; batch < 22; batch++) {
    const first = kept.keep([], 4096)
    rows.push(first + batch)
    kept.retain(first + batch)
  }
  kept.settle()
  t.true(kept.needsCompaction)
  kept.compact((move) => {
    t.is(move(full + 1), full + 1)
    for (const row of rows) t.not(move(row), row)
  })
  t.false(kept.needsCompaction)
  t.is(kept.rowCount, 4096 + rows.length)
})

test('kept batches: batches that pin much more than their rows need are copied together', (t) => {
  const random = new SeededRandom(5)
  const memory = new CountingMemory()
  const text = [column('text', 'utf8')]
  const kept = new KeptBatches(text, memory, { order: 'counted' })
  const rows = new Map<number, unknown>()
  for (let round = 0; round < 12; round++) {
    const values = Array.from({ length: 1100 }, () => [`v${random.below(1000)}`])
    const own = batchOf(text, values).columns[0]!
    if (own.layout !== 'utf8') throw new TypeError('text')
    const bytes = new Uint8Array(4 << 20)
    bytes.set(own.bytes)
    const first = kept.keep([{ ...own, bytes }], values.length)
    values.forEach(([value], index) => rows.set(first + index, value))
    kept.retainAll(first, values.length)
    kept.settle()
  }
  t.true(kept.needsCompaction)
  const moved = new Map<number, unknown>()
  kept.compact((move) => {
    for (const [row, value] of rows) moved.set(move(row), value)
  })
  t.false(kept.needsCompaction)
  t.true(memory.usedBytes < 2 << 20)
  for (const [row, value] of moved) {
    t.is(valueAt(kept.columnsOf(row)[0]!, kept.placeOf(row)), value)
  }
})
