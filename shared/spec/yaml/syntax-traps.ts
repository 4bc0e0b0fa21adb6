/**
 * What a syntax error of the YAML parser means to who wrote the line.
 *
 * The parser says "Unexpected scalar at node end"; the author wrote `where: "a" == b`. Each trap is
 * recognised by the value as it was written, never by the parser's words, which only serve as a
 * last resort.
 */
import type { ErrorCode } from '../../base/errors.ts'

/** The line of an error: its key and what stands behind it. */
export interface TrapLine {
  readonly key: string
  readonly value: string
  readonly isFlow: boolean
}

export interface Trap {
  readonly code: ErrorCode
  readonly message: string
  readonly cause?: string
  readonly fix: string
  /** Within the value. */
  readonly start: number
  readonly end: number
}

type Recogniser = (line: TrapLine) => Trap | null

const RECOGNISERS: readonly Recogniser[] = [
  referenceInFlow,
  tagAtStart,
  reservedAtStart,
  blockHeader,
  ternary,
  textBehindQuote,
  bracketInFlow,
  bracketAtStart,
  colonInValue,
  unclosed,
]

export function recogniseTrap(line: TrapLine): Trap | null {
  for (const recognise of RECOGNISERS) {
    const trap = recognise(line)
    if (trap !== null) return trap
  }
  return null
}

/** The value between quotes of the kind that it does not hold. */
export function quoted(value: string): string {
  if (!value.includes('"') && !value.includes('\\')) return `"${value}"`
  return `'${value.replaceAll("'", "''")}'`
}

function quoteFix(key: string, value: string): string {
  return `quote the whole value: \`${key}: ${quoted(value)}\``
}

function referenceInFlow(line: TrapLine): Trap | null {
  if (!line.isFlow) return null
  const hit = /(?<!["'\w])\$\{[^}\n]*\}?/.exec(outsideQuotes(line.value))
  if (hit === null) return null
  const text = line.value.slice(hit.index, hit.index + hit[0].length)
  return {
    code: 'YAML_REFERENCE_IN_FLOW',
    message: `\`${text}\` inside \`{ }\` without quotes: the brace ends the value`,
    fix: `quote it, "${text}", or write the block over several lines`,
    start: hit.index,
    end: hit.index + text.length,
  }
}

function tagAtStart(line: TrapLine): Trap | null {
  const hit = /^!\S*/.exec(line.value)
  if (hit === null) return null
  return {
    code: 'YAML_TAG',
    message: `a value that begins with \`!\` is a YAML tag, not "not"`,
    fix: quoteFix(line.key, line.value),
    start: 0,
    end: hit[0].length,
  }
}

function reservedAtStart(line: TrapLine): Trap | null {
  const first = line.value.charAt(0)
  if (!'@`%*&,'.includes(first) || first === '') return null
  const isTick = first === '`'
  return {
    code: 'YAML_RESERVED',
    message: `a value cannot begin with ${isTick ? 'a backtick' : `\`${first}\``}: YAML keeps it for itself`,
    fix: isTick ? 'leave the backticks out: fields need none' : quoteFix(line.key, line.value),
    start: 0,
    end: 1,
  }
}

function blockHeader(line: TrapLine): Trap | null {
  const hit = /^[>|][+-]?\d?\s*[^\s#]/.exec(line.value)
  if (hit === null) return null
  const first = line.value.charAt(0)
  return {
    code: 'YAML_RESERVED',
    message: `\`${first}\` at the start of a value begins a text of several lines`,
    fix:
      first === '>'
        ? `quote the value; a comparison names both sides: \`${line.key}: field ${line.value}\``
        : `put the text below \`${line.key}: |\`, indented, or quote it`,
    start: 0,
    end: line.value.length,
  }
}

function ternary(line: TrapLine): Trap | null {
  const text = outsideQuotes(line.value)
  const hit = /\s\?\s.*?:(?=\s|$)/.exec(text)
  if (hit === null) return null
  const colon = hit.index + hit[0].length - 1
  return {
    code: 'YAML_COLON',
    message: '`a ? b : c` without quotes: the colon makes a key of what stands before it',
    fix: line.isFlow
      ? 'quote the expression, or write the block over several lines'
      : quoteFix(line.key, line.value),
    start: colon,
    end: colon + 1,
  }
}

function textBehindQuote(line: TrapLine): Trap | null {
  const pattern = line.isFlow
    ? /(?<=[:,[{]\s*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?=[^\s,:\]}#])/
    : /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(?=[^\s#])/
  const hit = pattern.exec(line.value)
  if (hit === null) return null
  const fix = line.isFlow
    ? 'put a comma before it, or quote the whole expression with the other kind of quotes'
    : quoteFix(line.key, line.value)
  const start = hit.index + hit[0].length
  return {
    code: 'YAML_QUOTE',
    message: 'the value begins with a quote, so YAML ends it at the next one; text follows',
    fix,
    start,
    end: line.isFlow ? start + 1 : line.value.length,
  }
}

function bracketInFlow(line: TrapLine): Trap | null {
  if (!line.isFlow) return null
  const hit = /[\w)\]](\[)/.exec(outsideQuotes(line.value))
  if (hit === null) return null
  return {
    code: 'YAML_BRACKET',
    message: '`[` inside `{ }` or `[ ]` begins a list, even in the middle of an expression',
    fix: 'quote the expression, or write the block over several lines',
    start: hit.index + 1,
    end: hit.index + 2,
  }
}

function bracketAtStart(line: TrapLine): Trap | null {
  const close = closingBracket(outsideQuotes(line.value))
  const rest = /^\s*(?=[^\s#,])/.exec(line.value.slice(close + 1))
  if (close < 0 || rest === null) return null
  const kind = line.value.startsWith('[') ? 'list' : 'mapping'
  return {
    code: 'YAML_BRACKET',
    message: `the value begins with a bracket, so YAML reads a ${kind}; text follows`,
    fix: `if it is an expression, ${quoteFix(line.key, line.value)}`,
    start: close + 1 + rest[0].length,
    end: line.value.length,
  }
}

/** Of the bracket that begins the text; -1 when there is none. */
function closingBracket(text: string): number {
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index)
    if (char === '[' || char === '{') depth += 1
    if (char === ']' || char === '}') depth -= 1
    if (depth === 0) return index === 0 ? -1 : index
  }
  return -1
}

function colonInValue(line: TrapLine): Trap | null {
  if (line.isFlow) return null
  const hit = /:(?=\s)/.exec(outsideQuotes(line.value))
  if (hit === null) return null
  return {
    code: 'YAML_COLON',
    message: 'a value without quotes cannot hold `: `, it makes a key of what stands before it',
    fix: quoteFix(line.key, line.value),
    start: hit.index,
    end: hit.index + 1,
  }
}

function unclosed(line: TrapLine): Trap | null {
  const first = line.value.charAt(0)
  const isQuote = first === '"' || first === "'"
  if (!isQuote) return null
  const rest = line.value.slice(1)
  if (rest.includes(first)) return null
  return {
    code: 'YAML_QUOTE',
    message: `the quote that begins the value is never closed`,
    fix: `add ${first} at its end`,
    start: 0,
    end: 1,
  }
}

/** The same length, with every quoted part blanked, so that patterns see only bare text. */
export function outsideQuotes(value: string): string {
  return value.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, (part) => '"'.repeat(part.length))
}
