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
import { explain, FLOW_CLOSE, FLOW_OPEN, indentOf, lineOf, openQuote } from './explain-syntax.ts'
import type { ErrorLine } from './explain-syntax.ts'
import type { Mistake } from './mistake.ts'
import type { SourceText } from './source-text.ts'
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
      const version = oldVersion(source)
      if (version !== null) mistakes.push(version)
      const built = buildTree(document, source)
      mistakes.push(...built.mistakes)
      return { root: built.root && maskTreeTraps(built.root, mistakes), mistakes }
    }
    const line = lineOf(source, error.pos[0])
    // Once tabs became spaces, the indentation is a guess: nothing is said about it.
    if (hasTabs && error.code !== 'TAB_AS_INDENT') break
    hasTabs ||= error.code === 'TAB_AS_INDENT'
    const isCascade = silentFrom >= 0 && line.index >= silentFrom && isClosing(error)
    if (!isCascade) report(explain(source, error, line), mistakes)
    const next = round === rounds ? null : repair(text, source, error, line)
    if (next === null || next.text === text) break
    text = next.text
    silentFrom = next.firstLine
  }
  return { root: null, mistakes }
}

/** `%YAML 1.1` would make `yes` a truth value. */
function oldVersion(source: SourceText): Mistake | null {
  const hit = /^\uFEFF?%YAML\s+(?!1\.2\b)\S+/m.exec(source.text)
  if (hit === null) return null
  const start = hit.index + (hit[0].startsWith('\uFEFF') ? 1 : 0)
  const message = 'pipeline files are YAML 1.2'
  const said = { message, fix: 'remove the line' } as const
  return { code: 'YAML_SYNTAX', source, start, end: hit.index + hit[0].length, ...said }
}

/** A place that was masked and is still wrong is said once. */
function report(mistake: Mistake, mistakes: Mistake[]): void {
  const isSaid = mistakes.some((one) => one.start === mistake.start && one.code === mistake.code)
  if (!isSaid) mistakes.push(mistake)
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
  const spot = repairSpot(text, source, error)
  if (spot !== null) return spot
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

/** A bracket too many is blanked; `key:value` gets a masked value. */
function repairSpot(text: string, source: SourceText, error: YAMLError): Repaired | null {
  const [at] = error.pos
  const firstLine = source.lineIndexAt(at)
  if (/^Unexpected flow-(map|seq)-end/.test(error.message) && /[}\]]/.test(text.charAt(at))) {
    return { text: `${text.slice(0, at)} ${text.slice(at + 1)}`, firstLine: -1 }
  }
  const joined = /^(\s*(?:-\s+)*[\w.]+:)(?=[^\s/])(.{2,})$/.exec(source.lineText(firstLine))
  if (!error.message.startsWith('Implicit map keys need') || joined === null) return null
  const start = source.lineStart(firstLine) + (joined[1] ?? '').length
  const end = source.lineEnd(firstLine)
  const masked = ` ${MASK.repeat(end - start - 1)}`
  return { text: text.slice(0, start) + masked + text.slice(end), firstLine: -1 }
}

function maskLine(text: string, line: ErrorLine): string {
  const mask = MASK.repeat(line.valueEnd - line.valueStart)
  return text.slice(0, line.valueStart) + mask + text.slice(line.valueEnd)
}

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
