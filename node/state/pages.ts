/**
 * What hashed pages (hashed/hashed-table.ts) and pages in order of arrival (group-pages.ts) have in
 * common: making and freeing pages, byte areas with compaction, objects by handle.
 *
 * Owns: the byte areas and the object table of one state or pane. The arena is shared by the panes
 * of one state.
 *
 * Invariants:
 *   P1. An entry is in use exactly when its tag is not 0; an unused entry of a hashed page is all
 *       zeros.
 *   P2. An entry in use names its slot, so that `pageOf` finds its page.
 *   P3. A string of an entry lies inside the used part of its page's area; used − dead is the sum
 *       of the lengths of all strings of the page.
 *   P4. A handle is in exactly one entry; handles not in use are in the free list. Handle 0 is the
 *       null object.
 */
import type { Arena } from './arena.ts'
import { copyBytes, viewOf } from './copy-bytes.ts'
import type { EntryLayout, EntrySlot } from './entry-layout.ts'
import { isText, SLOT_MASK } from './entry-layout.ts'
import {
  PAGE_AREA,
  PAGE_AREA_BYTES,
  PAGE_AREA_DEAD,
  PAGE_AREA_USED,
  PAGE_CAPACITY_LOG2,
  PAGE_DIRTY,
  PAGE_GROUP,
  PAGE_HEADER_WORDS,
  PAGE_VERSION,
} from './page.ts'

const AREA_BYTES_MIN = 128
/** Sizes of areas per doubling, so that an area that was given back fits another page. */
const AREA_SIZES_LOG2 = 2

export class Pages {
  readonly arena: Arena
  readonly layout: EntryLayout
  /** Objects by handle; 0 is null. */
  objects: unknown[] = [null]
  #freeHandles: number[] = []
  /** Texts put so far and their bytes: what the area of a new page will need. */
  #putCount = 0
  #putBytes = 0
  /** Where the last text of each word came from: the same buffer comes for a whole batch. */
  readonly #sources: Uint8Array[] = []
  readonly #sourceViews: DataView[] = []
  readonly #textWords: readonly number[]
  readonly #objectWords: readonly number[]

  constructor(arena: Arena, layout: EntryLayout) {
    this.arena = arena
    this.layout = layout
    const slots = [...layout.key, ...layout.value]
    this.#textWords = wordsOf(slots, (slot) => isText(slot.spec))
    this.#objectWords = wordsOf(slots, (slot) => slot.spec.layout === 'any')
  }

  makePage(group: number, capacityLog2: number): number {
    const page = this.arena.allocate(this.pageWords(capacityLog2))
    const { i32 } = this.arena
    i32[page * 2 + PAGE_CAPACITY_LOG2] = capacityLog2
    i32[page * 2 + PAGE_GROUP] = group
    i32[page * 2 + PAGE_DIRTY] = 1
    return page
  }

  pageWords(capacityLog2: number): number {
    return PAGE_HEADER_WORDS + (1 << capacityLog2) * this.layout.entryWords
  }

  /** Frees the page and its area; handles of its entries are not looked at. */
  freePage(page: number): void {
    const { i32 } = this.arena
    const area = i32[page * 2 + PAGE_AREA] as number
    if (area !== 0) this.arena.free(area, (i32[page * 2 + PAGE_AREA_BYTES] as number) / 8)
    this.arena.free(page, this.pageWords(i32[page * 2 + PAGE_CAPACITY_LOG2] as number))
  }

  pageOf(entry: number): number {
    const slot = (this.arena.i32[entry * 2 + 1] as number) & SLOT_MASK
    return entry - PAGE_HEADER_WORDS - slot * this.layout.entryWords
  }

  /** What is in an entry changed, or what it points to. */
  markDirty(entry: number): void {
    this.arena.i32[this.pageOf(entry) * 2 + PAGE_DIRTY] = 1
  }

  markChanged(page: number): void {
    const { i32 } = this.arena
    i32[page * 2 + PAGE_DIRTY] = 1
    i32[page * 2 + PAGE_VERSION] = (i32[page * 2 + PAGE_VERSION] as number) + 1
  }

  /** Room for a string in the area of a page; the offset in it. Views may have changed. */
  reserveBytes(page: number, length: number): number {
    const { i32 } = this.arena
    const used = i32[page * 2 + PAGE_AREA_USED] as number
    if (used + length > (i32[page * 2 + PAGE_AREA_BYTES] as number)) this.#growArea(page, length)
    const start = this.arena.i32[page * 2 + PAGE_AREA_USED] as number
    this.arena.i32[page * 2 + PAGE_AREA_USED] = start + length
    return start
  }

  // oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
  putText(entry: number, word: number, source: Uint8Array, start: number, length: number): void {
    this.#putCount += 1
    this.#putBytes += length
    const at = word * 2
    if (length === 0) {
      this.arena.i32[at] = 0
      this.arena.i32[at + 1] = 0
      return
    }
    const page = this.pageOf(entry)
    // A text of this arena stays where it is, but the views on it may be others afterwards.
    const isOwn = source === this.arena.u8
    const offset = this.reserveBytes(page, length)
    const { i32, view } = this.arena
    i32[at] = offset
    i32[at + 1] = length
    const to = (i32[page * 2 + PAGE_AREA] as number) * 8 + offset
    copyBytes(view, to, isOwn ? view : this.#sourceView(source, word - entry), start, length)
  }

  #sourceView(source: Uint8Array, slot: number): DataView {
    if (this.#sources[slot] === source) return this.#sourceViews[slot] as DataView
    while (this.#sources.length <= slot) {
      this.#sources.push(source)
      this.#sourceViews.push(viewOf(source))
    }
    this.#sources[slot] = source
    return (this.#sourceViews[slot] = viewOf(source))
  }

  /** The string of a cell is read no more. */
  dropText(entry: number, word: number): void {
    const { i32 } = this.arena
    const dead = this.pageOf(entry) * 2 + PAGE_AREA_DEAD
    i32[dead] = (i32[dead] as number) + (i32[word * 2 + 1] as number)
    i32[word * 2 + 1] = 0
  }

  /** First byte of a cell's string in the arena's bytes. */
  textStart(entry: number, word: number): number {
    const { i32 } = this.arena
    const page = this.pageOf(entry)
    return (i32[page * 2 + PAGE_AREA] as number) * 8 + (i32[word * 2] as number)
  }

  textOf(entry: number, word: number): string {
    const start = this.textStart(entry, word)
    const length = this.arena.i32[word * 2 + 1] as number
    return Buffer.from(this.arena.u8.buffer, start, length).toString('utf8')
  }

  putObject(value: unknown): number {
    if (value === null || value === undefined) return 0
    const handle = this.#freeHandles.pop()
    if (handle === undefined) return this.objects.push(value) - 1
    this.objects[handle] = value
    return handle
  }

  dropObject(handle: number): void {
    if (handle === 0) return
    this.objects[handle] = null
    this.#freeHandles.push(handle)
  }

  dropAllObjects(): void {
    this.objects = [null]
    this.#freeHandles = []
  }

  /** Handles that entries may hold: all but null and the free ones. For checks and figures. */
  get objectCount(): number {
    return this.objects.length - 1 - this.#freeHandles.length
  }

  /** Before an entry goes: its strings are dead, its objects dropped. */
  dropContents(entry: number): void {
    for (const word of this.#textWords) this.dropText(entry, entry + word)
    for (const word of this.#objectWords)
      this.dropObject(this.arena.i32[(entry + word) * 2] as number)
  }

  /** As dropContents, for the value columns alone. */
  dropValues(entry: number): void {
    for (const { spec, word } of this.layout.value) {
      if (isText(spec)) this.dropText(entry, entry + word)
      else if (spec.layout === 'any') this.dropObject(this.arena.i32[(entry + word) * 2] as number)
    }
  }

  /**
   * Copies the strings of entries that were copied word by word from another page into the area of
   * their own. The areas must have room: see `reserveArea`.
   */
  adoptStrings(entry: number, fromPage: number): void {
    const page = this.pageOf(entry)
    const { i32, u8 } = this.arena
    const from = (i32[fromPage * 2 + PAGE_AREA] as number) * 8
    const to = (i32[page * 2 + PAGE_AREA] as number) * 8
    let used = i32[page * 2 + PAGE_AREA_USED] as number
    for (const word of this.#textWords) {
      const at = (entry + word) * 2
      const length = i32[at + 1] as number
      const source = from + (i32[at] as number)
      u8.copyWithin(to + used, source, source + length)
      i32[at] = used
      used += length
    }
    i32[page * 2 + PAGE_AREA_USED] = used
  }

  /** An area of at least `bytes` for a page that has none. */
  reserveArea(page: number, bytes: number): void {
    if (bytes > 0) this.#growArea(page, bytes)
  }

  /** Bytes of strings that are read in a page. */
  liveBytes(page: number): number {
    const { i32 } = this.arena
    return (i32[page * 2 + PAGE_AREA_USED] as number) - (i32[page * 2 + PAGE_AREA_DEAD] as number)
  }

  /** Makes room for `more` bytes: a new area, without the dead bytes of the old one if many. */
  #growArea(page: number, more: number): void {
    const header = page * 2
    const before = this.arena.i32
    const oldArea = before[header + PAGE_AREA] as number
    const oldBytes = before[header + PAGE_AREA_BYTES] as number
    const used = before[header + PAGE_AREA_USED] as number
    const isCompacted = (before[header + PAGE_AREA_DEAD] as number) * 4 > used
    const kept = isCompacted ? this.liveBytes(page) : used
    const size = areaBytes(Math.max(kept + more, kept * 2, this.#expectedBytes(page)))
    const area = this.arena.allocate(size / 8)
    const { i32, u8 } = this.arena
    i32[header + PAGE_AREA] = area
    i32[header + PAGE_AREA_BYTES] = size
    if (isCompacted) {
      i32[header + PAGE_AREA_DEAD] = 0
      i32[header + PAGE_AREA_USED] = this.#moveStrings(page, oldArea)
    } else u8.copyWithin(area * 8, oldArea * 8, oldArea * 8 + used)
    if (oldArea !== 0) this.arena.free(oldArea, oldBytes / 8)
  }

  /** Bytes of the texts of a page that is three quarters full. */
  #expectedBytes(page: number): number {
    if (this.#putCount === 0) return 0
    const entries = 1 << (this.arena.i32[page * 2 + PAGE_CAPACITY_LOG2] as number)
    const mean = this.#putBytes / this.#putCount
    return Math.ceil(0.75 * entries * this.#textWords.length * mean)
  }

  /** Copies every live string of a page from its old area to the start of its new one. */
  #moveStrings(page: number, oldArea: number): number {
    const { i32, u8 } = this.arena
    const { entryWords } = this.layout
    const capacity = 1 << (i32[page * 2 + PAGE_CAPACITY_LOG2] as number)
    const area = (i32[page * 2 + PAGE_AREA] as number) * 8
    let used = 0
    for (let index = 0; index < capacity; index++) {
      const entry = page + PAGE_HEADER_WORDS + index * entryWords
      if (i32[entry * 2] === 0) continue
      for (const word of this.#textWords) {
        const at = (entry + word) * 2
        const length = i32[at + 1] as number
        if (length === 0) continue
        const source = oldArea * 8 + (i32[at] as number)
        u8.copyWithin(area + used, source, source + length)
        i32[at] = used
        used += length
      }
    }
    return used
  }
}

/** The next size of areas: a few per doubling, multiples of a block. */
function areaBytes(needed: number): number {
  if (needed <= AREA_BYTES_MIN) return AREA_BYTES_MIN
  const step = Math.max(AREA_BYTES_MIN, 1 << (31 - Math.clz32(needed - 1) - AREA_SIZES_LOG2))
  return Math.ceil(needed / step) * step
}

function wordsOf(slots: readonly EntrySlot[], keep: (slot: EntrySlot) => boolean): number[] {
  return slots.filter(keep).map((slot) => slot.word)
}
