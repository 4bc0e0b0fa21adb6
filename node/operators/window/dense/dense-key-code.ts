/** The text of the loops over keys with numbers (dense-keys.ts); see dense-code.ts for its names. */
import { equalBatchCode, readEntryCode, storeBatchCode } from '../../../state/entry-code.ts'
import { TILE_HALVES, TILE_KEYS, TILE_LOG2, TILE_MASK } from '../../../state/dense/dense-keys.ts'
import type { EntryLayout, EntrySlot } from '../../../state/entry-layout.ts'
import { findRowCode, homeText, mixOfEntryText } from '../../../state/index/entry-index.ts'
import { mixCode, valueMix } from '../../../state/index/index-code.ts'
import { functionCode } from '../../../state/keyed-table-code.ts'
import { indent } from '../../aggregate/calls/call-code.ts'

const VIEWS = `const f64 = K.arena.f64, i32 = K.arena.i32`
const INDEX = `const index = K.index.at, shift = K.index.shift, mask = K.index.mask`

export function keyFunctions({ key, wordsAt }: EntryLayout): string[] {
  return [
    ...functionCode('hitKey(K, e, cs, i)', named(equalBatchCode(key, 'key'))),
    ...functionCode('find(K, cs, i)', named(findRowCode(key, 'hitKey(K, e, cs, i)'))),
    ...functionCode('mix(K, e)', named(mixCode(valueMix(key)))),
    ...functionCode(
      'storeKey(K, e, cs, i)',
      named(storeBatchCode(key, { prefix: 'key', replace: false })),
    ),
    ...functionCode('readKey(K, e, ws, r)', named(readEntryCode(key))),
    ...functionCode('unindex(K, numbers, count)', unindexLines(key, wordsAt)),
    ...functionCode('wipe(K, numbers, count)', wipeLines(wordsAt)),
    ...functionCode('reindex(K)', reindexLines(key, wordsAt)),
  ]
}

/** Code of entries calls their table T. */
function named(lines: readonly string[]): string[] {
  return lines.map((line) => line.replaceAll('T.', 'K.'))
}

function entryLines(wordsAt: number): string[] {
  return [
    `const n = numbers[at]`,
    `const q = i32[K.tilesAt + (n >> ${TILE_LOG2}) * ${TILE_HALVES}] + (n & ${TILE_MASK}) * ${wordsAt}`,
  ]
}

/** As EntryIndex.remove, of each. */
function unindexLines(key: readonly EntrySlot[], wordsAt: number): string[] {
  return [
    VIEWS,
    INDEX,
    `for (let at = 0; at < count; at++) {`,
    ...indent([
      ...entryLines(wordsAt),
      `const mixed = ${mixOfEntryText(key, 'q')}`,
      `let hole = ${homeText('mixed')}`,
      `while (i32[index + hole] !== q) hole = (hole + 1) & mask`,
      `for (let s = (hole + 1) & mask; ; s = (s + 1) & mask) {`,
      `  const other = i32[index + s]`,
      `  if (other === 0) break`,
      `  const moved = ${mixOfEntryText(key, 'other')}`,
      `  if (((s - ${homeText('moved')}) & mask) < ((s - hole) & mask)) continue`,
      `  i32[index + hole] = other`,
      `  hole = s`,
      `}`,
      `i32[index + hole] = 0`,
    ]),
    `}`,
  ]
}

function wipeLines(wordsAt: number): string[] {
  return [
    VIEWS,
    `for (let at = 0; at < count; at++) {`,
    ...indent([
      ...entryLines(wordsAt),
      ...Array.from({ length: wordsAt }, (_, word) => `f64[q + ${word}] = 0`),
    ]),
    `}`,
  ]
}

function reindexLines(key: readonly EntrySlot[], wordsAt: number): string[] {
  return [
    VIEWS,
    INDEX,
    `i32.fill(0, index, index + mask + 1)`,
    `const tiles = K.tileCount`,
    `for (let t = 0; t < tiles; t++) {`,
    `  const first = i32[K.tilesAt + t * ${TILE_HALVES}]`,
    `  if (first === 0) continue`,
    `  for (let q = first, end = first + ${TILE_KEYS * wordsAt}; q < end; q += ${wordsAt}) {`,
    `    if (i32[q * 2] === 0) continue`,
    `    const mixed = ${mixOfEntryText(key, 'q')}`,
    `    let s = ${homeText('mixed')}`,
    `    while (i32[index + s] !== 0) s = (s + 1) & mask`,
    `    i32[index + s] = q`,
    `  }`,
    `}`,
  ]
}
