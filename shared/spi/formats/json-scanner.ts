/**
 * Moves over JSON in bytes without making values: strings, numbers, and whole values that nobody
 * reads. Everything it steps over is checked as JSON.
 *
 * The block ends with a newline, which is no part of any token, so no step looks for its end.
 */
import { malformed } from './row-problem.ts'
import { NumberToken } from './number-token.ts'

export const QUOTE = 34
export const BACKSLASH = 92
export const COMMA = 44
export const COLON = 58
export const OPEN_BRACE = 123
export const CLOSE_BRACE = 125
export const OPEN_BRACKET = 91
export const CLOSE_BRACKET = 93
export const NEWLINE = 10
const SPACE = 32
const TAB = 9
const RETURN = 13
const LOWER_F = 102
const LOWER_N = 110
const LOWER_T = 116
const LOWER_U = 117
const ESCAPED = new Set('"\\/bfnrt'.split('').map((character) => character.charCodeAt(0)))
const JSON_DEPTH_MAX = 64

export class JsonScanner {
  bytes: Buffer = Buffer.alloc(0)
  at = 0
  /** Of the last string: its text between the quotes, and whether it holds escapes. */
  textStart = 0
  textEnd = 0
  isEscaped = false
  readonly number = new NumberToken()

  skipSpace(): number {
    const { bytes } = this
    let at = this.at
    let byte = bytes[at] ?? 0
    while (byte === SPACE || byte === TAB || byte === RETURN) byte = bytes[++at] ?? 0
    this.at = at
    return byte
  }

  expect(byte: number, what: string): void {
    if (this.skipSpace() !== byte) throw this.unexpected(what)
    this.at++
  }

  /** Stands at the opening quote; afterwards behind the closing one. */
  string(): void {
    const { bytes } = this
    let at = this.at + 1
    this.textStart = at
    this.isEscaped = false
    for (;;) {
      const byte = bytes[at] ?? 0
      if (byte === QUOTE) break
      if (byte === BACKSLASH) at = this.#escape(at)
      else if (byte < SPACE) {
        this.at = at
        throw this.unexpected('the end of a string')
      } else at++
    }
    this.textEnd = at
    this.at = at + 1
  }

  #escape(at: number): number {
    const { bytes } = this
    this.isEscaped = true
    const escaped = bytes[at + 1] ?? 0
    if (ESCAPED.has(escaped)) return at + 2
    if (escaped === LOWER_U && isHex(bytes, at + 2)) return at + 6
    this.at = at
    throw this.unexpected('a JSON escape')
  }

  /** The string as text. */
  text(): string {
    const { bytes, textStart, textEnd } = this
    if (!this.isEscaped) return bytes.toString('utf8', textStart, textEnd)
    const parsed: unknown = JSON.parse(bytes.toString('utf8', textStart - 1, textEnd + 1))
    return String(parsed)
  }

  scanNumber(): void {
    if (!this.number.scan(this.bytes, this.at) || !this.number.isJson())
      throw this.unexpected('a value')
    this.at = this.number.end
  }

  /** True, false or null; the byte says which. */
  word(byte: number): void {
    const word = byte === LOWER_T ? 'true' : byte === LOWER_F ? 'false' : 'null'
    if (byte !== LOWER_T && byte !== LOWER_F && byte !== LOWER_N) throw this.unexpected('a value')
    const { bytes, at } = this
    for (let index = 1; index < word.length; index++)
      if (bytes[at + index] !== word.charCodeAt(index)) throw this.unexpected('a value')
    this.at = at + word.length
  }

  /** Steps over one value of any kind. */
  skipValue(depth = 0): void {
    const byte = this.skipSpace()
    if (byte === QUOTE) this.string()
    else if (byte === OPEN_BRACE) this.#skipMembers(depth, CLOSE_BRACE)
    else if (byte === OPEN_BRACKET) this.#skipMembers(depth, CLOSE_BRACKET)
    else if (byte >= 97) this.word(byte)
    else this.scanNumber()
  }

  #skipMembers(depth: number, close: number): void {
    if (depth >= JSON_DEPTH_MAX) throw malformed(`JSON nests deeper than ${JSON_DEPTH_MAX}`)
    this.at++
    if (this.skipSpace() === close) {
      this.at++
      return
    }
    for (;;) {
      if (close === CLOSE_BRACE) {
        if (this.skipSpace() !== QUOTE) throw this.unexpected('a key in quotes')
        this.string()
        this.expect(COLON, 'a colon')
      }
      this.skipValue(depth + 1)
      const byte = this.skipSpace()
      if (byte !== COMMA && byte !== close) throw this.unexpected('a comma or the end')
      this.at++
      if (byte === close) return
    }
  }

  unexpected(what: string) {
    const byte = this.bytes[this.at] ?? NEWLINE
    const found =
      byte === NEWLINE
        ? 'the line ends'
        : byte > SPACE && byte < 127
          ? `there is \`${String.fromCharCode(byte)}\``
          : `there is byte ${byte}`
    return malformed(`the line is no JSON object: ${found} where ${what} should be`)
  }
}

function isHex(bytes: Buffer, at: number): boolean {
  for (let index = at; index < at + 4; index++) {
    const byte = bytes[index] ?? 0
    const isDigit = byte >= 48 && byte <= 57
    const isLetter = (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102)
    if (!isDigit && !isLetter) return false
  }
  return true
}
