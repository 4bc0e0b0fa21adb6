/**
 * The keys of an interval join of appended rows, where they are whole numbers: one table of open
 * addressing that is not cut into key groups. A place holds the key and the heads of both lists, so
 * that a row finds both in one line of cache.
 *
 * Keys are not taken out one by one: when half of the places are in use, the keys that still have
 * rows move to another table, which is at most a quarter full.
 *
 * Owns: the table.
 *
 * Invariants:
 *   L1. A place is free where both heads are 0. A key stands at the first place from its home on
 *       (wrapping round) that was free; between its home and itself no place is free.
 *   L2. At most `limit` places are in use: half of them.
 *   L3. Heads of rows that have gone leave the table while their numbers are not given again: keys
 *       move at least once while a quarter of the numbers pass.
 */
import { factoryOf } from '../../../../shared/base/generated-code.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { EntrySlot } from '../../../state/entry-layout.ts'
import { mixText, searchText } from '../../../state/index/entry-index.ts'
import { KEPT_BATCH_ROWS, type KeptBatches } from '../../../state/kept/kept-batches.ts'
import type { Memory } from '../../../state/memory.ts'
import { LEFT, RIGHT, type Side } from '../pair-writer.ts'
import { type AppendLoop, type AppendRows, compileAppendLoop, type KeyText } from './append-code.ts'
import type { AppendKeys, AppendKeysOptions } from './append-keys.ts'
import { compactLists, type Heads } from './append-lists.ts'

const SIDES: readonly Side[] = [LEFT, RIGHT]
const LOG2_FIRST = 10
/** L2, and what it is after keys have moved. */
const PLACES_PER_KEY = 2
const PLACES_PER_KEY_MOVED = 4
/** A table of so many places per kept row is given back. */
const PLACES_PER_ROW_MAX = 16
/** L3. */
const ROWS_MAX = 2 ** 30

/** Puts keys, by their places in `words`, into an empty table. */
type MoveKeys = (T: FlatKeys, words: Float64Array, places: Int32Array) => void

export class FlatKeys implements AppendKeys {
  /** For loops. Words per place: those of the key, and one with the heads as two i32. */
  f64 = new Float64Array(0)
  i32 = new Int32Array(0)
  mask = 0
  shift = 0
  used = 0
  limit = 0
  readonly #placeWords: number
  readonly #kept: readonly [KeptBatches, KeptBatches]
  readonly #loops: readonly [AppendLoop<FlatKeys>, AppendLoop<FlatKeys>]
  readonly #moveKeys: MoveKeys
  readonly #memory: Memory
  /** The oldest row number of each side when keys moved. */
  readonly #movedFirst: [number, number] = [KEPT_BATCH_ROWS, KEPT_BATCH_ROWS]
  /** Steps of the watermark since then. */
  #steps = 0

  constructor({ key, store, kept, shapes }: AppendKeysOptions) {
    this.#placeWords = key.length + 1
    this.#kept = kept
    this.#memory = store.memory
    const text = flatText(key)
    this.#loops = [compileAppendLoop(shapes[LEFT], text), compileAppendLoop(shapes[RIGHT], text)]
    this.#moveKeys = factoryOf([], `return ${moveText(key)}`)() as MoveKeys
    this.#open(LOG2_FIRST)
    store.hold('keys', this, () => this.used)
  }

  get bytes(): number {
    return this.f64.byteLength
  }

  get usedBytes(): number {
    return this.used * this.#placeWords * Float64Array.BYTES_PER_ELEMENT
  }

  close(): void {
    this.#memory.add(-this.bytes)
    this.f64 = new Float64Array(0)
    this.i32 = new Int32Array(0)
    this.used = 0
  }

  open(): void {
    // Keys are found as they come.
  }

  run(side: Side, rows: AppendRows, from: number): number {
    const loop = this.#loops[side]
    let row = from
    while (row < rows.length && rows.count < rows.capacity) {
      rows.isStopped = false
      row = loop(rows, this, row)
      if (rows.isStopped) this.#move()
    }
    return row
  }

  /** A place whose rows have all gone is not free yet for those that stand behind it (L1). */
  compact(side: Side, from: number | null): void {
    compactLists(this.#heads(side), this.#kept[side], from)
    this.#move()
  }

  /** Keys move when the table is much too large, or numbers of rows come near those of old heads. */
  forget(step: number): void {
    this.#steps += step
    const [left, right] = this.#kept
    const places = this.mask + 1
    const isLarge =
      places > 1 << LOG2_FIRST && places > (left.rowCount + right.rowCount) * PLACES_PER_ROW_MAX
    const isOld = SIDES.some(
      (side) => (this.#kept[side].first - this.#movedFirst[side]) >>> 0 >= ROWS_MAX,
    )
    if (isOld || (isLarge && this.#steps >= 1)) this.#move()
  }

  /** Keys that have rows stand in a table with room for as many others. */
  #move(): void {
    const { f64, bytes } = this
    const places = this.#livePlaces()
    const log2 = Math.ceil(Math.log2(places.length * PLACES_PER_KEY_MOVED + 1))
    this.#open(Math.max(LOG2_FIRST, log2))
    this.#moveKeys(this, f64, places)
    this.#memory.add(-bytes)
    this.#steps = 0
    for (const side of SIDES) this.#movedFirst[side] = this.#kept[side].first
  }

  /** By word, of keys that have rows. Heads of rows that have gone are taken out. */
  #livePlaces(): Int32Array {
    const { i32, mask } = this
    const words = this.#placeWords
    const [lefts, rights] = this.#kept
    const places = new Int32Array(this.used)
    let count = 0
    for (let slot = 0; slot <= mask; slot++) {
      const heads = (slot * words + words - 1) * 2
      const hasLeft = lefts.isKept(i32[heads] as number)
      const hasRight = rights.isKept(i32[heads + 1] as number)
      if (!hasLeft) i32[heads] = 0
      if (!hasRight) i32[heads + 1] = 0
      if (hasLeft || hasRight) places[count++] = slot * words
    }
    return places.subarray(0, count)
  }

  #open(log2: number): void {
    const places = 1 << log2
    this.f64 = new Float64Array(places * this.#placeWords)
    this.i32 = new Int32Array(this.f64.buffer)
    this.mask = places - 1
    this.shift = 32 - log2
    this.used = 0
    this.limit = places / PLACES_PER_KEY
    this.#memory.add(this.bytes)
  }

  #heads(side: Side): Heads {
    const { i32 } = this
    const step = this.#placeWords * 2
    let place = side - 2
    return {
      next: () => {
        place += step
        return place < i32.length ? place : -1
      },
      get: (at) => i32[at] as number,
      set: (at, head) => {
        i32[at] = head
      },
    }
  }
}

/** No row being worked has a null in its key. */
function flatText(key: readonly ColumnSpec[]): KeyText {
  const words = key.length
  const same = key.map((_, index) => `f64[at + ${index}] === own${index}`).join(' && ')
  return {
    open: [
      `const { f64, i32, shift, mask, limit } = T`,
      `let used = T.used`,
      ...key.map((_, index) => `const key${index} = keys[${index}].values`),
    ],
    find: [
      `let place = -1`,
      `if (used < limit) {`,
      ...key.map((_, index) => `  const own${index} = key${index}[i]`),
      `  let at = 0`,
      `  for (${searchText(mixOf(key))}; ; s = (s + 1) & mask) {`,
      `    at = s * ${words + 1}`,
      `    if (${same}) break`,
      `    if ((i32[(at + ${words}) * 2] | i32[(at + ${words}) * 2 + 1]) === 0) break`,
      `  }`,
      `  place = (at + ${words}) * 2`,
      `  if ((i32[place] | i32[place + 1]) === 0) {`,
      ...key.map((_, index) => `    f64[at + ${index}] = own${index}`),
      `    used++`,
      `  }`,
      `}`,
    ],
    changed: [],
    close: [`T.used = used`],
  }
}

function moveText(key: readonly ColumnSpec[]): string {
  const words = key.length
  return [
    `function moveKeys(T, words, places) {`,
    `  const { f64, i32, shift, mask } = T`,
    `  const heads = new Int32Array(words.buffer)`,
    `  for (let n = 0; n < places.length; n++) {`,
    `    const from = places[n]`,
    ...key.map((_, index) => `    const own${index} = words[from + ${index}]`),
    `    let at = 0`,
    `    for (${searchText(mixOf(key))}; ; s = (s + 1) & mask) {`,
    `      at = s * ${words + 1}`,
    `      if ((i32[(at + ${words}) * 2] | i32[(at + ${words}) * 2 + 1]) === 0) break`,
    `    }`,
    ...key.map((_, index) => `    f64[at + ${index}] = own${index}`),
    `    i32[(at + ${words}) * 2] = heads[(from + ${words}) * 2]`,
    `    i32[(at + ${words}) * 2 + 1] = heads[(from + ${words}) * 2 + 1]`,
    `  }`,
    `  T.used = places.length`,
    `}`,
  ].join('\n')
}

/** Text of the mix of the key in `own0`, …; all of its values lie as doubles. */
function mixOf(key: readonly ColumnSpec[]): string {
  const slots = key.map((spec, word): EntrySlot => ({
    spec: { ...spec, layout: 'f64' },
    word,
    nullBit: -1,
  }))
  return mixText(
    slots,
    (_, index) => `own${index}`,
    () => 'false',
  )
}
