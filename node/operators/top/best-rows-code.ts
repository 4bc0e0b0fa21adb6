/**
 * The text of the loop of BestRows: find the entry, reject in place, else find the place of the row
 * in the block of its key and put it there.
 *
 * Words of an entry: if there are inline terms the double of the first one of the n-th row, which no
 * worse row needs to be compared beyond (of places not taken, the worst double); then, as two i32,
 * the block of the key's rows and how many there are.
 *
 * A block, best row first: as two i32 its capacity and 1 + the slot of the key in the batch that is
 * worked (0: none); the doubles of inline term 0 of all places, those of term 1 and so on; the
 * numbers of the rows as i32.
 *
 * The loop makes no call that could change the arena: it stops at a row whose key has no entry, or a
 * full block that may grow, and whoever called makes room for it. So its views are constants.
 */
import { factoryOf } from '../../../shared/base/generated-code.ts'
import type { Column } from '../../../shared/model/batch.ts'
import { dictionaryImage } from '../../../shared/model/key-hash/key-hash-dictionary.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { ENTRY_LIBRARY_NAMES } from '../../state/entry-code.ts'
import type { EntryLayout } from '../../state/entry-layout.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import { functionCode } from '../../state/keyed-table-code.ts'
import { sameBytes, sameValue } from '../../state/same-value.ts'
import { indent } from '../aggregate/calls/call-code.ts'
import {
  dirtyLine,
  type KeyProbe,
  OPEN_PROBES,
  probeLines,
  seekFunctions,
} from './key-probe-code.ts'
import { isBetter, isWorse, openColumns, type RankTerm, termValue } from './rank-terms.ts'

/** Up to so many places the place of a row is sought from the last one on, beyond by halves. */
const LINEAR_PLACES_MAX = 24

export interface BestRowsShape {
  readonly input: readonly ColumnSpec[]
  readonly layout: EntryLayout
  /** Input columns of the key. */
  readonly key: readonly number[]
  readonly inline: readonly RankTerm[]
  readonly n: number
  /** Whether the rows of a key before the batch are noted. */
  readonly notesOld: boolean
}

/** What the loop reads and writes of a batch. */
export interface BestRowsBatch extends KeyProbe {
  columns: readonly Column[]
  keyColumns: readonly Column[]
  times: Float64Array
  length: number
  /** The number of its first row in the kept batches. */
  first: number
  /** Keys of the batch with new rows. By slot: block, rows before and now, the first new place. */
  slotCount: number
  blocks: Int32Array
  oldCounts: Int32Array
  counts: Int32Array
  changed: Int32Array
  /** Rows of earlier batches that are no longer among the best. */
  gone: Int32Array
  goneCount: number
  /** Of two kept rows: negative when the first is better. */
  compare(row: number, other: number): number
  /** Called before the first change of a key's rows, whose numbers lie at `rows`. */
  noteOld(i32: Int32Array, rows: number, count: number): void
}

export interface BestRowsLoops {
  readonly seek: (x: BestRowsBatch, T: KeyedTable, from: number, to: number) => void
  /** Takes rows from `from` on; the row without room where it stopped. */
  readonly run: (x: BestRowsBatch, T: KeyedTable, from: number, to: number) => number
}

export function compileBestRows(shape: BestRowsShape): BestRowsLoops {
  const make = factoryOf(['lib'], bestRowsCode(shape))
  return make({ dictionaryImage, sameBytes, sameValue }) as BestRowsLoops
}

const COLUMNS = `const columns = x.columns, ks = x.keyColumns, times = x.times`

function bestRowsCode(shape: BestRowsShape): string {
  const { input, inline, key, layout } = shape
  const keyShape = { layout, core: { key } }
  return [
    `const { ${ENTRY_LIBRARY_NAMES} } = lib`,
    ...seekFunctions(keyShape, [COLUMNS, ...openColumns(key, input)]),
    ...functionCode('run(x, T, from, to)', [
      COLUMNS,
      ...openColumns([...key, ...inline.map(({ column }) => column)], input),
      ...OPEN_PROBES,
      `const first = x.first, length = x.length`,
      `const blocks = x.blocks, oldCounts = x.oldCounts, counts = x.counts, changed = x.changed`,
      `const gone = x.gone`,
      `const f64 = T.arena.f64, i32 = T.arena.i32`,
      `for (let i = from; i < to; i++) {`,
      ...indent([
        ...probeLines(keyShape),
        `if (e === 0) return i`,
        ...inline.map((term, k) => `const own${k} = ${termValue(term, input)}`),
        ...rejectLines(shape),
        ...placeLines(shape),
        ...touchLines(shape),
        ...putLines(shape),
        dirtyLine(keyShape),
      ]),
      `}`,
      `return to`,
    ]),
    `return { seek, run }`,
  ].join('\n')
}

/** Goes on with the next row if row i is plainly worse than the n-th. */
function rejectLines({ inline, layout }: BestRowsShape): string[] {
  const [term] = inline
  if (term === undefined) return []
  return [`if (${isWorse(term, 'own0', `f64[e + ${layout.wordsAt}]`)}) continue`]
}

/** Defines where the block lies, and `p`, the place of row i in it. */
function placeLines(shape: BestRowsShape): string[] {
  const { inline, layout, n } = shape
  const at = layout.wordsAt + Math.min(1, inline.length)
  const search =
    n <= LINEAR_PLACES_MAX
      ? [
          `while (p > 0) {`,
          `  const q = p - 1`,
          ...indent(beatsLines(shape)),
          `  if (!beats) break`,
          `  p = q`,
          `}`,
        ]
      : [
          `let low = 0`,
          `while (low < p) {`,
          `  const q = low + p >>> 1`,
          ...indent(beatsLines(shape)),
          `  if (beats) p = q`,
          `  else low = q + 1`,
          `}`,
        ]
  return [
    `const blockAt = (e + ${at}) * 2`,
    `const block = i32[blockAt], count = i32[blockAt + 1], capacity = i32[block * 2]`,
    `if (count === capacity && count < ${n}) return i`,
    `const doubles = block + 1, rows = (doubles + ${inline.length} * capacity) * 2`,
    `let p = count`,
    ...search,
    `if (p === ${n}) continue`,
  ]
}

/** Defines `beats`: whether row i is better than the row at place q. */
function beatsLines({ inline }: BestRowsShape): string[] {
  const whole = `x.compare(first + i | 0, i32[rows + q]) < 0`
  if (inline.length === 0) return [`const beats = ${whole}`]
  return [`let beats = false`, ...beatsBy(inline, 0, whole)]
}

function beatsBy(inline: readonly RankTerm[], k: number, whole: string): string[] {
  const term = inline[k]
  if (term === undefined) return [`beats = ${whole}`]
  const own = `own${k}`
  const old = `old${k}`
  return [
    `const ${old} = f64[doubles${offsetText(k)} + q]`,
    `if (${isBetter(term, own, old)}) beats = true`,
    `else if (!(${isWorse(term, own, old)})) {`,
    ...indent(beatsBy(inline, k + 1, whole)),
    `}`,
  ]
}

function offsetText(k: number): string {
  return k === 0 ? '' : ` + ${k} * capacity`
}

/** Gives the key a slot of the batch, and notes what changes in it. */
function touchLines({ notesOld }: BestRowsShape): string[] {
  return [
    `let slot = i32[block * 2 + 1] - 1`,
    `if (slot < 0) {`,
    ...indent([
      `slot = x.slotCount++`,
      `i32[block * 2 + 1] = slot + 1`,
      `blocks[slot] = block`,
      `oldCounts[slot] = count`,
      `counts[slot] = count`,
      `changed[slot] = p`,
      ...(notesOld ? [`x.noteOld(i32, rows, count)`] : []),
    ]),
    `} else if (p < changed[slot]) changed[slot] = p`,
  ]
}

function putLines({ inline, layout, n }: BestRowsShape): string[] {
  const shift = inline.map(
    (_, k) => `  f64[doubles${offsetText(k)} + q] = f64[doubles${offsetText(k)} + q - 1]`,
  )
  const put = inline.map((_, k) => `f64[doubles${offsetText(k)} + p] = own${k}`)
  const worst =
    inline.length === 0
      ? []
      : [`if (last === ${n - 1}) f64[e + ${layout.wordsAt}] = f64[doubles + ${n - 1}]`]
  return [
    `let last = count`,
    `if (count === ${n}) {`,
    `  last = ${n - 1}`,
    `  const row = i32[rows + last]`,
    `  if (row - first >>> 0 >= length) gone[x.goneCount++] = row`,
    `} else {`,
    `  i32[blockAt + 1] = count + 1`,
    `  counts[slot] = count + 1`,
    `}`,
    `for (let q = last; q > p; q--) {`,
    ...shift,
    `  i32[rows + q] = i32[rows + q - 1]`,
    `}`,
    ...put,
    `i32[rows + p] = first + i`,
    ...worst,
  ]
}
