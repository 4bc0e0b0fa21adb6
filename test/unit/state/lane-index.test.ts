/** Tables with an index by the hash of the key: texts, several columns, keys of one lane. */
import test from 'ava'
import { Arena } from '../../../node/state/arena.ts'
import { FlatTable } from '../../../node/state/index/flat-table.ts'
import { KeyedTable } from '../../../node/state/keyed-table.ts'
import { compileKeyedTable } from '../../../node/state/keyed-table-code.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { openTable } from '../../../node/state/hashed/open-table.ts'
import { batchOf, column, lanesOf, SeededRandom } from './state-model.ts'

const key = [column('id', 'f64'), column('name', 'dict', true)]
const spec = { key, value: [], words: 1, isIndexed: true, indexesLanes: true }

for (const kind of ['flat', 'paged'] as const) {
  test(`lane index: a ${kind} table finds every key of a map, and no other`, (t) => {
    const random = new SeededRandom(4)
    const compiled = compileKeyedTable(spec)
    t.true(compiled.isIndexed)
    const make = kind === 'flat' ? FlatTable : KeyedTable
    const table = new make(compiled, new Arena(new CountingMemory()))
    const paged = openTable(
      compileKeyedTable({ ...spec, isIndexed: false, indexesLanes: false }),
      new Arena(new CountingMemory()),
    )
    const rows = Array.from({ length: 6000 }, () => [
      random.below(900) / 2,
      random.below(9) === 0 ? null : `name ${random.below(4)}`,
    ])
    const batch = batchOf(key, rows)
    const [laneA, lanes] = lanesOf(key, batch)
    // Few hashes, so that keys of one hash are told apart.
    const laneB = lanes.map((lane) => (lane & 0x1f00ff) | 1)
    const entries = new Map<string, number>()
    for (let row = 0; row < 4000; row++) {
      const [a, b] = [laneA[row]!, laneB[row]!]
      const name = JSON.stringify(rows[row])
      const found = table.locate(a, b, batch.columns, row)
      t.is(found !== 0, entries.has(name))
      if (found === 0) {
        const made = table.insert(a, b, batch.columns, row)
        entries.set(name, entries.size)
        table.setWord(made, 0, entries.size - 1)
      } else t.is(table.word(found, 0), entries.get(name) ?? -1)
    }
    t.is(table.size, entries.size)
    for (let row = 4000; row < 6000; row++) {
      const [a, b] = [laneA[row]!, laneB[row]!]
      const probe = paged.locateOrInsert(a, b, batch.columns, row)
      const found = table.locateFrom(paged.groupOf(probe), paged, probe)
      const expected = entries.get(JSON.stringify(rows[row]))
      t.is(found === 0 ? undefined : table.word(found, 0), expected)
    }
    table.clear()
    t.is(table.locate(laneA[0]!, laneB[0]!, batch.columns, 0), 0)
  })
}
