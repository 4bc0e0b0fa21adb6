/** Kept columns of dictionary codes. See kept-column.ts for what holds for all. */
import { assert } from '../../../shared/base/assert.ts'
import type { Column, Dictionary } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { KeptColumn } from './kept-column.ts'
import {
  KEPT_PLACE_MASK,
  KEPT_ROW_BITS,
  KeptNulls,
  movedSlots,
  openCapacity,
  type SlotMoves,
  slotsOf,
} from './kept-slots.ts'
import { TextCodes } from '../text-codes.ts'

const NO_CODES = new Int32Array(0)
const NO_DICTIONARY: Dictionary = { values: [] }
/** A dictionary of our own that has grown beyond this is followed by a new one. */
const ENTRIES_MAX = 65_536

export class KeptDict implements KeptColumn {
  readonly spec: ColumnSpec
  #codes = slotsOf(NO_CODES as Int32Array)
  #dictionaries = slotsOf(NO_DICTIONARY)
  readonly #nulls = new KeptNulls()
  /** The dictionary of all slots, where there is but one. */
  #common: Dictionary | null = null
  #count = 0
  #own = new OwnDictionary()

  constructor(spec: ColumnSpec) {
    this.spec = spec
  }

  put(slot: number, column: Column, start: number, end: number): number {
    assert(column.layout === 'dict', 'a kept column keeps its layout')
    this.#codes[slot] = start === 0 ? column.codes : column.codes.subarray(start, end)
    this.#setDictionary(slot, column.dictionary)
    this.#nulls.put(slot, column.nulls, start, end)
    return (end - start) * 4
  }

  // oxlint-disable-next-line max-params -- as KeptColumn
  append(slot: number, length: number, column: Column, rows: Int32Array, count: number): number {
    assert(column.layout === 'dict', 'a kept column keeps its layout')
    let own = this.#codes[slot] as Int32Array
    const capacity = openCapacity(own.length, length + count)
    if (capacity > own.length) {
      const larger = new Int32Array(capacity)
      larger.set(own)
      own = larger
      this.#codes[slot] = own
    }
    if (length === 0) this.#setDictionary(slot, column.dictionary)
    else if (this.#dictionaries[slot] !== column.dictionary) this.#toOwn(slot, length)
    const { codes, dictionary } = column
    if (this.#dictionaries[slot] === dictionary) {
      for (let at = 0; at < count; at++) own[length + at] = codes[rows[at] as number] as number
    } else {
      const known = this.#own.codesOf(dictionary)
      for (let at = 0; at < count; at++) {
        own[length + at] = this.#own.codeOf(known, dictionary, codes[rows[at] as number] as number)
      }
    }
    this.#nulls.append(slot, length, column.nulls, rows, count)
    return count * 4
  }

  drop(slot: number): void {
    if (this.#dictionaries[slot] !== NO_DICTIONARY) this.#count -= 1
    this.#codes[slot] = NO_CODES
    this.#dictionaries[slot] = NO_DICTIONARY
    this.#nulls.drop(slot)
  }

  move(moves: SlotMoves): void {
    this.#codes = movedSlots(this.#codes, NO_CODES as Int32Array, moves)
    this.#dictionaries = movedSlots(this.#dictionaries, NO_DICTIONARY, moves)
    this.#nulls.move(moves)
  }

  /** Shares the dictionary of all rows where it is the same. */
  gather(rows: Int32Array, count: number, mask: number): Column {
    const slots = this.#codes
    const codes = new Int32Array(count)
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const slot = slots[(row >>> KEPT_ROW_BITS) & mask] as Int32Array
      codes[at] = slot[row & KEPT_PLACE_MASK] as number
    }
    const shared = this.#sharedDictionary(rows, count, mask)
    const dictionary = shared ?? this.#translate(rows, codes, mask)
    return { layout: 'dict', codes, dictionary, nulls: this.#nulls.gather(rows, count, mask) }
  }

  columnOf(slot: number): Column {
    return {
      layout: 'dict',
      codes: this.#codes[slot] as Int32Array,
      dictionary: this.#dictionaries[slot] as Dictionary,
      nulls: this.#nulls.of(slot),
    }
  }

  buffersOf(slot: number, into: ArrayBufferLike[]): void {
    into.push((this.#codes[slot] as Int32Array).buffer)
    this.#nulls.buffersOf(slot, into)
  }

  #setDictionary(slot: number, dictionary: Dictionary): void {
    if (this.#dictionaries[slot] === NO_DICTIONARY) {
      this.#common = this.#count === 0 || this.#common === dictionary ? dictionary : null
      this.#count += 1
    } else this.#common = this.#count === 1 ? dictionary : null
    this.#dictionaries[slot] = dictionary
  }

  #sharedDictionary(rows: Int32Array, count: number, mask: number): Dictionary | null {
    if (this.#common !== null) return this.#common
    const slots = this.#dictionaries
    const first = count === 0 ? 0 : ((rows[0] as number) >>> KEPT_ROW_BITS) & mask
    const dictionary = slots[first] as Dictionary
    for (let at = 1; at < count; at++) {
      if (slots[((rows[at] as number) >>> KEPT_ROW_BITS) & mask] !== dictionary) return null
    }
    return dictionary
  }

  /** Codes of several dictionaries become those of our own. */
  #translate(rows: Int32Array, codes: Int32Array, mask: number): Dictionary {
    const own = this.#ownDictionary()
    let dictionary = NO_DICTIONARY
    let known: Int32Array = NO_CODES
    for (let at = 0; at < codes.length; at++) {
      const slot = ((rows[at] as number) >>> KEPT_ROW_BITS) & mask
      if (this.#dictionaries[slot] !== dictionary) {
        dictionary = this.#dictionaries[slot] as Dictionary
        known = own.codesOf(dictionary)
      }
      codes[at] = own.codeOf(known, dictionary, codes[at] as number)
    }
    return own.dictionary
  }

  /** The codes of an open slot become those of our own dictionary. */
  #toOwn(slot: number, length: number): void {
    const own = this.#ownDictionary()
    const dictionary = this.#dictionaries[slot] as Dictionary
    if (dictionary === own.dictionary) return
    const codes = this.#codes[slot] as Int32Array
    const known = own.codesOf(dictionary)
    for (let row = 0; row < length; row++) {
      codes[row] = own.codeOf(known, dictionary, codes[row] as number)
    }
    this.#setDictionary(slot, own.dictionary)
  }

  #ownDictionary(): OwnDictionary {
    if (this.#own.size > ENTRIES_MAX) this.#own = new OwnDictionary()
    return this.#own
  }
}

/** Codes of texts of other dictionaries, looked up once per code. */
class OwnDictionary {
  readonly #texts = new TextCodes()
  readonly dictionary: Dictionary = { values: this.#texts.values }
  /** By code of another dictionary: the own code + 1, or 0. */
  readonly #known = new WeakMap<Dictionary, Int32Array>()

  get size(): number {
    return this.#texts.size
  }

  /** With room for every code that the dictionary has by now. */
  codesOf(dictionary: Dictionary): Int32Array {
    const known = this.#known.get(dictionary) ?? NO_CODES
    if (known.length >= dictionary.values.length) return known
    const larger = new Int32Array(Math.max(dictionary.values.length, known.length * 2))
    larger.set(known)
    this.#known.set(dictionary, larger)
    return larger
  }

  codeOf(known: Int32Array, dictionary: Dictionary, code: number): number {
    if (dictionary === this.dictionary) return code
    const own = known[code] as number
    if (own !== 0) return own - 1
    const made = this.#texts.codeOfString(dictionary.values[code] ?? '')
    known[code] = made + 1
    return made
  }
}
