/**
 * The pipeline file as a tree in which every key and value knows where it stands.
 *
 * Aliases are replaced by what they name, included files are merged in; a node keeps the file it
 * was written in. What follows (forms, specification, tests) reads this tree only.
 */
import type { SpecPath } from '../../base/diagnostics.ts'
import type { ScalarRange } from './scalar-offsets.ts'
import type { SourceText } from './source-text.ts'

interface NodeBase {
  readonly source: SourceText
  readonly start: number
  readonly end: number
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** As written for plain scalars (`1.50`, `true`), else the value. */
  readonly text: string
  readonly range: ScalarRange
  /** `${…}` was put in, so that offsets of the text are not those of the file. */
  readonly isPutIn?: true
}

export interface MapEntry {
  readonly key: string
  readonly source: SourceText
  readonly keyStart: number
  readonly keyEnd: number
  readonly node: YamlNode
}

export interface MapNode extends NodeBase {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, MapEntry>
}

export interface ListNode extends NodeBase {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
}

/** Stands where a mistake was already reported: nothing more is said about it. */
export interface MaskedNode extends NodeBase {
  readonly kind: 'masked'
}

export type YamlNode = ScalarNode | MapNode | ListNode | MaskedNode

export function childOf(node: YamlNode | null, key: string | number): YamlNode | null {
  if (node?.kind === 'map') return node.entries.get(String(key))?.node ?? null
  if (node?.kind === 'list' && typeof key === 'number') return node.items[key] ?? null
  return null
}

export function nodeAt(root: YamlNode | null, path: SpecPath): YamlNode | null {
  let node = root
  for (const key of path) node = childOf(node, key)
  return node
}

/** Whether the path leads into, or through, something that was already reported. */
export function isMasked(root: YamlNode | null, path: SpecPath): boolean {
  let node = root
  for (const key of path) {
    if (node?.kind === 'masked') return true
    node = childOf(node, key)
  }
  return node !== null && holdsMask(node)
}

function holdsMask(node: YamlNode): boolean {
  if (node.kind === 'masked') return true
  if (node.kind === 'list') return node.items.some(holdsMask)
  if (node.kind === 'map') return [...node.entries.values()].some((entry) => holdsMask(entry.node))
  return false
}

export function entriesOf(node: YamlNode | null): readonly MapEntry[] {
  return node?.kind === 'map' ? [...node.entries.values()] : []
}

export function itemsOf(node: YamlNode | null): readonly YamlNode[] {
  return node?.kind === 'list' ? node.items : []
}

/** Plain JavaScript values; what is masked is left out. Keys like `__proto__` never get here. */
export function plainOf(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.filter((item) => item.kind !== 'masked').map(plainOf)
  if (node.kind === 'masked') return undefined
  const plain: Record<string, unknown> = {}
  for (const entry of node.entries.values()) {
    if (entry.node.kind !== 'masked') plain[entry.key] = plainOf(entry.node)
  }
  return plain
}
