/**
 * Pages of rows that never move while they live: those of a key group form a ring, so that taking and
 * freeing a row costs the same however many there are.
 *
 * Owns: the rows' places. A row's entry has the tag of its key (lane B), so that P1–P4 of pages.ts
 * hold as for hashed pages.
 *
 * Invariants:
 *   R1. A page of rows is in the ring of its group exactly once.
 *   R2. Of a page, the slots below PAGE_PREFIX (here: slots ever used) with tag 0 are its free list,
 *       linked through the second half of word 0, slot + 1 each; PAGE_DEPTH (here: head) starts it.
 *   R3. PAGE_COUNT is the number of rows in use. A page without rows goes, unless it is the only
 *       one of its group or pages are kept, so that an old ref still leads to a place for a row.
 *   R4. A page that is full goes to the end of its ring, and comes to the front when a quarter of it
 *       is free again: not at the first row, or pages would change places with every row that
 *       expires. So when the first page is full, no page is three quarters full or less.
 */
import { KEY_GROUPS } from '../../shared/base/limits.ts'
import type { Arena } from './arena.ts'
import type { EntryLayout } from './entry-layout.ts'
import { SLOT_MASK } from './entry-layout.ts'
import {
  capacityLog2Max,
  PAGE_CAPACITY_LOG2,
  PAGE_COUNT,
  PAGE_DEPTH as PAGE_FREE_HEAD,
  PAGE_ENTRIES_LOG2_FIRST,
  PAGE_GROUP,
  PAGE_HEADER_WORDS,
  PAGE_NEXT,
  PAGE_PREVIOUS,
  PAGE_PREFIX as PAGE_SLOTS_USED,
} from './page.ts'
import { Pages } from './pages.ts'

export class RowPages extends Pages {
  /** First page of each group's ring: the one that takes new rows; 0 for none. */
  readonly firsts = new Int32Array(KEY_GROUPS)
  size = 0
  readonly #log2Max: number

  readonly #keepsPages: boolean

  constructor(arena: Arena, layout: EntryLayout, keepsPages: boolean) {
    super(arena, layout)
    this.#keepsPages = keepsPages
    this.#log2Max = capacityLog2Max(layout.entryWords)
  }

  /** A zeroed entry with its tag and slot. */
  allocateRow(group: number, tag: number): number {
    const page = this.#pageWithRoom(group)
    const { i32 } = this.arena
    const header = page * 2
    const free = i32[header + PAGE_FREE_HEAD] as number
    let slot = free - 1
    if (free === 0) {
      slot = i32[header + PAGE_SLOTS_USED] as number
      i32[header + PAGE_SLOTS_USED] = slot + 1
    }
    const row = page + PAGE_HEADER_WORDS + slot * this.layout.entryWords
    if (free !== 0) i32[header + PAGE_FREE_HEAD] = i32[row * 2 + 1] as number
    i32[row * 2] = tag
    i32[row * 2 + 1] = slot
    i32[header + PAGE_COUNT] = (i32[header + PAGE_COUNT] as number) + 1
    this.markChanged(page)
    // The first page of a ring is its last one as soon as the ring begins with the next (R4).
    if (this.#isFull(page)) this.firsts[group] = this.#next(page)
    this.size += 1
    return row
  }

  freeRow(row: number): void {
    this.dropContents(row)
    const page = this.pageOf(row)
    const { i32, f64 } = this.arena
    const header = page * 2
    const slot = (i32[row * 2 + 1] as number) & SLOT_MASK
    f64.fill(0, row, row + this.layout.entryWords)
    i32[row * 2 + 1] = i32[header + PAGE_FREE_HEAD] as number
    i32[header + PAGE_FREE_HEAD] = slot + 1
    const count = (i32[header + PAGE_COUNT] as number) - 1
    i32[header + PAGE_COUNT] = count
    if (count === this.#reopensAt(page)) this.#toFront(page)
    this.markChanged(page)
    this.size -= 1
    if (count === 0 && !this.#keepsPages) this.#dropPage(page)
  }

  groupOf(row: number): number {
    return this.arena.i32[this.pageOf(row) * 2 + PAGE_GROUP] as number
  }

  *pages(): Generator<number> {
    for (const first of this.firsts) {
      if (first === 0) continue
      let page = first
      do {
        yield page
        page = this.#next(page)
      } while (page !== first)
    }
  }

  clear(): void {
    Array.from(this.pages()).forEach((page) => this.freePage(page))
    this.firsts.fill(0)
    this.dropAllObjects()
    this.size = 0
  }

  #next(page: number): number {
    return this.arena.i32[page * 2 + PAGE_NEXT] as number
  }

  #previous(page: number): number {
    return this.arena.i32[page * 2 + PAGE_PREVIOUS] as number
  }

  #capacityLog2(page: number): number {
    return this.arena.i32[page * 2 + PAGE_CAPACITY_LOG2] as number
  }

  #isFull(page: number): boolean {
    return this.arena.i32[page * 2 + PAGE_COUNT] === 1 << this.#capacityLog2(page)
  }

  /** Rows in use below which a page that was full takes new ones. */
  #reopensAt(page: number): number {
    const capacity = 1 << this.#capacityLog2(page)
    return capacity - Math.max(1, capacity >> 2)
  }

  /** The first page of the ring; when that is full, all nearly are (R4): a larger one comes first. */
  #pageWithRoom(group: number): number {
    const first = this.firsts[group] as number
    if (first !== 0 && !this.#isFull(first)) return first
    const made = this.makePage(group, this.#nextCapacityLog2(first))
    this.#link(made, first)
    this.firsts[group] = made
    return made
  }

  #nextCapacityLog2(first: number): number {
    if (first === 0) return PAGE_ENTRIES_LOG2_FIRST
    const last = this.#capacityLog2(this.#previous(first))
    return Math.min(Math.max(this.#capacityLog2(first), last) + 1, this.#log2Max)
  }

  #toFront(page: number): void {
    const group = this.arena.i32[page * 2 + PAGE_GROUP] as number
    const first = this.firsts[group] as number
    if (first === page) return
    this.#unlink(page)
    this.#link(page, first)
    this.firsts[group] = page
  }

  /** Puts a page into the ring before `next`; 0: it is the ring. */
  #link(page: number, next: number): void {
    const { i32 } = this.arena
    const after = next === 0 ? page : next
    const before = next === 0 ? page : this.#previous(next)
    i32[page * 2 + PAGE_NEXT] = after
    i32[page * 2 + PAGE_PREVIOUS] = before
    i32[before * 2 + PAGE_NEXT] = page
    i32[after * 2 + PAGE_PREVIOUS] = page
  }

  #unlink(page: number): void {
    const { i32 } = this.arena
    const [before, after] = [this.#previous(page), this.#next(page)]
    i32[before * 2 + PAGE_NEXT] = after
    i32[after * 2 + PAGE_PREVIOUS] = before
  }

  #dropPage(page: number): void {
    const group = this.arena.i32[page * 2 + PAGE_GROUP] as number
    const next = this.#next(page)
    if (next === page) return
    this.#unlink(page)
    if (this.firsts[group] === page) this.firsts[group] = next
    this.freePage(page)
  }
}
