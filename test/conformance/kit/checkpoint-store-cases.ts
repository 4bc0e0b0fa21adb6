/**
 * What every checkpoint store must do, as cases that each implementation's test runs: creation with
 * one winner, whole objects, order of lists, ranges, removal, names that lead outside.
 */
import type { ExecutionContext, TestFn } from 'ava'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import type { CheckpointStore } from '../../../shared/checkpoints/checkpoint-store.ts'
import { probeStore } from '../../../shared/checkpoints/store-probe.ts'

/** A new, empty store, and more clients of the same one. */
export interface StoreUnderTest {
  readonly store: CheckpointStore
  readonly another: () => CheckpointStore
}

type Open = (t: ExecutionContext) => Promise<StoreUnderTest>

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(bytes)

const CREATORS = 8

export function checkpointStoreCases(test: TestFn, name: string, open: Open): void {
  test(`${name}: an object that was never written is null`, async (t) => {
    const { store } = await open(t)
    t.is(await store.read('a/b'), null)
    t.is(await store.readRange('a/b', { start: 0, length: 1 }), null)
    t.deepEqual(await store.list('a'), [])
    await t.notThrowsAsync(store.remove('a/b'))
  })

  test(`${name}: what one client writes another reads, and later writes replace it`, async (t) => {
    const { store, another } = await open(t)
    await store.write('segments/one', [bytesOf('first '), bytesOf('and second')])
    t.is(textOf(await another().read('segments/one')), 'first and second')
    await another().write('segments/one', [bytesOf('new')])
    t.is(textOf(await store.read('segments/one')), 'new')
    await store.write('segments/empty', [])
    t.is(textOf(await store.read('segments/empty')), '')
  })

  test(`${name}: a range is cut at the end of its object`, async (t) => {
    const { store } = await open(t)
    await store.write('one', [bytesOf('0123456789')])
    t.is(textOf(await store.readRange('one', { start: 3, length: 4 })), '3456')
    t.is(textOf(await store.readRange('one', { start: 8, length: 4 })), '89')
    t.is(textOf(await store.readRange('one', { start: 10, length: 4 })), '')
    t.is(textOf(await store.readRange('one', { start: 99, length: 4 })), '')
  })

  test(`${name}: of ${CREATORS} concurrent creations one wins, and the others see its bytes`, async (t) => {
    const { store, another } = await open(t)
    for (let round = 0; round < 5; round++) {
      const path = `decisions/${round}`
      const answers = await Promise.all(
        Array.from({ length: CREATORS }, (_, creator) =>
          another().createIfAbsent(path, bytesOf(`by ${creator}`)),
        ),
      )
      const winners = answers.flatMap((answer, creator) => (answer === null ? [creator] : []))
      t.is(winners.length, 1)
      const losers = answers.filter((answer) => answer !== null).map((answer) => textOf(answer))
      t.deepEqual([...new Set(losers)], [`by ${winners[0]}`])
      t.is(textOf(await store.read(path)), `by ${winners[0]}`)
    }
  })

  test(`${name}: a creation never changes what is there`, async (t) => {
    const { store, another } = await open(t)
    await store.write('a/one', [bytesOf('written')])
    t.is(textOf(await another().createIfAbsent('a/one', bytesOf('created'))), 'written')
    t.is(textOf(await store.read('a/one')), 'written')
  })

  test(`${name}: a list has the objects of a folder and those below, by path`, async (t) => {
    const { store } = await open(t)
    for (const path of ['b/2', 'b/1', 'b/deep/er', 'bb/1', 'a', 'b/10']) {
      await store.write(path, [bytesOf(path)])
    }
    t.deepEqual(await store.list('b'), [
      { path: 'b/1', bytes: 3 },
      { path: 'b/10', bytes: 4 },
      { path: 'b/2', bytes: 3 },
      { path: 'b/deep/er', bytes: 9 },
    ])
    t.deepEqual(await store.list('nothing'), [])
  })

  test(`${name}: what was removed is gone and may be created again`, async (t) => {
    const { store, another } = await open(t)
    await store.createIfAbsent('a/one', bytesOf('first'))
    await another().remove('a/one')
    t.is(await store.read('a/one'), null)
    t.deepEqual(await store.list('a'), [])
    t.is(await store.createIfAbsent('a/one', bytesOf('second')), null)
  })

  test(`${name}: a folder is no object, and stays with all that is in it`, async (t) => {
    const { store } = await open(t)
    await store.write('a/deep/one', [bytesOf('one')])
    t.is(await store.read('a/deep'), null)
    await store.remove('a/deep')
    await store.remove('a')
    t.is(textOf(await store.read('a/deep/one')), 'one')
  })

  test(`${name}: a reference that leads out of the store is refused`, async (t) => {
    const { store } = await open(t)
    const paths = [
      '../outside',
      'a/../../b',
      '/etc/passwd',
      'a//b',
      'a/',
      '',
      '.hidden',
      'a/.part',
      'a\0b',
    ]
    for (const path of paths) {
      const calls: (() => Promise<unknown>)[] = [
        () => store.read(path),
        () => store.readRange(path, { start: 0, length: 1 }),
        () => store.write(path, [bytesOf('x')]),
        () => store.createIfAbsent(path, bytesOf('x')),
        () => store.remove(path),
        () => store.list(path),
      ]
      for (const call of calls) await t.throwsAsync(call, { code: 'CHECKPOINT_DAMAGED' })
    }
  })

  test(`${name}: the probe of a start finds it suitable, and leaves nothing`, async (t) => {
    const { store } = await open(t)
    await probeStore(store, new SeededRandom(1))
    t.deepEqual(await store.list('probe'), [])
  })
}
