/** Channels and exchanges: order, bounds, and that every row goes to exactly one place. */
import test from 'ava'
import { DirectExchange, HashExchange, RebalanceExchange } from '../../../node/exchange/exchange.ts'
import { LocalChannel } from '../../../node/exchange/local-channel.ts'
import { END, type StreamElement } from '../../../node/exchange/stream-element.ts'
import { AssertionError } from '../../../shared/base/assert.ts'
import { KEY_GROUPS } from '../../../shared/base/limits.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { batchToRows } from '../../../shared/model/batch-rows.ts'
import { compileKeyHash } from '../../../shared/model/key-hash/key-hash-compile.ts'
import { keyGroupTable } from '../../../shared/planning/execution/execution-plan.ts'
import { batchOf, COLUMNS, rowsFrom } from '../../integration/engine/engine-fixture.ts'

function channels(count: number): LocalChannel[] {
  return Array.from({ length: count }, () => new LocalChannel({ batchesMax: 4, bytesMax: 1e9 }))
}

function taken(channel: LocalChannel): StreamElement[] {
  const elements: StreamElement[] = []
  for (let one = channel.take(); one !== undefined; one = channel.take()) elements.push(one)
  return elements
}

function numbers(channel: LocalChannel): number[] {
  return taken(channel).flatMap((element) =>
    element.kind === 'batch' ? batchToRows(element.batch).map((row) => Number(row['n'])) : [],
  )
}

test('channel: full by batches or by bytes, and free again when taken (L2)', (t) => {
  const byBatches = new LocalChannel({ batchesMax: 2, bytesMax: 1e9 })
  const batch = batchOf(rowsFrom(0, 10))
  byBatches.send({ kind: 'batch', batch })
  t.false(byBatches.isFull)
  byBatches.send({ kind: 'batch', batch })
  t.true(byBatches.isFull)
  byBatches.take()
  t.false(byBatches.isFull)
  const byBytes = new LocalChannel({ batchesMax: 100, bytesMax: 100 })
  byBytes.send({ kind: 'batch', batch })
  t.true(byBytes.isFull)
  t.true(byBytes.byteCount > 100)
  byBytes.take()
  t.is(byBytes.byteCount, 0)
})

test('channel: watermarks that follow each other become the last of them (L2)', (t) => {
  const channel = new LocalChannel()
  for (const time of [1, 2, 3]) channel.send({ kind: 'watermark', time })
  channel.send({ kind: 'batch', batch: batchOf(rowsFrom(0, 1)) })
  channel.send({ kind: 'watermark', time: 4 })
  t.deepEqual(
    taken(channel).map((one) => (one.kind === 'watermark' ? one.time : one.kind)),
    [3, 'batch', 4],
  )
})

test('channel: nothing follows the end (L3)', (t) => {
  const channel = new LocalChannel()
  channel.send(END)
  t.throws(() => channel.send(END), { instanceOf: AssertionError })
})

test('direct exchange: a batch is passed by reference, control goes to all', (t) => {
  const [first, other] = channels(2)
  const exchange = new DirectExchange(first!, [other!])
  const batch = batchOf(rowsFrom(0, 3))
  exchange.send(batch)
  exchange.broadcast(END)
  t.deepEqual(taken(first!), [{ kind: 'batch', batch }, END])
  t.deepEqual(taken(other!), [END])
})

test('rebalance: whole batches in turn', (t) => {
  const all = channels(3)
  const exchange = new RebalanceExchange(all, 1)
  for (let at = 0; at < 6; at++) exchange.send(batchOf(rowsFrom(at, 1)))
  t.deepEqual(all.map(numbers), [
    [2, 5],
    [0, 3],
    [1, 4],
  ])
})

function hashed(batches: readonly Batch[], count: number): number[][] {
  const all = channels(count)
  const exchange = new HashExchange({
    channels: all,
    key: [0],
    hash: compileKeyHash([COLUMNS[0]!]),
    table: keyGroupTable(KEY_GROUPS, count),
  })
  for (const batch of batches) exchange.send(batch)
  return all.map(numbers)
}

test('hash exchange: every row goes to exactly one channel, rows of a key in order to the same', (t) => {
  const rows = Array.from({ length: 500 }, (_, n) => ({ user: `user ${n % 61}`, n, at: n }))
  const parts = hashed([batchOf(rows.slice(0, 200)), batchOf(rows.slice(200))], 3)
  t.deepEqual(
    parts.flat().toSorted((a, b) => a - b),
    rows.map((row) => row.n),
  )
  const homes = new Map<number, number>()
  parts.forEach((part, home) => {
    t.deepEqual(
      part,
      part.toSorted((a, b) => a - b),
    )
    for (const n of part) {
      t.is(homes.get(n % 61) ?? home, home)
      homes.set(n % 61, home)
    }
  })
  t.true(parts.every((part) => part.length > 0))
})

test('hash exchange: null is a key', (t) => {
  const rows = Array.from({ length: 20 }, (_, n) => ({ user: null, n, at: n }))
  t.is(hashed([batchOf(rows)], 3).filter((part) => part.length > 0).length, 1)
})

test('hash exchange: full when any channel is', (t) => {
  const all = [new LocalChannel({ batchesMax: 1, bytesMax: 1e9 }), new LocalChannel()]
  const exchange = new HashExchange({
    channels: all,
    key: [0],
    hash: compileKeyHash([COLUMNS[0]!]),
    table: keyGroupTable(KEY_GROUPS, 2),
  })
  t.false(exchange.isFull)
  exchange.send(batchOf(rowsFrom(0, 50)))
  t.true(exchange.isFull)
})
