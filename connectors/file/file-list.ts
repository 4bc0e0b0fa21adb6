/**
 * Which files a path names: itself, or all that match its pattern (`*`, `?`, `[ab]`, `{a,b}` within
 * a name, `**` through folders), in the order of their names. Names that begin with a dot are left
 * out unless the pattern says the dot: files that are being written have such names.
 */
import { StreamError } from '../../shared/base/errors.ts'
import type { Disk, DiskEntry } from '../../shared/base/disk.ts'
import { absolutePath, isPattern } from './file-path.ts'

export interface ListedFile {
  /** As the author's path names it: the same on every machine, so it is the id of the split. */
  readonly name: string
  readonly entry: DiskEntry
}

export interface FileListOptions {
  readonly disk: Disk
  readonly baseDirectory: string
  readonly path: string
}

/** Empty when a pattern matches nothing; a plain path that is not there is an error. */
export async function listFiles(options: FileListOptions): Promise<ListedFile[]> {
  const { disk, path } = options
  const literal = await disk.stat(absolutePath(options.baseDirectory, path))
  if (literal !== null && literal.kind === 'file') return [{ name: path, entry: literal }]
  if (!isPattern(path)) throw notReadable(path, literal)
  const isAbsolute = path.startsWith('/')
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
  const found: ListedFile[] = []
  await walk({ options, segments, found }, isAbsolute ? '/' : '', 0)
  return found.toSorted((left, right) => (left.name < right.name ? -1 : 1))
}

function notReadable(path: string, entry: DiskEntry | null): StreamError {
  if (entry === null) {
    return new StreamError('FILE_NOT_FOUND', `there is no file ${path}`, {
      fix: 'check the path; it starts at the directory of the pipeline file',
    })
  }
  if (entry.kind === 'directory') {
    const folder = path.replace(/\/$/, '')
    return new StreamError('FILE_IS_DIRECTORY', `${path} is a directory, not a file`, {
      fix: `name the files in it, such as ${folder}/*.jsonl`,
    })
  }
  return new StreamError('FILE_FAILED', `${path} is neither a file nor a directory`, {
    fix: 'use the connector stdin for pipes',
  })
}

interface Walk {
  readonly options: FileListOptions
  readonly segments: readonly string[]
  readonly found: ListedFile[]
}

async function walk(state: Walk, folder: string, index: number): Promise<void> {
  const segment = state.segments[index]
  if (segment === undefined) return
  const isLast = index === state.segments.length - 1
  if (segment === '..') {
    await walk(state, `${folder}../`, index + 1)
    return
  }
  const { disk, baseDirectory } = state.options
  const directory = folder === '' ? baseDirectory || '.' : absolutePath(baseDirectory, folder)
  const entries = await listOrNothing(disk, directory)
  const isDeep = segment === '**'
  const matches = isDeep ? null : segmentExpression(segment)
  if (isDeep && !isLast) await walk(state, folder, index + 1)
  for (const entry of entries) {
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1)
    if (name.startsWith('.') && !segment.startsWith('.')) continue
    if (matches !== null && !matches.test(name)) continue
    if (entry.kind === 'directory') {
      if (isDeep) await walk(state, `${folder}${name}/`, index)
      else if (!isLast) await walk(state, `${folder}${name}/`, index + 1)
    } else if (isLast && entry.kind === 'file') {
      state.found.push({ name: `${folder}${name}`, entry })
    }
  }
}

async function listOrNothing(disk: Disk, directory: string): Promise<DiskEntry[]> {
  const entry = await disk.stat(directory)
  return entry?.kind === 'directory' ? disk.list(directory) : []
}

/** The names that one segment of a pattern matches. */
export function segmentExpression(segment: string): RegExp {
  let source = ''
  let depth = 0
  for (let at = 0; at < segment.length; at++) {
    const character = segment[at] ?? ''
    const close = segment.indexOf(']', at + 2)
    if (character === '*') source += '[^/]*'
    else if (character === '?') source += '[^/]'
    else if (character === '[' && close > 0) {
      const set = segment
        .slice(at + 1, close)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')
      source += `[${set.replaceAll('[', '\\[')}]`
      at = close
    } else if (character === '{') {
      source += '(?:'
      depth++
    } else if (character === '}' && depth > 0) {
      source += ')'
      depth--
    } else if (character === ',' && depth > 0) source += '|'
    else source += character.replace(/[\\^$.|+()[\]{}]/, '\\$&')
  }
  return new RegExp(`^${source}${')'.repeat(depth)}$`)
}
