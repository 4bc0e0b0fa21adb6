/**
 * A flat index in front of the pages of one table: every entry by a cheap mix of its key, so that a
 * loop finds the entry of a row with neither the key hash nor a directory (ADR 0009). By values for keys
 * of whole numbers and booleans, which compare in place, and where a state asks for it texts of
 * dictionaries, whose hashes a dictionary remembers; for other keys, where a state asks for it, by lane B
 * of their hash.
 *
 * Owns: a block of the arena with one i32 per slot, the offset of an entry or 0. It is made when the
 * first entry is put and counts as memory of the table's arena. An index, rebuilt from the pages: it
 * is not part of a snapshot.
 *
 * Invariants:
 *   I1. Every entry of the table stands in exactly one slot, the first one from its home on (wrapping
 *       round) that was free; between its home and itself no slot is empty.
 *   I2. At most half of the slots are in use.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { Arena } from '../arena.ts'
import { nullTest } from '../entry-code.ts'
import type { EntrySlot } from '../entry-layout.ts'

const SLOTS_LOG2_FIRST = 6
const SLOTS_PER_WORD = 2
/** I2. */
const SLOTS_PER_ENTRY = 2
const SPARE = 1.25
/** Below it an index grows fourfold, else twofold. */
const SLOTS_LOG2_LARGE = 16
/** An empty index: its home is a word of block 0, which is never given out and holds zeros. */
const SHIFT_EMPTY = 31

/** Odd multipliers. */
const STEP = 0x9e3779b1 | 0
const STEP_HIGH = 0x85ebca6b | 0
const NULL_WORD = 0x4e000001
/** Numbers that follow each other have homes side by side in runs of so many: one line of cache. */
const RUN_LOG2 = 4
const RUN_MASK = (1 << RUN_LOG2) - 1

/** Kinds whose values are whole numbers, with one zero and no NaN. */
const WHOLE: ReadonlySet<string> = new Set([
  'integer',
  'timestamp',
  'date',
  'duration',
  'decimal',
  'boolean',
])

/** Kinds whose values mostly follow each other. */
const COUNTED: ReadonlySet<string> = new Set(['integer', 'date'])

/** Whether a key can be found by an index in front of its pages. */
export function isIndexable(key: readonly ColumnSpec[], withTexts = false): boolean {
  return (
    key.length > 0 &&
    key.every(({ type, layout }) => {
      if (layout === 'dict') return withTexts && type.kind === 'string'
      const isInPlace = layout === 'f64' || layout === 'i32' || layout === 'bool'
      return isInPlace && WHOLE.has(type.kind)
    })
  )
}

/**
 * Text of the mix of a key; `value` and `isNull` are texts of one column's parts. The value of a text
 * is lane A of its hash.
 */
export function mixText(
  key: readonly EntrySlot[],
  value: (slot: EntrySlot, index: number) => string,
  isNull: (slot: EntrySlot, index: number) => string,
): string {
  const [only] = key
  if (key.length === 1 && only?.nullBit === -1 && only.spec.layout !== 'dict') {
    return runText(wordText(only, value(only, 0)), '')
  }
  const run = key.findIndex(({ spec }) => spec.layout === 'f64' && COUNTED.has(spec.type.kind))
  const words = key.map((slot, index) => {
    const word = wordText(slot, value(slot, index))
    return slot.nullBit < 0 ? word : `(${isNull(slot, index)} ? ${NULL_WORD} : ${word})`
  })
  let mixed = ''
  for (const [index, word] of words.entries()) {
    if (index !== run) mixed = `Math.imul(${mixed === '' ? word : `${mixed} ^ ${word}`}, ${STEP})`
  }
  return run < 0 ? mixed : runText(words[run] ?? '', mixed)
}

/** Text of a mix that keeps numbers which follow each other side by side; `rest` mixes the other columns. */
function runText(word: string, rest: string): string {
  const high = `${word} >> ${RUN_LOG2}`
  const spread = `Math.imul(${rest === '' ? high : `(${high}) ^ ${rest}`}, ${STEP})`
  return `((${spread} & ${~RUN_MASK}) | (${word} & ${RUN_MASK}))`
}

/**
 * Text that begins a search for a key by its mix, in `s`; the table's `shift` and `mask` are in scope.
 */
export function searchText(mix: string): string {
  return `let mixed = ${mix}, s = ${homeText('mixed')}`
}

/** Text of the first slot where a key of this mix may stand. As homeOf. */
export function homeText(mixed: string): string {
  return `((${mixed} >>> shift) + (${mixed} & ${RUN_MASK})) & mask`
}

/** The first slot where a key of this mix may stand. */
function homeOf(mixed: number, { shift, mask }: { readonly shift: number; readonly mask: number }) {
  return ((mixed >>> shift) + (mixed & RUN_MASK)) & mask
}

function wordText(slot: EntrySlot, value: string): string {
  if (slot.spec.layout !== 'f64') return value
  return `((${value} | 0) ^ Math.imul((${value} * ${2 ** -32}) | 0, ${STEP_HIGH}))`
}

/** Text of the mix of the key of entry `f` in S, with views `g64`, `j32`. */
export function mixFromText(key: readonly EntrySlot[]): string {
  return mixText(
    key,
    ({ spec, word }) => {
      if (spec.layout === 'dict') return `laneOfText(S, f, f + ${word})`
      return spec.layout === 'f64' ? `g64[f + ${word}]` : `j32[(f + ${word}) * 2]`
    },
    nullFromText,
  )
}

/** Text that is true where entries `e` and `f`, of whole numbers, have the same key. */
export function sameKeysText(key: readonly EntrySlot[]): string {
  const equal = key.map((slot) => {
    const { word, spec, nullBit } = slot
    const same =
      spec.layout === 'f64'
        ? `f64[e + ${word}] === g64[f + ${word}]`
        : `i32[(e + ${word}) * 2] === j32[(f + ${word}) * 2]`
    // A null lies as 0.
    return nullBit < 0 ? same : `${same} && (${nullTest(slot)}) === (${nullFromText(slot)})`
  })
  return equal.join(' && ')
}

function nullFromText(slot: EntrySlot): string {
  return nullTest(slot, 'f').replace('i32[', 'j32[')
}

/** A function body that finds the entry `e` in T of the key of entry `f` in S; 0 for none. */
export function findFromCode(key: readonly EntrySlot[], hit: string): string[] {
  return [
    `const f64 = T.arena.f64, i32 = T.arena.i32, g64 = S.arena.f64, j32 = S.arena.i32`,
    `const { at, mask, shift } = T.index`,
    `for (${searchText(mixFromText(key))}; ; s = (s + 1) & mask) {`,
    `  const e = i32[at + s]`,
    `  if (e === 0 || ${hit}) return e`,
    `}`,
  ]
}

/** As findFromCode, of the key columns `cs` at row i. */
export function findRowCode(key: readonly EntrySlot[], hit: string): string[] {
  const mix = mixText(
    key,
    ({ spec }, index) =>
      spec.layout === 'dict' ? `keyLane${index}(cs[${index}], i)` : `cs[${index}].values[i]`,
    (_, index) => `cs[${index}].nulls !== null && cs[${index}].nulls[i] === 1`,
  )
  return [
    `const i32 = T.arena.i32, { at, mask, shift } = T.index`,
    `for (${searchText(mix)}; ; s = (s + 1) & mask) {`,
    `  const e = i32[at + s]`,
    `  if (e === 0 || ${hit}) return e`,
    `}`,
  ]
}

/** As findRowCode and findFromCode, by lane B of the key, which is the tag of an entry. */
export function findLaneCode(hit: string): string[] {
  return [
    `const i32 = T.arena.i32, { at, mask, shift } = T.index`,
    `for (${searchText('b')}; ; s = (s + 1) & mask) {`,
    `  const e = i32[at + s]`,
    `  if (e === 0 || (i32[e * 2] === b && ${hit})) return e`,
    `}`,
  ]
}

/** Text of the mix of the key of an entry in T, with views `f64`, `i32`. */
export function mixOfEntryText(key: readonly EntrySlot[], entry: string): string {
  return mixText(
    key,
    ({ spec, word }) => {
      if (spec.layout === 'dict') return `laneOfText(T, ${entry}, ${entry} + ${word})`
      return spec.layout === 'f64' ? `f64[${entry} + ${word}]` : `i32[(${entry} + ${word}) * 2]`
    },
    (slot) => nullTest(slot, entry),
  )
}

/** What an index asks of its table. */
export interface Indexed {
  readonly arena: Arena
  /** The mix of the key of an entry. */
  mix(entry: number): number
}

/** Slots for so many entries and a quarter more. */
function log2For(count: number): number {
  const slots = count * SLOTS_PER_ENTRY * SPARE
  return Math.max(SLOTS_LOG2_FIRST, Math.ceil(Math.log2(slots + 1)))
}

export class EntryIndex {
  /** Its first slot in the arena's i32; 0 while it is empty. */
  at = 0
  mask = 0
  /** A mix shifted by it, and its lowest bits, are the home of the key. */
  shift = SHIFT_EMPTY
  /** Entries that may be put before it grows (I2). */
  room = 0
  readonly #table: Indexed
  /** Slots of a new block: enough for as many entries as are expected. */
  #log2First: number

  constructor(table: Indexed, expectedSize: number) {
    this.#table = table
    this.#log2First = Math.max(SLOTS_LOG2_FIRST, Math.ceil(Math.log2(expectedSize * 2 + 1)))
  }

  get count(): number {
    return this.at === 0 ? 0 : (this.mask + 1) / SLOTS_PER_ENTRY - this.room
  }

  /** A new entry of the table, whose key is written. Views of the arena may have changed. */
  put(entry: number): void {
    if (this.room === 0) {
      this.#grow(entry)
      return
    }
    this.room -= 1
    this.place(entry)
  }

  /** An entry with its key was copied to another place. */
  move(from: number, to: number): void {
    this.#table.arena.i32[this.at + this.#slotOf(from, to)] = to
  }

  /** An entry goes, whose key is still there: those behind it move up (I1). */
  remove(entry: number): void {
    this.unplace(entry)
    this.room += 1
  }

  get slots(): number {
    return this.at === 0 ? 0 : this.mask + 1
  }

  /** A loop put so many entries itself, each where its search ended, as far as there was room. */
  placed(count: number): void {
    this.room -= count
  }

  /** It will be filled again to about as many entries; what a rush of keys took is given back. */
  clear(expected: number = this.count): void {
    if (this.at === 0) return
    this.#log2First = Math.min(32 - this.shift, log2For(expected))
    this.#table.arena.free(this.at / 2, (this.mask + 1) / SLOTS_PER_WORD)
    this.at = 0
    this.mask = 0
    this.shift = SHIFT_EMPTY
    this.room = 0
  }

  /** For checks: whether exactly these entries stand where they are found (I1, I2). */
  assertHolds(entries: readonly number[]): void {
    assert(this.count === entries.length, 'I1: an index counts the entries of its table')
    assert(this.room >= 0, 'I2: half of an index is free')
    const found = entries.map((entry) => this.#slotOf(entry, entry))
    assert(new Set(found).size === entries.length, 'I1: an entry stands in one slot')
    const { i32 } = this.#table.arena
    const used = i32.subarray(this.at, this.at + this.mask + 1).filter((slot) => slot !== 0)
    assert(this.at === 0 || used.length === entries.length, 'I1: no other entry stands there')
  }

  /** The slot in which `ref` stands, by the key at `entry`. */
  #slotOf(ref: number, entry: number): number {
    const { i32 } = this.#table.arena
    const { at, mask } = this
    let slot = homeOf(this.#table.mix(entry), this)
    for (;;) {
      const found = i32[at + slot] as number
      if (found === ref) return slot
      assert(found !== 0, 'I1: an entry is in the index')
      slot = (slot + 1) & mask
    }
  }

  protected place(entry: number): void {
    const { i32 } = this.#table.arena
    const { at, mask } = this
    let slot = homeOf(this.#table.mix(entry), this)
    while (i32[at + slot] !== 0) slot = (slot + 1) & mask
    i32[at + slot] = entry
  }

  /** Those behind it move up. */
  protected unplace(entry: number): void {
    const { i32 } = this.#table.arena
    const { at, mask } = this
    let hole = this.#slotOf(entry, entry)
    for (let slot = (hole + 1) & mask; ; slot = (slot + 1) & mask) {
      const other = i32[at + slot] as number
      if (other === 0) break
      const home = homeOf(this.#table.mix(other), this)
      // It may move into the hole unless its home lies after the hole, cyclically.
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue
      i32[at + hole] = other
      hole = slot
    }
    i32[at + hole] = 0
  }

  /** Places all entries, which stood in other slots before, and a new one. */
  protected refill(before: { readonly at: number; readonly mask: number }, entry: number): void {
    const { i32 } = this.#table.arena
    for (let slot = 0; slot <= before.mask; slot++) {
      const other = i32[before.at + slot] as number
      if (other !== 0) this.place(other)
    }
    this.place(entry)
  }

  #grow(entry: number): void {
    const { at, mask, shift, count } = this
    const log2 = 32 - shift
    this.#open(at === 0 ? this.#log2First : log2 + (log2 < SLOTS_LOG2_LARGE ? 2 : 1))
    this.refill({ at, mask }, entry)
    this.room = (this.mask + 1) / SLOTS_PER_ENTRY - count - 1
    if (at !== 0) this.#table.arena.free(at / 2, (mask + 1) / SLOTS_PER_WORD)
  }

  #open(log2: number): void {
    this.at = this.#table.arena.allocate((1 << log2) / SLOTS_PER_WORD) * 2
    this.mask = (1 << log2) - 1
    this.shift = 32 - log2
  }
}
