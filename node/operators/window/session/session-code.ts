/**
 * The loops over sessions that are told once (session-table.ts): take the rows of a batch, write the
 * rows of sessions that end, let them go.
 *
 * The loop over a batch opens sessions too. It makes no call that could change the arena, so that the
 * views are constants: it stops at a row for which there is no room, or which is about more than the
 * latest session of its key.
 */
import { readEntryCode, setNull } from '../../../state/entry-code.ts'
import { type EntrySlot, SLOT_MASK } from '../../../state/entry-layout.ts'
import { mixFromText, searchText } from '../../../state/index/entry-index.ts'
import { functionCode } from '../../../state/keyed-table-code.ts'
import {
  PAGE_CAPACITY_LOG2,
  PAGE_COUNT,
  PAGE_HEADER_WORDS,
  PAGE_NEXT,
} from '../../../state/page.ts'
import { type AggregateShape, callCodeOf } from '../../aggregate/aggregate-shape.ts'
import { indent } from '../../aggregate/calls/call-code.ts'
import { valueCallFunctions } from '../../aggregate/calls/value-calls.ts'
import { hitText, nullText, rowMixText } from '../../aggregate/key-code.ts'
import { mergeLines } from '../../aggregate/merge-code.ts'
import { addLines, openColumns, timeLines } from '../../aggregate/row-code.ts'
import { BEHIND, FOUND, FREE, LINK, SESSION, SLOT_EMPTY, SLOT_LEFT } from './session-words.ts'

const VIEWS = `const f64 = T.arena.f64, i32 = T.arena.i32`
const INDEX = `const index = T.at, shift = T.shift, mask = T.mask`
const OPEN_BATCH = `const columns = batch.columns, times = batch.times`

export interface SessionShape extends AggregateShape {
  readonly sessionGapMs: number
}

export function sessionCode(shape: SessionShape): string {
  const valueCalls = shape.calls.filter(({ chosen }) => chosen.kind === 'code' && chosen.valueSlot)
  const { key } = shape.layout
  return [
    ...valueCalls.flatMap(({ site }) => valueCallFunctions(site)),
    ...functionCode('take(batch, T, from, to)', takeLines(shape)),
    ...functionCode('find(batch, T, i)', [
      OPEN_BATCH,
      ...openColumns(shape),
      VIEWS,
      INDEX,
      ...findLines(shape),
      `return at`,
    ]),
    ...functionCode('open(batch, T, e, i)', [
      OPEN_BATCH,
      ...openColumns(shape),
      VIEWS,
      `const when = times[i]`,
      ...openLines(shape),
    ]),
    ...functionCode('addRow(batch, T, e, i)', [
      OPEN_BATCH,
      ...openColumns(shape),
      VIEWS,
      ...timeLines(shape),
      ...addLines(shape, false),
    ]),
    ...functionCode('merge(T, e, S, f)', mergeLines(shape)),
    ...functionCode('writeResults(T, e, ws, r)', resultLines(shape)),
    ...functionCode('write(T, due, from, to, place)', writeLines(shape)),
    ...functionCode('leave(T, due, from, to)', leaveLines(shape)),
    ...functionCode('place(T, block)', placeLines(shape)),
    ...functionCode('readKey(T, e, ws, r)', readEntryCode(key)),
    `return { take, find, open, addRow, merge, write, leave, place, readKey }`,
  ].join('\n')
}

function word({ sessionAt }: AggregateShape, index: number, entry = 'e'): string {
  return `f64[${entry} + ${sessionAt + index}]`
}

function takeLines(shape: SessionShape): string[] {
  const gap = shape.sessionGapMs
  const [start, end] = [word(shape, SESSION.start), word(shape, SESSION.end)]
  return [
    OPEN_BATCH,
    ...openColumns(shape),
    VIEWS,
    INDEX,
    `const closed = T.closed, opened = T.opened, before = T.openedCount, header = T.block * 2`,
    `let free = i32[header + ${PAGE_NEXT}], slotRoom = T.slotRoom, count = before, i = from`,
    `for (; i < to; i++) {`,
    ...indent([
      ...findLines(shape),
      `const when = times[i]`,
      `let e = at`,
      `if (at !== 0 && when <= ${end}) {`,
      `  if (when < ${start}) {`,
      `    if (${word(shape, SESSION.next)} !== 0 || when < ${start} - ${gap}) break`,
      `    ${start} = when`,
      `  } else if (when + ${gap} > ${end}) ${end} = when + ${gap}`,
      `} else {`,
      `  if (free === 0 || slotRoom === 0 || !(when > closed)) break`,
      ...indent(openFoundLines(shape)),
      `}`,
      ...timeLines(shape),
      ...addLines(shape, false),
    ]),
    `}`,
    // Without a block these are words of block 0, which stay 0.
    `i32[header + ${PAGE_NEXT}] = free`,
    `i32[header + ${PAGE_COUNT}] += count - before`,
    `T.size += count - before`,
    `T.openedCount = count`,
    `T.slotRoom = slotRoom`,
    `return i`,
  ]
}

/** Leaves in `at` the latest session of the key of row i, or 0; in `s` its slot; its home in `home`. */
function findLines(shape: AggregateShape): string[] {
  return [
    searchText(rowMixText(shape)),
    `const home = s`,
    `let at = i32[index + s]`,
    `while (at !== ${SLOT_EMPTY} && (at === ${SLOT_LEFT} || !(${hitText(shape)}))) {`,
    `  s = (s + 1) & mask`,
    `  at = i32[index + s]`,
    `}`,
  ]
}

/** A session of row i, before the one at `at` if there is one; then `e` is the latest of its key. */
function openFoundLines(shape: SessionShape): string[] {
  return [
    `e = free`,
    `free = i32[e * 2 + ${LINK}]`,
    `i32[e * 2] = ${FOUND}`,
    ...openLines(shape),
    `${word(shape, SESSION.next)} = at`,
    `if (at === 0) {`,
    `  s = home`,
    `  while (i32[index + s] > ${SLOT_LEFT}) s = (s + 1) & mask`,
    `  if (i32[index + s] === ${SLOT_EMPTY}) slotRoom--`,
    `} else {`,
    `  i32[at * 2] = ${BEHIND}`,
    `  ${word(shape, SESSION.later, 'at')} = e`,
    `}`,
    `i32[index + s] = e`,
    `opened[count++] = e`,
  ]
}

/** Writes all of the place `e` but its tag, its number and its link: a session of row i, to be added. */
function openLines(shape: SessionShape): string[] {
  const { layout } = shape
  const written = new Set(
    [SESSION.start, SESSION.end, SESSION.next].map((k) => k + shape.sessionAt),
  )
  for (const slot of layout.key) if (slot.spec.layout === 'f64') written.add(slot.word)
  const zeroes = Array.from({ length: layout.entryWords - 1 }, (_, index) => index + 1)
  return [
    `i32[e * 2 + 1] &= ${SLOT_MASK}`,
    ...zeroes.filter((one) => !written.has(one)).map((one) => `f64[e + ${one}] = 0`),
    ...layout.key.flatMap((slot, index) => keyLines(slot, shape.core.key[index] ?? 0)),
    `${word(shape, SESSION.start)} = when`,
    `${word(shape, SESSION.end)} = when + ${shape.sessionGapMs}`,
    ...shape.calls.flatMap(({ site, chosen }) => callCodeOf(chosen)?.init(site) ?? []),
  ]
}

function keyLines(slot: EntrySlot, column: number): string[] {
  const value = `v${column}[i]`
  const store =
    slot.spec.layout === 'f64'
      ? `f64[e + ${slot.word}] = ${value} + 0`
      : `i32[(e + ${slot.word}) * 2] = ${value}`
  if (slot.nullBit < 0) return [store]
  return [
    `if (${nullText(column)}) {`,
    `  f64[e + ${slot.word}] = 0`,
    `  ${setNull(slot)}`,
    `} else ${store}`,
  ]
}

function resultLines(shape: AggregateShape): string[] {
  return [
    VIEWS,
    ...shape.calls.flatMap(({ site, chosen }) => {
      return [`{`, ...indent(callCodeOf(chosen)?.result(site) ?? []), `}`]
    }),
    `return -1`,
  ]
}

/** Rows of the sessions `due`; stops at one whose result fails, and answers its number. */
function writeLines(shape: AggregateShape): string[] {
  const [start, end] = [word(shape, SESSION.start), word(shape, SESSION.end)]
  return [
    VIEWS,
    `const { keys, starts, ends, times, results } = place`,
    `let r = place.row, n = from`,
    `for (; n < to; n++) {`,
    ...indent([
      `const e = due[n]`,
      ...readEntryCode(shape.layout.key)
        .slice(1)
        .map((line) => line.replaceAll('ws[', 'keys[')),
      `starts[r] = ${start}`,
      `ends[r] = ${end}`,
      `times[r] = ${end} - 1`,
      `const cause = writeResults(T, e, results, r)`,
      `if (cause !== -1) { place.cause = cause; break }`,
      `r++`,
    ]),
    `}`,
    `place.row = r`,
    `return n`,
  ]
}

/** The sessions `due` go, each the earliest of its key: from the index or its chain, and its block. */
function leaveLines(shape: AggregateShape): string[] {
  const { key, entryWords } = shape.layout
  return [
    `${VIEWS}, g64 = f64, j32 = i32`,
    INDEX,
    `let slotRoom = T.slotRoom`,
    `for (let n = from; n < to; n++) {`,
    ...indent([
      `const f = due[n]`,
      `if (i32[f * 2] === ${FOUND}) {`,
      `  ${searchText(mixFromText(key))}`,
      `  while (i32[index + s] !== f) s = (s + 1) & mask`,
      `  const isLast = i32[index + ((s + 1) & mask)] === ${SLOT_EMPTY}`,
      `  i32[index + s] = isLast ? ${SLOT_EMPTY} : ${SLOT_LEFT}`,
      `  if (isLast) slotRoom++`,
      `} else {`,
      `  const e = ${word(shape, SESSION.later, 'f')}`,
      `  ${word(shape, SESSION.next)} = ${word(shape, SESSION.next, 'f')}`,
      `}`,
      `const header = (f - Math.imul(i32[f * 2 + 1] & ${SLOT_MASK}, ${entryWords}) - ${PAGE_HEADER_WORDS}) * 2`,
      `i32[f * 2] = ${FREE}`,
      `i32[f * 2 + ${LINK}] = i32[header + ${PAGE_NEXT}]`,
      `i32[header + ${PAGE_NEXT}] = f`,
      `i32[header + ${PAGE_COUNT}]--`,
    ]),
    `}`,
    `T.size -= to - from`,
    `T.slotRoom = slotRoom`,
  ]
}

/** The latest sessions of a block into an index that has no gaps yet. */
function placeLines({ layout }: AggregateShape): string[] {
  const { key, entryWords } = layout
  return [
    `const i32 = T.arena.i32, g64 = T.arena.f64, j32 = i32`,
    INDEX,
    `let slotRoom = T.slotRoom`,
    `const end = block + ${PAGE_HEADER_WORDS} + (${entryWords} << i32[block * 2 + ${PAGE_CAPACITY_LOG2}])`,
    `for (let f = block + ${PAGE_HEADER_WORDS}; f < end; f += ${entryWords}) {`,
    ...indent([
      `if (i32[f * 2] !== ${FOUND}) continue`,
      searchText(mixFromText(key)),
      `while (i32[index + s] !== ${SLOT_EMPTY}) s = (s + 1) & mask`,
      `i32[index + s] = f`,
      `slotRoom--`,
    ]),
    `}`,
    `T.slotRoom = slotRoom`,
  ]
}
