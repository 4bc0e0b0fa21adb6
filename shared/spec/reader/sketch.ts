/**
 * Recognises a sketch of an architecture, such as `sources: [{clicks: Kafka}]`, and says what it
 * lacks to be a pipeline. Such a file has one mistake, not thirty.
 */
import type { ReadContext } from './read-context.ts'
import { childOf, entriesOf, itemsOf } from '../yaml/yaml-tree.ts'
import type { MapNode, YamlNode } from '../yaml/yaml-tree.ts'

const GROUPS = ['sources', 'transformations', 'windows', 'sinks']

/** Whether it is one; then it has been reported. */
export function reportSketch(root: MapNode, context: ReadContext): boolean {
  const found = GROUPS.filter((group) => isSketched(group, childOf(root, group)))
  if (found.length === 0) return false
  for (const group of found) reportGroup(group, root, context)
  return true
}

/** A list of words or of one-word mappings. A list of whole blocks is a mistake of form. */
function isSketched(group: string, node: YamlNode | null): boolean {
  if (node === null) return false
  if (group === 'windows') return true
  if (node.kind !== 'list' || node.items.length === 0) return false
  return node.items.every((item) => {
    const entries = entriesOf(item)
    const isWord = item.kind === 'scalar'
    return isWord || (entries.length >= 1 && entries.every((entry) => entry.node.kind === 'scalar'))
  })
}

function reportGroup(group: string, root: MapNode, context: ReadContext): void {
  const node = childOf(root, group)
  const message = `\`${group}\` is a sketch: it names things, but says too little to run them`
  context.diagnostics.error('PIPELINE_SKETCH', [group], message, {
    onKey: true,
    cause: MISSING[group] ?? '',
    fix: fixOf(group, node),
  })
}

const MISSING: Readonly<Record<string, string>> = {
  sources:
    'a source needs its name as a key, `connector`, the settings of it (topic, path, table), `schema` and `event_time`',
  transformations:
    'a transformation needs its name as a key, `from`, and what it does: `where`, `set`, `key_by`, `aggregate` …',
  windows: 'a window stands in the transformation it belongs to, with `key_by` and `aggregate`',
  sinks: 'a sink needs its name as a key, `from`, `connector` and the settings of it',
}

function fixOf(group: string, node: YamlNode | null): string {
  const [name, word] = firstWords(node)
  const connector = word === name ? '…' : word.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')
  if (group === 'sources') {
    return `sources: { ${name}: { connector: ${connector}, schema: …, event_time: … } }`
  }
  if (group === 'sinks') return `sinks: { ${name}: { from: …, connector: ${connector} } }`
  if (group === 'windows') return `window: { type: ${name}, size: ${word.replaceAll('_', ' ')} }`
  return `transformations: { ${name}: { from: …, where: … } }`
}

function firstWords(node: YamlNode | null): [string, string] {
  const first = itemsOf(node)[0] ?? node
  if (first?.kind === 'scalar') return [first.text, first.text]
  const entry = entriesOf(first)[0]
  const value = entry?.node.kind === 'scalar' ? entry.node.text : ''
  return [entry?.key ?? 'name', value]
}
