/** The Disk port over the machine's file system. Holds no state but open handles. */
import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { link, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StreamError, type ErrorCode } from './errors.ts'
import type { Disk, DiskEntry, DiskFile } from './disk.ts'

const OPEN_FLAGS = { read: 'r', create: 'w', append: 'a' } as const

export class NodeDisk implements Disk {
  open(path: string, mode: 'read' | 'create' | 'append'): Promise<DiskFile> {
    return translated(`open ${path}`, async () => {
      const handle = await open(path, OPEN_FLAGS[mode])
      return new NodeDiskFile(path, handle)
    })
  }

  stat(path: string): Promise<DiskEntry | null> {
    return translated(`look at ${path}`, () => entryAt(path))
  }

  list(directory: string): Promise<DiskEntry[]> {
    return translated(`list ${directory}`, async () => {
      const names = await readdir(directory)
      const entries = await Promise.all(
        names.toSorted().map((name) => entryAt(join(directory, name))),
      )
      return entries.filter((entry) => entry !== null)
    })
  }

  makeDirectory(path: string): Promise<void> {
    return translated(`make the directory ${path}`, async () => {
      await makeDirectories(path)
    })
  }

  rename(from: string, to: string): Promise<void> {
    return translated(`rename ${from} to ${to}`, () => rename(from, to))
  }

  link(from: string, to: string): Promise<boolean> {
    return translated(`link ${from} to ${to}`, async () => {
      try {
        await link(from, to)
        return true
      } catch (cause) {
        if (systemCode(cause) === 'EEXIST') return false
        throw cause
      }
    })
  }

  /** Nothing there is no failure. */
  remove(path: string): Promise<void> {
    return translated(`remove ${path}`, () => rm(path, { recursive: true, force: true }))
  }

  syncDirectory(path: string): Promise<void> {
    return translated(`sync the directory ${path}`, async () => {
      const handle = await open(path, 'r')
      try {
        await handle.sync()
      } finally {
        await handle.close()
      }
    })
  }
}

class NodeDiskFile implements DiskFile {
  readonly #path: string
  readonly #handle: FileHandle

  constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  read(target: Uint8Array, position: number): Promise<number> {
    return translated(`read ${this.#path}`, async () => {
      const { bytesRead } = await this.#handle.read(target, 0, target.length, position)
      return bytesRead
    })
  }

  write(bytes: Uint8Array): Promise<void> {
    return translated(`write ${this.#path}`, async () => {
      let written = 0
      while (written < bytes.length) {
        const result = await this.#handle.write(bytes, written, bytes.length - written)
        written += result.bytesWritten
      }
    })
  }

  sync(): Promise<void> {
    return translated(`sync ${this.#path}`, () => this.#handle.sync())
  }

  close(): Promise<void> {
    return translated(`close ${this.#path}`, () => this.#handle.close())
  }
}

/** Follows links; a link that leads nowhere is an entry of kind `other`. */
async function entryAt(path: string): Promise<DiskEntry | null> {
  const found = (await statOrNull(path, stat)) ?? (await statOrNull(path, lstat))
  if (found === null) return null
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other'
  const identity = `${found.dev}:${found.ino}`
  return { path, kind, bytes: found.size, modifiedMs: Math.floor(found.mtimeMs), identity }
}

type Look = (path: string) => Promise<Stats>

async function statOrNull(path: string, look: Look): Promise<Stats | null> {
  try {
    return await look(path)
  } catch (cause) {
    const code = systemCode(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw cause
  }
}

const CODES: Readonly<Record<string, { code: ErrorCode; why: string; fix: string }>> = {
  ENOENT: { code: 'FILE_NOT_FOUND', why: 'it does not exist', fix: 'check the path' },
  ENOTDIR: {
    code: 'FILE_NOT_DIRECTORY',
    why: 'a part of its path is a file',
    fix: 'choose another path, or take the file away',
  },
  EEXIST: {
    code: 'FILE_NOT_DIRECTORY',
    why: 'a file has that name',
    fix: 'choose another path, or take the file away',
  },
  EISDIR: { code: 'FILE_IS_DIRECTORY', why: 'it is a directory', fix: 'name a file' },
  EACCES: {
    code: 'FILE_ACCESS_DENIED',
    why: 'access is denied',
    fix: 'check owner and mode of the path',
  },
  EPERM: {
    code: 'FILE_ACCESS_DENIED',
    why: 'access is denied',
    fix: 'check owner and mode of the path',
  },
  EROFS: {
    code: 'FILE_ACCESS_DENIED',
    why: 'the file system is read-only',
    fix: 'choose another path',
  },
  ENOSPC: { code: 'DISK_FULL', why: 'the disk is full', fix: 'make room or choose another path' },
  EDQUOT: {
    code: 'DISK_FULL',
    why: 'the quota is used up',
    fix: 'make room or choose another path',
  },
}

async function translated<Result>(action: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (cause) {
    const code = systemCode(cause)
    const known = CODES[code]
    if (known !== undefined) {
      throw new StreamError(known.code, `cannot ${action}: ${known.why}`, { cause, fix: known.fix })
    }
    throw new StreamError('FILE_FAILED', `cannot ${action}: ${code}`, { cause })
  }
}

function systemCode(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return String(cause)
}

/**
 * Step by step: the recursive form of Node tries for ever where a directory that exists takes no
 * other (below /proc).
 */
async function makeDirectories(path: string): Promise<void> {
  const code = await failureCode(mkdir(path))
  if (code === null || code === 'EEXIST') {
    if (code !== null && !(await stat(path)).isDirectory()) await mkdir(path)
    return
  }
  if (code !== 'ENOENT' || dirname(path) === path) await mkdir(path)
  await makeDirectories(dirname(path))
  const again = await failureCode(mkdir(path))
  if (again !== null && again !== 'EEXIST') await mkdir(path)
}

async function failureCode(made: Promise<unknown>): Promise<string | null> {
  try {
    await made
    return null
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code ?? 'UNKNOWN'
  }
}
