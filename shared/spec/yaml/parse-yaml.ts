/**
 * From YAML text to the positioned tree, with every syntax mistake and not only the first.
 *
 * The parser gives up at its first error in a value. So the value is reported, covered with a mask
 * of equal length (no offset moves), and the text is parsed again; nothing more is said about what
 * is masked. Bounded in rounds and work.
 */
import { parseDocument } from 'yaml'
import type { YAMLError } from 'yaml'
import { YAML_DEPTH_MAX } from '../../base/limits.ts'
import { buildTree, MASK } from './build-tree.ts'
import type { Mistake } from './mistake.ts'
import type { SourceText } from './source-text.ts'
import { recogniseTrap } from './syntax-traps.ts'
import type { Trap, TrapLine } from './syntax-traps.ts'
import { maskTreeTraps } from './tree-traps.ts'
import type { YamlNode } from './yaml-tree.ts'

const ROUNDS_MAX = 40
/** Characters parsed in all rounds together. */
const WORK_MAX = 400_000

export interface ParsedYaml {
  /** Null: nothing can be said about the content. */
  readonly root: YamlNode | null
  readonly mistakes: readonly Mistake[]
}

export function parseYaml(source: SourceText): ParsedYaml {
  const tooDeep = findDepth(source)
  if (tooDeep !== null) return { root: null, mistakes: [tooDeep] }
  const mistakes: Mistake[] = []
  const rounds = Math.max(1, Math.min(ROUNDS_MAX, Math.floor(WORK_MAX / source.text.length)))
  let text = source.text
  let silentFrom = -1
  let hasTabs = false
  for (let round = 0; round <= rounds; round += 1) {
    const document = parseDocument(text, {
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    })
    const error = firstError([...document.errors, ...document.warnings])
    if (error === null) {
      const built = buildTree(document, source)
      mistakes.push(...built.mistakes)
      return { root: built.root && maskTreeTraps(built.root, mistakes), mistakes }
    }
    const line = lineOf(source, error.pos[0])
    // Once tabs became spaces, the indentation is a guess: nothing is said about it.
    if (hasTabs && error.code !== 'TAB_AS_INDENT') break
    hasTabs ||= error.code === 'TAB_AS_INDENT'
    const isCascade = silentFrom >= 0 && line.index >= silentFrom && isClosing(error)
    if (!isCascade) mistakes.push(explain(source, error, line))
    const next = round === rounds ? null : repair(text, source, error, line)
    if (next === null || next.text === text) break
    text = next.text
    silentFrom = next.firstLine
  }
  return { root: null, mistakes }
}

/** A tab spoils everything behind it, so it is the first. */
function firstError(errors: readonly YAMLError[]): YAMLError | null {
  const tab = errors.find((error) => error.code === 'TAB_AS_INDENT')
  return tab ?? errors.toSorted((a, b) => a.pos[0] - b.pos[0])[0] ?? null
}

/** Brackets that are missing or too many behind a masked value. */
function isClosing(error: YAMLError): boolean {
  return /must be sufficiently indented and end with|Unexpected flow-(map|seq)-end/.test(
    error.message,
  )
}

interface ErrorLine {
  readonly index: number
  /** Offset of the value in the file; -1 when the line has no `key:`. */
  readonly valueStart: number
  readonly valueEnd: number
  readonly trapLine: TrapLine | null
}

const KEY_LINE = /^(\s*(?:-\s+)*)("[^"]*"|'[^']*'|[\w.$-]+)(\s*:\s+)(?=\S)/
const ITEM_LINE = /^(\s*(?:-\s+)+)()()(?=\S)/

function lineOf(source: SourceText, offset: number): ErrorLine {
  const index = source.lineIndexAt(Math.min(offset, source.text.length))
  const text = source.lineText(index)
  const head = KEY_LINE.exec(text) ?? ITEM_LINE.exec(text)
  const valueEnd = source.lineEnd(index)
  if (head === null) return { index, valueStart: -1, valueEnd, trapLine: null }
  const value = text.slice(head[0].length).trimEnd()
  const valueStart = source.lineStart(index) + head[0].length
  const isFlow = value.startsWith('{') || value.startsWith('[')
  const trapLine = { key: head[2] ?? '', value, isFlow }
  return { index, valueStart, valueEnd: valueStart + value.length, trapLine }
}

function explain(source: SourceText, error: YAMLError, line: ErrorLine): Mistake {
  const [start, end] = [error.pos[0], Math.max(error.pos[0] + 1, error.pos[1])]
  const byCode = explainByCode(source, error)
  if (byCode !== null) return { source, start, end, ...byCode }
  const byPlace = explainByPlace(source, error, line)
  if (byPlace !== null) return byPlace
  const trap = line.trapLine === null ? null : recogniseTrap(line.trapLine)
  if (trap !== null) return placed(source, line, trap)
  return {
    code: 'YAML_SYNTAX',
    source,
    start,
    end: Math.min(end, source.lineEnd(source.lineIndexAt(start))),
    message: 'this is not YAML',
    cause: `the parser says: ${error.message}`,
    fix: 'look at the indentation, at open quotes and brackets; quote the value if it is a text',
  }
}

function placed(source: SourceText, line: ErrorLine, trap: Trap): Mistake {
  const { start, end, ...said } = trap
  return { ...said, source, start: line.valueStart + start, end: line.valueStart + end }
}

type Said = Pick<Mistake, 'code' | 'message' | 'fix'> & { cause?: string; end?: number }

function explainByCode(source: SourceText, error: YAMLError): Said | null {
  if (error.code === 'TAB_AS_INDENT') {
    const message = 'a tab in the indentation: YAML indents by spaces only'
    return { code: 'YAML_TAB', message, fix: 'replace the tab by two spaces' }
  }
  if (error.code === 'MULTIPLE_DOCS') {
    const message = 'a second document begins here; a pipeline file holds one'
    const end = error.pos[0] + 3
    return { code: 'YAML_DOCUMENTS', message, fix: 'remove the `---`, or split the file', end }
  }
  if (error.code === 'BAD_DQ_ESCAPE') {
    const text = source.text.slice(error.pos[0], error.pos[0] + 2)
    const message = `\`${text}\` is no escape of a text in double quotes`
    return { code: 'YAML_QUOTE', message, fix: "write `\\\\` for a backslash, or use ' quotes" }
  }
  if (error.code === 'BAD_INDENT' && error.message.includes('same column')) {
    const message = 'the keys of one block begin in the same column, this one does not'
    return { code: 'YAML_INDENT', message, fix: 'indent it like the keys above it' }
  }
  return null
}

/** Mistakes whose cause stands elsewhere than where the parser notices them. */
function explainByPlace(source: SourceText, error: YAMLError, line: ErrorLine): Mistake | null {
  if (error.code === 'TAG_RESOLVE_FAILED') {
    const end = source.lineEnd(line.index)
    const tag = /^![^\s,}\]]*/.exec(source.text.slice(error.pos[0], end))?.[0] ?? '!'
    const message = 'a value that begins with `!` is a YAML tag, not "not"'
    const fix = `quote the whole value: \`"${tag}"\``
    const start = error.pos[0]
    const found: Mistake = {
      code: 'YAML_TAG',
      source,
      start,
      end: start + tag.length,
      message,
      fix,
    }
    return line.trapLine?.value.startsWith('!') === true ? null : found
  }
  if (error.code === 'MISSING_CHAR' && error.message.includes('quote')) {
    const start = openQuote(source, error.pos[0])
    const message = 'the quote that opens here is never closed'
    const fix = 'close it, or quote the whole value the other way'
    return { code: 'YAML_QUOTE', source, start, end: start + 1, message, fix }
  }
  if (error.code === 'BAD_INDENT' && error.message.includes('and end with')) {
    const start = openBracket(source, error.pos[0])
    const message = `the \`${source.text.charAt(start)}\` that opens here is never closed`
    const fix = 'close it in its line, or indent what belongs to it'
    return { code: 'YAML_BRACKET', source, start, end: start + 1, message, fix }
  }
  return deeperLine(source, error, line)
}

/** `from: orders`, and the next key is indented deeper: YAML reads both as one value. */
function deeperLine(source: SourceText, error: YAMLError, line: ErrorLine): Mistake | null {
  const below = line.index + 1
  const isPlain = line.trapLine !== null && recogniseTrap(line.trapLine) === null
  const isDeeper =
    below < source.lineCount && indentOf(source, below) > indentOf(source, line.index)
  const isKey = isDeeper && lineOf(source, source.lineStart(below)).valueStart >= 0
  if (error.code !== 'BLOCK_AS_IMPLICIT_KEY' || !isPlain || !isKey) return null
  const start = source.lineStart(below) + indentOf(source, below)
  const end = start + (/^[\w."'-]+/.exec(source.text.slice(start))?.[0].length ?? 1)
  const key = line.trapLine?.key ?? ''
  return {
    code: 'YAML_INDENT',
    source,
    start,
    end,
    message: `this line is indented deeper than \`${key}\` above it, which has a value already`,
    fix: `indent it like \`${key}\``,
  }
}

/** The quote that begins a value and has no partner in the rest of its line; else the place. */
function openQuote(source: SourceText, offset: number): number {
  for (let index = source.lineIndexAt(offset); index >= 0; index -= 1) {
    const line = lineOf(source, source.lineStart(index))
    const trap = line.trapLine === null ? null : recogniseTrap(line.trapLine)
    if (trap?.code === 'YAML_QUOTE') return line.valueStart + trap.start
  }
  return offset
}

/** The last bracket before the place that is still open there. */
function openBracket(source: SourceText, offset: number): number {
  let depth = 0
  for (let index = offset - 1; index >= 0; index -= 1) {
    const char = source.text.charAt(index)
    if (FLOW_CLOSE.has(char)) depth += 1
    if (!FLOW_OPEN.has(char)) continue
    if (depth === 0) return index
    depth -= 1
  }
  return offset
}

interface Repaired {
  readonly text: string
  readonly firstLine: number
}

/** The same text with the value of the error masked; null when nothing can be done. */
function repair(
  text: string,
  source: SourceText,
  error: YAMLError,
  line: ErrorLine,
): Repaired | null {
  if (error.code === 'MULTIPLE_DOCS') {
    return { text: text.slice(0, error.pos[0]), firstLine: line.index }
  }
  if (error.code === 'TAB_AS_INDENT') return { text: untab(text, source), firstLine: -1 }
  if (error.code === 'BAD_INDENT' && error.message.includes('same column')) return null
  if (error.code === 'MISSING_CHAR' && error.message.includes('quote')) {
    const quote = lineOf(source, openQuote(source, error.pos[0]))
    return quote.valueStart < 0 ? null : { text: maskLine(text, quote), firstLine: quote.index }
  }
  for (let index = line.index; index >= 0 && index > line.index - 50; index -= 1) {
    const candidate = index === line.index ? line : lineOf(source, source.lineStart(index))
    if (candidate.valueStart < 0) continue
    const isInside =
      candidate.index === line.index || indentOf(source, index) < indentOf(source, line.index)
    const isDone = text.slice(candidate.valueStart, candidate.valueEnd).startsWith(MASK)
    if (!isInside || isDone) continue
    return { text: maskValue(text, source, candidate), firstLine: candidate.index }
  }
  return null
}

/** Tabs in indentation become spaces: one for one, so that no offset moves. */
function untab(text: string, source: SourceText): string {
  let out = text
  for (let index = 0; index < source.lineCount; index += 1) {
    const start = source.lineStart(index)
    const indent = /^[ \t]*/.exec(source.lineText(index))?.[0] ?? ''
    if (!indent.includes('\t')) continue
    out = out.slice(0, start) + ' '.repeat(indent.length) + out.slice(start + indent.length)
  }
  return out
}

function indentOf(source: SourceText, index: number): number {
  return /^\s*/.exec(source.lineText(index))?.[0].length ?? 0
}

/** Covers the value and, where it goes on, the more indented lines below. */
function maskValue(text: string, source: SourceText, line: ErrorLine): string {
  let out = maskLine(text, line)
  const indent = indentOf(source, line.index)
  for (let index = line.index + 1; index < source.lineCount; index += 1) {
    const below = source.lineText(index)
    const isClosing = indentOf(source, index) === indent && /^\s*[}\]]/.test(below)
    const isInside = below.trim() === '' || indentOf(source, index) > indent || isClosing
    if (!isInside) break
    const start = source.lineStart(index)
    out = out.slice(0, start) + ' '.repeat(below.length) + out.slice(start + below.length)
  }
  return out
}

function maskLine(text: string, line: ErrorLine): string {
  const mask = MASK.repeat(line.valueEnd - line.valueStart)
  return text.slice(0, line.valueStart) + mask + text.slice(line.valueEnd)
}

const FLOW_OPEN = new Set(['{', '['])
const FLOW_CLOSE = new Set(['}', ']'])

/** Refuses by a rough count what would cost the parser seconds; the exact limit is the tree's. */
function findDepth(source: SourceText): Mistake | null {
  let depth = 0
  const { text } = source
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index)
    if (FLOW_OPEN.has(char)) depth += 1
    else if (FLOW_CLOSE.has(char)) depth = Math.max(0, depth - 1)
    if (depth > YAML_DEPTH_MAX * 4) return deepMistake(source, index)
  }
  const dashes = /(?:[-?]\s+){65}/.exec(text)
  return dashes === null ? null : deepMistake(source, dashes.index)
}

function deepMistake(source: SourceText, start: number): Mistake {
  const message = `nested deeper than ${YAML_DEPTH_MAX} levels`
  return { code: 'YAML_TOO_DEEP', source, start, end: start + 1, message, fix: 'flatten the file' }
}
