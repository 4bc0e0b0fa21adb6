/**
 * Splits the text of an expression into tokens, tolerantly: it also knows the symbols of other
 * languages, so that foreign-habits.ts can answer them by name before the parser fails on them.
 */

export interface ExprToken {
  readonly kind: 'name' | 'number' | 'string' | 'symbol' | 'other'
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Longest first. */
const SYMBOLS = [
  '===', '!==', '<=>', '->>', '==', '!=', '<=', '>=', '<>', '&&', '||', '??', '?.', '=>', '**',
  '<<', '>>', '->', '::', ':=', '+=', '-=', '*=', '/=', '++', '=~', '!~', '~=',
] // prettier-ignore

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const SPACE = /(?:\s|\/\/[^\n]*)+/y
/** A prefix `r` or `b`, three or one quotes; an unterminated text runs to the end of the line. */
const TRIPLE = /"""(?:[^\\]|\\[^])*?"""|'''(?:[^\\]|\\[^])*?'''/
const SINGLE = /"(?:[^"\\\n\r]|\\[^])*"?|'(?:[^'\\\n\r]|\\[^])*'?/
const TEXT = new RegExp(`[bBrR]?(?:${TRIPLE.source}|${SINGLE.source})`, 'y')

export function tokenize(text: string): ExprToken[] {
  const tokens: ExprToken[] = []
  let at = 0
  const read = (kind: ExprToken['kind'], length: number): void => {
    tokens.push({ kind, text: text.slice(at, at + length), start: at, end: at + length })
    at += length
  }
  while (at < text.length) {
    const space = matchLength(SPACE, text, at)
    if (space > 0) {
      at += space
      continue
    }
    const string = matchLength(TEXT, text, at)
    const name = matchLength(NAME, text, at)
    const number = matchLength(NUMBER, text, at)
    if (string > 0) read('string', string)
    else if (name > 0) read('name', name)
    else if (number > 0) read('number', number)
    else readSymbol(text, at, read)
  }
  return tokens
}

function readSymbol(
  text: string,
  at: number,
  read: (kind: ExprToken['kind'], length: number) => void,
): void {
  const long = SYMBOLS.find((symbol) => text.startsWith(symbol, at))
  if (long !== undefined) return read('symbol', long.length)
  const one = String.fromCodePoint(text.codePointAt(at) ?? 0)
  return read(/[-+*/%=<>!&|?:.,()[\]{}]/.test(one) ? 'symbol' : 'other', one.length)
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}
