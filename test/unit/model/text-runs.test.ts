/** Hunts: texts that repeat from row to row, whose bytes are shared and whose hash is taken once. */
import test from 'ava'
import * as fc from 'fast-check'
import { TextBuilder } from '../../../shared/model/column-builder.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { compileKeyHash } from '../../../shared/model/key-hash/key-hash-compile.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'

const SPEC: ColumnSpec = {
  path: 'day',
  type: { kind: 'string' },
  nullable: true,
  layout: 'utf8',
}

/** Runs of few texts, so that most batches are mostly repeats. */
const RUNS = fc.array(
  fc.record({
    text: fc.constantFrom(null, '', 'a', '2026-11-24', 'é', '\u{1F600}', '\uD83D'),
    count: fc.integer({ min: 1, max: 12 }),
  }),
  { maxLength: 12 },
)

function columnOf(texts: readonly (string | null)[], builder = new TextBuilder()) {
  for (const text of texts) builder.append(text)
  return builder.finish()
}

test('texts: runs of equal texts come back as they went in, batch after batch', (t) => {
  const builder = new TextBuilder()
  fc.assert(
    fc.property(RUNS, (runs) => {
      const texts = runs.flatMap(({ text, count }) => Array<string | null>(count).fill(text))
      const column = columnOf(texts, builder)
      const shown = texts.map((text) => text?.toWellFormed() ?? null)
      t.deepEqual(
        texts.map((_, row) => valueAt(column, row)),
        shown,
      )
    }),
  )
})

test('texts: a repeated text shares its bytes', (t) => {
  const column = columnOf(Array<string>(1000).fill('2026-11-24'))
  t.true(column.layout === 'utf8' && column.bytes.length === 10)
})

test('key hash: a text that repeats hashes like one that stands alone', (t) => {
  const hash = compileKeyHash([SPEC])
  fc.assert(
    fc.property(RUNS, (runs) => {
      const texts = runs.flatMap(({ text, count }) => Array<string | null>(count).fill(text))
      const [a, b] = [new Int32Array(texts.length), new Int32Array(texts.length)]
      hash([columnOf(texts)], texts.length, a, b)
      for (const [row, text] of texts.entries()) {
        const [oneA, oneB] = [new Int32Array(1), new Int32Array(1)]
        hash([columnOf([text])], 1, oneA, oneB)
        t.deepEqual([a[row], b[row]], [oneA[0], oneB[0]])
      }
    }),
    { numRuns: 40 },
  )
})
