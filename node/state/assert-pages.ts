/** Walks a state and asserts every invariant of its pages; for tests, and for doubts in the field. */
import { assert } from '../../shared/base/assert.ts'
import { isText, SLOT_MASK } from './entry-layout.ts'
import type { KeyedRows } from './keyed-rows.ts'
import type { GroupPages } from './group-pages.ts'
import { HashedTable } from './hashed/hashed-table.ts'
import type { KeyedTable } from './keyed-table.ts'
import {
  PAGE_AREA_BYTES,
  PAGE_AREA_USED,
  PAGE_CAPACITY_LOG2,
  PAGE_COUNT,
  PAGE_DEPTH,
  PAGE_FREE_HEAD,
  PAGE_GROUP,
  PAGE_HEADER_WORDS,
  PAGE_NEXT,
  PAGE_PREFIX,
  PAGE_PREVIOUS,
  PAGE_SLOTS_USED,
} from './page.ts'
import type { Pages } from './pages.ts'

export function assertTable(table: KeyedTable): void {
  const seen = new Set<number>()
  const indexed: number[] = []
  let entries = 0
  let handles = 0
  for (const page of table.pages()) {
    assert(!seen.has(page), `D3, R1: page ${page} stands once`)
    seen.add(page)
    const group = header(table, page, PAGE_GROUP)
    assert(table.pagesOf(group).includes(page), `D3, R1: page ${page} is of its group`)
    if (table instanceof HashedTable) assertHashedPage(table, page)
    entries += entriesOf(table, page).length
    handles += assertContents(table, page)
    if (table.index !== null) for (const entry of entriesOf(table, page)) indexed.push(entry)
  }
  if (!(table instanceof HashedTable)) assertRings(table)
  table.index?.assertHolds(indexed)
  assert(entries === table.size, `the size of a table is its entries: ${table.size}, ${entries}`)
  assert(handles === table.objectCount, `P4: every handle is in one entry: ${handles}`)
}

export function assertRows(rows: KeyedRows): void {
  assertTable(rows.index)
  const seen = new Set<number>()
  for (const page of rows.rows.pages()) assertContents(rows.rows, page)
  assertRings(rows.rows)
  for (const page of rows.index.pages()) {
    for (const key of entriesOf(rows.index, page)) {
      let count = 0
      let before = 0
      for (let row = rows.index.word(key, 0); row !== 0; row = rows.next(row)) {
        assert(!seen.has(row), 'L3: a row is in one list')
        assert(rows.previous(row) === before, 'L2: links go both ways')
        assert(rows.keyOf(row) === key, 'L3: a row finds its key')
        seen.add(row)
        before = row
        count += 1
      }
      assert(rows.index.word(key, 1) === before, 'L2: the tail is the last row')
      assert(count > 0 && rows.index.word(key, 2) === count, 'L1: a key counts its rows')
    }
  }
  assert(seen.size === rows.size, 'L3: every row is in a list')
}

function assertRings(rows: GroupPages): void {
  const seen = new Set<number>()
  for (const page of rows.pages()) {
    assert(!seen.has(page), `R1: page ${page} stands once`)
    assertFree(rows, page)
    assert(header(rows, header(rows, page, PAGE_NEXT), PAGE_PREVIOUS) === page, 'R1: a ring closes')
    const first = rows.firsts[header(rows, page, PAGE_GROUP)] as number
    const isOpen = shareUsed(rows, page) <= 0.75
    assert(
      !isOpen || shareUsed(rows, first) < 1,
      'R4: a page with much room is not behind full ones',
    )
    seen.add(page)
  }
}

/** The free list of a page is the slots that were used and are not (R2, R3). */
function assertFree(rows: GroupPages, page: number): void {
  const entries = entriesOf(rows, page)
  assert(header(rows, page, PAGE_COUNT) === entries.length, `R3: page ${page} counts its entries`)
  const { i32 } = rows.arena
  const { entryWords } = rows.layout
  const entryAt = (slot: number): number => page + PAGE_HEADER_WORDS + slot * entryWords
  const free = new Set<number>()
  for (let link = header(rows, page, PAGE_FREE_HEAD); link !== 0;) {
    const entry = entryAt(link - 1)
    assert(!free.has(link) && i32[entry * 2] === 0, `R2: a free slot is listed once`)
    free.add(link)
    link = i32[entry * 2 + 1] as number
    const rest = i32.subarray(entry * 2 + 2, (entry + entryWords) * 2)
    assert(
      rest.every((half) => half === 0),
      'R2: a free slot is zero',
    )
  }
  const used = header(rows, page, PAGE_SLOTS_USED)
  assert(free.size + entries.length === used, `R2: page ${page} lists all its free slots`)
}

function shareUsed(rows: Pages, page: number): number {
  return header(rows, page, PAGE_COUNT) / (1 << header(rows, page, PAGE_CAPACITY_LOG2))
}

function assertHashedPage(table: HashedTable, page: number): void {
  const mask = (1 << header(table, page, PAGE_CAPACITY_LOG2)) - 1
  const depth = header(table, page, PAGE_DEPTH)
  const { i32 } = table.arena
  const { entryWords } = table.layout
  const group = header(table, page, PAGE_GROUP)
  const entries = entriesOf(table, page)
  for (const entry of entries) {
    const tag = table.tag(entry)
    const slot = (i32[entry * 2 + 1] as number) & SLOT_MASK
    const prefix = depth === 0 ? 0 : tag >>> (32 - depth)
    assert(prefix === header(table, page, PAGE_PREFIX), 'D2: a key has the prefix of its page')
    assert((table.elementOf(group, tag) & -16) === page, 'D1: a key leads to its page')
    for (let at = tag & mask; at !== slot; at = (at + 1) & mask) {
      const between = page + PAGE_HEADER_WORDS + at * entryWords
      assert(i32[between * 2] !== 0, 'H1: no gap between home and place')
    }
  }
  const count = entries.length
  assert(header(table, page, PAGE_COUNT) === count, 'a page counts its entries')
  assert(count * 4 <= (mask + 1) * 3, 'H2: a page has room')
}

/** Strings lie in the area and sum up to its live bytes (P3); answers the handles in use. */
function assertContents(pages: Pages, page: number): number {
  const slots = [...pages.layout.key, ...pages.layout.value]
  const { i32 } = pages.arena
  const used = header(pages, page, PAGE_AREA_USED)
  let live = 0
  let handles = 0
  for (const entry of entriesOf(pages, page)) {
    assert(pages.pageOf(entry) === page, 'P2: an entry finds its page')
    for (const slot of slots) {
      const first = i32[(entry + slot.word) * 2] as number
      const second = i32[(entry + slot.word) * 2 + 1] as number
      if (isText(slot.spec)) {
        assert(first + second <= used, 'P3: a string lies in the area')
        live += second
      } else if (slot.spec.layout === 'any' && first !== 0) {
        handles += 1
      }
    }
  }
  assert(used <= header(pages, page, PAGE_AREA_BYTES), 'P3: an area is not overrun')
  assert(live === pages.liveBytes(page), `P3: live bytes are counted: ${live}`)
  return handles
}

function entriesOf(pages: Pages, page: number): number[] {
  const found: number[] = []
  const { i32 } = pages.arena
  for (let slot = 0; slot < 1 << header(pages, page, PAGE_CAPACITY_LOG2); slot++) {
    const entry = page + PAGE_HEADER_WORDS + slot * pages.layout.entryWords
    if (i32[entry * 2] === 0) continue
    assert(((i32[entry * 2 + 1] as number) & SLOT_MASK) === slot, 'P2: an entry names its slot')
    found.push(entry)
  }
  return found
}

function header(pages: Pages, page: number, index: number): number {
  return pages.arena.i32[page * 2 + index] as number
}
