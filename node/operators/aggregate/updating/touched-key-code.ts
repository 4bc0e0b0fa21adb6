/**
 * How the loop of an aggregate without a window finds the entry of row i: by the index in front of
 * the pages, texts by their codes. An entry remembers which text of which dictionary its key is
 * (dictionary-stamps.ts), so that bytes are compared once per entry and dictionary.
 */
import { nullTest, openText } from '../../../state/entry-code.ts'
import type { EntrySlot } from '../../../state/entry-layout.ts'
import { mixText, searchText } from '../../../state/index/entry-index.ts'
import { functionCode } from '../../../state/keyed-table-code.ts'
import type { AggregateShape } from '../aggregate-shape.ts'
import { indent } from '../calls/call-code.ts'
import { nullText, numberHit } from '../key-code.ts'
import { openIndex } from '../merge-code.ts'

function columnOf(shape: AggregateShape, index: number): number {
  return shape.core.key[index] ?? 0
}

function isDict(slot: EntrySlot): boolean {
  return slot.spec.layout === 'dict'
}

/** Compare bytes, and remember the text where they are equal. */
export function touchedKeyFunctions(shape: AggregateShape): string[] {
  return shape.layout.key.flatMap((slot, index) => {
    if (!isDict(slot)) return []
    const at = `e + ${slot.word}`
    return functionCode(`sameKey${index}(T, e, c, i, stamp)`, [
      `const f64 = T.arena.f64, i32 = T.arena.i32`,
      ...openText(slot, index, 'key'),
      `if (i32[(${at}) * 2 + 1] !== end - start) return false`,
      `if (!sameBytes(T.arena.u8, T.textStart(e, ${at}), text, start, end - start)) return false`,
      `f64[e + ${shape.hints[index]}] = stamp`,
      `return true`,
    ])
  })
}

/** Once per batch: lanes and stamps of the dictionaries of its key. */
export function openDictionariesLines(shape: AggregateShape): string[] {
  return shape.layout.key.flatMap((slot, index) => {
    if (!isDict(slot)) return []
    const c = `batch.columns[${columnOf(shape, index)}]`
    return [
      `G.lanes[${index}] = dictionaryImage(${c}.dictionary).hashA`,
      `G.stamps[${index}] = h.stamps.of(${c}.dictionary)`,
    ]
  })
}

/** Names for the codes of text columns, the lanes of their texts and their stamps. */
export function openTouchedKey(shape: AggregateShape): string[] {
  const texts = shape.layout.key.flatMap((slot, index) => {
    if (!isDict(slot)) return []
    return [
      `const k${index} = c${columnOf(shape, index)}.codes`,
      `const m${index} = G.lanes[${index}], h${index} = G.stamps[${index}]`,
    ]
  })
  return [...texts, ...openIndex('T')]
}

/** Leaves the entry of row i in `e`, or 0 and in `s` where the search ended. */
export function findTouchedLines(shape: AggregateShape): string[] {
  const mix = mixText(
    shape.layout.key,
    (slot, index) => (isDict(slot) ? `m${index}[k${index}[i]]` : `v${columnOf(shape, index)}[i]`),
    (_, index) => nullText(columnOf(shape, index)),
  )
  return [
    `let at = 0`,
    searchText(mix),
    `for (; ; s = (s + 1) & mask) {`,
    ...indent([`at = i32[index + s]`, `if (at === 0 || (${hitText(shape)})) break`]),
    `}`,
    `let e = at`,
  ]
}

/** Entry `e` has the texts of row i. */
export function hintLines(shape: AggregateShape): string[] {
  return shape.layout.key.flatMap((slot, index) =>
    isDict(slot) ? [`f64[e + ${shape.hints[index]}] = h${index} + k${index}[i]`] : [],
  )
}

function hitText(shape: AggregateShape): string {
  return shape.layout.key
    .map((slot, index) => {
      const column = columnOf(shape, index)
      if (!isDict(slot)) return numberHit(slot, column)
      const stamp = `h${index} + k${index}[i]`
      const same = `(f64[at + ${shape.hints[index]}] === ${stamp} || sameKey${index}(T, at, c${column}, i, ${stamp}))`
      if (slot.nullBit < 0) return same
      const isNull = nullTest(slot, 'at')
      return `(${nullText(column)} ? ${isNull} : !(${isNull}) && ${same})`
    })
    .join(' && ')
}
