/**
 * Where each character of a scalar's value stands in the file.
 *
 * YAML folds lines, strips indentation and undoes escapes, so the n-th character of a value is
 * rarely n characters behind its start. What is not white space keeps its order, so source and
 * value are walked side by side: escapes and visible characters must match one by one, white space
 * is taken as it comes.
 */

export type ScalarStyle = 'plain' | 'single' | 'double' | 'block'

/** A piece of source that yields `char`; raw white space may vanish or be folded. */
interface Atom {
  readonly char: string
  readonly start: number
  readonly end: number
  readonly isSoft: boolean
}

export interface ScalarRange {
  readonly style: ScalarStyle
  /** Of the content: without quotes, without the header of a block scalar. */
  readonly start: number
  readonly end: number
}

/** Offsets in `text` of the characters [start, end) of `value`. */
export function locateSpan(
  text: string,
  value: string,
  scalar: ScalarRange,
  span: { readonly start: number; readonly end: number },
): { start: number; end: number } {
  const starts: number[] = []
  const ends: number[] = []
  const atoms = atomsOf(text, scalar)
  let at = 0
  let last = scalar.start
  for (const char of value.split('')) {
    let atom = atoms[at]
    if (isSpace(char) && (atom === undefined || (!atom.isSoft && atom.char !== char))) {
      starts.push(last)
      ends.push(last)
      continue
    }
    if (!isSpace(char)) {
      while (atom?.isSoft === true) atom = atoms[(at += 1)]
    }
    starts.push(atom?.start ?? scalar.end)
    last = atom?.end ?? scalar.end
    ends.push(last)
    at += 1
  }
  const first = Math.min(Math.max(span.start, 0), value.length)
  const start = starts[first] ?? last
  const end = span.end > span.start ? (ends[Math.min(span.end, value.length) - 1] ?? start) : start
  return { start, end: Math.max(start, end) }
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r'
}

function atomsOf(text: string, scalar: ScalarRange): Atom[] {
  const atoms: Atom[] = []
  let at = scalar.start
  while (at < scalar.end) {
    const escape = escapeAt(text, at, scalar.style)
    const width = escape?.width ?? 1
    const chars = escape?.chars ?? text.charAt(at)
    const isSoft = escape === null && isSpace(chars)
    for (const char of chars.split('')) {
      atoms.push({ char, start: at, end: at + width, isSoft })
    }
    at += width
  }
  return atoms
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
}
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

function escapeAt(
  text: string,
  at: number,
  style: ScalarStyle,
): { chars: string; width: number } | null {
  if (style === 'single' && text.startsWith("''", at)) return { chars: "'", width: 2 }
  if (style !== 'double' || text[at] !== '\\') return null
  const letter = text.charAt(at + 1)
  if (letter === '\r' && text[at + 2] === '\n') return { chars: '', width: 3 }
  if (letter === '\n' || letter === '\r') return { chars: '', width: 2 }
  const digits = HEX_DIGITS[letter]
  if (digits === undefined) return { chars: SHORT_ESCAPES[letter] ?? letter, width: 2 }
  const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16)
  const isCode = code >= 0 && code <= 0x10ffff
  return { chars: isCode ? String.fromCodePoint(code) : '', width: 2 + digits }
}
