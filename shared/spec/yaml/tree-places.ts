/**
 * Places over the YAML tree: a path of the specification becomes file, line and column.
 *
 * Owns: the tree it was given and the pinned places of mistakes that have no path (syntax).
 * A path that leads past what is written (a key that is missing) stands for the deepest part that is.
 */
import type { Place, Places, SpecPath } from '../../base/diagnostics.ts'
import type { Mistake } from './mistake.ts'
import { locateSpan } from './scalar-offsets.ts'
import type { SourceText } from './source-text.ts'
import type { MapEntry, YamlNode } from './yaml-tree.ts'

/** First segment of paths that lead to a pinned place; no key of a pipeline is empty. */
const PIN = ''

interface Pin {
  readonly source: SourceText
  readonly start: number
  readonly end: number
}

interface Found {
  readonly node: YamlNode
  readonly entry: MapEntry | null
  readonly isWhole: boolean
}

export class TreePlaces implements Places {
  readonly #fallback: SourceText
  #root: YamlNode | null = null
  readonly #pins: Pin[] = []

  constructor(fallback: SourceText) {
    this.#fallback = fallback
  }

  useTree(root: YamlNode | null): void {
    this.#root = root
  }

  /** A path under which a mistake of the text can be reported like any other. */
  pin(mistake: Pick<Mistake, 'source' | 'start' | 'end'>): SpecPath {
    this.#pins.push({ source: mistake.source, start: mistake.start, end: mistake.end })
    return [PIN, this.#pins.length - 1]
  }

  locate(
    path: SpecPath,
    options: { onKey?: boolean; span?: { start: number; end: number } } = {},
  ): Place {
    const pin = path[0] === PIN ? this.#pins[Number(path[1])] : undefined
    if (pin !== undefined) return placeOf(pin.source, pin.start, pin.end)
    const found = this.#find(path)
    if (found === null) return placeOf(this.#fallback, this.#fallback.lineStart(0), 0)
    const { node, entry } = found
    const { span } = options
    if (entry !== null && (options.onKey === true || !found.isWhole || isBlock(node))) {
      return placeOf(entry.source, entry.keyStart, entry.keyEnd)
    }
    if (node.kind !== 'scalar' || span === undefined) {
      return placeOf(node.source, node.start, node.end)
    }
    const at = this.#spanOf(node, span)
    return placeOf(node.source, at.start, at.end)
  }

  #find(path: SpecPath): Found | null {
    let node = this.#root
    let entry: MapEntry | null = null
    for (const key of path) {
      if (node?.kind === 'map') {
        const next: MapEntry | undefined = node.entries.get(String(key))
        if (next === undefined) return { node, entry, isWhole: false }
        entry = next
        node = next.node
      } else if (node?.kind === 'list') {
        const item: YamlNode | undefined = typeof key === 'number' ? node.items[key] : undefined
        if (item === undefined) return { node, entry, isWhole: false }
        entry = null
        node = item
      } else break
    }
    return node === null ? null : { node, entry, isWhole: true }
  }

  /** A text with `${…}` put in has other offsets than the file: then the whole value is meant. */
  #spanOf(
    node: YamlNode & { kind: 'scalar' },
    span: { start: number; end: number },
  ): { start: number; end: number } {
    if (node.isPutIn === true) return { start: node.start, end: node.end }
    return locateSpan(node.source.text, node.text, node.range, span)
  }
}

/** A block of several lines is underlined at its key, not at its first entry. */
function isBlock(node: YamlNode): boolean {
  if (node.kind !== 'map' && node.kind !== 'list') return false
  const first = node.source.text.charAt(node.start)
  return first !== '{' && first !== '['
}

function placeOf(source: SourceText, start: number, end: number): Place {
  const lineIndex = source.lineIndexAt(start)
  const { line, column } = source.position(start)
  const width = source.width(start, end)
  return { file: source.file, line, column, width, text: source.lineText(lineIndex) }
}
