/**
 * The text of the loop of BestRow: find the entry, compare in place, note the row.
 *
 * Words of an entry: the doubles of the inline terms; then, as i32, the number of the row in the kept
 * batches, or, while a batch is worked that has a better one, the slot of the key in it: numbers of
 * kept rows are never that small.
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
import { KEPT_ROW_BITS, NO_KEPT_ROW } from '../../state/kept/kept-batches.ts'
import { sameBytes, sameValue } from '../../state/same-value.ts'
import { indent } from '../aggregate/calls/call-code.ts'
import {
  dirtyLine,
  type KeyProbe,
  OPEN_PROBES,
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
  /** Keys of the batch that have a new best row; by slot that row, the one before, and the entry. */
  slotCount: number
  best: Int32Array
  /** NO_KEPT_ROW: none. */
  before: Int32Array
  entries: Int32Array
  /** Negative when row i is better than another row of the batch, or than a kept row. */
  compareRows(i: number, other: number): number
  compareKept(i: number, row: number): number
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
  return [
    `const { ${ENTRY_LIBRARY_NAMES} } = lib`,
    ...seekFunctions(keyShape, openLines({ ...shape, inline: [] })),
    ...functionCode('run(x, T, from, to)', [
      ...openLines(shape),
      ...OPEN_PROBES,
      `const best = x.best, before = x.before, entries = x.entries`,
      `const f64 = T.arena.f64, i32 = T.arena.i32`,
      `for (let i = from; i < to; i++) {`,
      ...indent([
        ...probeOrInsertLines(keyShape, [
          ...storeLines(shape),
          ...slotLines(shape, NO_KEPT_ROW),
          `continue`,
        ]),
        `const known = i32[${rowAt(shape)}]`,
        ...compareLines(shape, 0),
        dirtyLine(keyShape),
        ...storeLines(shape),
        `if (${isSlot('known')}) best[known] = i`,
        `else {`,
        ...indent(slotLines(shape, 'known')),
        `}`,
      ]),
      `}`,
      `return to`,
    ]),
    ...functionCode('admit(x, T, i)', [
      ...openLines(shape),
      `const best = x.best, before = x.before, entries = x.entries`,
      `const e = T.insert(x.laneA[i], x.laneB[i], ks, i)`,
      `const f64 = T.arena.f64, i32 = T.arena.i32`,
      ...storeLines(shape),
      ...slotLines(shape, NO_KEPT_ROW),
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

/** The i32 of the row's number or slot. */
function rowAt({ layout, inline }: BestRowShape): string {
  return `(e + ${layout.wordsAt + inline.length}) * 2`
}

/** Goes on with the next row unless row i is better than the one in the entry. */
function compareLines(shape: BestRowShape, index: number): string[] {
  const { layout, inline, input } = shape
  const term = inline[index]
  if (term === undefined) {
    const other = `${isSlot('known')} ? x.compareRows(i, best[known]) : x.compareKept(i, known)`
    return [`if ((${other}) >= 0) continue`]
  }
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

function storeLines({ layout, inline, input }: BestRowShape): string[] {
  return inline.map((term, k) => `f64[e + ${layout.wordsAt + k}] = ${termValue(term, input)}`)
}

function slotLines(shape: BestRowShape, known: string | number): string[] {
  return [
    `const slot = x.slotCount++`,
    `i32[${rowAt(shape)}] = slot`,
    `best[slot] = i`,
    `before[slot] = ${known}`,
    `entries[slot] = e`,
  ]
}

/** Text that is true where a number is the slot of a key. */
function isSlot(row: string): string {
  return `${row} >>> ${KEPT_ROW_BITS} === 0`
}
