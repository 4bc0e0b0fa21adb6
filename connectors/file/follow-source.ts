/**
 * Follows files that grow: reads on where they ended, reads a rotated file to its end before the
 * one that took its name, and finds new files of a pattern. A line without its end waits.
 *
 * Owns: the open files, and the identities of those it has done with, so that a file that was only
 * renamed is not read again.
 */
import { FOLLOW_POLL_MS } from '../../shared/base/limits.ts'
import type { DiskEntry } from '../../shared/base/disk.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { Source, SourceContext, SourceRead } from '../../shared/spi/connector.ts'
import { fileBytes } from './file-bytes.ts'
import { fileFormat } from './file-format.ts'
import { listFiles, type ListedFile } from './file-list.ts'
import { isPattern } from './file-path.ts'
import { openSplit } from './open-split.ts'
import type { ReadContext } from './read-context.ts'
import type { GrowingReader, SplitReader } from './split-reader.ts'
import { TextSplit } from './text-split.ts'

interface Followed {
  readonly file: ListedFile
  readonly reader: SplitReader
  /** Null: the file is whole (compressed, Parquet) and is read once. */
  readonly growing: GrowingReader | null
  /** The path leads to another file now: what is left is read, then this one is done. */
  isLast: boolean
  /** It became shorter: the same file is read again from its start. */
  isTruncated: boolean
}

export class FollowSource implements Source {
  readonly #context: ReadContext
  readonly #owns: (splitId: string) => boolean
  readonly #path: string
  readonly #open = new Map<string, Followed>()
  readonly #doneNames = new Set<string>()
  #doneIdentities = new Set<string>()
  #hasListed = false
  #hasForgotten = false

  constructor(context: SourceContext, read: ReadContext) {
    this.#context = read
    this.#owns = (splitId) => context.owns(splitId)
    this.#path = String(context.config['path'])
  }

  async read(signal: AbortSignal): Promise<SourceRead> {
    if (!this.#hasListed) await this.#findFiles()
    for (let pass = 0; pass < 3; pass++) {
      this.#hasForgotten = false
      for (const [name, followed] of this.#open) {
        if (signal.aborted) return { kind: 'idle', retryMs: FOLLOW_POLL_MS }
        const batch = await this.#readOne(name, followed)
        if (batch !== null) return { kind: 'batch', split: name, batch }
      }
      // Nothing new in any of them: time to look for rotated and new files, and read those. Where one
      // was done with, another may have taken its name.
      if (pass === 0 || this.#hasForgotten) await this.#findFiles()
    }
    return { kind: 'idle', retryMs: FOLLOW_POLL_MS }
  }

  progress(): null {
    return null
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()]
    this.#open.clear()
    for (const { reader } of open) await reader.close()
  }

  async #readOne(name: string, followed: Followed): Promise<Batch | null> {
    const batch = await followed.reader.read()
    if (batch !== null) {
      // The next turn belongs to the others.
      this.#open.delete(name)
      this.#open.set(name, followed)
      return batch
    }
    if (followed.growing === null) this.#doneNames.add(name)
    else if (!followed.isLast) return null
    await this.#forget(name, followed)
    return null
  }

  async #forget(name: string, followed: Followed): Promise<void> {
    this.#open.delete(name)
    this.#hasForgotten = true
    const { identity } = followed.file.entry
    if (identity !== undefined && !followed.isTruncated) this.#doneIdentities.add(identity)
    await followed.reader.close()
  }

  async #findFiles(): Promise<void> {
    this.#hasListed = true
    const files = await this.#list()
    const listed = new Map(files.map((file) => [file.name, file]))
    for (const [name, followed] of this.#open) {
      if (followed.growing === null || followed.isLast) continue
      const entry = listed.get(name)?.entry
      if (!isReplaced(followed, entry)) continue
      followed.isLast = true
      followed.isTruncated = entry?.identity === followed.file.entry.identity
      followed.growing.endOfText()
    }
    const followedIdentities = new Set(
      [...this.#open.values()].map((followed) => followed.file.entry.identity),
    )
    const present = new Set(files.map((file) => file.entry.identity))
    this.#doneIdentities = new Set([...this.#doneIdentities].filter((one) => present.has(one)))
    for (const file of files) {
      if (this.#open.has(file.name) || this.#doneNames.has(file.name)) continue
      if (!this.#owns(file.name)) continue
      const { identity } = file.entry
      const isKnown = identity !== undefined && followedIdentities.has(identity)
      if (isKnown || (identity !== undefined && this.#doneIdentities.has(identity))) continue
      this.#open.set(file.name, await this.#follow(file))
    }
  }

  async #list(): Promise<ListedFile[]> {
    const { disk, baseDirectory } = this.#context
    const options = { disk, baseDirectory, path: this.#path }
    if (isPattern(this.#path)) return listFiles(options)
    const entry = await disk.stat(
      this.#path.startsWith('/') ? this.#path : `${baseDirectory || '.'}/${this.#path}`,
    )
    // A followed file may come later, and is away for a moment while it is rotated.
    return entry === null ? [] : listFiles(options)
  }

  async #follow(file: ListedFile): Promise<Followed> {
    const format = fileFormat(file.name, this.#context.config)
    if (format.format === 'parquet' || format.compression !== 'none') {
      const reader = await openSplit(this.#context, file)
      return { file, reader, growing: null, isLast: false, isTruncated: false }
    }
    const handle = await this.#context.disk.open(file.entry.path, 'read')
    const growing = new TextSplit({
      context: this.#context,
      name: file.name,
      bytes: fileBytes(handle, file.name, 'none'),
      size: file.entry.bytes,
      format,
      grows: true,
    })
    return { file, reader: growing, growing, isLast: false, isTruncated: false }
  }
}

function isReplaced(followed: Followed, entry: DiskEntry | undefined): boolean {
  if (entry === undefined) return true
  const { identity } = followed.file.entry
  if (identity !== undefined && entry.identity !== identity) return true
  return entry.bytes < followed.reader.position
}
