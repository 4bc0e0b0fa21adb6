/**
 * The sessions of one subtask where the row of each is told once. They lie in blocks and never move,
 * and are found by an index over their keys (ADR 0016). Closing one gives its place to another.
 *
 * A key mostly has one session. Where it has more (records out of order, or a watermark that lags by
 * more than the gap), the latest is in the index and each knows the one before it.
 *
 * Owns: its blocks, which are pages without a key group, written whole; the index, a block of the
 * arena with one i32 per slot: the latest session of a key, SLOT_EMPTY, or SLOT_LEFT.
 *
 * Invariants:
 *   S1. The sessions of a key neither overlap nor touch. The latest has the tag FOUND and stands in
 *       exactly one slot, and no slot between that and its home is empty; the others have the tag
 *       BEHIND and are linked, latest first and back.
 *   S2. At most half of the slots are not empty; `slotRoom` is how many more may be filled.
 *   S3. The free places of a block are linked from its header, which counts those in use.
 *   S4. A session that was merged into another has the tag GONE and keeps its place until the queue
 *       lets go of it: every place in use is in the queue exactly once, or in `opened`.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../../shared/base/limits.ts'
import type { Arena } from '../../../state/arena.ts'
import type { ColumnWriter } from '../../../state/column-writer.ts'
import type { EntryLayout } from '../../../state/entry-layout.ts'
import {
  PAGE_CAPACITY_LOG2,
  PAGE_COUNT,
  PAGE_HEADER_WORDS,
  PAGE_NEXT,
} from '../../../state/page.ts'
import { Pages } from '../../../state/pages.ts'
import { BEHIND, FOUND, FREE, GONE, LINK, SESSION, SLOT_EMPTY, SLOT_LEFT } from './session-words.ts'

const BLOCK_LOG2_FIRST = 6
/** Slot numbers of entries have 12 bits. */
const BLOCK_LOG2_MAX = 12
const SLOTS_LOG2_FIRST = 6
const SLOTS_PER_WORD = 2
/** Slots of a fresh index per session: as many may come as are there. */
const SLOTS_PER_SESSION = 4
/** An empty index: its home is a word of block 0, which is never given out and holds zeros. */
const SHIFT_EMPTY = 31
/** The share of a block that is to be free before its places are given out again. */
const ROOM_SHARE = 4

/** What a table asks of the generated code. */
export interface TableLoops {
  /** Puts the sessions of a block that are found into an index that is new. */
  place(table: SessionTable, block: number): void
  readKey(table: SessionTable, session: number, writers: readonly ColumnWriter[], row: number): void
}

export interface TableParts {
  readonly layout: EntryLayout
  /** Where the words of a session begin in its entry. */
  readonly wordsAt: number
  readonly loops: TableLoops
}

export class SessionTable extends Pages {
  /** The index: its first slot in the arena's i32, and what makes a home of a mix. */
  at = 0
  mask = 0
  shift = SHIFT_EMPTY
  slotRoom = 0
  /** The block whose free places are given out; 0 for none. */
  block = 0
  /** Sessions; those that are GONE do not count. */
  size = 0
  /** A record at or before it that touches no session is late. */
  closed = Number.NEGATIVE_INFINITY
  /** Sessions that were opened and are not yet in the queue. */
  opened = new Int32Array(BATCH_RECORDS_MAX)
  openedCount = 0
  readonly #loops: TableLoops
  /** Where the words of a session begin in its entry. */
  readonly #wordsAt: number
  readonly #blocks: number[] = []
  #log2Next = BLOCK_LOG2_FIRST
  /** Places in all blocks. */
  #capacity = 0

  constructor({ layout, wordsAt, loops }: TableParts, arena: Arena) {
    super(arena, layout)
    this.#loops = loops
    this.#wordsAt = wordsAt
  }

  get(session: number, word: number): number {
    return this.arena.f64[session + this.#wordsAt + word] as number
  }

  set(session: number, word: number, value: number): void {
    this.arena.f64[session + this.#wordsAt + word] = value
  }

  /** Room for one session more. Views of the arena may have changed. */
  makeRoom(): void {
    if (this.slotRoom === 0) this.#remakeIndex()
    if (this.#freeOf(this.block) === 0) this.block = this.#roomiest() ?? this.#openBlock()
  }

  /** Room in `opened` for a session per row of a batch. */
  makeRoomForOpened(rows: number): void {
    if (this.opened.length < rows) this.opened = new Int32Array(rows)
  }

  /** A place for a session behind another, whose words are not written. */
  takePlace(): number {
    this.makeRoom()
    const { i32 } = this.arena
    const header = this.block * 2
    const session = i32[header + PAGE_NEXT] as number
    i32[header + PAGE_NEXT] = i32[session * 2 + LINK] as number
    i32[header + PAGE_COUNT] = (i32[header + PAGE_COUNT] as number) + 1
    i32[session * 2] = BEHIND
    this.size += 1
    return session
  }

  /** Puts a session behind a later one of its key; 0: none is. */
  link(later: number, session: number): void {
    this.set(later, SESSION.next, session)
    if (session !== 0) this.set(session, SESSION.later, later)
  }

  /** The session behind `later` was merged into it. */
  dropBehind(later: number): void {
    const session = this.get(later, SESSION.next)
    this.link(later, this.get(session, SESSION.next))
    this.arena.i32[session * 2] = GONE
    this.size -= 1
  }

  /** Gives back the place of a session that is GONE (S4). */
  release(session: number): void {
    const { i32 } = this.arena
    const header = this.pageOf(session) * 2
    i32[session * 2] = FREE
    i32[session * 2 + LINK] = i32[header + PAGE_NEXT] as number
    i32[header + PAGE_NEXT] = session
    i32[header + PAGE_COUNT] = (i32[header + PAGE_COUNT] as number) - 1
  }

  /** Gives back empty blocks when more than half of all places are free. */
  trim(): void {
    if (this.size * 2 > this.#capacity || this.#blocks.length < 2) return
    const isEmpty = (block: number) =>
      block !== this.block && this.#freeOf(block) === this.#capacityOf(block)
    for (const block of this.#blocks.filter(isEmpty)) {
      const capacity = this.#capacity - this.#capacityOf(block)
      if (this.size * 2 > capacity) continue
      this.#capacity = capacity
      this.#blocks.splice(this.#blocks.indexOf(block), 1)
      this.freePage(block)
    }
  }

  readKey(session: number, writers: readonly ColumnWriter[], row: number): void {
    this.#loops.readKey(this, session, writers, row)
  }

  /** For checks. */
  assertHolds(): void {
    const { i32 } = this.arena
    const tagged = (tag: number) => {
      const places = this.#blocks.flatMap((block) => this.#placesOf(block))
      return places.filter((place) => i32[place * 2] === tag)
    }
    const [found, behind] = [tagged(FOUND), tagged(BEHIND)]
    assert(found.length + behind.length === this.size, 'the size of a table is its sessions')
    const linked = [...found, ...behind].flatMap((one) => this.#checkedNext(one))
    assert(linked.length === behind.length, 'S1: a session that is not found is behind one')
    assert(new Set(linked).size === linked.length, 'S1: a session is behind one')
    const free = this.#blocks.reduce((sum, block) => sum + this.#freeOf(block), 0)
    assert(tagged(FREE).length === free, 'S3: a block counts its places')
    const slots = [...i32.subarray(this.at, this.at === 0 ? 0 : this.at + this.mask + 1)]
    const inSlots = slots.filter((one) => one > SLOT_LEFT).toSorted((one, other) => one - other)
    const all = found.toSorted((one, other) => one - other)
    assert(inSlots.join() === all.join(), 'S1: those that are found have a slot each')
    const filled = slots.filter((one) => one !== SLOT_EMPTY).length
    assert(this.at === 0 || filled + this.slotRoom === slots.length / 2, 'S2: slots are counted')
  }

  #checkedNext(session: number): number[] {
    const next = this.get(session, SESSION.next)
    if (next === 0) return []
    assert(this.arena.i32[next * 2] === BEHIND, 'S1: a session that is behind one is not found')
    assert(this.get(next, SESSION.later) === session, 'S1: links go both ways')
    const isApart = this.get(next, SESSION.end) < this.get(session, SESSION.start)
    assert(isApart, 'S1: sessions of a key lie apart')
    return [next]
  }

  #placesOf(block: number): number[] {
    const first = block + PAGE_HEADER_WORDS
    return Array.from(
      { length: this.#capacityOf(block) },
      (_, slot) => first + slot * this.layout.entryWords,
    )
  }

  #capacityOf(block: number): number {
    return 1 << (this.arena.i32[block * 2 + PAGE_CAPACITY_LOG2] as number)
  }

  #freeOf(block: number): number {
    if (block === 0) return 0
    return this.#capacityOf(block) - (this.arena.i32[block * 2 + PAGE_COUNT] as number)
  }

  /** The block with most free places, if they are many enough. */
  #roomiest(): number | null {
    let best = 0
    for (const block of this.#blocks) if (this.#freeOf(block) > this.#freeOf(best)) best = block
    return this.#freeOf(best) * ROOM_SHARE < this.#capacityOf(best) || best === 0 ? null : best
  }

  #openBlock(): number {
    const log2 = this.#log2Next
    this.#log2Next = Math.min(log2 + 1, BLOCK_LOG2_MAX)
    const block = this.makePage(0, log2)
    const { i32 } = this.arena
    const places = this.#placesOf(block).entries()
    for (const [slot, place] of places) {
      i32[place * 2 + 1] = slot
      i32[place * 2 + LINK] = slot + 1 === 1 << log2 ? 0 : place + this.layout.entryWords
    }
    i32[block * 2 + PAGE_NEXT] = block + PAGE_HEADER_WORDS
    this.#capacity += 1 << log2
    this.#blocks.push(block)
    return block
  }

  /** Without what is left of sessions that are no more; larger or smaller as need be. */
  #remakeIndex(): void {
    if (this.at !== 0) this.arena.free(this.at / SLOTS_PER_WORD, (this.mask + 1) / SLOTS_PER_WORD)
    const needed = Math.ceil(Math.log2(this.size * SLOTS_PER_SESSION + 1))
    const log2 = Math.max(SLOTS_LOG2_FIRST, needed)
    this.at = this.arena.allocate((1 << log2) / SLOTS_PER_WORD) * SLOTS_PER_WORD
    this.mask = (1 << log2) - 1
    this.shift = 32 - log2
    this.slotRoom = 1 << (log2 - 1)
    for (const block of this.#blocks) this.#loops.place(this, block)
  }
}
