/**
 * A checkpoint store in a directory, shared by processes of one machine or over a file system with
 * hard links.
 *
 * An object is written beside its place under a name of its own (`.NAME.NONCE.part`), synced, and
 * only then given its name: by a hard link, of which exactly one call wins, or by a rename where it
 * may replace what is there. Then its directory is synced. A crash in between leaves a part, which is
 * never listed or read; `removeParts` takes parts away while nobody else writes.
 *
 * Invariants:
 *   O1. What has the name of an object is a whole object.
 *   O2. A call that answers has synced the directory of what it answers about: who loses against a
 *       creation, or lists it, may act on it although its creator has not come to sync it.
 */
import { join } from 'node:path'
import type { Disk, DiskFile } from '../base/disk.ts'
import { StreamError } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import type { ByteRange, CheckpointStore, StoredObject } from './checkpoint-store.ts'
import { newNonce } from './nonce.ts'
import { objectPath } from './object-path.ts'

export class DirectoryStore implements CheckpointStore {
  readonly #disk: Disk
  readonly #root: string
  readonly #random: Random
  /** Folders that exist and whose own entry is durable. */
  readonly #folders = new Set<string>()

  /**
   * `root` is a folder that is durable already: only those below it are made so. `random` makes names
   * that no other process uses: seed it differently in each.
   */
  constructor(disk: Disk, root: string, random: Random) {
    this.#disk = disk
    this.#root = root
    this.#random = random
  }

  read(path: string): Promise<Uint8Array | null> {
    return this.readRange(path, { start: 0, length: Number.POSITIVE_INFINITY })
  }

  async readRange(path: string, { start, length }: ByteRange): Promise<Uint8Array | null> {
    const at = this.#at(objectPath(path))
    const entry = await this.#disk.stat(at)
    if (entry?.kind !== 'file') return null
    const file = await this.#openedOrNull(at)
    if (file === null) return null
    const from = Math.min(start, entry.bytes)
    const target = new Uint8Array(Math.min(length, entry.bytes - from))
    try {
      let done = 0
      while (done < target.length) {
        const count = await file.read(target.subarray(done), from + done)
        if (count === 0) return target.subarray(0, done)
        done += count
      }
      return target
    } finally {
      await file.close()
    }
  }

  async write(path: string, parts: readonly Uint8Array[]): Promise<void> {
    const folder = await this.#folderOf(path)
    const part = await this.#writePart(path, parts)
    await this.#disk.rename(part, this.#at(path))
    await this.#disk.syncDirectory(folder)
  }

  async createIfAbsent(path: string, bytes: Uint8Array): Promise<Uint8Array | null> {
    const folder = await this.#folderOf(path)
    const part = await this.#writePart(path, [bytes])
    // DECISION: the name appears with all its bytes, and no other call's link can succeed after it.
    const isCreated = await this.#named(part, path)
    await this.#disk.syncDirectory(folder)
    if (isCreated) return null
    return (await this.read(path)) ?? new Uint8Array(0)
  }

  async list(folder: string): Promise<StoredObject[]> {
    const found: StoredObject[] = []
    await this.#collect(objectPath(folder), found)
    return found.toSorted((one, other) => (one.path < other.path ? -1 : 1))
  }

  async remove(path: string): Promise<void> {
    const at = this.#at(objectPath(path))
    // The disk would take a folder with all that is in it.
    if ((await this.#disk.stat(at))?.kind === 'directory') return
    await this.#disk.remove(at)
    const folder = this.#at(folderPart(path))
    if ((await this.#disk.stat(folder)) !== null) await this.#disk.syncDirectory(folder)
  }

  /**
   * Takes away what crashes left in the making; answers how many. Only for who holds the lock of the
   * run: the part of a live writer would go too.
   */
  async removeParts(): Promise<number> {
    return this.#removePartsIn(this.#root)
  }

  #at(path: string): string {
    return path === '' ? this.#root : join(this.#root, path)
  }

  /** Null where it was removed since it was seen. */
  async #openedOrNull(at: string): Promise<DiskFile | null> {
    try {
      return await this.#disk.open(at, 'read')
    } catch (cause) {
      if (cause instanceof StreamError && cause.code === 'FILE_NOT_FOUND') return null
      throw cause
    }
  }

  /** The folder of an object, made durable with its parents the first time it is written to. */
  async #folderOf(path: string): Promise<string> {
    const folder = folderPart(objectPath(path))
    const at = this.#at(folder)
    if (this.#folders.has(folder)) return at
    await this.#disk.makeDirectory(at)
    for (let up = folder; up !== ''; up = folderPart(up)) {
      await this.#disk.syncDirectory(this.#at(folderPart(up)))
    }
    this.#folders.add(folder)
    return at
  }

  async #writePart(path: string, parts: readonly Uint8Array[]): Promise<string> {
    const cut = path.lastIndexOf('/') + 1
    const name = `.${path.slice(cut)}.${newNonce(this.#random)}.part`
    const part = this.#at(`${path.slice(0, cut)}${name}`)
    const file = await this.#disk.open(part, 'create')
    try {
      for (const bytes of parts) await file.write(bytes)
      await file.sync()
    } catch (cause) {
      await file.close()
      await this.#disk.remove(part)
      throw cause
    }
    await file.close()
    return part
  }

  /** Whether an object got its name; its part goes either way. */
  async #named(part: string, path: string): Promise<boolean> {
    try {
      return await this.#disk.link(part, this.#at(path))
    } finally {
      await this.#disk.remove(part)
    }
  }

  async #collect(folder: string, found: StoredObject[]): Promise<void> {
    const at = this.#at(folder)
    if ((await this.#disk.stat(at))?.kind !== 'directory') return
    await this.#disk.syncDirectory(at)
    for (const { path, kind, bytes } of await this.#disk.list(at)) {
      const name = path.slice(at.length + 1)
      if (name.startsWith('.')) continue
      if (kind === 'directory') await this.#collect(`${folder}/${name}`, found)
      else found.push({ path: `${folder}/${name}`, bytes })
    }
  }

  async #removePartsIn(at: string): Promise<number> {
    let removed = 0
    for (const { path, kind } of await this.#disk.list(at)) {
      const name = path.slice(at.length + 1)
      if (kind === 'directory') removed += await this.#removePartsIn(path)
      else if (name.startsWith('.') && name.endsWith('.part')) {
        await this.#disk.remove(path)
        removed += 1
      }
    }
    return removed
  }
}

/** The folders of a path; empty for an object at the top. */
function folderPart(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
