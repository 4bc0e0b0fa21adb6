/**
 * Rows by one text. Texts are compared as UTF-8 and never made; a text of a dictionary is looked up
 * once per entry.
 *
 * Owns: an open table of rows by the hash of their text, linear probing, and what entries of
 * dictionaries found. Invariants: a slot without a row ends a probe; at least half have none.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Column, Dictionary, Utf8Column } from '../../../shared/model/batch.ts'
import { convertColumn } from '../../../shared/model/convert-batch.ts'
import { NO_MATCH, slotsFor, withoutNulls, type RowFinder } from './row-finder.ts'

export function textFinder(column: Column, length: number): RowFinder {
  const texts = convertColumn(column, length, 'utf8')
  assert(texts.layout === 'utf8', 'a key of texts is UTF-8')
  return new TextFinder(texts, length)
}

/** What entries of a dictionary found, by code: 0 not asked yet, else the row + 2. */
const ASKED = 2
const ASKED_NO_MATCH = NO_MATCH + ASKED

class TextFinder implements RowFinder {
  readonly #texts: Utf8Column
  readonly #slotRows: Int32Array
  readonly #slotHashes: Int32Array
  readonly #found = new WeakMap<Dictionary, Int32Array>()

  constructor(texts: Utf8Column, length: number) {
    this.#texts = texts
    this.#slotRows = new Int32Array(slotsFor(length)).fill(NO_MATCH)
    this.#slotHashes = new Int32Array(this.#slotRows.length)
  }

  add(row: number): number {
    const { starts, ends, bytes } = this.#texts
    const start = starts[row] as number
    const end = ends[row] as number
    const hash = hashOf(bytes, start, end)
    const slot = this.#slotOf(bytes, start, { end, hash })
    const next = this.#slotRows[slot] as number
    this.#slotRows[slot] = row
    this.#slotHashes[slot] = hash
    return next
  }

  find([column]: readonly Column[], length: number, first: Int32Array): number {
    if (column === undefined) return 0
    const hits =
      column.layout === 'dict'
        ? this.#findCodes(column.codes, length, { dictionary: column.dictionary, first })
        : this.#findTexts(column, length, first)
    return hits - withoutNulls(column, length, first)
  }

  #findTexts(column: Column, length: number, first: Int32Array): number {
    assert(column.layout === 'utf8', 'a key of texts is looked up by text')
    const { starts, ends, bytes } = column
    let hits = 0
    for (let row = 0; row < length; row++) {
      const start = starts[row] as number
      const end = ends[row] as number
      const hash = hashOf(bytes, start, end)
      const found = this.#slotRows[this.#slotOf(bytes, start, { end, hash })] as number
      first[row] = found
      hits += found >= 0 ? 1 : 0
    }
    return hits
  }

  #findCodes(
    codes: Int32Array,
    length: number,
    { dictionary, first }: { readonly dictionary: Dictionary; readonly first: Int32Array },
  ): number {
    const known = this.#foundOf(dictionary)
    let hits = 0
    for (let row = 0; row < length; row++) {
      const code = codes[row] as number
      // The code of a null need not have an entry.
      let found = known[code] ?? ASKED_NO_MATCH
      if (found === 0) known[code] = found = this.#ask(dictionary.values[code] ?? '') + ASKED
      first[row] = found - ASKED
      hits += found >= ASKED ? 1 : 0
    }
    return hits
  }

  /** Has room for every entry; dictionaries grow. */
  #foundOf(dictionary: Dictionary): Int32Array {
    const known = this.#found.get(dictionary)
    const entryCount = dictionary.values.length
    if (known !== undefined && known.length >= entryCount) return known
    const grown = new Int32Array(Math.max(entryCount, (known?.length ?? 0) * 2))
    if (known !== undefined) grown.set(known)
    this.#found.set(dictionary, grown)
    return grown
  }

  #ask(text: string): number {
    const bytes = Buffer.from(text, 'utf8')
    const end = bytes.length
    const slot = this.#slotOf(bytes, 0, { end, hash: hashOf(bytes, 0, end) })
    return this.#slotRows[slot] as number
  }

  /** The slot of a text, or the free one where it would stand. */
  #slotOf(
    bytes: Uint8Array,
    start: number,
    { end, hash }: { readonly end: number; readonly hash: number },
  ): number {
    const mask = this.#slotRows.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slotRows[slot] as number
      if (row === NO_MATCH) return slot
      if (this.#slotHashes[slot] === hash && this.#isText(row, { bytes, start, end })) return slot
    }
  }

  #isText(
    row: number,
    text: { readonly bytes: Uint8Array; readonly start: number; readonly end: number },
  ): boolean {
    const { starts, ends, bytes } = this.#texts
    const start = starts[row] as number
    const length = text.end - text.start
    if ((ends[row] as number) - start !== length) return false
    for (let at = 0; at < length; at++) {
      if (bytes[start + at] !== text.bytes[text.start + at]) return false
    }
    return true
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x9e3779b1)
  return hash ^ (hash >>> 15)
}
