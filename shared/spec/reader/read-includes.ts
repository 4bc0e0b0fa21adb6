/**
 * `include:` brings schemas, connections, tables, params, functions and defaults of other files
 * into the tree. What comes from there keeps its file and place. Paths start from the file that
 * includes; a file is read once, however often it is named.
 */
import { dirname, isAbsolute, join, normalize } from 'node:path/posix'
import type { SpecPath } from '../../base/diagnostics.ts'
import { INCLUDE_KEYS } from '../form/block-forms.ts'
import { itemsOf } from '../yaml/yaml-tree.ts'
import type { MapEntry, MapNode, YamlNode } from '../yaml/yaml-tree.ts'
import type { ReadContext } from './read-context.ts'
import { parseFile, textOf } from './read-file.ts'

const INCLUDES_MAX = 100

interface Included {
  readonly context: ReadContext
  /** Files read, so that each is merged once. */
  readonly seen: Set<string>
  /** Top-level keys of the merged tree. */
  readonly groups: Map<string, MapEntry>
}

export async function mergeIncludes(root: MapNode, context: ReadContext): Promise<MapNode> {
  const include = root.entries.get('include')
  if (include === undefined) return root
  const path = normalize(context.options.path)
  const into = { context, seen: new Set([path]), groups: new Map(root.entries) }
  await includeAll(include, [path], into)
  return { ...root, entries: into.groups }
}

/** `chain` is the way of files that led here, the including one last. */
async function includeAll(
  include: MapEntry,
  chain: readonly string[],
  into: Included,
): Promise<void> {
  const listed = include.node.kind === 'list' ? itemsOf(include.node) : [include.node]
  for (const node of listed) {
    if (node.kind === 'masked') continue
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '') {
      const said = { fix: 'write `include: ./shared.yaml`, or a list of paths' }
      const message = '`include` takes a path or a list of paths'
      into.context.diagnostics.error('VALUE_INVALID', pinned(node, into), message, said)
      continue
    }
    await includeOne(node, resolvePath(chain.at(-1) ?? '', node.value), chain, into)
  }
}

async function includeOne(
  node: YamlNode,
  path: string,
  ...[chain, into]: [readonly string[], Included]
): Promise<void> {
  const { diagnostics, options, places } = into.context
  if (chain.includes(path)) {
    const way = [...chain.slice(chain.indexOf(path)), path].join(' → ')
    const fix = 'move what both need into a third file'
    diagnostics.error('INCLUDE_CYCLE', pinned(node, into), `${path} includes itself`, {
      cause: way,
      fix,
    })
    return
  }
  if (into.seen.has(path)) return
  if (into.seen.size > INCLUDES_MAX) return
  into.seen.add(path)
  const read = textOf(path, await options.readFile(path))
  if (read.problem !== null) {
    const { code, message, ...more } = read.problem
    diagnostics.error(code, pinned(node, into), message, more)
    return
  }
  const file = parseFile(path, read.text)
  for (const { code, message, cause, fix, ...where } of file.mistakes) {
    const more = {
      ...(cause === undefined ? {} : { cause }),
      ...(fix === undefined ? {} : { fix }),
    }
    diagnostics.error(code, places.pin(where), message, more)
  }
  if (file.root === null) return
  if (file.root.kind !== 'map') {
    const isEmpty = file.root.kind === 'scalar' && file.root.value === null
    const message = isEmpty ? `${path} is empty` : `${path} is not a mapping of blocks`
    const code = isEmpty ? 'FILE_EMPTY' : 'INCLUDE_REFUSED'
    diagnostics.error(code, pinned(node, into), message, {
      fix: `write ${INCLUDE_KEYS.join(', ')}`,
    })
    return
  }
  await mergeFile(file.root, [...chain, path], into)
}

async function mergeFile(root: MapNode, chain: readonly string[], into: Included): Promise<void> {
  for (const entry of root.entries.values()) {
    if (entry.key === 'include') await includeAll(entry, chain, into)
    else if (INCLUDE_KEYS.some((key) => key === entry.key)) mergeGroup(entry, into)
    else {
      const at = into.context.places.pin(keyRange(entry))
      const message = `an included file cannot bring \`${entry.key}\``
      into.context.diagnostics.error('INCLUDE_REFUSED', at, message, {
        cause: `it may bring ${INCLUDE_KEYS.join(', ')}`,
        fix: 'move it into the pipeline file',
      })
    }
  }
}

function mergeGroup(entry: MapEntry, into: Included): void {
  const own = into.groups.get(entry.key)
  if (own === undefined || own.node.kind !== 'map' || entry.node.kind !== 'map') {
    if (own === undefined) into.groups.set(entry.key, entry)
    return
  }
  const entries = new Map(own.node.entries)
  for (const [name, one] of entry.node.entries) {
    const before = entries.get(name)
    if (before === undefined) entries.set(name, one)
    else if (entry.key !== 'defaults') reportTwice(one, before, into)
  }
  into.groups.set(entry.key, { ...own, node: { ...own.node, entries } })
}

function reportTwice(one: MapEntry, before: MapEntry, into: Included): void {
  const first = before.source.position(before.keyStart)
  const at = into.context.places.pin(keyRange(one))
  into.context.diagnostics.error('NAME_TWICE', at, `\`${one.key}\` is already there`, {
    cause: `it stands in ${before.source.file}:${first.line}`,
    fix: 'rename one, or remove it',
  })
}

function keyRange(entry: MapEntry) {
  return { source: entry.source, start: entry.keyStart, end: entry.keyEnd }
}

function pinned(node: YamlNode, into: Included): SpecPath {
  return into.context.places.pin(node)
}

/** Relative paths start from the folder of the file they stand in. */
export function resolvePath(from: string, path: string): string {
  return isAbsolute(path) ? normalize(path) : join(dirname(from), path)
}
