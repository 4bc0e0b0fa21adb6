/**
 * The generated part of an index: how its slots are filled and emptied, with the mix of a layout's
 * keys in the loops. Names in the text: `T` a table with an index, `e` an entry of it.
 */
import type { EntrySlot } from '../entry-layout.ts'
import { PAGE_COUNT, PAGE_HEADER_WORDS } from '../page.ts'
import { homeText, mixOfEntryText } from './entry-index.ts'

/** Text of the mix of the key of an entry in T. */
export type EntryMix = (entry: string) => string

/** The mix of an index by values. */
export function valueMix(key: readonly EntrySlot[]): EntryMix {
  return (entry) => mixOfEntryText(key, entry)
}

/** The mix of an index by lane B, which is the tag of an entry. */
export const laneMix: EntryMix = (entry) => `i32[${entry} * 2]`

const OPEN = `const f64 = T.arena.f64, i32 = T.arena.i32, { at, mask, shift } = T.index`

/** A function body that answers the mix of the key of `e`. */
export function mixCode(mix: EntryMix): string[] {
  return [`const f64 = T.arena.f64, i32 = T.arena.i32`, `return ${mix('e')}`]
}

/** A function body that puts `e` into the first free slot from its home on. */
export function placeCode(mix: EntryMix): string[] {
  return [
    OPEN,
    `const mixed = ${mix('e')}`,
    `let s = ${homeText('mixed')}`,
    `while (i32[at + s] !== 0) s = (s + 1) & mask`,
    `i32[at + s] = e`,
  ]
}

/** As placeCode, of all entries of pages: in the order in which they lie in memory. */
export function placeAllCode(mix: EntryMix, entryWords: number): string[] {
  return [
    OPEN,
    `for (let p = 0; p < pages.length; p++) {`,
    `  let left = i32[pages[p] * 2 + ${PAGE_COUNT}]`,
    `  for (let e = pages[p] + ${PAGE_HEADER_WORDS}; left > 0; e += ${entryWords}) {`,
    `    if (i32[e * 2] === 0) continue`,
    `    left -= 1`,
    `    const mixed = ${mix('e')}`,
    `    let s = ${homeText('mixed')}`,
    `    while (i32[at + s] !== 0) s = (s + 1) & mask`,
    `    i32[at + s] = e`,
    `  }`,
    `}`,
  ]
}

/** A function body that takes out `e`: those behind it move up. False when it was not there. */
export function unplaceCode(mix: EntryMix): string[] {
  return [
    OPEN,
    `const mixed = ${mix('e')}`,
    `let hole = ${homeText('mixed')}`,
    `for (let found = i32[at + hole]; found !== e; found = i32[at + hole]) {`,
    `  if (found === 0) return false`,
    `  hole = (hole + 1) & mask`,
    `}`,
    `for (let s = (hole + 1) & mask; ; s = (s + 1) & mask) {`,
    `  const other = i32[at + s]`,
    `  if (other === 0) break`,
    `  const mixed = ${mix('other')}`,
    `  const home = ${homeText('mixed')}`,
    // It may move into the hole unless its home lies after the hole, cyclically.
    `  if (((s - home) & mask) < ((s - hole) & mask)) continue`,
    `  i32[at + hole] = other`,
    `  hole = s`,
    `}`,
    `i32[at + hole] = 0`,
    `return true`,
  ]
}
