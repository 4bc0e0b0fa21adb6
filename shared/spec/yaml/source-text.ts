/**
 * The text of one file with its lines: turns offsets into lines and columns.
 *
 * Lines and columns count from 1. A column is a character as a reader counts (a code point), never
 * a UTF-16 half. A byte order mark has no column; CR, LF and CRLF each end a line.
 */

const BOM = '\uFEFF'

export class SourceText {
  readonly file: string
  readonly text: string
  readonly #lineStarts: number[] = [0]

  constructor(file: string, text: string) {
    this.file = file
    this.text = text
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (code === 13 && text.charCodeAt(index + 1) === 10) index += 1
      if (code === 10 || code === 13) this.#lineStarts.push(index + 1)
    }
  }

  get lineCount(): number {
    return this.#lineStarts.length
  }

  /** Index from 0 of the line that holds `offset`. */
  lineIndexAt(offset: number): number {
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Offset of the first character of a line. */
  lineStart(lineIndex: number): number {
    const start = this.#lineStarts[lineIndex] ?? this.text.length
    return lineIndex === 0 && this.text.startsWith(BOM) ? BOM.length : start
  }

  /** Offset behind the last character of a line, before its line end. */
  lineEnd(lineIndex: number): number {
    const next = this.#lineStarts[lineIndex + 1]
    if (next === undefined) return this.text.length
    const beforeFeed = this.text.charCodeAt(next - 1) === 10 ? next - 1 : next
    return this.text.charCodeAt(beforeFeed - 1) === 13 ? beforeFeed - 1 : beforeFeed
  }

  lineText(lineIndex: number): string {
    return this.text.slice(this.lineStart(lineIndex), this.lineEnd(lineIndex))
  }

  /** Line and column of an offset, from 1. */
  position(offset: number): { line: number; column: number } {
    const lineIndex = this.lineIndexAt(offset)
    const end = Math.min(offset, this.lineEnd(lineIndex))
    return { line: lineIndex + 1, column: 1 + charCount(this.text, this.lineStart(lineIndex), end) }
  }

  /** Characters from `start` to `end`, cut at the end of the line of `start`; at least 1. */
  width(start: number, end: number): number {
    const lineEnd = this.lineEnd(this.lineIndexAt(start))
    return Math.max(1, charCount(this.text, start, Math.min(end, lineEnd)))
  }
}

/** Code points between two offsets. */
function charCount(text: string, start: number, end: number): number {
  let count = 0
  for (let index = start; index < end; index += 1) {
    const isHighHalf = (text.charCodeAt(index) & 0xfc00) === 0xd800
    const isPair = isHighHalf && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
    if (isPair) index += 1
    count += 1
  }
  return count
}
