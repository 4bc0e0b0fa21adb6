/**
 * Keyed state: one entry per key, with value columns and mutable words (D5). A pane of a window is
 * a table of its own, so that closing it frees whole pages.
 *
 * Entries lie in pages of their key group in order of arrival and never move; an index finds them
 * (ADR 0015). Tables without an index are hashed (hashed/hashed-table.ts).
 *
 * Who calls: one operator, from its turn. An EntryRef (a word offset in the arena, 0 = absent) is
 * valid until the entry is removed; in a hashed table until the next insert or remove.
 *
 * Owns: its pages. Shares the arena with the other panes of its state.
 *
 * Invariants (beside P1–P4, R1–R4, I1–I2):
 *   T1. A key has at most one entry.
 *   T2. The index holds every entry.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Column } from '../../shared/model/batch.ts'
import { KEY_GROUPS } from '../../shared/base/limits.ts'
import { keyGroupOf } from '../../shared/model/key-hash/key-hash.ts'
import type { Arena } from './arena.ts'
import type { ColumnWriter } from './column-writer.ts'
import { TableIndex } from './index/table-index.ts'
import { SLOT_MASK } from './entry-layout.ts'
import { GroupPages, type GroupPagesOptions } from './group-pages.ts'
import type { CompiledTable, TableOps } from './keyed-table-code.ts'
import { capacityLog2First, PAGE_COUNT, PAGE_HEADER_WORDS } from './page.ts'
import { TableCursor } from './table-cursor.ts'

/** Word offset of an entry in the arena; 0 = absent. */
export type EntryRef = number

export interface ExpireOptions {
  readonly groups?: number
  readonly visit?: (entry: EntryRef) => void
}

export class KeyedTable extends GroupPages {
  readonly ops: TableOps
  /** Finds entries; null in a hashed table that has none. */
  readonly index: TableIndex | null
  /** Whether its entries belong to no key group (flat-table.ts). */
  readonly isFlat: boolean
  /** Grows whenever entries may have been moved to make room: never without hashing. */
  moves = 0
  /** Tables that live and end with this one, e.g. the distinct values of its entries. */
  readonly beside: KeyedTable[] = []
  /** The next number that an operator may give to an entry; never given twice. */
  nextId = 1
  #sweepGroup = 0

  // oxlint-disable-next-line max-params -- kinds of tables differ in their pages
  constructor(
    compiled: CompiledTable,
    arena: Arena,
    expectedSize = 0,
    pages: GroupPagesOptions = {
      log2First: capacityLog2First(compiled.layout.entryWords, expectedSize),
    },
  ) {
    super(arena, compiled.layout, pages)
    this.ops = compiled.ops
    this.isFlat = pages.rings === 1
    this.index = compiled.isIndexed ? new TableIndex(this, expectedSize) : null
  }

  /** The entry of the key at row i, or 0. */
  locate(a: number, b: number, keyColumns: readonly Column[], i: number): EntryRef {
    return this.ops.locate(this, a, b, keyColumns, i)
  }

  /** A new entry with null-free zero values and words. The key must be absent (T1). */
  insert(a: number, b: number, keyColumns: readonly Column[], i: number): EntryRef {
    const entry = this.insertBare(keyGroupOf(a), b)
    this.ops.storeKey(this, entry, keyColumns, i)
    this.index?.put(entry)
    return entry
  }

  locateOrInsert(a: number, b: number, keyColumns: readonly Column[], i: number): EntryRef {
    const found = this.ops.locate(this, a, b, keyColumns, i)
    return found === 0 ? this.insert(a, b, keyColumns, i) : found
  }

  /** The entry for the key of an entry of another table of the same layout. */
  locateFrom(group: number, other: KeyedTable, entry: EntryRef): EntryRef {
    return this.ops.locateFrom(this, group, other.tag(entry), other, entry)
  }

  insertFrom(group: number, other: KeyedTable, entry: EntryRef): EntryRef {
    const made = this.insertBare(group, other.tag(entry))
    this.ops.copyKey(this, made, other, entry)
    this.index?.put(made)
    return made
  }

  /** Writes the value columns of a fresh entry. */
  storeValue(entry: EntryRef, columns: readonly Column[], row: number): void {
    this.ops.storeValue(this, entry, columns, row)
  }

  /** Writes the value columns of an entry that has values. */
  replaceValue(entry: EntryRef, columns: readonly Column[], row: number): void {
    this.markDirty(entry)
    this.ops.replaceValue(this, entry, columns, row)
  }

  /** Whether all value columns equal those of a row. */
  sameValues(entry: EntryRef, columns: readonly Column[], row: number): boolean {
    return this.ops.sameValues(this, entry, columns, row)
  }

  readKey(entry: EntryRef, writers: readonly ColumnWriter[], row: number): void {
    this.ops.readKey(this, entry, writers, row)
  }

  readValue(entry: EntryRef, writers: readonly ColumnWriter[], row: number): void {
    this.ops.readValue(this, entry, writers, row)
  }

  word(entry: EntryRef, index: number): number {
    return this.arena.f64[entry + this.layout.wordsAt + index] as number
  }

  setWord(entry: EntryRef, index: number, value: number): void {
    this.markDirty(entry)
    this.arena.f64[entry + this.layout.wordsAt + index] = value
  }

  /** The mix of an entry's key; only of tables with an index. */
  mix(entry: EntryRef): number {
    return this.ops.mix(this, entry)
  }

  /** Lane B of an entry's key. */
  tag(entry: EntryRef): number {
    return this.arena.i32[entry * 2] as number
  }

  /** The next entry with this tag, after one of them (0: the first); only in hashed tables. */
  entryOfTag(_group: number, _tag: number, _after: EntryRef): EntryRef {
    assert(false, 'an entry is found by its tag where that places it')
  }

  slotOf(entry: EntryRef): number {
    return (this.arena.i32[entry * 2 + 1] as number) & SLOT_MASK
  }

  /** An entry with its tag and slot, all else zero; whoever calls writes its key and indexes it. */
  insertBare(group: number, b: number): EntryRef {
    assert(b !== 0, 'lane B is never 0')
    return this.take(group, b)
  }

  remove(entry: EntryRef): void {
    this.index?.remove(entry)
    this.giveBack(entry)
  }

  override clear(): void {
    super.clear()
    this.index?.clear()
    for (const table of this.beside) table.clear()
  }

  /** Every entry once, page by page; see TableCursor for what may change meanwhile. */
  cursor(): TableCursor {
    return new TableCursor(this)
  }

  /**
   * Removes entries whose word is at most `bound` in the next key groups of a sweep that goes round
   * (all of them by default); answers how many. `visit` sees each before it goes.
   */
  expire(word: number, bound: number, options: ExpireOptions = {}): number {
    const { groups = KEY_GROUPS, visit } = options
    const at = this.layout.wordsAt + word
    const isGone = (entry: EntryRef): boolean => (this.arena.f64[entry + at] as number) <= bound
    const before = this.size
    for (let step = 0; step < groups && this.size > 0; step++) {
      for (const page of this.pagesOf(this.#sweepGroup)) this.removeInPage(page, isGone, visit)
      this.#sweepGroup = (this.#sweepGroup + 1) % KEY_GROUPS
    }
    return before - this.size
  }

  /** Removes every entry of a key group for which `isGone`; answers how many. */
  removeInGroup(group: number, isGone: (entry: EntryRef) => boolean): number {
    const before = this.size
    for (const page of this.pagesOf(group)) this.removeInPage(page, isGone, undefined)
    return before - this.size
  }

  /** The page may go with its last entry, which is then the last one that is looked at. */
  protected removeInPage(
    page: number,
    isGone: (entry: EntryRef) => boolean,
    visit: ((entry: EntryRef) => void) | undefined,
  ): void {
    // What is visited may allocate: views are not kept.
    const { arena } = this
    const { entryWords } = this.layout
    let left = arena.i32[page * 2 + PAGE_COUNT] as number
    for (let entry = page + PAGE_HEADER_WORDS; left > 0; entry += entryWords) {
      if (arena.i32[entry * 2] === 0) continue
      left -= 1
      if (!isGone(entry)) continue
      visit?.(entry)
      this.remove(entry)
    }
  }
}
