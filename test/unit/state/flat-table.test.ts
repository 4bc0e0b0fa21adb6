/** Hunts lost, doubled and mixed-up entries of flat tables: random operations against a map. */
import test from 'ava'
import { Arena } from '../../../node/state/arena.ts'
import { assertTable } from '../../../node/state/assert-pages.ts'
import { FlatTable } from '../../../node/state/index/flat-table.ts'
import { KeyedTable } from '../../../node/state/keyed-table.ts'
import { compileKeyedTable } from '../../../node/state/keyed-table-code.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { batchOf, lanesOf, SeededRandom } from './state-model.ts'

const KEY: ColumnSpec[] = [
  { path: 'k', type: { kind: 'integer' }, nullable: true, layout: 'f64' },
  { path: 'l', type: { kind: 'boolean' }, nullable: false, layout: 'bool' },
]
const COMPILED = compileKeyedTable({ key: KEY, value: [], words: 1, isIndexed: true })

for (const pool of [4, 300, 30_000]) {
  test(`flat table: random operations agree with a map: pool ${pool}`, (t) => {
    const memory = new CountingMemory()
    const arena = new Arena(memory)
    const table = new FlatTable(COMPILED, arena)
    const model = new Map<string, number>()
    const random = new SeededRandom(pool)
    for (let round = 0; round < 12; round++) {
      const rows = Array.from({ length: 1500 }, () => [
        random.below(30) === 0
          ? null
          : (random.below(pool) - 5) * (random.below(2) === 0 ? 1 : 1e9),
        random.below(2) === 0,
      ])
      const batch = batchOf(KEY, rows)
      const [a, b] = lanesOf(KEY, batch)
      for (const [i, row] of rows.entries()) {
        const text = JSON.stringify(row)
        const entry = table.locate(a[i]!, b[i]!, batch.columns, i)
        t.is(entry !== 0, model.has(text), text)
        if (entry === 0) {
          table.setWord(table.insert(a[i]!, b[i]!, batch.columns, i), 0, i)
          model.set(text, i)
        } else if (random.below(2) === 0) {
          t.is(table.word(entry, 0), model.get(text)!)
          table.remove(entry)
          model.delete(text)
        }
      }
      const entries: number[] = []
      const cursor = table.cursor()
      for (let entry = cursor.next(); entry !== 0; entry = cursor.next()) entries.push(entry)
      t.is(entries.length, model.size)
      t.is(table.size, model.size)
      assertTable(table)
      if (round === 6) {
        table.clear()
        model.clear()
      }
    }
    table.clear()
    t.is(arena.usedBytes, 0)
    arena.close()
    t.is(memory.usedBytes, 0)
  })
}

test('flat table: it takes over the entries of another table by their keys', (t) => {
  const arena = new Arena(new CountingMemory())
  const from = new KeyedTable(COMPILED, arena)
  const rows = Array.from({ length: 3000 }, (_, n) => [n % 7 === 0 ? null : n * 3, n % 2 === 0])
  const batch = batchOf(KEY, rows)
  const [a, b] = lanesOf(KEY, batch)
  for (let i = 0; i < rows.length; i++) from.locateOrInsert(a[i]!, b[i]!, batch.columns, i)
  const flat = new FlatTable(COMPILED, arena)
  const cursor = from.cursor()
  for (let entry = cursor.next(); entry !== 0; entry = cursor.next()) {
    t.is(flat.locateFrom(0, from, entry), 0)
    const made = flat.insertFrom(0, from, entry)
    t.is(flat.locateFrom(0, from, entry), made)
    t.is(from.locateFrom(from.groupOf(entry), flat, made), entry)
  }
  t.is(flat.size, from.size)
})

test('flat table: its index starts at its former size, and gives back what a rush of keys took', (t) => {
  const arena = new Arena(new CountingMemory())
  const table = new KeyedTable(COMPILED, arena)
  const slots = (): number => (table.index?.mask ?? 0) + 1
  const fill = (count: number): void => {
    const batch = batchOf(
      KEY,
      Array.from({ length: count }, (_, n) => [n, true]),
    )
    const [a, b] = lanesOf(KEY, batch)
    table.insert(a[0]!, b[0]!, batch.columns, 0)
    const first = slots()
    for (let i = 1; i < count; i++) table.insert(a[i]!, b[i]!, batch.columns, i)
    table.clear()
    sizes.push(first)
  }
  const sizes: number[] = []
  for (const count of [50_000, 50_000, 100, 100]) fill(count)
  t.deepEqual(sizes, [64, 131_072, 131_072, 256])
})
