/**
 * The text of the loop of BestRow: find the entry, compare in place, note the row.
 *
 * Words of an entry: the doubles of the inline terms; then, as two i32, the number of the row in the
 * kept batches and the slot of the key in the batch that wrote it.
 *
 * As the loop of an aggregate it makes no call that could change the arena: it stops at a row for
 * whose entry there is no room, and `admit` sees to that one. So the views are constants of the loop.
 */
import { factoryOf } from '../../../shared/base/generated-code.ts'
import type { Column } from '../../../shared/model/batch.ts'
import { dictionaryImage } from '../../../shared/model/key-hash/key-hash-dictionary.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { ENTRY_LIBRARY_NAMES } from '../../state/entry-code.ts'
import type { EntryLayout } from '../../state/entry-layout.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import { functionCode } from '../../state/keyed-table-code.ts'
import { PAGE_DIRTY } from '../../state/page.ts'
import { sameBytes, sameValue } from '../../state/same-value.ts'
import { indent } from '../aggregate/calls/call-code.ts'
import {
  canInsert,
  type KeyProbe,
  probeLines,
  probeOrInsertLines,
  seekFunctions,
} from './key-probe-code.ts'
import { isBetter, isWorse, openColumns, type RankTerm, termValue } from './rank-terms.ts'

export interface BestRowShape {
  readonly input: readonly ColumnSpec[]
  readonly layout: EntryLayout
  /** Input columns of the key. */
  readonly key: readonly number[]
  readonly inline: readonly RankTerm[]
}

/** What the loop reads and writes of a batch. */
export interface BestRowBatch extends KeyProbe {
  columns: readonly Column[]
  keyColumns: readonly Column[]
  times: Float64Array
  length: number
  /** The number of its first row in the kept batches. */
  first: number
  /** Keys of the batch that have a new best row, and by slot: that row, the one before (0: none). */
  slotCount: number
  best: Int32Array
  before: Int32Array
  /** Of two kept rows: negative when the first is better. */
  compare(row: number, other: number): number
}

export interface BestRowLoops {
  readonly seek: (x: BestRowBatch, T: KeyedTable, from: number, to: number) => void
  /** Takes rows from `from` on; the row without room for an entry where it stopped. */
  readonly run: (x: BestRowBatch, T: KeyedTable, from: number, to: number) => number
  /** Makes an entry for a row that has none. */
  readonly admit: (x: BestRowBatch, T: KeyedTable, i: number) => void
}

export function compileBestRow(shape: BestRowShape): BestRowLoops {
  const make = factoryOf(['lib'], bestRowCode(shape))
  return make({ dictionaryImage, sameBytes, sameValue }) as BestRowLoops
}

function bestRowCode(shape: BestRowShape): string {
  const keyShape = { layout: shape.layout, core: { key: shape.key } }
  const inserts = canInsert(keyShape)
  return [
    `const { ${ENTRY_LIBRARY_NAMES} } = lib`,
    ...seekFunctions(keyShape),
    ...functionCode('run(x, T, from, to)', [
      ...openLines(shape),
      `const laneB = x.laneB, elements = x.elements, first = x.first, length = x.length`,
      `const best = x.best, before = x.before`,
      `const f64 = T.arena.f64, i32 = T.arena.i32`,
      `for (let i = from; i < to; i++) {`,
      ...indent([
        ...(inserts
          ? [
              ...probeOrInsertLines(keyShape),
              `if (isNew) {`,
              ...indent([...storeLines(shape), ...slotLines(shape, '0'), `continue`]),
              `}`,
            ]
          : [...probeLines(keyShape), `if (e === 0) return i`]),
        `const known = i32[${rowAt(shape)}]`,
        ...compareLines(shape, 0),
        `i32[page * 2 + ${PAGE_DIRTY}] = 1`,
        ...storeLines(shape),
        `if (known - first >>> 0 < length) {`,
        `  best[i32[${rowAt(shape)} + 1]] = i`,
        `} else {`,
        ...indent(slotLines(shape, 'known')),
        `}`,
      ]),
      `}`,
      `return to`,
    ]),
    ...functionCode('admit(x, T, i)', [
      ...openLines(shape),
      `const best = x.best, before = x.before, first = x.first`,
      `const e = T.insert(x.laneA[i], x.laneB[i], ks, i)`,
      `const f64 = T.arena.f64, i32 = T.arena.i32`,
      ...storeLines(shape),
      ...slotLines(shape, '0'),
    ]),
    `return { seek, run, admit }`,
  ].join('\n')
}

function openLines({ input, key, inline }: BestRowShape): string[] {
  return [
    `const columns = x.columns, ks = x.keyColumns, times = x.times`,
    ...openColumns([...key, ...inline.map(({ column }) => column)], input),
  ]
}

/** The i32 of the row's number; the slot lies behind it. */
function rowAt({ layout, inline }: BestRowShape): string {
  return `(e + ${layout.wordsAt + inline.length}) * 2`
}

/** Goes on with the next row unless row i is better than the one in the entry. */
function compareLines(shape: BestRowShape, index: number): string[] {
  const { layout, inline, input } = shape
  const term = inline[index]
  if (term === undefined) return [`if (x.compare(first + i | 0, known) >= 0) continue`]
  const own = `own${index}`
  const old = `f64[e + ${layout.wordsAt + index}]`
  return [
    `const ${own} = ${termValue(term, input)}`,
    `if (${isWorse(term, own, old)}) continue`,
    `if (!(${isBetter(term, own, old)})) {`,
    ...indent(compareLines(shape, index + 1)),
    `}`,
  ]
}

function storeLines(shape: BestRowShape): string[] {
  const { layout, inline, input } = shape
  return [
    ...inline.map((term, k) => `f64[e + ${layout.wordsAt + k}] = ${termValue(term, input)}`),
    `i32[${rowAt(shape)}] = first + i`,
  ]
}

function slotLines(shape: BestRowShape, known: string): string[] {
  return [
    `const slot = x.slotCount++`,
    `i32[${rowAt(shape)} + 1] = slot`,
    `best[slot] = i`,
    `before[slot] = ${known}`,
  ]
}
