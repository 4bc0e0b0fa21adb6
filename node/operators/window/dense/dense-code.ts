/**
 * The text of the loops of windows whose panes are cells by number (dense-keys.ts, cells.ts).
 *
 * Names in it, beside those of call-code.ts: `K` the keys, `C` and `G` cells; `q` the entry of a key,
 * `e` a cell of C and `f` one of G, both less the words of an entry before its accumulators, so that
 * the lines of calls stand as they are.
 */
import { nullTest, readPresent, setNull } from '../../../state/entry-code.ts'
import { functionCode } from '../../../state/keyed-table-code.ts'
import { TILE_HALVES, TILE_KEYS, TILE_LOG2, TILE_MASK } from '../../../state/dense/dense-keys.ts'
import { searchText } from '../../../state/index/entry-index.ts'
import { type AggregateShape, callCodeOf } from '../../aggregate/aggregate-shape.ts'
import { indent, type ResultValue } from '../../aggregate/calls/call-code.ts'
import { hitText, nullText, rowMixText } from '../../aggregate/key-code.ts'
import { addEntryLines, takeEntryLines } from '../../aggregate/merge-code.ts'
import { addLines, openColumns } from '../../aggregate/row-code.ts'
import { keyFunctions } from './dense-key-code.ts'

type CallShape = AggregateShape['calls'][number]

const VIEWS = `const f64 = K.arena.f64, i32 = K.arena.i32`

export function denseCode(shape: AggregateShape): string {
  return [
    ...keyFunctions(shape.layout),
    ...functionCode('init(arena, e, count)', initLines(shape)),
    ...functionCode('run(K, C, batch, from, to)', runLines(shape)),
    ...functionCode('mergeAll(K, C, G, tiles)', mergeAllLines(shape, false)),
    ...functionCode('unmergeAll(K, C, G, tiles)', mergeAllLines(shape, true)),
    ...functionCode('mergeTile(K, C, G, c)', mergeTileLines(shape)),
    ...functionCode('sweep(K, marks, tables, places, dead)', sweepLines(shape)),
    ...functionCode('fill(K, C, place, kws, ws)', fillLines(shape)),
    `return { find, mix, storeKey, readKey, unindex, wipe, reindex, ${hasInit(shape) ? 'init, ' : ''}run, mergeAll, unmergeAll, mergeTile, sweep, fill }`,
  ].join('\n')
}

function hasInit(shape: AggregateShape): boolean {
  return initCalls(shape).length > 0
}

function initCalls({ calls }: AggregateShape): string[] {
  return calls.flatMap(({ site, chosen }) => callCodeOf(chosen)?.init(site) ?? [])
}

function initLines(shape: AggregateShape): string[] {
  return [
    `const f64 = arena.f64, end = e + Math.imul(count, ${shape.layout.words})`,
    `for (; e < end; e += ${shape.layout.words}) {`,
    ...indent(initCalls(shape)),
    `}`,
  ]
}

/**
 * Adds rows to their cells and answers where it stopped: at the first row that is not in the pane, at
 * a key for which there is no room, at a cell whose tile is not there, at a retraction of no key.
 */
function runLines(shape: AggregateShape): string[] {
  const { layout, options } = shape
  const isBack = `kinds !== null && (kinds[i] & 1) === 1`
  return [
    `const times = batch.times, lo = batch.paneStart, hi = batch.paneEnd`,
    `const columns = batch.columns, kinds = batch.kinds, cells = C.at`,
    ...openColumns(shape),
    VIEWS,
    `const index = K.index.at, shift = K.index.shift, mask = K.index.mask, room = K.index.room`,
    `const freeEnd = K.freeEnd`,
    `let free = K.freeEntry, number = K.freeNumber, made = 0, i = from`,
    `for (; i < to; i++) {`,
    ...indent([
      `if (!(times[i] >= lo && times[i] < hi)) break`,
      `let at = 0`,
      searchText(rowMixText(shape)),
      `for (; ; s = (s + 1) & mask) {`,
      `  at = i32[index + s]`,
      `  if (at === 0 || (${hitText(shape)})) break`,
      `}`,
      `if (at === 0) {`,
      `  if (free === freeEnd || made === room${options.retracts ? ` || (${isBack})` : ''}) break`,
      `  at = free`,
      `  i32[at * 2] = number + 1`,
      ...indent(storeKeyLines(shape)),
      `  i32[index + s] = at`,
      `  made += 1`,
      `  do {`,
      `    free += ${layout.wordsAt}`,
      `    number += 1`,
      `  } while (free < freeEnd && i32[free * 2] !== 0)`,
      `}`,
      `const n = i32[at * 2] - 1, tile = i32[cells + (n >> ${TILE_LOG2})]`,
      `if (tile === 0) break`,
      `const e = tile + ${cellText('n', layout.words)}`,
      ...(options.retracts
        ? [
            `if (${isBack}) {`,
            `  if (f64[e + ${shape.rowsAt}] <= 0) { batch.unmatched += 1; continue }`,
            ...indent(addLines(shape, true)),
            `  continue`,
            `}`,
          ]
        : []),
      ...addLines(shape, false),
    ]),
    `}`,
    `if (made > 0) K.took(made, free, number)`,
    `return i`,
  ]
}

function cellText(number: string, words: number): string {
  const at = `(${number} & ${TILE_MASK})`
  return words === 1 ? at : `Math.imul(${at}, ${words})`
}

/** Into an entry of zeros. */
function storeKeyLines({ layout, core }: AggregateShape): string[] {
  return layout.key.flatMap((slot, index) => {
    const c = core.key[index] ?? 0
    const word = `at + ${slot.word}`
    const store =
      slot.spec.layout === 'f64' ? `f64[${word}] = v${c}[i] + 0` : `i32[(${word}) * 2] = v${c}[i]`
    if (slot.nullBit < 0) return [store]
    return [`if (${nullText(c)}) ${setNull(slot).replace('e * 2', 'at * 2')}`, `else ${store}`]
  })
}

/** Over the tiles of G, which C has too; a combination's cell without rows is empty. */
function mergeAllLines(shape: AggregateShape, out: boolean): string[] {
  return [
    VIEWS,
    `const own = C.at, from = G.at`,
    `for (let c = 0; c < tiles; c++) {`,
    `  const first = i32[from + c]`,
    `  let e = i32[own + c]`,
    `  if (first === 0 || e === 0) continue`,
    ...indent(overCells(shape, out ? takeCellLines(shape) : addEntryLines(shape))),
    `}`,
  ]
}

function mergeTileLines(shape: AggregateShape): string[] {
  return [
    VIEWS,
    `const first = i32[G.at + c]`,
    `let e = i32[C.at + c]`,
    ...overCells(shape, addEntryLines(shape)),
  ]
}

function overCells(shape: AggregateShape, lines: readonly string[]): string[] {
  const { words } = shape.layout
  const body = lines.map((line) => line.replaceAll('g64[', 'f64['))
  return [
    `for (let f = first, end = first + ${TILE_KEYS * words}; f < end; f += ${words}, e += ${words}) {`,
    // Of a cell whose rows were all taken back something may be left, in the combination too.
    ...(words === 1 || shape.options.retracts
      ? []
      : [`  if (f64[f + ${shape.rowsAt}] <= 0) continue`]),
    ...indent(body),
    `}`,
  ]
}

function takeCellLines(shape: AggregateShape): string[] {
  const { layout, rowsAt } = shape
  const lines = takeEntryLines(shape)
  if (layout.words === 1) return lines
  const zeros = Array.from({ length: layout.words }, (_, k) => `f64[e + ${layout.wordsAt + k}] = 0`)
  return [
    ...lines,
    `if (f64[e + ${rowsAt}] === 0) {`,
    ...indent([...zeros, ...initCalls(shape)]),
    `}`,
  ]
}

/**
 * Writes the numbers of keys in tiles with a mark that have rows in none of `tables` to `dead`; answers
 * how many.
 */
function sweepLines({ layout, rowsAt }: AggregateShape): string[] {
  return [
    VIEWS,
    `const tiles = Math.min(K.tileCount, marks.length)`,
    `let count = 0`,
    `for (let c = 0; c < tiles; c++) {`,
    ...indent([
      `const entries = i32[K.tilesAt + c * ${TILE_HALVES}]`,
      `if (marks[c] === 0 || entries === 0) continue`,
      `let others = 0`,
      `for (let t = 0; t < tables.length; t++) {`,
      `  const place = i32[tables[t] + c]`,
      `  if (place !== 0) places[others++] = place`,
      `}`,
      `for (let k = 0; k < ${TILE_KEYS}; k++) {`,
      `  if (i32[(entries + k * ${layout.wordsAt}) * 2] === 0) continue`,
      `  let rows = 0`,
      `  for (let t = 0; t < others; t++) rows += f64[places[t] + k * ${layout.words} + ${rowsAt}]`,
      `  if (rows === 0) dead[count++] = (c << ${TILE_LOG2}) + k`,
      `}`,
    ]),
    `}`,
    `return count`,
  ]
}

/**
 * Writes rows for the cells of C that have records, from `place.number` on, until there are no more,
 * the writer is full, or a result fails: its call and entry are then in `place`, which stands behind.
 */
function fillLines(shape: AggregateShape): string[] {
  const { layout, rowsAt } = shape
  return [
    VIEWS,
    `const limit = place.limit, end = K.tileCount << ${TILE_LOG2}`,
    ...shape.core.key.map((_, index) => `const kw${index} = kws[${index}]`),
    ...shape.core.calls.map((_, index) => `const w${index} = ws[${index}]`),
    ...valueArrays(shape),
    `let n = place.number, r = place.row`,
    `walk: while (n < end) {`,
    ...indent([
      `const c = n >> ${TILE_LOG2}, cells = i32[C.at + c], stop = (c + 1) << ${TILE_LOG2}`,
      `if (cells === 0) { n = stop; continue }`,
      `const entries = i32[K.tilesAt + c * ${TILE_HALVES}]`,
      `for (; n < stop; n++) {`,
      `  const e = cells + ${cellText('n', layout.words)}`,
      `  if (!(f64[e + ${rowsAt}] > 0)) continue`,
      `  if (r === limit) break walk`,
      `  const q = entries + ${cellText('n', layout.wordsAt)}`,
      ...indent(keyRowLines(shape)),
      ...indent(shape.calls.flatMap(resultLines)),
      `  r += 1`,
      `}`,
    ]),
    `}`,
    `place.number = n`,
    `place.row = r`,
  ]
}

function valueArrays(shape: AggregateShape): string[] {
  const keys = shape.core.key.map((_, index) => `const kv${index} = kw${index}.values`)
  const results = shape.calls.flatMap((own, index) =>
    valueOf(own) === null ? [] : [`const wv${index} = w${index}.values`],
  )
  return [...keys, ...results]
}

function keyRowLines({ layout }: AggregateShape): string[] {
  return layout.key.flatMap((slot, index) => {
    const read = readPresent(slot, `kw${index}`).map((line) =>
      line.replaceAll(`kw${index}.values`, `kv${index}`).replaceAll('e + ', 'q + '),
    )
    if (slot.nullBit < 0) return read
    return [`if (${nullTest(slot, 'q')}) kw${index}.putNull(r)`, `else {`, ...indent(read), `}`]
  })
}

function valueOf({ chosen, site }: CallShape): ResultValue | null {
  return callCodeOf(chosen)?.value?.(site) ?? null
}

function resultLines(own: CallShape, index: number): string[] {
  const value = valueOf(own)
  const failed = `{ place.cause = ${index}; place.entry = q; n += 1; break walk }`
  if (value === null) {
    const { chosen, site } = own
    const lines = callCodeOf(chosen)?.result(site) ?? []
    const put = lines.map((line) =>
      line.replaceAll(site.writer, `w${index}`).replaceAll(`return ${index}`, failed),
    )
    return [`{`, ...indent(put), `}`]
  }
  const put = value.mayFail
    ? [`const x = ${value.text}`, `if (!(x - x === 0)) ${failed}`, `wv${index}[r] = x`]
    : [`wv${index}[r] = ${value.text}`]
  if (value.isNull === null) return [`{`, ...indent(put), `}`]
  return [`if (${value.isNull}) w${index}.putNull(r)`, `else {`, ...indent(put), `}`]
}
