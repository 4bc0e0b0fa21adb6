/**
 * Hunts: patterns for which JavaScript's engine finds something else than RE2, or needs more than
 * time in proportion to the text. Random patterns and texts against RE2.
 */
import test from 'ava'
import { RE2JS } from 're2js'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { linearRegExp } from '../../../shared/expr/functions/patterns/linear-pattern.ts'

const CHARACTERS = ['a', 'b', 'c', '&', '=', '0', '_', ' ', '\n', 'é', '😀', '\u2028', '\v', 'A']
const ATOMS =
  'a b c & = 0 é 😀 . \\d \\w \\s \\S \\W \\. \\n [ab] [^&] [a-c0] [^a\\d] [\\w=] [a-] [^\\s] [^é] [^^]'.split(
    ' ',
  )
const REPETITIONS = [
  '',
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{1,}',
  '{0,2}',
  '{1,3}?',
]

class Maker {
  readonly #random: SeededRandom

  constructor(seed: number) {
    this.#random = new SeededRandom(seed)
  }

  pick(from: readonly string[]): string {
    return from[this.#random.below(from.length)] ?? ''
  }

  text(): string {
    return Array.from({ length: this.#random.below(14) }, () => this.pick(CHARACTERS)).join('')
  }

  sequence(depth: number): string {
    const length = this.#random.below(4) + (depth === 0 ? 1 : 0)
    const parts = Array.from({ length }, () => {
      if (depth < 2 && this.#random.below(4) === 0) return this.group(depth + 1)
      return this.pick(ATOMS) + this.pick(REPETITIONS)
    })
    if (this.#random.below(5) === 0) parts.unshift('^')
    if (this.#random.below(5) === 0) parts.push('$')
    return parts.join('')
  }

  group(depth: number): string {
    const alternatives = Array.from({ length: 1 + this.#random.below(2) }, () =>
      this.sequence(depth),
    )
    return `${this.pick(['(', '(?:'])}${alternatives.join('|')})`
  }
}

test('linear patterns: find what RE2 finds, with the same groups', (t) => {
  let count = 0
  for (let seed = 1; seed <= 6000; seed++) {
    const maker = new Maker(seed)
    const pattern = maker.sequence(0)
    const native = linearRegExp(pattern)
    if (native === null) continue
    count++
    const re2 = RE2JS.compile(pattern)
    for (let round = 0; round < 12; round++) {
      const text = maker.text()
      const matcher = re2.matcher(text)
      const wanted = matcher.find()
        ? Array.from({ length: re2.groupCount() + 1 }, (_, group) => matcher.group(group) ?? null)
        : null
      const match = native.exec(text)
      const found = match === null ? null : Array.from(match, (group) => group ?? null)
      t.deepEqual(found, wanted, JSON.stringify({ seed, pattern, text }))
    }
  }
  t.true(count > 1000, `${count} patterns were tried`)
})

test('linear patterns: time is in proportion to the text', (t) => {
  const alphabet = ['a', 'b', '&', '0', 'ab', 'a&']
  for (let seed = 1; seed <= 1500; seed++) {
    const maker = new Maker(seed)
    const native = linearRegExp(maker.sequence(0))
    if (native === null) continue
    for (const unit of alphabet) {
      const started = process.cpuUsage()
      native.test(`${unit.repeat(20_000)}\n`)
      const { user } = process.cpuUsage(started)
      // A quadratic one would need 4·10^8 steps, about a second.
      t.true(user < 300_000, `${native.source} took ${user} µs for ${unit}`)
    }
  }
})

test('linear patterns: what could go back over the text is left to RE2', (t) => {
  const refused = [
    'a*b',
    '[0-9]+$',
    '(a+)+',
    '(a|b)*c',
    'a.*b',
    '\\bx',
    '(?i)a',
    'a*a*b',
    '[[:alpha:]]',
  ]
  for (const pattern of [...refused, '(?P<n>a)', 'x[^y]*xz', '^a*ab', 'a{2}{3}', 'ab*^c', '\\pL']) {
    t.is(linearRegExp(pattern), null, pattern)
  }
  const taken = [
    '(?:&|^)channel_id=([^&]*)',
    '^[0-9]+$',
    'id=([0-9]+)&',
    '^([a-z]+)-(\\d+)$',
    'abc',
  ]
  for (const pattern of taken) t.not(linearRegExp(pattern), null, pattern)
})

test('linear patterns: half a character is left to RE2, which does not find it in a whole one', (t) => {
  for (const pattern of ['\ud83d', '[\ude00a]', 'a\ud83d*']) t.is(linearRegExp(pattern), null)
  t.false(RE2JS.compile('\ud83d').matcher('😀').find())
})
