/**
 * A keyed table whose entries are placed by the hash of their key: open addressing in pages of a
 * range of hashes, which double and split and move their entries.
 *
 * Who calls: as KeyedTable. An EntryRef is valid until the next insert, remove, or expiry of this
 * table. An index, where it has one, follows its entries.
 *
 * Invariants (beside P1–P4, D1–D3):
 *   H1. An entry lies in the page of its key group and lane B, at the first slot from
 *       `b & (capacity − 1)` on (wrapping round) that was free; between its home slot and itself
 *       no slot is empty.
 *   H2. At most three quarters of a page are in use. An unused entry is all zeros.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Arena } from '../arena.ts'
import { SLOT_MASK } from '../entry-layout.ts'
import type { CompiledTable } from '../keyed-table-code.ts'
import type { EntryRef } from '../keyed-table.ts'
import {
  capacityLog2First,
  capacityLog2Max,
  PAGE_AREA,
  PAGE_CAPACITY_LOG2,
  PAGE_COUNT,
  PAGE_DEPTH,
  PAGE_ENTRIES_LOG2_MAX,
  PAGE_GROUP,
  PAGE_HEADER_WORDS,
  PAGE_PREFIX,
} from '../page.ts'
import { PageDirectory } from './page-directory.ts'

/** Past this depth hashes are so alike that splitting no longer helps: pages grow instead. */
const SPLIT_DEPTH_MAX = 16

export class HashedTable extends PageDirectory {
  /** Capacity of a first page: four entries, or what a like table has shown to need. */
  readonly #log2First: number
  readonly #log2Max: number
  readonly #entryWords: number

  constructor(compiled: CompiledTable, arena: Arena, expectedSize = 0) {
    super(compiled, arena, expectedSize)
    this.#entryWords = compiled.layout.entryWords
    this.#log2Max = capacityLog2Max(compiled.layout.entryWords)
    // As many fill three quarters of it (H2).
    this.#log2First = capacityLog2First(compiled.layout.entryWords, (expectedSize * 4) / 3)
  }

  override entryOfTag(group: number, tag: number, after: EntryRef): EntryRef {
    const element = this.elementOf(group, tag)
    if (element === 0) return 0
    const page = element & -16
    const mask = (1 << (element & 15)) - 1
    const { i32 } = this.arena
    let slot = tag & mask
    if (after !== 0) slot = (((i32[after * 2 + 1] as number) & SLOT_MASK) + 1) & mask
    for (;;) {
      const entry = this.#entryAt(page, slot)
      const found = i32[entry * 2] as number
      if (found === 0) return 0
      if (found === tag) return entry
      slot = (slot + 1) & mask
    }
  }

  override insertBare(group: number, b: number): EntryRef {
    assert(b !== 0, 'lane B is never 0')
    const page = this.#pageWithRoom(group, b)
    const { i32 } = this.arena
    const mask = (1 << (i32[page * 2 + PAGE_CAPACITY_LOG2] as number)) - 1
    const entry = this.#freeEntry(page, b, mask)
    this.markChanged(page)
    i32[page * 2 + PAGE_COUNT] = (i32[page * 2 + PAGE_COUNT] as number) + 1
    this.size += 1
    return entry
  }

  /** Entries that followed in their probe sequence move up: no tombstones (H1). */
  override remove(entry: EntryRef): void {
    this.index?.remove(entry)
    this.dropContents(entry)
    const page = this.pageOf(entry)
    const { i32, f64 } = this.arena
    const mask = (1 << (i32[page * 2 + PAGE_CAPACITY_LOG2] as number)) - 1
    let hole = (i32[entry * 2 + 1] as number) & SLOT_MASK
    let slot = hole
    for (;;) {
      slot = (slot + 1) & mask
      const from = this.#entryAt(page, slot)
      const tag = i32[from * 2] as number
      if (tag === 0) break
      // It may move into the hole unless its home lies after the hole, cyclically.
      if (((slot - tag) & mask) < ((slot - hole) & mask)) continue
      this.#moveEntry(from, this.#entryAt(page, hole), hole)
      this.index?.move(from, this.#entryAt(page, hole))
      hole = slot
    }
    const last = this.#entryAt(page, hole)
    f64.fill(0, last, last + this.#entryWords)
    this.markChanged(page)
    i32[page * 2 + PAGE_COUNT] = (i32[page * 2 + PAGE_COUNT] as number) - 1
    this.size -= 1
  }

  /** From an unused slot down and round: what moves up into a hole comes from a slot already seen. */
  protected override removeInPage(
    page: number,
    isGone: (entry: EntryRef) => boolean,
    visit: ((entry: EntryRef) => void) | undefined,
  ): void {
    const mask = (1 << (this.arena.i32[page * 2 + PAGE_CAPACITY_LOG2] as number)) - 1
    let unused = mask // H2: there is one.
    while (this.arena.i32[this.#entryAt(page, unused) * 2] !== 0) unused -= 1
    for (let step = 1; step <= mask; step++) {
      const entry = this.#entryAt(page, (unused - step) & mask)
      while (this.arena.i32[entry * 2] !== 0 && isGone(entry)) {
        visit?.(entry)
        this.remove(entry)
      }
    }
  }

  #entryAt(page: number, slot: number): number {
    return page + PAGE_HEADER_WORDS + slot * this.#entryWords
  }

  #freeEntry(page: number, b: number, mask: number): number {
    const { i32 } = this.arena
    let slot = b & mask
    let entry = this.#entryAt(page, slot)
    while (i32[entry * 2] !== 0) {
      slot = (slot + 1) & mask
      entry = this.#entryAt(page, slot)
    }
    i32[entry * 2] = b
    i32[entry * 2 + 1] = slot
    return entry
  }

  /** Bit by bit as i32: a tag read as a double may be a NaN, whose bits need not survive. */
  #moveEntry(from: number, to: number, slot: number): void {
    const { i32 } = this.arena
    const count = this.#entryWords * 2
    for (let half = 0; half < count; half++) i32[to * 2 + half] = i32[from * 2 + half] as number
    i32[to * 2 + 1] = ((i32[to * 2 + 1] as number) & ~SLOT_MASK) | slot
  }

  /** The page of (group, b) with room for one more entry (H2). */
  #pageWithRoom(group: number, b: number): number {
    for (;;) {
      const element = this.elementOf(group, b)
      if (element === 0) {
        const made = this.makePage(group, this.#log2First)
        this.placePage(group, made, this.#log2First)
        return made
      }
      const page = element & -16
      const capacity = 1 << (element & 15)
      if (((this.arena.i32[page * 2 + PAGE_COUNT] as number) + 1) * 4 <= capacity * 3) return page
      this.#enlarge(page, element & 15)
    }
  }

  #enlarge(page: number, log2: number): void {
    const depth = this.arena.i32[page * 2 + PAGE_DEPTH] as number
    if (log2 < this.#log2Max || depth >= SPLIT_DEPTH_MAX) this.#doublePage(page, log2)
    else this.#splitPage(page, log2)
  }

  #doublePage(page: number, log2: number): void {
    assert(log2 < PAGE_ENTRIES_LOG2_MAX, 'a page of keys with one hash has room')
    const group = this.arena.i32[page * 2 + PAGE_GROUP] as number
    const made = this.makePage(group, log2 + 1)
    const { i32 } = this.arena
    // The area moves along: offsets into it stay as they are.
    for (let half = PAGE_DEPTH; half < PAGE_HEADER_WORDS * 2; half++) {
      i32[made * 2 + half] = i32[page * 2 + half] as number
      if (half >= PAGE_AREA) i32[page * 2 + half] = 0
    }
    this.#spread(page, log2, [made, made])
    this.placePage(group, made, log2 + 1)
    this.freePage(page)
  }

  #splitPage(page: number, log2: number): void {
    const { i32: before } = this.arena
    const group = before[page * 2 + PAGE_GROUP] as number
    const depth = before[page * 2 + PAGE_DEPTH] as number
    const prefix = before[page * 2 + PAGE_PREFIX] as number
    const halves = [this.makePage(group, log2), this.makePage(group, log2)] as const
    for (const bit of [0, 1] as const) {
      this.arena.i32[halves[bit] * 2 + PAGE_DEPTH] = depth + 1
      this.arena.i32[halves[bit] * 2 + PAGE_PREFIX] = prefix * 2 + bit
    }
    if (this.layout.hasStrings) {
      for (const half of halves) this.reserveArea(half, this.liveBytes(page))
    }
    this.#spread(page, log2, halves, 31 - depth)
    for (const half of halves) this.placePage(group, half, log2)
    this.freePage(page)
  }

  /** Copies every entry of a page into the one of two pages that a bit of its tag names. */
  // oxlint-disable-next-line max-params -- a page, and where its entries go
  #spread(page: number, log2: number, into: readonly [number, number], shift = 0): void {
    const { i32 } = this.arena
    const [zero, one] = into
    const copiesText = zero !== one && this.layout.hasStrings
    const mask = (1 << (i32[zero * 2 + PAGE_CAPACITY_LOG2] as number)) - 1
    const end = this.#entryAt(page, 1 << log2)
    for (let from = this.#entryAt(page, 0); from < end; from += this.#entryWords) {
      const tag = i32[from * 2] as number
      if (tag === 0) continue
      const target = ((tag >>> shift) & 1) === 0 ? zero : one
      const entry = this.#freeEntry(target, tag, mask)
      this.#moveEntry(from, entry, (i32[entry * 2 + 1] as number) & SLOT_MASK)
      i32[target * 2 + PAGE_COUNT] = (i32[target * 2 + PAGE_COUNT] as number) + 1
      if (copiesText) this.adoptStrings(entry, page)
      // Only now does the key stand where the entry says.
      this.index?.move(from, entry)
    }
  }
}
