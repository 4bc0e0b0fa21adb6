/** The order of ties is total and follows the values' bytes. */
import test from 'ava'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { compareCells } from '../../../shared/model/canonical/canonical-cells.ts'
import { compareCanonical, compareText } from '../../../shared/model/canonical/canonical-order.ts'
import { columnBuilder } from '../../../shared/model/column-builder.ts'
import type { Layout } from '../../../shared/model/layout.ts'

test('canonical order: null, then values by size', (t) => {
  const values = [5, null, -1, 0, Number.NaN, 2.5]
  t.deepEqual(values.toSorted(compareCanonical), [null, -1, 0, 2.5, 5, Number.NaN])
  t.is(compareCanonical(-0, 0), 0)
})

test('canonical order: strings go by their UTF-8 bytes', (t) => {
  const texts = ['', 'a', 'ab', 'b', 'é', '\u{ffee}', '\u{1f600}', 'a\u{1f600}', 'a\u{ffee}']
  const byBytes = texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  t.deepEqual(texts.toReversed().toSorted(compareText), byBytes)
})

test('canonical order: values in columns are compared as the values themselves', (t) => {
  const random = new SeededRandom(5)
  const text = (): string =>
    ['', 'a', 'é', '\u{ffee}', '\u{1f600}'][random.below(5)]!.repeat(random.below(3))
  const values: Readonly<Record<Layout, () => unknown>> = {
    f64: () => [0, -0, 1.5, Number.NaN, -7][random.below(5)],
    i32: () => random.below(4) - 2,
    bool: () => random.below(2) === 1,
    utf8: () => `${text()}${text()}`,
    dict: () => `${text()}${text()}`,
    bytes: () => Uint8Array.from({ length: random.below(4) }, () => random.below(3)),
    any: () => [[1], { a: 2 }, 'x', 3n, true][random.below(5)],
  }
  for (const layout of Object.keys(values) as Layout[]) {
    const made = [0, 1].map(() => Array.from({ length: 60 }, () => values[layout]()))
    const [left, right] = made.map((list) => {
      const builder = columnBuilder(layout, 60)
      for (const value of list) builder.append(value)
      return builder.finish()
    })
    for (let row = 0; row < 60; row++) {
      for (const [other, column] of [
        [1, right],
        [0, left],
      ] as const) {
        const at = random.below(60)
        const order = compareCells(left!, row, column!, at)
        t.is(Math.sign(order), Math.sign(compareCanonical(made[0]![row], made[other]![at])), layout)
      }
    }
  }
})
