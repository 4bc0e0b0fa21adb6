/** Which parts of a file get their `${…}` put in when it is read (see substitute-references.ts). */
import type { MapEntry, MapNode } from '../yaml/yaml-tree.ts'
import type { ReadContext } from './read-context.ts'
import { substituteReferences } from './substitute-references.ts'

/** Sources, tables and sinks are done key by key, environments and tests when they are used. */
const GROUPS = new Set([
  'pipeline',
  'description',
  'defaults',
  'schemas',
  'functions',
  'transformations',
  'alerts',
  'freshness',
  'schedule',
  'stream_processing',
])

export function substitutedTree(root: MapNode, context: ReadContext): MapNode {
  const entries = new Map<string, MapEntry>()
  for (const [key, entry] of root.entries) {
    const node = GROUPS.has(key) ? substituteReferences(entry.node, [key], context) : entry.node
    entries.set(key, { ...entry, node })
  }
  return { ...root, entries }
}
