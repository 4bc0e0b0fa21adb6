/** Hunts memory that is lost, shared or dirty when an arena grows, by copying and in place. */
import test from 'ava'
import { Arena, BLOCK_WORDS } from '../../../node/state/arena.ts'
import { copyBytes, viewOf } from '../../../node/state/copy-bytes.ts'
import { GrowingMemory } from '../../../node/state/growing-memory.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import { batchOf, column, lanesOf } from './state-model.ts'

test('arena: what was written stays, and new blocks are zero, from 8 KiB to 12 MiB', (t) => {
  const memory = new CountingMemory()
  const arena = new Arena(memory)
  const blocks: number[] = []
  const words = BLOCK_WORDS * 64
  for (let index = 0; index < 1500; index++) {
    const block = arena.allocate(words)
    t.true(arena.f64.subarray(block, block + words).every((word) => word === 0))
    arena.f64.fill(index + 1, block, block + words)
    blocks.push(block)
  }
  for (const [index, block] of blocks.entries()) {
    t.is(arena.f64[block], index + 1)
    t.is(arena.f64[block + words - 1], index + 1)
  }
  t.is(memory.usedBytes, arena.bytes)
  t.is(arena.i32.buffer, arena.f64.buffer)
  t.is(arena.view.buffer, arena.u8.buffer)
  arena.close()
  t.is(memory.usedBytes, 0)
})

test('arena: a block that was given back is zero when it is given out again', (t) => {
  const arena = new Arena(new CountingMemory())
  const first = arena.allocate(BLOCK_WORDS)
  arena.allocate(BLOCK_WORDS)
  arena.f64.fill(7, first, first + BLOCK_WORDS)
  arena.free(first, BLOCK_WORDS)
  t.is(arena.allocate(BLOCK_WORDS), first)
  t.true(arena.f64.subarray(first, first + BLOCK_WORDS).every((word) => word === 0))
})

test('growing memory: it grows in place, and says when there is no more', (t) => {
  const memory = GrowingMemory.ofBytes(100_000)
  t.truthy(memory)
  new Uint8Array(memory!.buffer)[99_999] = 5
  t.true(memory!.growTo(10_000_000))
  t.is(new Uint8Array(memory!.buffer)[99_999], 5)
  t.true(memory!.buffer.byteLength >= 10_000_000)
  t.false(memory!.growTo(2 ** 32 + 1))
  t.is(GrowingMemory.ofBytes(2 ** 32 + 1), null)
})

test('copies of bytes: every length and offset gives the same bytes and touches no others', (t) => {
  const source = Uint8Array.from({ length: 1024 }, (_, index) => (index * 37) % 251)
  for (const length of [0, 1, 7, 8, 9, 15, 16, 63, 64, 65, 255, 256, 257, 300, 600]) {
    for (const [at, start] of [
      [0, 0],
      [3, 5],
      [8, 1],
    ] as const) {
      const target = new Uint8Array(1024).fill(255)
      copyBytes(viewOf(target), at, viewOf(source.subarray(11)), start, length)
      t.deepEqual(
        target.subarray(at, at + length),
        source.subarray(11 + start, 11 + start + length),
      )
      t.true(target.subarray(0, at).every((byte) => byte === 255))
      t.true(target.subarray(at + length).every((byte) => byte === 255))
    }
  }
})

test('panes: texts are copied from pane to pane while their common arena grows', (t) => {
  const key = [column('k', 'utf8')]
  const panes = new StateStore(new CountingMemory()).panes('test', { key, value: [], words: 0 })
  const [from, into] = [panes.open(), panes.open()]
  const texts = Array.from({ length: 20_000 }, (_, index) => [`${index} `.repeat(20)])
  const batch = batchOf(key, texts)
  const [a, b] = lanesOf(key, batch)
  for (let row = 0; row < texts.length; row++) from.insert(a[row]!, b[row]!, batch.columns, row)
  for (let row = 0; row < texts.length; row++) {
    const entry = from.locate(a[row]!, b[row]!, batch.columns, row)
    into.insertFrom(from.groupOf(entry), from, entry)
  }
  t.is(into.size, texts.length)
  t.true(texts.every((_, row) => into.locate(a[row]!, b[row]!, batch.columns, row) !== 0))
})
