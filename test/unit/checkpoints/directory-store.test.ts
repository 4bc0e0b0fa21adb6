/**
 * The checkpoint store in a directory: the cases of every store, and what is its own: parts that a
 * crash left, no hard links, an end of the process between any two of its operations.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import type { DiskFile } from '../../../shared/base/disk.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import { NodeDisk } from '../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { DirectoryStore } from '../../../shared/checkpoints/directory-store.ts'
import { probeStore } from '../../../shared/checkpoints/store-probe.ts'
import { checkpointStoreCases } from '../../conformance/kit/checkpoint-store-cases.ts'
import { CrashingDisk } from './crashing-disk.ts'

const folders: string[] = []
let seed = 0

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-store-'))
  folders.push(folder)
  return folder
}

test.after.always(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

const storeIn = (folder: string, disk = new NodeDisk()): DirectoryStore =>
  new DirectoryStore(disk, folder, new SeededRandom(seed++))

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const isWhole = (one: Uint8Array | null, wanted: readonly Uint8Array[]): boolean =>
  one === null || wanted.some((bytes) => Buffer.compare(one, bytes) === 0)

checkpointStoreCases(test, 'directory', async () => {
  const folder = await newFolder()
  return { store: storeIn(folder), another: () => storeIn(folder) }
})

test('directory: without hard links the probe refuses it', async (t) => {
  class LinklessDisk extends NodeDisk {
    override link(): Promise<boolean> {
      return Promise.reject(new StreamError('FILE_FAILED', 'cannot link: EOPNOTSUPP'))
    }
  }
  const folder = await newFolder()
  const store = storeIn(folder, new LinklessDisk())
  await t.throwsAsync(probeStore(store, new SeededRandom(1)), {
    code: 'CHECKPOINT_STORE_UNSUITABLE',
  })
  t.deepEqual(await readdir(join(folder, 'probe')), [], 'no part is left')
})

test('directory: an object that is removed while it is read is null', async (t) => {
  class RemovingDisk extends NodeDisk {
    override async open(path: string, mode: 'read' | 'create' | 'append'): Promise<DiskFile> {
      if (mode === 'read') await super.remove(path)
      return super.open(path, mode)
    }
  }
  const store = storeIn(await newFolder(), new RemovingDisk())
  await store.write('a/one', [bytesOf('one')])
  t.is(await store.read('a/one'), null)
  await store.write('a/one', [bytesOf('one')])
  const existing = await store.createIfAbsent('a/one', bytesOf('other'))
  t.deepEqual(existing, new Uint8Array(0), 'removed meanwhile')
})

test('directory: where a link replaces what is there the probe refuses it', async (t) => {
  class ReplacingDisk extends NodeDisk {
    override async link(from: string, to: string): Promise<boolean> {
      await super.remove(to)
      return super.link(from, to)
    }
  }
  const store = storeIn(await newFolder(), new ReplacingDisk())
  const error = await t.throwsAsync(probeStore(store, new SeededRandom(1)))
  t.regex(String(error), /two creations/)
})

/** Knows what a power cut would take: bytes not synced, names of folders not synced. */
class WatchedDisk extends NodeDisk {
  readonly unsynced = new Set<string>()

  override async open(path: string, mode: 'read' | 'create' | 'append'): Promise<DiskFile> {
    const file = await super.open(path, mode)
    if (mode === 'read') return file
    this.unsynced.add(path)
    return {
      read: (target, position) => file.read(target, position),
      write: (bytes) => {
        this.unsynced.add(path)
        return file.write(bytes)
      },
      sync: async () => {
        await file.sync()
        this.unsynced.delete(path)
      },
      close: () => file.close(),
    }
  }

  override async makeDirectory(path: string): Promise<void> {
    await super.makeDirectory(path)
    this.unsynced.add(`${dirname(path)}/`)
  }

  override async rename(from: string, to: string): Promise<void> {
    this.#assertSynced(from)
    await super.rename(from, to)
    this.unsynced.add(`${dirname(to)}/`)
  }

  override async link(from: string, to: string): Promise<boolean> {
    this.#assertSynced(from)
    // Also where it lost: whoever won may not have come to sync the folder.
    this.unsynced.add(`${dirname(to)}/`)
    return super.link(from, to)
  }

  override async remove(path: string): Promise<void> {
    await super.remove(path)
    this.unsynced.delete(path)
    this.unsynced.add(`${dirname(path)}/`)
  }

  override async syncDirectory(path: string): Promise<void> {
    await super.syncDirectory(path)
    this.unsynced.delete(`${path}/`)
  }

  #assertSynced(path: string): void {
    if (this.unsynced.has(path)) throw new Error(`${path} gets a name before its bytes are safe`)
  }
}

test('directory: bytes are synced before they get a name, and the name before a call answers', async (t) => {
  const folder = await newFolder()
  const disk = new WatchedDisk()
  const store = storeIn(folder, disk)
  const isSafe = (what: string): boolean => t.deepEqual([...disk.unsynced], [], what)
  await store.write('deep/er/one', [bytesOf('one')])
  isSafe('write')
  t.is(await store.createIfAbsent('deep/two', bytesOf('two')), null)
  isSafe('a creation that won')
  disk.unsynced.add(`${join(folder, 'deep')}/`)
  t.not(await store.createIfAbsent('deep/two', bytesOf('other')), null)
  isSafe('a creation that lost')
  disk.unsynced.add(`${join(folder, 'deep')}/`)
  t.is((await store.list('deep')).length, 2)
  isSafe('a list')
  await store.remove('deep/two')
  isSafe('a removal')
})

test('directory: an end before or after any operation leaves whole objects, and parts that go', async (t) => {
  const old = bytesOf('old '.repeat(100))
  const fresh = bytesOf('fresh '.repeat(100))
  let endings = 0
  for (const timing of ['before', 'after'] as const) {
    for (let number = 1; ; number++) {
      const folder = await newFolder()
      await storeIn(folder).write('a/written', [old])
      const disk = new CrashingDisk(number, timing)
      const store = storeIn(folder, disk)
      const run = async (): Promise<void> => {
        await store.write('a/written', [fresh.subarray(0, 7), fresh.subarray(7)])
        await store.createIfAbsent('b/created', fresh)
        await store.remove('a/written')
      }
      const isEnded = await run().then(
        () => false,
        () => true,
      )
      await disk.closeAll()
      if (!isEnded) break
      endings += 1
      const next = storeIn(folder)
      const written = await next.read('a/written')
      const created = await next.read('b/created')
      t.true(isWhole(written, [old, fresh]), `${timing} ${number}`)
      t.true(isWhole(created, [fresh]), `${timing} ${number}`)
      if (written === null) t.not(created, null, 'it was removed after the creation')
      const listed = [...(await next.list('a')), ...(await next.list('b'))].map(({ path }) => path)
      const there = { 'a/written': written, 'b/created': created }
      t.deepEqual(
        listed,
        Object.entries(there).flatMap(([path, bytes]) => (bytes === null ? [] : [path])),
      )
      await next.removeParts()
      const left = await readdir(folder, { recursive: true, withFileTypes: true })
      t.deepEqual(
        left.filter((one) => one.isFile() && one.name.startsWith('.')),
        [],
      )
      t.is(left.filter((one) => one.isFile()).length, listed.length)
    }
  }
  t.true(endings > 20, `${endings} endings were tried`)
})
