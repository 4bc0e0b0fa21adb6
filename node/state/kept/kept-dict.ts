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
  type SlotMoves,
  slotsOf,
  withRoom,
} from './kept-slots.ts'
import { SharedSlots } from './shared-slots.ts'
import { TextCodes } from '../text-codes.ts'

const NO_CODES = new Int32Array(0)
const NO_DICTIONARY: Dictionary = { values: [] }
/** A dictionary of our own that has grown beyond this is followed by a new one. */
const ENTRIES_MAX = 65_536

export class KeptDict implements KeptColumn {
  readonly spec: ColumnSpec
  #codes = slotsOf(NO_CODES as Int32Array)
  readonly #dictionaries = new SharedSlots(NO_DICTIONARY)
  readonly #nulls = new KeptNulls()
  #own = new OwnDictionary()

  constructor(spec: ColumnSpec) {
    this.spec = spec
  }

  put(slot: number, column: Column, start: number, end: number): number {
    assert(column.layout === 'dict', 'a kept column keeps its layout')
    this.#codes[slot] = start === 0 ? column.codes : column.codes.subarray(start, end)
    this.#dictionaries.set(slot, column.dictionary)
    this.#nulls.put(slot, column.nulls, start, end)
    return (end - start) * 4
  }

  append(slot: number, length: number, column: Column, count: number): number {
    assert(column.layout === 'dict', 'a kept column keeps its layout')
    const { codes, dictionary } = column
    const own = withRoom(this.#codes[slot] as Int32Array, length + count, codesOf)
    this.#codes[slot] = own
    if (length === 0) this.#dictionaries.set(slot, dictionary)
    else if (this.#dictionaries.at(slot) !== dictionary) this.#toOwn(slot, length)
    if (this.#dictionaries.at(slot) === dictionary) own.set(codes.subarray(0, count), length)
    else {
      const known = this.#own.codesOf(dictionary)
      for (let at = 0; at < count; at++) {
        own[length + at] = this.#own.codeOf(known, dictionary, codes[at] as number)
      }
    }
    this.#nulls.append(slot, length, column.nulls, count)
    return count * 4
  }

  drop(slot: number): void {
    this.#codes[slot] = NO_CODES
    this.#dictionaries.drop(slot)
    this.#nulls.drop(slot)
  }

  move(moves: SlotMoves): void {
    this.#codes = movedSlots(this.#codes, NO_CODES as Int32Array, moves)
    this.#dictionaries.move(moves)
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
    const shared = this.#dictionaries.sharedBy(rows, count, mask)
    const dictionary = shared ?? this.#translate(rows, codes, mask)
    return { layout: 'dict', codes, dictionary, nulls: this.#nulls.gather(rows, count, mask) }
  }

  columnOf(slot: number): Column {
    return {
      layout: 'dict',
      codes: this.#codes[slot] as Int32Array,
      dictionary: this.#dictionaries.at(slot),
      nulls: this.#nulls.of(slot),
    }
  }

  buffersOf(slot: number, into: ArrayBufferLike[]): void {
    into.push((this.#codes[slot] as Int32Array).buffer)
    this.#nulls.buffersOf(slot, into)
  }

  /** Codes of several dictionaries become those of our own. */
  #translate(rows: Int32Array, codes: Int32Array, mask: number): Dictionary {
    const own = this.#ownDictionary()
    let dictionary = NO_DICTIONARY
    let known: Int32Array = NO_CODES
    for (let at = 0; at < codes.length; at++) {
      const slot = ((rows[at] as number) >>> KEPT_ROW_BITS) & mask
      if (this.#dictionaries.at(slot) !== dictionary) {
        dictionary = this.#dictionaries.at(slot)
        known = own.codesOf(dictionary)
      }
      codes[at] = own.codeOf(known, dictionary, codes[at] as number)
    }
    return own.dictionary
  }

  /** The codes of an open slot become those of our own dictionary. */
  #toOwn(slot: number, length: number): void {
    const own = this.#ownDictionary()
    const dictionary = this.#dictionaries.at(slot)
    if (dictionary === own.dictionary) return
    const codes = this.#codes[slot] as Int32Array
    const known = own.codesOf(dictionary)
    for (let row = 0; row < length; row++) {
      codes[row] = own.codeOf(known, dictionary, codes[row] as number)
    }
    this.#dictionaries.set(slot, own.dictionary)
  }

  #ownDictionary(): OwnDictionary {
    if (this.#own.size > ENTRIES_MAX) this.#own = new OwnDictionary()
    return this.#own
  }
}

function codesOf(capacity: number): Int32Array {
  return new Int32Array(capacity)
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
