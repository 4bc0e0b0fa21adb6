/**
 * Rows by one number (also a boolean or a date). Whole numbers that lie close together are places of
 * an array; others stand in an open table, linear probing.
 *
 * Owns: the places or the slots. Invariants: a slot without a row ends a probe; at least half of
 * the slots have none; −0 is 0, and NaN is never found.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import { NO_MATCH, slotsFor, withoutNulls, type RowFinder } from './row-finder.ts'

/** Places per row up to which an array is worth its memory, and a size that always is. */
const PLACES_PER_ROW_MAX = 8
const PLACES_ALWAYS = 4096

export function numberFinder(column: Column, length: number): RowFinder {
  const keys = numbersOf(column, length)
  const { nulls } = column
  let low = Infinity
  let high = -Infinity
  let isWhole = true
  for (let row = 0; row < length; row++) {
    const key = keys[row] as number
    if (nulls !== null && nulls[row] === 1) continue
    if (key < low) low = key
    if (key > high) high = key
    isWhole &&= Number.isSafeInteger(key)
  }
  const places = Math.max(high - low + 1, 0)
  const isDense = isWhole && places <= Math.max(length * PLACES_PER_ROW_MAX, PLACES_ALWAYS)
  return isDense ? new PlaceFinder(keys, low, places) : new SlotFinder(keys)
}

/** `places` from the lowest key on. */
class PlaceFinder implements RowFinder {
  readonly #keys: Float64Array
  readonly #low: number
  readonly #rows: Int32Array

  constructor(keys: Float64Array, low: number, places: number) {
    this.#keys = keys
    this.#low = low
    this.#rows = new Int32Array(places).fill(NO_MATCH)
  }

  add(row: number): number {
    const place = (this.#keys[row] as number) - this.#low
    const next = this.#rows[place]
    assert(next !== undefined, `the key of row ${row} has a place`)
    this.#rows[place] = row
    return next
  }

  find([column]: readonly Column[], length: number, first: Int32Array): number {
    if (column === undefined) return 0
    const hits = findPlaces(numbersOf(column, length), length, {
      low: this.#low,
      rows: this.#rows,
      first,
    })
    return hits - withoutNulls(column, length, first)
  }
}

interface Places {
  readonly low: number
  readonly rows: Int32Array
  readonly first: Int32Array
}

function findPlaces(keys: Float64Array, length: number, { low, rows, first }: Places): number {
  const places = rows.length
  let hits = 0
  for (let row = 0; row < length; row++) {
    const offset = (keys[row] as number) - low
    const place = offset | 0
    const isPlace = place === offset && place >= 0 && place < places
    const found = isPlace ? (rows[place] as number) : NO_MATCH
    first[row] = found
    hits += found >= 0 ? 1 : 0
  }
  return hits
}

const FLOAT = new Float64Array(1)
const WORDS = new Int32Array(FLOAT.buffer)

function hashOf(key: number): number {
  FLOAT[0] = key + 0 // one zero
  const mixed = Math.imul(
    (WORDS[0] as number) ^ Math.imul(WORDS[1] as number, 0x9e3779b1),
    0x85ebca6b,
  )
  return mixed ^ (mixed >>> 15)
}

class SlotFinder implements RowFinder {
  readonly #keys: Float64Array
  readonly #slotKeys: Float64Array
  readonly #slotRows: Int32Array

  constructor(keys: Float64Array) {
    this.#keys = keys
    this.#slotKeys = new Float64Array(slotsFor(keys.length))
    this.#slotRows = new Int32Array(this.#slotKeys.length).fill(NO_MATCH)
  }

  add(row: number): number {
    const key = this.#keys[row] as number
    const slot = slotOf(key, this.#slotKeys, this.#slotRows)
    const next = this.#slotRows[slot] as number
    this.#slotKeys[slot] = key
    this.#slotRows[slot] = row
    return next
  }

  find([column]: readonly Column[], length: number, first: Int32Array): number {
    if (column === undefined) return 0
    const keys = numbersOf(column, length)
    const slotKeys = this.#slotKeys
    const slotRows = this.#slotRows
    let hits = 0
    for (let row = 0; row < length; row++) {
      const found = slotRows[slotOf(keys[row] as number, slotKeys, slotRows)] as number
      first[row] = found
      hits += found >= 0 ? 1 : 0
    }
    return hits - withoutNulls(column, length, first)
  }
}

/** The slot of a key, or the free one where it would stand. */
function slotOf(key: number, slotKeys: Float64Array, slotRows: Int32Array): number {
  const mask = slotRows.length - 1
  let slot = hashOf(key) & mask
  while (slotRows[slot] !== NO_MATCH && slotKeys[slot] !== key) slot = (slot + 1) & mask
  return slot
}

/** One kind of array, so that loops stay monomorphic; booleans and dates are rarer than numbers. */
function numbersOf(column: Column, length: number): Float64Array {
  switch (column.layout) {
    case 'f64':
      return column.values
    case 'i32':
    case 'bool':
      return Float64Array.from(column.values.subarray(0, length))
    default:
      assert(false, `a key of numbers is no column of ${column.layout}`)
      return new Float64Array(0)
  }
}
