/** Hunts: a literal that is found in bytes where it is not in the text, or the other way round. */
import test from 'ava'
import { compileLoop } from '../../../shared/expr/compile/compile-loop.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { rowsToBatch } from '../../../shared/model/batch-rows.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { countByte, wordsOf } from '../../../shared/model/text/utf8-search.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'
import { call, col, listener, lit, overload, spec } from './typed-trees.ts'

const text = spec('text', 'string?')
const ALPHABET = ['a', 'b', 'c', 'é', 'è', '😀', '😁', '\u00e9'.normalize('NFD'), '\uFFFD', ' ']

const MODEL: Readonly<Record<string, (text: string, part: string) => unknown>> = {
  contains: (whole, part) => whole.includes(part),
  starts_with: (whole, part) => whole.startsWith(part),
  ends_with: (whole, part) => whole.endsWith(part),
  count_of: (whole, part) => (part === '' ? 0 : whole.split(part).length - 1),
}

test('searches in bytes: find what a search in the text finds', (t) => {
  const random = new SeededRandom(11)
  const word = (most: number): string =>
    Array.from(
      { length: random.below(most + 1) },
      () => ALPHABET[random.below(ALPHABET.length)],
    ).join('')
  const parts = [
    'a',
    'aa',
    'é',
    '😀',
    '',
    '\ud83d',
    '\uFFFD',
    'ab',
    ...Array.from({ length: 20 }, () => word(3)),
  ]
  for (const part of parts) {
    const rows = Array.from({ length: 80 }, () => ({
      text:
        random.below(9) === 0 ? null : random.below(2) === 0 ? word(28) : word(2) + part + word(2),
    }))
    const batch = rowsToBatch(rows, [text])
    for (const [name, model] of Object.entries(MODEL)) {
      const expr = call(name, col(text), lit(part))
      const out = columnOf('out', { type: expr.type, nullable: true })
      const output = [{ spec: out, expr }]
      const loop = compileLoop({ input: [text], steps: [], output, rejected: [], overload })
      const column = loop.run(batch, listener())!.columns[0]!
      rows.forEach((_, row) => {
        const whole = valueAt(batch.columns[0]!, row) as string | null
        const wanted = whole === null ? null : model(whole, part)
        t.is(valueAt(column, row), wanted, `${name}(${JSON.stringify([whole, part])})`)
      })
    }
  }
})

test('count of a byte: the same wherever the text lies in its bytes', (t) => {
  const whole = Buffer.from('abcaéc\u0000a\u007fcacaaaaaé\u0001caaab'.repeat(3))
  for (const offset of [0, 1, 4]) {
    const bytes = whole.subarray(offset)
    const words = wordsOf(bytes)
    for (const byte of [0, 1, 97, 99, 127]) {
      for (let start = 0; start < 20; start++) {
        for (let end = start; end <= bytes.length; end++) {
          const wanted = bytes.subarray(start, end).filter((one) => one === byte).length
          if (countByte(bytes, words, start, end, byte) !== wanted)
            t.fail(`${byte} ${start} ${end}`)
        }
      }
    }
  }
  t.pass()
})
