/**
 * Fills expected rows into the text of a test file (`--update`), touching nothing else: comments,
 * order and spelling of the author stay.
 */
import { stringify } from 'yaml'
import { assert } from '../base/assert.ts'
import type { SpecPath } from '../base/diagnostics.ts'
import { parseFile } from './reader/read-file.ts'
import type { SourceText } from './yaml/source-text.ts'
import { nodeAt } from './yaml/yaml-tree.ts'
import type { YamlNode } from './yaml/yaml-tree.ts'

type Row = Readonly<Record<string, unknown>>

export interface ExpectationEdit {
  /** Of an expected stream, or of a whole `expect: "?"`. */
  readonly path: SpecPath
  readonly rows: readonly Row[] | Readonly<Record<string, readonly Row[]>>
}

export function updateExpectations(text: string, edits: readonly ExpectationEdit[]): string {
  const { source, root } = parseFile('', text)
  const placed = edits.flatMap((edit) => {
    const node = nodeAt(root, edit.path)
    return node === null || node.source !== source ? [] : [{ edit, node }]
  })
  assert(placed.length === edits.length, 'every expectation stands in the text')
  let out = text
  for (const { edit, node } of placed.toSorted((a, b) => b.node.start - a.node.start)) {
    const filled = replacement(edit, node, source)
    const before = out.slice(0, node.start)
    const head = filled.startsWith('\n') ? before.trimEnd() : before
    out = head + filled + out.slice(endOf(node, source))
  }
  return out
}

function replacement(edit: ExpectationEdit, node: YamlNode, source: SourceText): string {
  const indent = indentAt(node.start, source)
  const isBlock = isInBlock(node, source)
  if (!isList(edit.rows)) {
    const entries = Object.entries(edit.rows)
    if (entries.length === 0) return '{}'
    if (!isBlock) {
      return `{ ${entries.map(([name, rows]) => `${name}: ${flowRows(rows)}`).join(', ')} }`
    }
    const inner = `${indent}  `
    return entries
      .map(([name, rows]) => `\n${inner}${name}:${spaced(blockRows(rows, `${inner}  `))}`)
      .join('')
  }
  return isBlock ? blockRows(edit.rows, `${indent}  `) : flowRows(edit.rows)
}

function isList(rows: ExpectationEdit['rows']): rows is readonly Row[] {
  return Array.isArray(rows)
}

function spaced(text: string): string {
  return text.startsWith('\n') ? text : ` ${text}`
}

function flowRows(rows: readonly Row[]): string {
  return rows.length === 0 ? '[]' : `[ ${rows.map(flow).join(', ')} ]`
}

function blockRows(rows: readonly Row[], indent: string): string {
  return rows.length === 0 ? '[]' : rows.map((row) => `\n${indent}- ${flow(row)}`).join('')
}

function flow(row: Row): string {
  return stringify(row, { collectionStyle: 'flow', lineWidth: 0, version: '1.2' }).trim()
}

/** Spaces before the key of the line. */
function indentAt(offset: number, source: SourceText): string {
  const line = source.lineText(source.lineIndexAt(offset))
  const marks = /^(\s*(?:-\s+)*)/.exec(line)?.[0] ?? ''
  return ' '.repeat(marks.length)
}

/** `key: value` alone in its line, outside of braces. */
function isInBlock(node: YamlNode, source: SourceText): boolean {
  const index = source.lineIndexAt(node.start)
  const before = source.text.slice(source.lineStart(index), node.start)
  const after = source.text.slice(
    endOf(node, source),
    source.lineEnd(source.lineIndexAt(endOf(node, source))),
  )
  return /^\s*(?:-\s+)*[\w."']+:\s*$/.test(before) && /^\s*(#.*)?$/.test(after)
}

function endOf(node: YamlNode, source: SourceText): number {
  const text = source.text.slice(node.start, node.end)
  return node.start + text.trimEnd().length
}
