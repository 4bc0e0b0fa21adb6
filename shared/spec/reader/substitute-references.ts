/**
 * Puts `${…}` into the parts of a file that belong to the language (names, expressions, windows).
 *
 * Settings of connectors and connections keep their references: they are resolved when a run needs
 * them, so that a check needs no secrets. Secrets may stand nowhere else.
 */
import type { SpecPath } from '../../base/diagnostics.ts'
import { hasReference, splitReferences, wholeReference } from '../reference-text.ts'
import type { Reference } from '../reference-text.ts'
import { missingReference } from '../resolve-references.ts'
import type { MapEntry, ScalarNode, YamlNode } from '../yaml/yaml-tree.ts'
import type { ReadContext } from './read-context.ts'

/** The tree with values put in; problems are reported at `path`. */
export function substituteReferences(
  node: YamlNode,
  path: SpecPath,
  context: ReadContext,
): YamlNode {
  if (node.kind === 'scalar') return substituteScalar(node, path, context)
  if (node.kind === 'masked') return node
  if (node.kind === 'list') {
    const items = node.items.map((item, index) =>
      substituteReferences(item, [...path, index], context),
    )
    return { ...node, items }
  }
  const entries = new Map<string, MapEntry>()
  for (const [key, entry] of node.entries) {
    const value = substituteReferences(entry.node, [...path, key], context)
    entries.set(key, { ...entry, node: value })
  }
  return { ...node, entries }
}

function substituteScalar(node: ScalarNode, path: SpecPath, context: ReadContext): YamlNode {
  if (typeof node.value !== 'string' || !hasReference(node.value)) return node
  let isWhole = wholeReference(node.value) !== null
  const texts: string[] = []
  for (const part of splitReferences(node.value)) {
    if ('text' in part) texts.push(part.text)
    else if ('problem' in part) {
      const span = { start: part.start, end: part.end }
      context.diagnostics.error('REFERENCE_INVALID', path, part.problem, { fix: part.fix, span })
      return masked(node)
    } else {
      const value = valueOf(part.reference, path, context)
      if (value === null) return masked(node)
      texts.push(value)
      isWhole = isWhole && value !== ''
    }
  }
  const text = texts.join('')
  return { ...node, value: isWhole ? typedScalar(text) : text, text, isPutIn: true }
}

function masked(node: ScalarNode): YamlNode {
  return { kind: 'masked', source: node.source, start: node.start, end: node.end }
}

function valueOf(reference: Reference, path: SpecPath, context: ReadContext): string | null {
  const { diagnostics, options } = context
  if (reference.kind === 'secret') {
    const message = `the secret \`${reference.name}\` stands outside the settings of a connector`
    diagnostics.error('REFERENCE_INVALID', path, message, {
      cause: 'secrets are never put into names, expressions or the plan',
      fix: 'use it in the settings of a source, table, sink or connection',
    })
    return null
  }
  const values = reference.kind === 'param' ? context.params : options.env
  const found = Object.hasOwn(values, reference.name) ? values[reference.name] : undefined
  if (found !== undefined && found !== '') {
    return typeof found === 'string' ? found : JSON.stringify(found)
  }
  if (reference.kind === 'env' && reference.fallback !== null) return reference.fallback
  if (found === '') return ''
  const { message, fix } = missingReference(reference)
  diagnostics.error('REFERENCE_MISSING', path, message, { fix })
  return null
}

/** A value that is one whole reference is what the same text would be without quotes. */
function typedScalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text
}

/** In settings of connectors: only the form of references, and that parameters exist. */
export function checkReferences(node: YamlNode, path: SpecPath, context: ReadContext): void {
  if (node.kind === 'list') {
    node.items.forEach((item, index) => checkReferences(item, [...path, index], context))
  }
  if (node.kind === 'map') {
    for (const [key, entry] of node.entries) checkReferences(entry.node, [...path, key], context)
  }
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return
  for (const part of splitReferences(node.value)) {
    if ('problem' in part) {
      const span = { start: part.start, end: part.end }
      context.diagnostics.error('REFERENCE_INVALID', path, part.problem, { fix: part.fix, span })
      context.breakBlock(path)
    } else if ('reference' in part && part.reference.kind === 'param') {
      const { name } = part.reference
      if (Object.hasOwn(context.params, name)) continue
      const { message, fix } = missingReference(part.reference)
      const span = { start: part.start, end: part.end }
      context.diagnostics.error('REFERENCE_MISSING', path, message, { fix, span })
      context.breakBlock(path)
    }
  }
}
