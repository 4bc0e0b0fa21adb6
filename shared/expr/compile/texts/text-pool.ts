/**
 * The texts that one loop makes of literals and of entries of dictionaries, by number: each is kept
 * once, so that a row is a number, and a column of such rows shares bytes that are already there.
 *
 * Owns: the texts, their UTF-8, and which number an expression gave for an entry of a dictionary.
 *
 * Invariants:
 *   P1. Number 0 is not made yet, 1 is null, texts follow; literals come first and keep their numbers.
 *   P2. Bytes that were written never change: columns of earlier batches share them.
 *   P3. Between batches only: a pool that grew large is emptied when another dictionary comes, so
 *       that it holds no more than what the dictionaries of some batches gave.
 */
import type { Dictionary, Utf8Column } from '../../../model/batch.ts'
import { writeUtf8 } from '../../../model/text/utf8.ts'

export const POOL_NULL = 1
const FIRST_TEXT = 2
const TEXTS_MAX = 65_536
const BYTES_MAX = 4 * 1024 * 1024
const BYTES_MIN = 1024
/** A character of JavaScript has at most three bytes. */
const CHARACTER_BYTES_MAX = 3

export class TextPool {
  /** By number; the same array from one `open` to the next. */
  strings: string[] = ['', '']
  /** Where number n lies in the bytes: from `2n` to `2n + 1`. */
  #places = new Uint32Array(128)
  #bytes = Buffer.allocUnsafeSlow(BYTES_MIN)
  #used = 0
  #numbers = new Map<string, number>()
  #memos: WeakMap<Dictionary, Int32Array>[] = []
  #literalCount = FIRST_TEXT

  /** The number of a text that stays. Before the first batch only. */
  literal(text: string): number {
    const number = this.numberOf(text)
    this.#literalCount = this.strings.length
    return number
  }

  numberOf(text: string | null): number {
    if (text === null) return POOL_NULL
    return this.#numbers.get(text) ?? this.#add(text)
  }

  /** Before each batch, with the dictionaries whose entries it may ask for. */
  open(dictionaries: readonly Dictionary[]): void {
    if (this.strings.length < TEXTS_MAX && this.#used < BYTES_MAX) return
    const isKnown = (one: Dictionary): boolean => this.#memos.some((memo) => memo.has(one))
    if (!dictionaries.every(isKnown)) this.#empty()
  }

  /** Numbers that one expression gave, by code + 1 of the dictionary (0 for null). */
  memo(expression: number, dictionary: Dictionary): Int32Array {
    const memos = (this.#memos[expression] ??= new WeakMap())
    const known = memos.get(dictionary)
    const needed = dictionary.values.length + 1
    if (known !== undefined && known.length >= needed) return known
    const memo = new Int32Array(Math.max(needed, known === undefined ? 0 : known.length * 2))
    if (known !== undefined) memo.set(known)
    memos.set(dictionary, memo)
    return memo
  }

  /** A column whose row i is the text of `numbers[i]`. */
  column(numbers: Int32Array, length: number): Utf8Column {
    const starts = new Uint32Array(length)
    const ends = new Uint32Array(length)
    const places = this.#places
    let hasNull = false
    for (let row = 0; row < length; row++) {
      const number = numbers[row] as number
      starts[row] = places[number * 2] as number
      ends[row] = places[number * 2 + 1] as number
      if (number === POOL_NULL) hasNull = true
    }
    const nulls = hasNull ? nullsOf(numbers, length) : null
    return { layout: 'utf8', starts, ends, bytes: this.#bytes, nulls }
  }

  #add(text: string): number {
    const number = this.strings.length
    const needed = this.#used + text.length * CHARACTER_BYTES_MAX
    if (number * 2 === this.#places.length) this.#growPlaces()
    if (needed > this.#bytes.length) this.#growBytes(needed)
    this.#places[number * 2] = this.#used
    this.#used = writeUtf8(this.#bytes, this.#used, text)
    this.#places[number * 2 + 1] = this.#used
    this.strings.push(text)
    this.#numbers.set(text, number)
    return number
  }

  #growPlaces(): void {
    const places = new Uint32Array(this.#places.length * 2)
    places.set(this.#places)
    this.#places = places
  }

  #growBytes(needed: number): void {
    const bytes = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, needed))
    this.#bytes.copy(bytes, 0, 0, this.#used)
    this.#bytes = bytes
  }

  /** Starts on new bytes (P2), with the literals at their numbers (P1). */
  #empty(): void {
    const literals = this.strings.slice(FIRST_TEXT, this.#literalCount)
    this.strings = ['', '']
    this.#numbers = new Map()
    this.#memos = []
    this.#bytes = Buffer.allocUnsafeSlow(BYTES_MIN)
    this.#used = 0
    for (const text of literals) this.#add(text)
  }
}

function nullsOf(numbers: Int32Array, length: number): Uint8Array {
  const nulls = new Uint8Array(length)
  for (let row = 0; row < length; row++) nulls[row] = numbers[row] === POOL_NULL ? 1 : 0
  return nulls
}
