/** What an error of the YAML parser means: by its code, by its place, by the value of its line. */
import type { YAMLError } from 'yaml'
import type { Mistake } from './mistake.ts'
import type { SourceText } from './source-text.ts'
import { outsideQuotes, recogniseTrap } from './syntax-traps.ts'
import type { Trap, TrapLine } from './syntax-traps.ts'

export const FLOW_OPEN = new Set(['{', '['])
export const FLOW_CLOSE = new Set(['}', ']'])

export interface ErrorLine {
  readonly index: number
  /** Offset of the value in the file; -1 when the line has no `key:`. */
  readonly valueStart: number
  readonly valueEnd: number
  readonly trapLine: TrapLine | null
}

const KEY_LINE = /^(\s*(?:-\s+)*)("[^"]*"|'[^']*'|[\w.$-]+)(\s*:\s+)(?=\S)/
const ITEM_LINE = /^(\s*(?:-\s+)+)()()(?=\S)/

export function lineOf(source: SourceText, offset: number): ErrorLine {
  const index = source.lineIndexAt(Math.min(offset, source.text.length))
  const text = source.lineText(index)
  const head = KEY_LINE.exec(text) ?? ITEM_LINE.exec(text)
  const valueEnd = source.lineEnd(index)
  if (head === null) return { index, valueStart: -1, valueEnd, trapLine: null }
  const isInside = isInFlow(source, index)
  const rest = text.slice(head[0].length).trimEnd()
  const value = isInside ? withoutEnd(rest) : rest
  const valueStart = source.lineStart(index) + head[0].length
  const isFlow = isInside || value.startsWith('{') || value.startsWith('[')
  const trapLine = { key: head[2] ?? '', value, isFlow }
  return { index, valueStart, valueEnd: valueStart + value.length, trapLine }
}

/** Without the comma and the brackets that belong to what is around the value. */
function withoutEnd(rest: string): string {
  let value = rest.trimEnd()
  for (;;) {
    const chars = outsideQuotes(value).split('')
    const opened = chars.filter((char) => FLOW_OPEN.has(char)).length
    const closed = chars.filter((char) => FLOW_CLOSE.has(char)).length
    const isClosed = FLOW_CLOSE.has(value.at(-1) ?? '') && closed > opened
    if (!isClosed && !value.endsWith(',')) return value
    value = value.slice(0, -1).trimEnd()
  }
}

/** Whether a bracket is open where the line begins: counted from the last top-level key. */
function isInFlow(source: SourceText, lineIndex: number): boolean {
  let first = lineIndex
  while (first > 0 && !/^[\w"']/.test(source.lineText(first))) first -= 1
  let depth = 0
  for (let index = first; index < lineIndex; index += 1) {
    for (const char of outsideQuotes(source.lineText(index).replace(/(^|\s)#.*$/, ''))) {
      if (FLOW_OPEN.has(char)) depth += 1
      if (FLOW_CLOSE.has(char)) depth -= 1
    }
  }
  return depth > 0
}

export function explain(source: SourceText, error: YAMLError, line: ErrorLine): Mistake {
  const [start, end] = [error.pos[0], Math.max(error.pos[0] + 1, error.pos[1])]
  const byCode = explainByCode(source, error)
  if (byCode !== null) return { source, start, end, ...byCode }
  const byPlace = explainByPlace(source, error, line)
  if (byPlace !== null) return byPlace
  const trap = line.trapLine === null ? null : recogniseTrap(line.trapLine)
  if (trap !== null) return placed(source, line, trap)
  const lineEnd = source.lineEnd(source.lineIndexAt(start))
  const said = saidOf(error.message)
  return { source, start, end: Math.max(start + 1, Math.min(end, lineEnd)), ...said }
}

/** The parser's words in ours, where nothing more is known of the line. */
const SAID: readonly (readonly [RegExp, Said])[] = [
  [
    /^Block collections are not allowed within flow/,
    {
      code: 'YAML_COLON',
      message: 'inside `{ }` this value holds `: `, as if it were another key',
      fix: 'put a comma before the key that is meant, or quote the value',
    },
  ],
  [
    /^Missing ,/,
    {
      code: 'YAML_COMMA',
      message: 'a comma is missing before this',
      fix: 'put a comma between the entries, or quote the value if it is one',
    },
  ],
  [
    /^Implicit map keys need to be followed/,
    {
      code: 'YAML_COLON',
      message: 'this line has no `:`, so it is no key',
      fix: 'write `key: value`; a text of several lines stands below `|`, indented',
    },
  ],
  [
    /^Implicit keys need to be on a single line/,
    {
      code: 'YAML_INDENT',
      message: 'a value of several lines begins here and runs into a key below it',
      fix: 'look at the indentation of the next lines and at brackets that are not closed',
    },
  ],
  [
    /^Sequence item without -/,
    {
      code: 'YAML_INDENT',
      message: 'this stands in a list but does not begin with `- `',
      fix: 'begin it with `- `, or indent it below the entry before it',
    },
  ],
]

function saidOf(words: string): Said {
  const found = SAID.find(([pattern]) => pattern.test(words))
  if (found !== undefined) return found[1]
  return {
    code: 'YAML_SYNTAX',
    message: 'this is not YAML',
    cause: `the parser says: ${words}`,
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
  if (source.text.trimStart().startsWith('{"') && error.message.includes('at node end')) {
    const start = error.pos[0]
    const message = 'this looks like data (JSON lines), not like a pipeline'
    const fix = 'name a pipeline file; data is read by a source with `connector: file`'
    return { code: 'YAML_SYNTAX', source, start, end: start + 1, message, fix }
  }
  const joined = /^(\s*(?:-\s+)*)([\w.]+):(?=[^\s/])(.+)$/.exec(source.lineText(line.index))
  if (error.message.startsWith('Implicit map keys need') && joined !== null) {
    const [, indent = '', key = '', value = ''] = joined
    const start = source.lineStart(line.index) + indent.length + key.length
    const message = 'a space is missing behind the colon'
    const fix = `write \`${key}: ${value.trim()}\``
    return { code: 'YAML_COLON', source, start, end: start + 1, message, fix }
  }
  if (error.code === 'BAD_INDENT' && error.message.includes('same column')) {
    return wrongColumn(source, line.index)
  }
  const bare = /^(\s*(?:-\s+)*)(\w+)(?:\s*=\s*|\s+)([^:]+)$/.exec(source.lineText(line.index))
  if (error.code === 'MULTILINE_IMPLICIT_KEY' && bare !== null) {
    const [, indent = '', key = '', value = ''] = bare
    const start = source.lineStart(line.index) + indent.length
    const message = `\`${key}\` has no \`:\` behind it, so it is no key`
    const fix = `write \`${key}: ${value.trim()}\``
    return { code: 'YAML_COLON', source, start, end: start + key.length, message, fix }
  }
  if (/^Unexpected flow-(map|seq)-end/.test(error.message)) {
    const start = error.pos[0]
    const message = `this \`${source.text.charAt(start)}\` closes nothing`
    const fix = 'remove it, or open a bracket before it'
    return { code: 'YAML_BRACKET', source, start, end: start + 1, message, fix }
  }
  if (error.code === 'BAD_INDENT' && error.message.includes('and end with')) {
    const start = openBracket(source, error.pos[0])
    const message = `the \`${source.text.charAt(start)}\` that opens here is never closed`
    const fix = 'close it in its line, or indent what belongs to it'
    return { code: 'YAML_BRACKET', source, start, end: start + 1, message, fix }
  }
  return deeperLine(source, error, line)
}

/** A key beside its block: not in the column of the others, or in a list without a dash. */
function wrongColumn(source: SourceText, lineIndex: number): Mistake {
  const indent = indentOf(source, lineIndex)
  const start = source.lineStart(lineIndex) + indent
  const end = start + (/^[\w."'-]+/.exec(source.text.slice(start))?.[0].length ?? 1)
  const before = lineIndex === 0 ? '' : source.lineText(lineIndex - 1)
  const isItem = before.trimStart().startsWith('- ') && indentOf(source, lineIndex - 1) === indent
  const message = isItem
    ? 'this stands in a list but does not begin with `- `'
    : 'the keys of one block begin in the same column, this one does not'
  const fix = isItem ? 'begin it with `- `' : 'indent it like the keys above it'
  return { code: 'YAML_INDENT', source, start, end, message, fix }
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
export function openQuote(source: SourceText, offset: number): number {
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

export function indentOf(source: SourceText, index: number): number {
  return /^\s*/.exec(source.lineText(index))?.[0].length ?? 0
}
