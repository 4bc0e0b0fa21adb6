/**
 * From the document of the YAML library to the positioned tree. Finds what the library lets pass:
 * keys that stand twice, merge keys, keys that JavaScript gives a meaning, too many aliases, too
 * much depth, tags.
 */
import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Alias, Document, Pair, Scalar, YAMLMap } from 'yaml'
import { YAML_ALIASES_MAX, YAML_DEPTH_MAX } from '../../base/limits.ts'
import type { ErrorCode } from '../../base/errors.ts'
import type { Mistake, MistakeDetails } from './mistake.ts'
import type { ScalarRange, ScalarStyle } from './scalar-offsets.ts'
import type { SourceText } from './source-text.ts'
import type { MapEntry, ScalarNode, YamlNode } from './yaml-tree.ts'

/** Fills a value that was already reported; of the private use area, so that no author writes it. */
export const MASK = '\uF8FF'

const REFUSED_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

export interface BuiltTree {
  readonly root: YamlNode | null
  readonly mistakes: readonly Mistake[]
}

export function buildTree(document: Document, source: SourceText): BuiltTree {
  const builder = new TreeBuilder(document, source)
  const root = builder.build(document.contents, 0)
  return { root, mistakes: builder.mistakes }
}

/** Owns: mistakes found, aliases followed. */
class TreeBuilder {
  readonly mistakes: Mistake[] = []
  readonly #document: Document
  readonly #source: SourceText
  #aliasCount = 0
  #isTooDeepReported = false

  constructor(document: Document, source: SourceText) {
    this.#document = document
    this.#source = source
  }

  build(node: unknown, depth: number): YamlNode {
    const range = rangeOf(node)
    if (depth > YAML_DEPTH_MAX) return this.#tooDeep(range)
    if (isAlias(node)) return this.#alias(node, depth)
    if (isMap(node)) return this.#map(node, depth)
    if (isSeq(node)) {
      const items = node.items.map((item) => this.build(item, depth + 1))
      return { kind: 'list', source: this.#source, ...range, items }
    }
    if (isScalar(node)) return this.#scalar(node)
    const plain: ScalarRange = { style: 'plain', ...range }
    return { kind: 'scalar', source: this.#source, ...range, value: null, text: '', range: plain }
  }

  #map(map: YAMLMap, depth: number): YamlNode {
    const entries = new Map<string, MapEntry>()
    const range = rangeOf(map)
    const isMerged = map.items.some((pair) => isScalar(pair.key) && pair.key.value === '<<')
    for (const pair of map.items) {
      const key = this.#key(pair, depth)
      if (key === null) continue
      const node =
        pair.value === null
          ? this.#nothing(key.keyEnd)
          : this.#masked(this.build(pair.value, depth + 1))
      const before = entries.get(key.key)
      if (before === undefined) entries.set(key.key, { ...key, source: this.#source, node })
      else this.#duplicate(key, before)
    }
    // What a merge key would have brought is not missing as well.
    if (isMerged) return { kind: 'masked', source: this.#source, ...range }
    return { kind: 'map', source: this.#source, ...range, entries }
  }

  #masked(node: YamlNode): YamlNode {
    const isMask = node.kind === 'scalar' && node.text.startsWith(MASK)
    return isMask ? { kind: 'masked', source: node.source, start: node.start, end: node.end } : node
  }

  #nothing(at: number): ScalarNode {
    const range = { style: 'plain', start: at, end: at } as const
    return {
      kind: 'scalar',
      source: this.#source,
      start: at,
      end: at,
      value: null,
      text: '',
      range,
    }
  }

  #key(pair: Pair, depth: number): { key: string; keyStart: number; keyEnd: number } | null {
    const { start, end } = rangeOf(pair.key)
    if (isMap(pair.key) || isSeq(pair.key)) {
      this.#mistake('YAML_KEY_REFUSED', start, end, 'a key is one word, not a list or a mapping', {
        fix: 'quote the value if braces or brackets belong to it',
      })
      this.build(pair.key, depth + 1)
      return null
    }
    const key = isScalar(pair.key) ? keyText(pair.key) : ''
    if (isAlias(pair.key)) {
      this.#mistake('YAML_ANCHOR', start, end, 'an alias cannot be a key', { fix: 'write the key' })
      return null
    }
    if (key === '<<') {
      this.#mistake(
        'YAML_MERGE_KEY',
        start,
        end,
        '`<<` merges nothing: pipeline files are YAML 1.2',
        {
          fix: 'write the keys out, put shared ones into `defaults`, or use an alias for a whole value',
        },
      )
      return null
    }
    if (REFUSED_KEYS.has(key)) {
      this.#mistake('YAML_KEY_REFUSED', start, end, `\`${key}\` cannot be a name here`, {
        cause: 'JavaScript gives this name a meaning of its own',
        fix: 'choose another name',
      })
      return null
    }
    return { key, keyStart: start, keyEnd: end }
  }

  #duplicate(key: { key: string; keyStart: number; keyEnd: number }, before: MapEntry): void {
    const first = this.#source.position(before.keyStart)
    const message = `\`${key.key}\` stands twice`
    this.#mistake('YAML_DUPLICATE_KEY', key.keyStart, key.keyEnd, message, {
      cause: `the first one is in line ${first.line}`,
      fix: 'remove one, or give it another name',
    })
  }

  #alias(alias: Alias, depth: number): YamlNode {
    const { start, end } = rangeOf(alias)
    this.#aliasCount += 1
    const masked = { kind: 'masked', source: this.#source, start, end } as const
    if (this.#aliasCount > YAML_ALIASES_MAX) {
      if (this.#aliasCount > YAML_ALIASES_MAX + 1) return masked
      const message = `more than ${YAML_ALIASES_MAX} aliases, counting those inside what they name`
      this.#mistake('YAML_ANCHOR', start, end, message, {
        fix: 'write the values out, or make the pipeline in TypeScript',
      })
      return masked
    }
    const target = alias.resolve(this.#document)
    if (target !== undefined) return this.build(target, depth + 1)
    const message = `\`*${alias.source}\` is a YAML alias, and no \`&${alias.source}\` stands before it`
    this.#mistake('YAML_ANCHOR', start, end, message, {
      fix: `if the star belongs to the value, quote it: "*${alias.source}"`,
    })
    return masked
  }

  #scalar(scalar: Scalar): YamlNode {
    const { start, end } = rangeOf(scalar)
    const base = { source: this.#source, start, end }
    const range = this.#contentRange(scalar, start, end)
    const isPlain = range.style === 'plain'
    const raw: unknown = scalar.value
    const written = scalar.source ?? ''
    const isKnown = typeof raw === 'number' || typeof raw === 'boolean' || raw === null
    const value = typeof raw === 'string' || isKnown ? raw : written
    return { kind: 'scalar', ...base, value, text: isPlain ? written : String(value), range }
  }

  #contentRange(scalar: Scalar, start: number, end: number): ScalarRange {
    if (scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE') {
      const style: ScalarStyle = scalar.type === 'QUOTE_DOUBLE' ? 'double' : 'single'
      return { style, start: start + 1, end: Math.max(start + 1, end - 1) }
    }
    if (scalar.type !== 'BLOCK_LITERAL' && scalar.type !== 'BLOCK_FOLDED') {
      return { style: 'plain', start, end }
    }
    const header = this.#source.lineEnd(this.#source.lineIndexAt(start))
    return { style: 'block', start: Math.min(header, end), end }
  }

  #tooDeep(range: { start: number; end: number }): YamlNode {
    if (!this.#isTooDeepReported) {
      this.#isTooDeepReported = true
      const message = `nested deeper than ${YAML_DEPTH_MAX} levels`
      const end = range.start + 1
      this.#mistake('YAML_TOO_DEEP', range.start, end, message, { fix: 'flatten the file' })
    }
    return { kind: 'masked', source: this.#source, ...range }
  }

  #mistake(
    code: ErrorCode,
    start: number,
    ...[end, message, details]: [number, string, MistakeDetails]
  ): void {
    this.mistakes.push({ code, source: this.#source, start, end, message, ...details })
  }
}

/** `1:` and `true:` are keys by what is written. */
function keyText(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value))
}

function rangeOf(node: unknown): { start: number; end: number } {
  const range = isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? node.range : null
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 }
}
