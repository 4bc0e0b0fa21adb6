/**
 * Traps that the YAML parser takes for good YAML: the tree is legal, but is not what was meant.
 * A comma that cuts `decimal(12,2)` in `{ }`, a ` #` that cuts an expression.
 */
import type { Mistake } from './mistake.ts'
import type { MapEntry, ScalarNode, YamlNode } from './yaml-tree.ts'
import { outsideQuotes, quoted } from './syntax-traps.ts'

/** Reports traps; in the answer what they spoil is masked, so that nothing more is said of it. */
export function maskTreeTraps(root: YamlNode, mistakes: Mistake[]): YamlNode {
  return walk(root, null, mistakes)
}

function walk(node: YamlNode, key: string | null, mistakes: Mistake[]): YamlNode {
  const before = mistakes.length
  const masked = { kind: 'masked', source: node.source, start: node.start, end: node.end } as const
  if (node.kind === 'list') {
    if (isFlow(node)) commaInList(node.items, mistakes)
    if (mistakes.length > before) return masked
    return { ...node, items: node.items.map((item) => walk(item, key, mistakes)) }
  }
  if (node.kind === 'map') {
    if (isFlow(node)) commaInMap(node, mistakes)
    if (mistakes.length > before) return masked
    const entries = new Map<string, MapEntry>()
    for (const [name, entry] of node.entries) {
      entries.set(name, { ...entry, node: walk(entry.node, name, mistakes) })
    }
    return { ...node, entries }
  }
  if (node.kind === 'scalar') comment(node, key, mistakes)
  return mistakes.length > before ? masked : node
}

function isFlow(node: YamlNode): boolean {
  const first = node.source.text.charAt(node.start)
  return first === '{' || first === '['
}

/** `{ price: decimal(12,2) }` is the two keys `price` and `2)`. */
function commaInMap(node: YamlNode, mistakes: Mistake[]): void {
  if (node.kind !== 'map') return
  let open: { key: string; node: ScalarNode } | null = null
  for (const entry of node.entries.values()) {
    const isRest = open !== null && parens(entry.key) < 0
    if (open !== null && isRest) {
      commaMistake(open.key, open.node, entry.keyEnd, mistakes)
      open = null
    } else if (entry.node.kind === 'scalar' && isOpenPlain(entry.node)) {
      open = { key: entry.key, node: entry.node }
    }
  }
}

function commaInList(items: readonly YamlNode[], mistakes: Mistake[]): void {
  let open: ScalarNode | null = null
  for (const item of items) {
    if (item.kind !== 'scalar') continue
    if (open !== null && parens(item.text) < 0) {
      commaMistake(null, open, item.end, mistakes)
      open = null
    } else if (isOpenPlain(item)) open = item
  }
}

function commaMistake(
  key: string | null,
  node: ScalarNode,
  end: number,
  mistakes: Mistake[],
): void {
  const whole = node.source.text.slice(node.start, end)
  const fix = key === null ? quoted(whole) : `${key}: ${quoted(whole)}`
  const brackets = key === null ? '[ ]' : '{ }'
  mistakes.push({
    code: 'YAML_COMMA',
    source: node.source,
    start: node.start,
    end,
    message: `the comma in \`${whole}\` ends the value, since it stands inside \`${brackets}\``,
    fix: `quote it, \`${fix}\`, or write the block over several lines`,
  })
}

function isOpenPlain(node: ScalarNode): boolean {
  return node.range.style === 'plain' && parens(node.text) > 0
}

/** Opening minus closing parentheses. */
function parens(text: string): number {
  let depth = 0
  for (const char of outsideQuotes(text)) {
    if (char === '(') depth += 1
    if (char === ')') depth -= 1
  }
  return depth
}

/** `where: tag == "a #1"` is fine, `where: path == a #1` loses its end. */
function comment(node: ScalarNode, key: string | null, mistakes: Mistake[]): void {
  if (node.range.style !== 'plain' || node.end <= node.start) return
  const { source } = node
  const lineEnd = source.lineEnd(source.lineIndexAt(node.end))
  const rest = source.text.slice(node.end, lineEnd)
  const hash = /^\s+#/.exec(rest)
  if (hash === null) return
  const isContinued = CONTINUED.test(rest.slice(hash[0].length))
  if (!isContinued && !isCut(node.text)) return
  const start = node.end + hash[0].length - 1
  const whole = source.text.slice(node.start, lineEnd).trimEnd()
  mistakes.push({
    code: 'YAML_COMMENT',
    source,
    start,
    end: lineEnd,
    message: isContinued
      ? '` #` begins a comment, and what follows it reads like a part of the value'
      : '` #` begins a comment, and the value before it is not complete',
    cause: `YAML reads only \`${node.text}\``,
    fix: `quote the whole value: \`${key === null ? '-' : `${key}:`} ${quoted(whole)}\``,
  })
}

/** A comment that goes on as an expression would: `# && a == "x"`. */
const CONTINUED = /^\s*(?:&&|\|\||[=!<>]=|[<>*/%?]\s)\s*\S/

/** A quote, a parenthesis or an operator is open at the end. */
function isCut(text: string): boolean {
  if (parens(text) > 0 || /(?:[=<>+*/%]|&&|\|\|)\s*$/.test(text)) return true
  const doubles = text.split('"').length - 1
  return doubles % 2 === 1
}
