/**
 * Pages whose entries never move while they live: those of a key group form a ring and are filled in
 * order of arrival, so that taking and freeing an entry costs the same however many there are, and
 * nothing that points to an entry has to follow it. Entries of one time lie together.
 *
 * Owns: the places of entries. Who finds them by key has an index (index/entry-index.ts) or lists.
 *
 * Invariants:
 *   R1. A page is in the ring of its group exactly once.
 *   R2. Of a page, the slots below PAGE_SLOTS_USED with tag 0 are its free list, linked through the
 *       second half of word 0, slot + 1 each; PAGE_FREE_HEAD starts it. All else of a free slot is 0.
 *   R3. PAGE_COUNT is the number of entries in use. A page without entries goes, unless it is the
 *       only one of its group or pages are kept, so that an old ref still leads to a place.
 *   R4. A page that is full goes to the end of its ring, and comes to the front when a quarter of it
 *       is free again: not at the first entry, or pages would change places with every one that
 *       expires. So when the first page is full, no page is three quarters full or less.
 *
 * Loops that take an entry by themselves (insert-code.ts) keep these as well.
 */
import { KEY_GROUPS } from '../../shared/base/limits.ts'
import type { Arena } from './arena.ts'
import type { EntryLayout } from './entry-layout.ts'
import { SLOT_MASK } from './entry-layout.ts'
import {
  capacityLog2Max,
  PAGE_CAPACITY_LOG2,
  PAGE_COUNT,
  PAGE_ENTRIES_LOG2_FIRST,
  PAGE_FREE_HEAD,
  PAGE_GROUP,
  PAGE_HEADER_WORDS,
  PAGE_NEXT,
  PAGE_PREVIOUS,
  PAGE_SLOTS_USED,
} from './page.ts'
import { Pages } from './pages.ts'

export interface GroupPagesOptions {
  /** Whether pages without entries stay until all go. */
  readonly keepsPages?: boolean
  /** Rings of pages: one per key group. */
  readonly rings?: number
  /** Capacities of the first page of a ring and of the largest, as powers of two. */
  readonly log2First?: number
  readonly log2Max?: number
}

export class GroupPages extends Pages {
  /** First page of each group's ring: the one that takes new entries; 0 for none. */
  readonly firsts: Int32Array
  /** Entries in use. */
  size = 0
  /** Grows whenever a page is made or freed: cursors look at it. */
  shape = 0
  readonly #log2First: number
  readonly #log2Max: number
  readonly #keepsPages: boolean

  constructor(arena: Arena, layout: EntryLayout, options: GroupPagesOptions = {}) {
    super(arena, layout)
    this.firsts = new Int32Array(options.rings ?? KEY_GROUPS)
    this.#keepsPages = options.keepsPages === true
    this.#log2First = options.log2First ?? PAGE_ENTRIES_LOG2_FIRST
    this.#log2Max = options.log2Max ?? capacityLog2Max(layout.entryWords)
  }

  /** A zeroed entry with its tag and slot. */
  take(group: number, tag: number): number {
    const page = this.#pageWithRoom(group)
    const { i32 } = this.arena
    const header = page * 2
    const free = i32[header + PAGE_FREE_HEAD] as number
    let slot = free - 1
    if (free === 0) {
      slot = i32[header + PAGE_SLOTS_USED] as number
      i32[header + PAGE_SLOTS_USED] = slot + 1
    }
    const entry = page + PAGE_HEADER_WORDS + slot * this.layout.entryWords
    if (free !== 0) i32[header + PAGE_FREE_HEAD] = i32[entry * 2 + 1] as number
    i32[entry * 2] = tag
    i32[entry * 2 + 1] = slot
    i32[header + PAGE_COUNT] = (i32[header + PAGE_COUNT] as number) + 1
    this.markChanged(page)
    // The first page of a ring is its last one as soon as the ring begins with the next (R4).
    if (this.#isFull(page)) this.firsts[group] = this.#next(page)
    this.size += 1
    return entry
  }

  giveBack(entry: number): void {
    this.dropContents(entry)
    const page = this.pageOf(entry)
    const { i32, f64 } = this.arena
    const header = page * 2
    const slot = (i32[entry * 2 + 1] as number) & SLOT_MASK
    const end = entry + this.layout.entryWords
    for (let word = entry; word < end; word++) f64[word] = 0
    i32[entry * 2 + 1] = i32[header + PAGE_FREE_HEAD] as number
    i32[header + PAGE_FREE_HEAD] = slot + 1
    const count = (i32[header + PAGE_COUNT] as number) - 1
    i32[header + PAGE_COUNT] = count
    if (count === this.#reopensAt(page)) this.#toFront(page)
    this.markChanged(page)
    this.size -= 1
    if (count === 0 && !this.#keepsPages) this.#dropPage(page)
  }

  groupOf(entry: number): number {
    return this.arena.i32[this.pageOf(entry) * 2 + PAGE_GROUP] as number
  }

  /** Every page once, by group. */
  pages(): number[] {
    const pages: number[] = []
    for (const first of this.firsts) if (first !== 0) this.#pushRing(first, pages)
    return pages
  }

  pagesOf(group: number): number[] {
    const pages: number[] = []
    const first = this.firsts[group] ?? 0
    if (first !== 0) this.#pushRing(first, pages)
    return pages
  }

  /** Gives all pages back at once: how a pane ends. */
  clear(): void {
    for (const page of this.pages()) this.freePage(page)
    this.firsts.fill(0)
    this.dropAllObjects()
    this.size = 0
    this.shape += 1
  }

  #pushRing(first: number, pages: number[]): void {
    let page = first
    do {
      pages.push(page)
      page = this.#next(page)
    } while (page !== first)
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

  /** Entries in use below which a page that was full takes new ones. */
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
    this.shape += 1
    return made
  }

  #nextCapacityLog2(first: number): number {
    if (first === 0) return this.#log2First
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
    this.shape += 1
  }
}
