/** A loop that makes entries itself leaves the table that `insert` would: seeded rows, all kinds of keys. */
import test from 'ava'
import { factoryOf } from '../../../shared/base/generated-code.ts'
import { dictionaryImage } from '../../../shared/model/key-hash/key-hash-dictionary.ts'
import { keyGroupOf } from '../../../shared/model/key-hash/key-hash.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { Arena } from '../../../node/state/arena.ts'
import { assertTable } from '../../../node/state/assert-pages.ts'
import { memoCode } from '../../../node/state/entry-code.ts'
import { FlatTable } from '../../../node/state/index/flat-table.ts'
import { searchText } from '../../../node/state/index/entry-index.ts'
import { insertText, OPEN_INSERT, textKeyFunctions } from '../../../node/state/insert-code.ts'
import {
  compileKeyedTable,
  type CompiledTable,
  functionCode,
} from '../../../node/state/keyed-table-code.ts'
import type { KeyedTable } from '../../../node/state/keyed-table.ts'
import { PAGE_DIRTY, PAGE_VERSION } from '../../../node/state/page.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { openTable } from '../../../node/state/hashed/open-table.ts'
import { batchOf, column, lanesOf, SeededRandom } from './state-model.ts'

interface Rows {
  readonly ks: readonly Column[]
  readonly laneA: Int32Array
  readonly laneB: Int32Array
}

/** Makes the entry of row i, by lanes; 0 where there is no room. */
type Make = (T: KeyedTable, x: Rows, i: number) => number

function compileMake({ layout }: CompiledTable): Make {
  const { key } = layout
  const code = [
    ...memoCode(key, 'key'),
    ...textKeyFunctions(layout),
    ...functionCode('make(T, x, i)', [
      `const { ks, laneA, laneB } = x, a = laneA[i], b = laneB[i]`,
      `const f64 = T.arena.f64, i32 = T.arena.i32`,
      `const { at: index, mask, shift } = T.index`,
      OPEN_INSERT,
      searchText('b'),
      `while (i32[index + s] !== 0) s = (s + 1) & mask`,
      `let e = 0`,
      ...insertText({
        layout,
        lanes: [],
        hasLanes: true,
        value: (_, n) => `ks[${n}].values[i]`,
        isNull: (_, n) => `ks[${n}].nulls !== null && ks[${n}].nulls[i] === 1`,
        otherwise: [`return 0`],
      }),
      `return e`,
    ]),
    `return make`,
  ]
  return factoryOf(['dictionaryImage'], code.join('\n'))(dictionaryImage) as Make
}

const KEYS: readonly (readonly [string, readonly ColumnSpec[]])[] = [
  ['numbers', [column('a', 'f64', true), column('b', 'bool')]],
  ['texts', [column('a', 'utf8', true), column('b', 'dict'), column('c', 'i32')]],
]

for (const [name, key] of KEYS) {
  for (const kind of ['grouped', 'flat'] as const) {
    test(`insert text: entries made in a loop are those of insert: ${name}, ${kind}`, (t) => {
      const compiled = compileKeyedTable({
        key,
        value: [],
        words: 1,
        isIndexed: true,
        indexesLanes: true,
      })
      const make = compileMake(compiled)
      const arena = new Arena(new CountingMemory())
      const table = kind === 'flat' ? new FlatTable(compiled, arena) : openTable(compiled, arena)
      const random = new SeededRandom(7)
      let inPlace = 0
      for (let round = 0; round < 8; round++) {
        const rows = Array.from({ length: 1200 }, () => {
          const n = random.below(3000)
          const first = n % 50 === 0 ? null : n
          if (name === 'numbers') return [first, n % 2 === 0]
          return [first === null ? null : 'x'.repeat(n % 40) + String(n), `d${n % 7}`, n % 90]
        })
        const batch = batchOf(key, rows)
        const [laneA, laneB] = lanesOf(key, batch)
        for (let i = 0; i < rows.length; i++) {
          const [a, b] = [laneA[i]!, laneB[i]!]
          const found = table.locate(a, b, batch.columns, i)
          if (found !== 0) {
            if (random.below(3) === 0) table.remove(found)
            continue
          }
          const header = table.firsts[kind === 'flat' ? 0 : keyGroupOf(a)]! * 2
          const version = table.arena.i32[header + PAGE_VERSION]!
          table.arena.i32[header + PAGE_DIRTY] = 0
          const made = make(table, { ks: batch.columns, laneA, laneB }, i)
          if (made !== 0) {
            t.is(table.arena.i32[header + PAGE_VERSION], version + 1)
            t.is(table.arena.i32[header + PAGE_DIRTY], 1)
          }
          if (made === 0) table.insert(a, b, batch.columns, i)
          else inPlace += 1
          const entry = table.locate(a, b, batch.columns, i)
          t.true(made === 0 ? entry !== 0 : entry === made)
          t.is(table.word(entry, 0), 0)
          table.setWord(entry, 0, i + 1)
        }
        assertTable(table)
      }
      t.true(inPlace > 1500, `${inPlace} entries were made in the loop`)
    })
  }
}
