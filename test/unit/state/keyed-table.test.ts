/** Hunts lost, doubled and mixed-up entries: random operations against a Map, for many layouts. */
import test from 'ava'
import { Arena } from '../../../node/state/arena.ts'
import { assertTable } from '../../../node/state/assert-pages.ts'
import { columnWriter } from '../../../node/state/column-writer.ts'
import { isIndexable } from '../../../node/state/index/entry-index.ts'
import type { KeyedTable } from '../../../node/state/keyed-table.ts'
import { compileKeyedTable } from '../../../node/state/keyed-table-code.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { openTable } from '../../../node/state/hashed/open-table.ts'
import type { Layout } from '../../../shared/model/layout.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { batchOf, column, lanesOf, SeededRandom, valueOf } from './state-model.ts'

const LAYOUTS: readonly (readonly [keys: Layout[], values: Layout[]])[] = [
  [['f64'], []],
  [['f64'], ['f64', 'utf8']],
  [['utf8'], ['i32', 'bool']],
  [
    ['dict', 'i32'],
    ['utf8', 'dict', 'bytes'],
  ],
  [['any', 'bool'], ['any']],
  [['bytes'], ['f64', 'any', 'utf8']],
  [[], ['f64']],
  [['i32'], ['utf8']],
  [['i32', 'bool', 'i32'], []],
]

function textOf(values: readonly unknown[]): string {
  return JSON.stringify(values, (_, value: unknown) =>
    value instanceof Uint8Array ? [...value] : value,
  )
}

for (const [keys, values] of LAYOUTS) {
  for (const [n, pool] of [5, 300, 300, 20_000].entries()) {
    // Sessions ask for an index over hashed pages.
    const isHashed = n === 1
    const kind = isHashed ? ', hashed' : ''
    const name = `${keys.join('+') || 'no key'} -> ${values.join('+') || 'nothing'}, pool ${pool}${kind}`
    test(`keyed table: random operations agree with a map: ${name}`, (t) => {
      const keySpecs = keys.map((layout, index) => column(`k${index}`, layout, index === 0))
      const valueSpecs = values.map((layout, index) => column(`v${index}`, layout, true))
      const compiled = compileKeyedTable({
        key: keySpecs,
        value: valueSpecs,
        words: 1,
        isIndexed: isIndexable(keySpecs, true),
        indexesTexts: true,
        isHashed,
      })
      const memory = new CountingMemory()
      const arena = new Arena(memory)
      const table = openTable(compiled, arena)
      const model = new Map<string, { key: unknown[]; value: unknown[]; word: number }>()
      const random = new SeededRandom(pool * 31 + keys.length)

      for (let round = 0; round < 6; round++) {
        const rows = Array.from({ length: 700 }, () => [
          ...keys.map((layout, index) =>
            index === 0 && random.below(40) === 0 ? null : valueOf(random, layout, pool),
          ),
          ...values.map((layout) =>
            random.below(9) === 0 ? null : valueOf(random, layout, pool * 7),
          ),
        ])
        const batch = batchOf([...keySpecs, ...valueSpecs], rows)
        const [a, b] = lanesOf(keySpecs, batch)
        const keyColumns = batch.columns.slice(0, keys.length)
        const valueColumns = batch.columns.slice(keys.length)
        for (const [i, row] of rows.entries()) {
          const key = row.slice(0, keys.length)
          const value = row.slice(keys.length)
          const text = textOf(key)
          const entry = table.locate(a[i]!, b[i]!, keyColumns, i)
          const known = model.get(text)
          t.is(entry !== 0, known !== undefined, text)
          if (entry === 0) {
            const made = table.insert(a[i]!, b[i]!, keyColumns, i)
            table.storeValue(made, valueColumns, i)
            table.setWord(made, 0, i)
            model.set(text, { key, value, word: i })
          } else if (random.below(3) === 0) {
            table.remove(entry)
            model.delete(text)
          } else {
            t.is(table.word(entry, 0), known!.word)
            t.is(
              table.sameValues(entry, valueColumns, i),
              textOf(known!.value) === textOf(value),
              `${textOf(known!.value)} ${textOf(value)}`,
            )
            table.replaceValue(entry, valueColumns, i)
            t.true(table.sameValues(entry, valueColumns, i))
            known!.value = value
          }
        }
        assertTable(table)
        compareAll(t, table, model)
      }
      table.clear()
      assertTable(table)
      t.is(arena.usedBytes, 0)
      arena.close()
      t.is(memory.usedBytes, 0)
    })
  }
}

function compareAll(
  t: { is(left: unknown, right: unknown, message?: string): void },
  table: KeyedTable,
  model: Map<string, { key: unknown[]; value: unknown[]; word: number }>,
): void {
  const { key, value } = table.layout
  const keyWriters = key.map((slot) => columnWriter(slot.spec.layout, table.size))
  const valueWriters = value.map((slot) => columnWriter(slot.spec.layout, table.size))
  const cursor = table.cursor()
  let row = 0
  for (let entry = cursor.next(); entry !== 0; entry = cursor.next()) {
    table.readKey(entry, keyWriters, row)
    table.readValue(entry, valueWriters, row)
    row += 1
  }
  t.is(row, model.size)
  const keyColumns = keyWriters.map((writer) => writer.take(row))
  const valueColumns = valueWriters.map((writer) => writer.take(row))
  for (let index = 0; index < row; index++) {
    const found = keyColumns.map((one) => valueAt(one, index))
    const known = model.get(textOf(found))
    if (known === undefined) throw new Error(`unknown key ${textOf(found)}`)
    const values = valueColumns.map((one) => valueAt(one, index))
    if (textOf(values) !== textOf(known.value)) t.is(textOf(values), textOf(known.value))
  }
}

test('keyed table: a million keys split pages and stay below 100 bytes each', (t) => {
  const spec = [column('k', 'f64')]
  const compiled = compileKeyedTable({ key: spec, value: [], words: 3 })
  const memory = new CountingMemory()
  const table = openTable(compiled, new Arena(memory))
  const count = 1_000_000
  for (let start = 0; start < count; start += 4000) {
    const batch = batchOf(
      spec,
      Array.from({ length: 4000 }, (_, index) => [start + index]),
    )
    const [a, b] = lanesOf(spec, batch)
    for (let i = 0; i < batch.length; i++) table.insert(a[i]!, b[i]!, batch.columns, i)
  }
  t.is(table.size, count)
  assertTable(table)
  t.true(table.arena.usedBytes / count < 80, `${table.arena.usedBytes / count} bytes per key`)
  t.true(memory.usedBytes / count < 100, `${memory.usedBytes / count} bytes per key with slack`)
})

for (const isHashed of [false, true])
  test(`keyed table: an index over texts knows its entries, ${isHashed ? 'hashed' : 'in order of arrival'}`, (t) => {
    const key = [column('k', 'dict', false), column('n', 'i32', false)]
    const compiled = compileKeyedTable({
      key,
      value: [],
      words: 1,
      isIndexed: true,
      indexesTexts: true,
      isHashed,
    })
    const table = openTable(compiled, new Arena(new CountingMemory()))
    const rows = Array.from({ length: 3000 }, (_, n) => [`text ${n % 1500}`, n])
    const batch = batchOf(key, rows)
    const { columns } = batch
    const [, laneB] = lanesOf(key, batch)
    // All in one key group, so that hashed pages split.
    for (let row = 0; row < rows.length; row++) table.insert(0, laneB[row]!, columns, row)
    assertTable(table)
    for (let row = 0; row < rows.length; row += 2) {
      table.remove(table.locate(0, laneB[row]!, columns, row))
    }
    assertTable(table)
    t.is(table.size, 1500)
  })

test('keyed table: entries expire by a word, each once, and the count is told', (t) => {
  const spec = [column('k', 'f64')]
  const table = openTable(
    compileKeyedTable({ key: spec, value: [], words: 1 }),
    new Arena(new CountingMemory()),
  )
  const batch = batchOf(
    spec,
    Array.from({ length: 5000 }, (_, index) => [index]),
  )
  const [a, b] = lanesOf(spec, batch)
  for (let i = 0; i < 5000; i++) {
    table.setWord(table.insert(a[i]!, b[i]!, batch.columns, i), 0, i % 100)
  }
  let expired = 0
  for (let sweep = 0; sweep < 20; sweep++) {
    table.expire(0, 49, { groups: 72, visit: () => (expired += 1) })
  }
  t.is(expired, 2500)
  t.is(table.size, 2500)
  assertTable(table)
})

test('keyed table: a removal from hashed pages passes over no entry that moves round the end of its page', (t) => {
  const compiled = compileKeyedTable({
    key: [column('k', 'utf8', false)],
    value: [],
    words: 1,
    isHashed: true,
  })
  for (let seed = 1; seed <= 60; seed++) {
    const random = new SeededRandom(seed)
    const table = openTable(compiled, new Arena(new CountingMemory()))
    const gone = { count: 0 }
    for (let n = 0; n < 45; n++) {
      // Homes near the end of a page of 64 entries.
      const entry = table.insertBare(3, (n + 1) * 64 + 56 + random.below(8))
      const isGone = random.below(2)
      gone.count += isGone
      table.setWord(entry, 0, isGone)
    }
    const removed = table.removeInGroup(3, (entry) => table.word(entry, 0) === 1)
    t.is(removed, gone.count, `seed ${seed}`)
    t.is(table.size, 45 - gone.count)
  }
})
