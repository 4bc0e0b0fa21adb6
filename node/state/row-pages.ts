/**
 * Pages of rows that never move while they live: those of a key group form a chain.
 *
 * Owns: the rows' places. A row's entry has the tag of its key (lane B), so that P1–P4 of pages.ts
 * hold as for hashed pages.
 *
 * Invariants:
 *   R1. A page of rows is in the chain of its group exactly once.
 *   R2. Of a page, the slots below PAGE_PREFIX (here: slots ever used) with tag 0 are its free list,
 *       linked through the second half of word 0, slot + 1 each; PAGE_DEPTH (here: head) starts it.
 *   R3. PAGE_COUNT is the number of rows in use. A page without rows goes, unless it is the only
 *       one of its group or pages are kept, so that an old ref still leads to a place for a row.
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
  PAGE_PREFIX as PAGE_SLOTS_USED,
} from './page.ts'
import { Pages } from './pages.ts'

export class RowPages extends Pages {
  /** First page of each group's chain: the one that takes new rows; 0 for none. */
  readonly chains = new Int32Array(KEY_GROUPS)
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
    this.markChanged(page)
    this.size -= 1
    if (count === 0 && !this.#keepsPages) this.#dropPage(page)
  }

  groupOf(row: number): number {
    return this.arena.i32[this.pageOf(row) * 2 + PAGE_GROUP] as number
  }

  *pages(): Generator<number> {
    for (const first of this.chains) {
      for (let page = first; page !== 0; page = this.#next(page)) yield page
    }
  }

  clear(): void {
    Array.from(this.pages()).forEach((page) => this.freePage(page))
    this.chains.fill(0)
    this.dropAllObjects()
    this.size = 0
  }

  #next(page: number): number {
    return this.arena.i32[page * 2 + PAGE_NEXT] as number
  }

  /** The first page of the chain with room comes to its front; else a new, larger one. */
  #pageWithRoom(group: number): number {
    const { i32 } = this.arena
    const first = this.chains[group] as number
    let log2 = PAGE_ENTRIES_LOG2_FIRST
    let before = 0
    for (let page = first; page !== 0; page = this.#next(page)) {
      const capacity = i32[page * 2 + PAGE_CAPACITY_LOG2] as number
      if ((i32[page * 2 + PAGE_COUNT] as number) < 1 << capacity) {
        if (before !== 0) this.#toFront(group, page, before)
        return page
      }
      log2 = Math.min(Math.max(log2, capacity + 1), this.#log2Max)
      before = page
    }
    const made = this.makePage(group, log2)
    this.arena.i32[made * 2 + PAGE_NEXT] = first
    this.chains[group] = made
    return made
  }

  #toFront(group: number, page: number, before: number): void {
    const { i32 } = this.arena
    i32[before * 2 + PAGE_NEXT] = this.#next(page)
    i32[page * 2 + PAGE_NEXT] = this.chains[group] as number
    this.chains[group] = page
  }

  #dropPage(page: number): void {
    const { i32 } = this.arena
    const group = i32[page * 2 + PAGE_GROUP] as number
    const first = this.chains[group] as number
    if (first === page && this.#next(page) === 0) return
    if (first === page) {
      this.chains[group] = this.#next(page)
    } else {
      let before = first
      while (this.#next(before) !== page) before = this.#next(before)
      i32[before * 2 + PAGE_NEXT] = this.#next(page)
    }
    this.freePage(page)
  }
}
