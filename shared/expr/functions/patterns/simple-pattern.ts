/**
 * Reads patterns of RE2 that are simple enough to reason about: characters, classes, repetitions of
 * one of them, groups and alternatives that are not repeated, `^` and `$`. Anything else is null.
 */
import { complement, setOf, type CharacterSet } from './character-set.ts'

export type PatternNode =
  | {
      readonly kind: 'characters'
      readonly set: CharacterSet
      readonly least: number
      readonly most: number
      readonly isLazy: boolean
    }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | {
      readonly kind: 'group'
      readonly captures: boolean
      readonly alternatives: readonly (readonly PatternNode[])[]
    }

type Sequence = readonly PatternNode[]

const DIGITS: CharacterSet = [[48, 57]]
const BLANKS: CharacterSet = [
  [9, 10],
  [12, 13],
  [32, 32],
]
const WORD: CharacterSet = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
]
const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  s: BLANKS,
  S: complement(BLANKS),
  w: WORD,
  W: complement(WORD),
}
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, f: 12, r: 13 }
const NO_LINE_END = complement([[10, 10]])
const REPETITION = /^(?:[*+?]|\{(\d{1,4})(,(\d{1,4})?)?\})/

/** The alternatives of the whole pattern. */
export function readSimplePattern(pattern: string): readonly Sequence[] | null {
  const reader = new PatternReader(pattern)
  try {
    return reader.whole()
  } catch (problem) {
    if (problem === NOT_SIMPLE) return null
    throw problem
  }
}

const NOT_SIMPLE = new Error('not a simple pattern')

class PatternReader {
  /** By character, so that one above U+FFFF is one. */
  readonly #text: readonly string[]
  #at = 0

  constructor(pattern: string) {
    this.#text = Array.from(pattern)
  }

  whole(): readonly Sequence[] {
    const alternatives = this.#alternatives()
    if (this.#at < this.#text.length) throw NOT_SIMPLE
    return alternatives
  }

  #alternatives(): readonly Sequence[] {
    const alternatives: Sequence[] = []
    for (;;) {
      alternatives.push(this.#sequence())
      if (this.#peek() !== '|') return alternatives
      this.#at++
    }
  }

  #sequence(): Sequence {
    const nodes: PatternNode[] = []
    for (
      let next = this.#peek();
      next !== '' && next !== '|' && next !== ')';
      next = this.#peek()
    ) {
      nodes.push(this.#node(next))
    }
    return nodes
  }

  #node(next: string): PatternNode {
    if (next === '(') return this.#group()
    if (next === '^' || next === '$') {
      this.#at++
      this.#refuseRepetition()
      return { kind: next === '^' ? 'start' : 'end' }
    }
    const set = this.#characters()
    return { kind: 'characters', set, ...this.#repetition() }
  }

  #group(): PatternNode {
    this.#at++
    const captures = this.#peek() !== '?'
    if (!captures) {
      if (this.#text[this.#at + 1] !== ':') throw NOT_SIMPLE
      this.#at += 2
    }
    const alternatives = this.#alternatives()
    if (this.#peek() !== ')') throw NOT_SIMPLE
    this.#at++
    this.#refuseRepetition()
    return { kind: 'group', captures, alternatives }
  }

  #characters(): CharacterSet {
    const next = this.#take()
    if (next === '.') return NO_LINE_END
    if (next === '[') return this.#class()
    if (next === '\\') return this.#escape()
    if ('*+?{}]'.includes(next)) throw NOT_SIMPLE
    return one(next)
  }

  #escape(): CharacterSet {
    const next = this.#take()
    const known = CLASSES[next]
    if (known !== undefined) return known
    const control = CONTROLS[next]
    if (control !== undefined) return [[control, control]]
    if (!/^[!-/:-@[-`{-~]$/.test(next)) throw NOT_SIMPLE
    return one(next)
  }

  #class(): CharacterSet {
    const isNegated = this.#peek() === '^'
    if (isNegated) this.#at++
    const ranges: (readonly [number, number])[] = []
    while (this.#peek() !== ']' || ranges.length === 0) {
      const set = this.#classPart()
      if (this.#peek() !== '-' || this.#text[this.#at + 1] === ']') {
        ranges.push(...set)
        continue
      }
      this.#at++
      ranges.push([single(set), single(this.#classPart())])
    }
    this.#at++
    if (ranges.some(([low, high]) => low > high)) throw NOT_SIMPLE
    const set = setOf(ranges)
    const chosen = isNegated ? complement(set) : set
    if (chosen.length === 0) throw NOT_SIMPLE
    return chosen
  }

  #classPart(): CharacterSet {
    const next = this.#take()
    if (next === '\\') return this.#escape()
    if (next === '[' || next === ']') throw NOT_SIMPLE
    return one(next)
  }

  #repetition(): { least: number; most: number; isLazy: boolean } {
    const found = REPETITION.exec(this.#text.slice(this.#at, this.#at + 16).join(''))
    if (found === null) {
      if (this.#peek() === '{') throw NOT_SIMPLE
      return { least: 1, most: 1, isLazy: false }
    }
    this.#at += found[0].length
    const isLazy = this.#peek() === '?'
    if (isLazy) this.#at++
    this.#refuseRepetition()
    return { ...countsOf(found), isLazy }
  }

  #refuseRepetition(): void {
    if ('*+?{'.includes(this.#peek() || 'none')) throw NOT_SIMPLE
  }

  /** Empty at the end. */
  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #take(): string {
    const next = this.#peek()
    if (next === '') throw NOT_SIMPLE
    this.#at++
    return next
  }
}

function countsOf([whole, least, more, most]: readonly (string | undefined)[]): {
  least: number
  most: number
} {
  if (whole === '*') return { least: 0, most: Infinity }
  if (whole === '+') return { least: 1, most: Infinity }
  if (whole === '?') return { least: 0, most: 1 }
  const low = Number(least)
  if (more === undefined) return { least: low, most: low }
  const high = most === undefined ? Infinity : Number(most)
  if (high < low) throw NOT_SIMPLE
  return { least: low, most: high }
}

function one(character: string): CharacterSet {
  const code = character.codePointAt(0) ?? 0
  return [[code, code]]
}

function single(set: CharacterSet): number {
  const [range] = set
  if (range === undefined || set.length > 1 || range[0] !== range[1]) throw NOT_SIMPLE
  return range[0]
}
