/**
 * Hunts: keys that a lookup finds although they differ, or misses although they are equal. Random
 * tables against a search through all rows, for every kind of finder and layout of the key.
 */
import test from 'ava'
import { LookupIndex } from '../../../node/operators/lookup/lookup-index.ts'
import { NO_MATCH } from '../../../node/operators/lookup/row-finder.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { rowsToBatch } from '../../../shared/model/batch-rows.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { spec } from '../compile/typed-trees.ts'

interface Case {
  readonly name: string
  readonly table: readonly ColumnSpec[]
  readonly batch: readonly ColumnSpec[]
  readonly value: (draw: (below: number) => number) => unknown
}

const dict = (path: string): ColumnSpec => ({ ...spec(path, 'string?'), layout: 'dict' })
const TEXTS = ['', 'a', 'ab', 'abc', 'größe', 'grö', '😀', 'channel-17', 'channel-71']
const text = (draw: (below: number) => number): string =>
  draw(2) === 0 ? (TEXTS[draw(TEXTS.length)] ?? '') : `key ${draw(300)}`

function oneKey(name: string, type: string, value: Case['value']): Case {
  return { name, table: [spec('a', `${type}?`)], batch: [spec('a', `${type}?`)], value }
}

const CASES: readonly Case[] = [
  oneKey('close numbers', 'integer', (draw) => draw(200) - 100),
  oneKey('far numbers', 'integer', (draw) => (draw(300) - 150) * 30_000_000_001),
  oneKey('fractions', 'number', (draw) => draw(300) / 7),
  oneKey('both zeros', 'number', (draw) => [-0, 0, 1, 2 ** 40, 0.5][draw(5)]),
  oneKey('dates', 'date', (draw) => draw(300)),
  oneKey('booleans', 'boolean', (draw) => draw(2) === 1),
  oneKey('texts', 'string', text),
  { name: 'texts of a dictionary', table: [spec('a', 'string?')], batch: [dict('a')], value: text },
  {
    name: 'a table with a dictionary',
    table: [dict('a')],
    batch: [spec('a', 'string?')],
    value: text,
  },
  oneKey('big numbers', 'bigint', (draw) => BigInt(draw(200)) * 10n ** 20n),
  {
    name: 'two columns',
    table: [spec('a', 'integer?'), spec('b', 'string?')],
    batch: [spec('a', 'integer?'), spec('b', 'string?')],
    value: (draw) => draw(5),
  },
]

for (const { name, table, batch, value } of CASES) {
  test(`lookup index: finds the rows with the same key and no others, ${name}`, (t) => {
    for (let seed = 1; seed <= 6; seed++) {
      const random = new SeededRandom(seed)
      const draw = (below: number): number => (below === 0 ? 0 : random.below(below))
      const made = (columns: readonly ColumnSpec[], count: number): Record<string, unknown>[] =>
        Array.from({ length: count }, () =>
          Object.fromEntries(
            columns.map(({ path }) => {
              const own = path === 'b' ? TEXTS[draw(3)] : value(draw)
              return [path, draw(12) === 0 ? null : own]
            }),
          ),
        )
      const index = new LookupIndex(table.map((_, at) => at))
      for (const count of [draw(400), draw(40), 0, 300]) {
        const rows = made(table, count)
        const asked = made(batch, 120)
        index.build(rowsToBatch(rows, table))
        const first = new Int32Array(500)
        const hits = index.find(rowsToBatch(asked, batch).columns, asked.length, first)
        const wanted = asked.map((one) => matches(one, rows))
        const found = asked.map((_, row) => chain(index, first[row] ?? NO_MATCH))
        t.deepEqual(found, wanted, `seed ${seed}, ${count} rows`)
        t.is(hits, wanted.filter((one) => one.length > 0).length)
        const keys = rows.filter((row) => !Object.values(row).includes(null))
        t.is(
          index.isUnique,
          keys.every((key) => matches(key, rows).length === 1),
        )
      }
    }
  })
}

function matches(one: Record<string, unknown>, rows: readonly Record<string, unknown>[]): number[] {
  return rows.flatMap((row, at) => {
    const isEqual = Object.keys(row).every((path) => row[path] !== null && row[path] === one[path])
    return isEqual ? [at] : []
  })
}

function chain(index: LookupIndex, first: number): number[] {
  const rows: number[] = []
  for (let row = first; row !== NO_MATCH; row = index.next(row)) rows.push(row)
  return rows
}

test('lookup index: nulls of a dictionary without entries find nothing and count no hits', (t) => {
  const index = new LookupIndex([0])
  index.build(rowsToBatch([{ a: '' }, { a: 'b' }], [spec('a', 'string?')]))
  const dictionary = { values: [] as string[] }
  const asked = { layout: 'dict', codes: new Int32Array(3), dictionary } as const
  const first = new Int32Array(3)
  t.is(index.find([{ ...asked, nulls: new Uint8Array(3).fill(1) }], 3, first), 0)
  t.deepEqual([...first], [NO_MATCH, NO_MATCH, NO_MATCH])
  // The dictionary grows: code 0 has a text now.
  dictionary.values.push('b')
  t.is(index.find([{ ...asked, nulls: null }], 3, first), 3)
  t.deepEqual([...first], [1, 1, 1])
})
