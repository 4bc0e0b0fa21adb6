/**
 * Hunts: texts of a pool that change under a column that was given away, numbers that are lost when
 * the pool is emptied, and nulls that become texts.
 */
import test from 'ava'
import { POOL_NULL, TextPool } from '../../../shared/expr/compile/texts/text-pool.ts'
import { compileLoop } from '../../../shared/expr/compile/compile-loop.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { call, col, listener, lit, overload, spec } from './typed-trees.ts'

function texts(pool: TextPool, given: readonly (string | null)[]): unknown[] {
  const numbers = Int32Array.from(given.map((text) => pool.numberOf(text)))
  const column = pool.column(numbers, given.length)
  return given.map((_, row) => valueAt(column, row))
}

test('text pool: gives back the texts it was given, and null for null', (t) => {
  const pool = new TextPool()
  const given = ['', null, 'a', 'größe', '😀', 'a', null, 'x'.repeat(5000)]
  t.deepEqual(texts(pool, given), given)
  t.is(pool.numberOf(null), POOL_NULL)
  t.is(pool.numberOf('a'), pool.numberOf('a'))
})

test('text pool: a column that was given away keeps its texts when the pool grows or is emptied', (t) => {
  const pool = new TextPool()
  const literal = pool.literal('literal')
  const first = pool.column(Int32Array.of(literal, pool.numberOf('early')), 2)
  for (let round = 0; round < 3; round++) {
    const dictionary = { values: ['only'] }
    pool.open([dictionary])
    pool.memo(0, dictionary)
    for (let at = 0; at < 70_000; at++) pool.numberOf(`text ${round} ${at}`)
  }
  t.true(pool.strings.length < 100_000)
  t.deepEqual([valueAt(first, 0), valueAt(first, 1)], ['literal', 'early'])
  t.is(pool.literal('literal'), literal)
  t.deepEqual(texts(pool, ['literal', 'late']), ['literal', 'late'])
})

test('text pool: is not emptied while the same dictionaries come', (t) => {
  const pool = new TextPool()
  const dictionary = { values: ['a'] }
  pool.open([dictionary])
  const memo = pool.memo(0, dictionary)
  memo[1] = pool.numberOf('kept')
  for (let at = 0; at < 70_000; at++) pool.numberOf(`${at}`)
  pool.open([dictionary])
  t.is(pool.memo(0, dictionary)[1], pool.numberOf('kept'))
})

test('pooled texts: choices follow dictionaries that change and grow from batch to batch', (t) => {
  const code = spec('code', 'string?', 'dict')
  const flag = spec('flag', 'boolean')
  const chosen = call(
    '?:',
    col(flag),
    call('upper', col(code)),
    call('coalesce', col(code), lit('none')),
  )
  const loop = compileLoop({
    input: [code, flag],
    steps: [],
    output: [{ spec: spec('out', 'string?'), expr: chosen }],
    rejected: [],
    overload,
  })
  const grows = { values: ['a', 'b'] }
  for (const dictionary of [grows, { values: ['q', 'a', 'z'] }, grows, { values: ['a'] }]) {
    const length = 60
    const codes = Int32Array.from({ length }, (_, row) => row % dictionary.values.length)
    const flags = Uint8Array.from({ length }, (_, row) => row % 2)
    const nulls = Uint8Array.from({ length }, (_, row) => (row % 7 === 3 ? 1 : 0))
    const batch: Batch = {
      schema: { columns: [code, flag] },
      length,
      eventTime: new Float64Array(length),
      kind: null,
      columns: [
        { layout: 'dict', codes, dictionary, nulls },
        { layout: 'bool', values: flags, nulls: null },
      ],
    }
    const out = loop.run(batch, listener())?.columns[0]
    for (let row = 0; row < length; row++) {
      const text = nulls[row] === 1 ? null : (dictionary.values[codes[row] ?? 0] ?? null)
      const wanted = flags[row] === 1 ? (text?.toUpperCase() ?? null) : (text ?? 'none')
      t.is(out === undefined ? null : valueAt(out, row), wanted)
    }
    grows.values.push(`entry ${grows.values.length}`)
  }
})

test('pooled texts: a chain of choices that begins with one dictionary goes on behind it', (t) => {
  const code = spec('code', 'string?', 'dict')
  const other = spec('other', 'string', 'dict')
  const is = (text: string) => call('==', call('lower', col(code)), lit(text))
  const last = call('?:', call('==', col(other), lit('stop')), lit(null, 'string'), col(other))
  const chosen = call('?:', is('a'), lit('0'), call('?:', is('b'), call('upper', col(code)), last))
  const loop = compileLoop({
    input: [code, other],
    steps: [],
    output: [{ spec: spec('out', 'string?'), expr: chosen }],
    rejected: [],
    overload,
  })
  const codes = ['A', 'b', 'x', '']
  const others = ['go', 'stop']
  const length = 16
  const batch: Batch = {
    schema: { columns: [code, other] },
    length,
    eventTime: new Float64Array(length),
    kind: null,
    columns: [
      {
        layout: 'dict',
        codes: Int32Array.from({ length }, (_, row) => row % 4),
        dictionary: { values: codes },
        nulls: Uint8Array.from({ length }, (_, row) => (row % 5 === 0 ? 1 : 0)),
      },
      {
        layout: 'dict',
        codes: Int32Array.from({ length }, (_, row) => (row >> 2) % 2),
        dictionary: { values: others },
        nulls: null,
      },
    ],
  }
  for (let round = 0; round < 2; round++) {
    const out = loop.run(batch, listener())?.columns[0]
    for (let row = 0; row < length; row++) {
      const text = row % 5 === 0 ? null : codes[row % 4]?.toLowerCase()
      const behind = (row >> 2) % 2 === 0 ? 'go' : null
      const wanted = text === 'a' ? '0' : text === 'b' ? 'B' : behind
      t.is(out === undefined ? undefined : valueAt(out, row), wanted, `row ${row}`)
    }
  }
})
