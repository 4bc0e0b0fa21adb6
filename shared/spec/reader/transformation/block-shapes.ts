/**
 * Shapes that people write for windows and joins by habit, answered as a whole: `window: tumbling
 * 1 hour`, `window: { tumbling: 1_minute }`, a join without a name for its right side.
 */
import type { SpecPath } from '../../../base/diagnostics.ts'
import { childOf, entriesOf } from '../../yaml/yaml-tree.ts'
import type { MapNode, YamlNode } from '../../yaml/yaml-tree.ts'
import type { ReadContext } from '../read-context.ts'

const WINDOW_LENGTHS: Readonly<Record<string, string>> = {
  tumbling: 'size',
  sliding: 'size',
  cumulate: 'size',
  session: 'gap',
  count: 'size',
  rolling: 'size',
}

/** False when the block cannot be read further. */
export function checkShapes(node: MapNode, path: SpecPath, context: ReadContext): boolean {
  const found = [
    windowShape(childOf(node, 'window'), [...path, 'window'], context),
    aliasShape('join', node, path, context),
    aliasShape('lookup', node, path, context),
  ]
  if (found.every((one) => one)) return true
  context.breakBlock(path)
  return false
}

function windowShape(node: YamlNode | null, path: SpecPath, context: ReadContext): boolean {
  const sketch = windowSketch(node)
  if (sketch === null) return true
  const key = WINDOW_LENGTHS[sketch.type] ?? 'size'
  const message = 'a window names its type and its length by keys'
  context.diagnostics.error('VALUE_INVALID', path, message, {
    fix: `write \`window: { type: ${sketch.type}, ${key}: ${sketch.length} }\``,
  })
  return false
}

function windowSketch(node: YamlNode | null): { type: string; length: string } | null {
  if (node?.kind === 'scalar') {
    const [type = '', ...rest] = node.text.split(/\s+/)
    const length = rest.length === 0 ? '1 hour' : rest.join(' ')
    return Object.hasOwn(WINDOW_LENGTHS, type) ? { type, length } : null
  }
  if (childOf(node, 'type') !== null) return null
  const entry = entriesOf(node).find((one) => Object.hasOwn(WINDOW_LENGTHS, one.key))
  if (entry === undefined) return null
  const length = entry.node.kind === 'scalar' ? entry.node.text.replaceAll('_', ' ') : '…'
  return { type: entry.key, length }
}

/** `join: { from: payments, on: … }`: what is joined needs a name. */
function aliasShape(
  key: 'join' | 'lookup',
  block: MapNode,
  ...[path, context]: [SpecPath, ReadContext]
): boolean {
  const from = childOf(childOf(block, key), 'from')
  if (from?.kind !== 'scalar') return true
  const alias = from.text.replace(/ies$/, 'y').replace(/s$/, '')
  const at = [...path, key]
  const message = `\`${key}\` gives what it finds no name`
  context.diagnostics.error('VALUE_INVALID', at, message, {
    onKey: true,
    cause: 'its fields are reached by a name of your choice: `name.field`',
    fix: `write \`${key}: { ${alias}: { from: ${from.text}, on: … } }\``,
  })
  return false
}
