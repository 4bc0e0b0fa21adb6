/**
 * Patterns that JavaScript's engine, which tries one way after the other, matches in time in
 * proportion to the text, as RE2 does. Those are compiled to a RegExp, at a tenth of the cost.
 *
 * Why the time is bounded. Only single characters are repeated, so that ways to match do not
 * multiply along the text. Say a repetition without bound over the set C may be followed by a
 * failure. What follows begins with no character of C, so that giving characters back fails at
 * once; and, unless the pattern is tied to the start, no match begins with a character of C, so
 * that no later try runs through the same characters again. All else is of bounded length, with at
 * most WAYS_MAX ways through it. What cannot be shown to be so stays with RE2.
 *
 * Both engines prefer the same match: leftmost, earlier alternatives first, greedy or lazy.
 */
import { overlap, setOf, unitsText, type CharacterSet } from './character-set.ts'
import { readSimplePattern, type PatternNode } from './simple-pattern.ts'

const WAYS_MAX = 64
const BOUNDED_MAX = 1000

type Sequence = readonly PatternNode[]

/** What may come next. */
interface Ahead {
  /** First characters. */
  readonly first: CharacterSet
  /** Whether nothing more has to match, so that no failure can come. */
  readonly accepts: boolean
}

const END: Ahead = { first: [], accepts: true }

/**
 * For texts without lone surrogates; null where the time is not known to be bounded. Characters
 * above U+FFFF are written as two units: the flag `u` finds some matches of theirs too late.
 */
export function linearRegExp(pattern: string): RegExp | null {
  // Half a character would match half of one in the text.
  const alternatives = pattern.isWellFormed() ? readSimplePattern(pattern) : null
  if (alternatives === null) return null
  const whole: PatternNode = { kind: 'group', captures: false, alternatives }
  const isTied = alternatives.every((sequence) => sequence[0]?.kind === 'start')
  const starts = isTied ? [] : aheadOf(whole, END).first
  const judge = new Judge(starts)
  const isLinear = judge.group(alternatives, END) && judge.ways <= WAYS_MAX
  if (!isLinear || judge.bounded > BOUNDED_MAX) return null
  if (!alternatives.every((sequence) => startsStandFirst(sequence, true))) return null
  const text = alternativesText(alternatives)
  return text === null ? null : new RegExp(text)
}

/** Walks from the end of the pattern to its start. */
class Judge {
  /** Characters with which a match may begin. */
  readonly #starts: CharacterSet
  ways = 1
  /** Characters outside of repetitions without bound. */
  bounded = 0

  constructor(starts: CharacterSet) {
    this.#starts = starts
  }

  group(alternatives: readonly Sequence[], ahead: Ahead): boolean {
    this.ways *= alternatives.length
    return alternatives.every((sequence) => this.#sequence(sequence, ahead))
  }

  #sequence(sequence: Sequence, ahead: Ahead): boolean {
    let next = ahead
    for (const node of sequence.toReversed()) {
      if (!this.#node(node, next)) return false
      next = aheadOf(node, next)
    }
    return true
  }

  #node(node: PatternNode, ahead: Ahead): boolean {
    if (node.kind === 'group') return this.group(node.alternatives, ahead)
    if (node.kind !== 'characters') return true
    const isChoice = node.least < node.most && !ahead.accepts
    if (node.most === Infinity) {
      this.bounded += node.least
      return !isChoice || !(overlap(node.set, ahead.first) || overlap(node.set, this.#starts))
    }
    this.bounded += node.most
    if (isChoice && overlap(node.set, ahead.first)) this.ways *= node.most - node.least + 1
    return true
  }
}

function aheadOf(node: PatternNode, next: Ahead): Ahead {
  switch (node.kind) {
    case 'start':
      return next
    case 'end':
      return { first: [], accepts: false }
    case 'characters':
      if (node.least > 0) return { first: node.set, accepts: false }
      return { first: setOf([...node.set, ...next.first]), accepts: next.accepts }
    case 'group': {
      const each = node.alternatives.map((sequence) =>
        sequence.reduceRight((ahead, one) => aheadOf(one, ahead), next),
      )
      return {
        first: setOf(each.flatMap((ahead) => [...ahead.first])),
        accepts: each.every((ahead) => ahead.accepts),
      }
    }
  }
}

/** Whether `^` stands only where nothing can have been matched before. */
function startsStandFirst(sequence: Sequence, isFirst: boolean): boolean {
  let first = isFirst
  for (const node of sequence) {
    if (node.kind === 'start' && !first) return false
    if (node.kind === 'group') {
      const isFirstNow = first
      if (!node.alternatives.every((own) => startsStandFirst(own, isFirstNow))) return false
    }
    if (node.kind !== 'start') first = false
  }
  return true
}

/** Made of escaped units only, never of the author's text. Null for sets it cannot write. */
function alternativesText(alternatives: readonly Sequence[]): string | null {
  const texts = alternatives.map((sequence) => {
    const parts = sequence.map(nodeText)
    return parts.includes(null) ? null : parts.join('')
  })
  return texts.includes(null) ? null : texts.join('|')
}

function nodeText(node: PatternNode): string | null {
  switch (node.kind) {
    case 'start':
      return '^'
    case 'end':
      return '$'
    case 'characters': {
      const units = unitsText(node.set)
      if (units === null || (node.least === 1 && node.most === 1)) return units
      return `(?:${units})${repetitionText(node)}`
    }
    case 'group': {
      const inner = alternativesText(node.alternatives)
      if (inner === null) return null
      return node.captures ? `(${inner})` : `(?:${inner})`
    }
  }
}

function repetitionText({
  least,
  most,
  isLazy,
}: Extract<PatternNode, { kind: 'characters' }>): string {
  const counts = most === Infinity ? `{${least},}` : `{${least},${most}}`
  return isLazy ? `${counts}?` : counts
}
