/** Hunts: a literal that is found in bytes where it is not in the text, or the other way round. */
import test from 'ava'
import { compileLoop } from '../../../shared/expr/compile/compile-loop.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { rowsToBatch } from '../../../shared/model/batch-rows.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
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
        random.below(9) === 0 ? null : random.below(2) === 0 ? word(12) : word(2) + part + word(2),
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
