/** The adapters of the ports: what clocks, chance and files promise. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { StreamError } from '../../../shared/base/errors.ts'
import { NodeDisk } from '../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'

function draw(seed: number): number[] {
  const random = new SeededRandom(seed)
  return Array.from({ length: 8 }, () => random.below(1000))
}

test('seeded random: one seed gives one sequence, another seed another', (t) => {
  t.deepEqual(draw(7), draw(7))
  t.notDeepEqual(draw(7), draw(8))
})

test('seeded random: numbers spread over [0, 1)', (t) => {
  const random = new SeededRandom(1)
  const buckets = Array.from({ length: 10 }, () => 0)
  for (let draw = 0; draw < 10_000; draw++) buckets[Math.floor(random.next() * 10)]! += 1
  for (const count of buckets) t.true(count > 850 && count < 1150, `bucket of ${count}`)
})

test('virtual clock: sleepers wake at their own time, in order', async (t) => {
  const clock = new VirtualClock({ startMs: 1000 })
  const woken: string[] = []
  void clock.sleep(20).then(() => woken.push(`b ${clock.now()}`))
  void clock.sleep(10).then(() => woken.push(`a ${clock.now()}`))
  await clock.advance(15)
  t.deepEqual(woken, ['a 1010'])
  await clock.advance(15)
  t.deepEqual(woken, ['a 1010', 'b 1020'])
  t.is(clock.now(), 1030)
})

test('virtual clock: an aborted sleep ends at once', async (t) => {
  const clock = new VirtualClock()
  const abort = new AbortController()
  const sleep = clock.sleep(1000, abort.signal)
  abort.abort()
  await sleep
  t.is(clock.now(), 0)
})

test('virtual clock: with autoAdvance time jumps when everything waits', async (t) => {
  const clock = new VirtualClock({ autoAdvance: true })
  await clock.sleep(3_600_000)
  t.is(clock.now(), 3_600_000)
})

test('disk: writes, syncs, renames, reads, lists and removes', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'disk-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const disk = new NodeDisk()
  const file = await disk.open(join(directory, 'part'), 'create')
  await file.write(new TextEncoder().encode('hello '))
  await file.write(new TextEncoder().encode('world'))
  await file.sync()
  await file.close()
  await disk.rename(join(directory, 'part'), join(directory, 'whole'))
  await disk.syncDirectory(directory)
  const reader = await disk.open(join(directory, 'whole'), 'read')
  const target = new Uint8Array(5)
  t.is(await reader.read(target, 6), 5)
  t.is(new TextDecoder().decode(target), 'world')
  t.is(await reader.read(target, 11), 0)
  await reader.close()
  t.deepEqual(
    (await disk.list(directory)).map(({ kind, bytes }) => ({ kind, bytes })),
    [{ kind: 'file', bytes: 11 }],
  )
  await disk.remove(join(directory, 'whole'))
  await disk.remove(join(directory, 'whole'))
  t.is(await disk.stat(join(directory, 'whole')), null)
})

test('disk: failures are coded and say which path', async (t) => {
  const disk = new NodeDisk()
  const missing = await t.throwsAsync(disk.open('/nowhere/at-all', 'read'), {
    instanceOf: StreamError,
  })
  t.is(missing?.code, 'FILE_NOT_FOUND')
  t.regex(missing?.message ?? '', /\/nowhere\/at-all/)
  const directory = await t.throwsAsync(disk.open(tmpdir(), 'create'), { instanceOf: StreamError })
  t.is(directory?.code, 'FILE_IS_DIRECTORY')
})
