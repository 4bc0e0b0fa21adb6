/**
 * Reads files one after the other, each a split, in the order of their names.
 *
 * Owns: the file being read. Splits that are not its own are never opened.
 */
import { StreamError } from '../../shared/base/errors.ts'
import type { Source, SourceContext, SourceRead } from '../../shared/spi/connector.ts'
import { conflict } from './file-format.ts'
import { listFiles, type ListedFile } from './file-list.ts'
import { openSplit } from './open-split.ts'
import { ofSource, type ReadContext } from './read-context.ts'
import type { SplitReader } from './split-reader.ts'

export async function openFileSource(context: SourceContext): Promise<Source> {
  const read = ofSource(context)
  const isFollowed = context.config['follow'] === true
  const isOrdered = context.config['order'] === 'event_time'
  if (isOrdered && isFollowed)
    throw conflict('`order` needs files that end, and `follow` never ends', 'leave out one of them')
  if (isOrdered && context.eventTime === null)
    throw conflict('`order: event_time` needs an `event_time`', 'name the field of event time')
  if (isFollowed) {
    const { FollowSource } = await import('./follow-source.ts')
    return new FollowSource(context, read)
  }
  const files = await filesOf(read)
  const own = files.filter((file) => context.owns(file.name))
  if (isOrdered) {
    const { OrderedSource } = await import('./ordered-source.ts')
    return new OrderedSource(read, own, `${String(context.config['path'])}#${context.subtask}`)
  }
  return new FileSource(read, own)
}

/** All files of the path; none is an error. */
export async function filesOf(context: ReadContext): Promise<ListedFile[]> {
  const path = String(context.config['path'])
  const files = await listFiles({ disk: context.disk, baseDirectory: context.baseDirectory, path })
  if (files.length > 0) return files
  throw new StreamError('FILE_NOT_FOUND', `no file matches ${path}`, {
    fix: 'check the pattern; it starts at the directory of the pipeline file',
  })
}

export class FileSource implements Source {
  readonly #context: ReadContext
  readonly #files: readonly ListedFile[]
  #next = 0
  #open: { readonly name: string; readonly reader: SplitReader } | null = null
  #doneBytes = 0

  constructor(context: ReadContext, files: readonly ListedFile[]) {
    this.#context = context
    this.#files = files
  }

  async read(): Promise<SourceRead> {
    if (this.#open === null) {
      const file = this.#files[this.#next]
      if (file === undefined) return { kind: 'end' }
      this.#open = { name: file.name, reader: await openSplit(this.#context, file) }
      this.#next++
    }
    const { name, reader } = this.#open
    const batch = await reader.read()
    if (batch !== null) return { kind: 'batch', split: name, batch }
    this.#open = null
    this.#doneBytes += this.#files[this.#next - 1]?.entry.bytes ?? 0
    await reader.close()
    return { kind: 'split-end', split: name }
  }

  hasUnopenedSplits(): boolean {
    return this.#next < this.#files.length
  }

  progress(): { done: number; total: number; unit: 'bytes' } {
    const total = this.#files.reduce((sum, file) => sum + file.entry.bytes, 0)
    const done = this.#doneBytes + (this.#open?.reader.position ?? 0)
    return { done: Math.min(done, total), total, unit: 'bytes' }
  }

  async close(): Promise<void> {
    const open = this.#open
    this.#open = null
    await open?.reader.close()
  }
}
