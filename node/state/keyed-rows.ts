/**
 * Keyed rows (a multimap): per key the list of its rows in order of insertion, each with an event
 * time, value columns and mutable words.
 *
 * Who calls: one operator, from its turn. A RowRef is valid until the next write to the same state
 * (`append`, `remove`, `expireBefore`); rows do not move, but a removed row's place is used again.
 *
 * Owns: an index of keys (head, tail and count of each list), the pages of rows, and, if rows expire
 * by time, a queue of them by time that is derived from the rows.
 *
 * Invariants:
 *   L1. A key is in the index exactly while it has rows; count is the length of its list.
 *   L2. Lists are doubly linked, first row without a previous, last without a next.
 *   L3. Every row in use is in exactly one list, that of its key; its tag is lane B of the key.
 *   L4. Every row is in the time queue; the queue may also name places whose row has gone, which
 *       then differ in time or hold a row that is due as well.
 */
import { assert } from '../../shared/base/assert.ts'
import type { Column } from '../../shared/model/batch.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import { keyGroupOf } from '../../shared/model/key-hash/key-hash.ts'
import type { Arena } from './arena.ts'
import type { ColumnWriter } from './column-writer.ts'
import { GroupPages } from './group-pages.ts'
import { HashedTable } from './hashed/hashed-table.ts'
import type { EntryRef } from './keyed-table.ts'
import { compileKeyedTable, type CompiledTable, type TableOps } from './keyed-table-code.ts'
import { PAGE_CAPACITY_LOG2, PAGE_HEADER_WORDS } from './page.ts'
import { TimeQueue } from './time-queue.ts'

/** Word offset of a row in the arena; 0 = none. */
export type RowRef = number

export interface RowsSpec {
  readonly key: readonly ColumnSpec[]
  readonly value: readonly ColumnSpec[]
  /** Extra mutable f64 per row. */
  readonly words: number
  /** Whether `expireBefore` will be called; the time queue is kept only then. */
  readonly expires: boolean
}

export interface CompiledRows {
  readonly index: CompiledTable
  readonly rows: CompiledTable
  readonly expires: boolean
}

/** Words of a key: first row, last row, count. */
const HEAD = 0
const TAIL = 1
const COUNT = 2
/** Words of a row: links as two i32, time; then the caller's. */
const LINKS = 0
const TIME = 1
const OWN_WORDS = 2

export function compileKeyedRows(spec: RowsSpec): CompiledRows {
  return {
    index: compileKeyedTable({ key: spec.key, value: [], words: 3 }),
    rows: compileKeyedTable({ key: [], value: spec.value, words: OWN_WORDS + spec.words }),
    expires: spec.expires,
  }
}

export class KeyedRows {
  readonly index: HashedTable
  readonly rows: GroupPages
  readonly #ops: TableOps
  readonly #wordsAt: number
  readonly #queue: TimeQueue | null

  /** Keys and rows have different layouts and so arenas of their own. */
  constructor(compiled: CompiledRows, indexArena: Arena, rowArena: Arena) {
    this.index = new HashedTable(compiled.index, indexArena)
    this.rows = new GroupPages(rowArena, compiled.rows.layout, { keepsPages: compiled.expires })
    this.#ops = compiled.rows.ops
    this.#wordsAt = compiled.rows.layout.wordsAt
    this.#queue = compiled.expires ? new TimeQueue() : null
  }

  /** Rows in all lists. */
  get size(): number {
    return this.rows.size
  }

  get keyCount(): number {
    return this.index.size
  }

  // oxlint-disable-next-line max-params -- called per record: an object would be allocated
  append(
    a: number,
    b: number,
    keyColumns: readonly Column[],
    i: number,
    valueColumns: readonly Column[],
    j: number,
    time: number,
  ): RowRef {
    const key = this.index.locateOrInsert(a, b, keyColumns, i)
    const row = this.rows.take(keyGroupOf(a), b)
    this.#ops.storeValue(this.rows, row, valueColumns, j)
    const { f64, i32 } = this.rows.arena
    f64[row + this.#wordsAt + TIME] = time
    // Keys and rows have arenas of their own: the entry is still where it was found.
    const words = this.index.arena.f64
    const at = key + this.index.layout.wordsAt
    const tail = words[at + TAIL] as number
    i32[this.#links(row)] = tail
    if (tail === 0) words[at + HEAD] = row
    else {
      i32[this.#links(tail) + 1] = row
      this.rows.markDirty(tail)
    }
    words[at + TAIL] = row
    words[at + COUNT] = (words[at + COUNT] as number) + 1
    this.index.markDirty(key)
    this.#queue?.push(time, row)
    return row
  }

  /** The oldest row of the key, or 0. */
  first(a: number, b: number, keyColumns: readonly Column[], i: number): RowRef {
    const key = this.index.locate(a, b, keyColumns, i)
    return key === 0 ? 0 : this.index.word(key, HEAD)
  }

  /** The newest row of the key, or 0. */
  last(a: number, b: number, keyColumns: readonly Column[], i: number): RowRef {
    const key = this.index.locate(a, b, keyColumns, i)
    return key === 0 ? 0 : this.index.word(key, TAIL)
  }

  /** The oldest row of a key that was found in the index, e.g. for a key of another state. */
  firstOfKey(key: EntryRef): RowRef {
    return this.index.word(key, HEAD)
  }

  /** The next row of the same key, or 0. */
  next(row: RowRef): RowRef {
    return this.rows.arena.i32[this.#links(row) + 1] as number
  }

  previous(row: RowRef): RowRef {
    return this.rows.arena.i32[this.#links(row)] as number
  }

  count(a: number, b: number, keyColumns: readonly Column[], i: number): number {
    const key = this.index.locate(a, b, keyColumns, i)
    return key === 0 ? 0 : this.index.word(key, COUNT)
  }

  time(row: RowRef): number {
    return this.rows.arena.f64[row + this.#wordsAt + TIME] as number
  }

  /** Gives a row another time; a row that `popBefore` took out of the order stands in it again. */
  setTime(row: RowRef, time: number): void {
    this.rows.arena.f64[row + this.#wordsAt + TIME] = time
    this.rows.markChanged(this.rows.pageOf(row))
    this.#queue?.push(time, row)
  }

  /** Whether there is a row at this place, and with this time: for refs that were kept aside. */
  isAt(row: RowRef, time: number): boolean {
    return this.rows.arena.i32[row * 2] !== 0 && this.time(row) === time
  }

  /** The newest row of the key of a row. */
  lastOfRow(row: RowRef): RowRef {
    return this.index.word(this.keyOf(row), TAIL)
  }

  word(row: RowRef, index: number): number {
    return this.rows.arena.f64[row + this.#wordsAt + OWN_WORDS + index] as number
  }

  setWord(row: RowRef, index: number, value: number): void {
    this.rows.arena.f64[row + this.#wordsAt + OWN_WORDS + index] = value
    this.rows.markChanged(this.rows.pageOf(row))
  }

  sameValues(row: RowRef, columns: readonly Column[], j: number): boolean {
    return this.#ops.sameValues(this.rows, row, columns, j)
  }

  /** Writes other values into a row; its place in the list and its time stay. */
  replaceValue(row: RowRef, columns: readonly Column[], j: number): void {
    this.#ops.replaceValue(this.rows, row, columns, j)
    this.rows.markChanged(this.rows.pageOf(row))
  }

  /** The oldest row of the key whose value columns all equal row j, or 0. */
  // oxlint-disable-next-line max-params -- called per record: an object would be allocated
  findEqual(
    a: number,
    b: number,
    keyColumns: readonly Column[],
    i: number,
    valueColumns: readonly Column[],
    j: number,
  ): RowRef {
    let row = this.first(a, b, keyColumns, i)
    while (row !== 0 && !this.#ops.sameValues(this.rows, row, valueColumns, j)) row = this.next(row)
    return row
  }

  readValue(row: RowRef, writers: readonly ColumnWriter[], at: number): void {
    this.#ops.readValue(this.rows, row, writers, at)
  }

  readKey(row: RowRef, writers: readonly ColumnWriter[], at: number): void {
    this.index.readKey(this.keyOf(row), writers, at)
  }

  remove(row: RowRef): void {
    const key = this.keyOf(row)
    const { i32 } = this.rows.arena
    const before = i32[this.#links(row)] as number
    const after = i32[this.#links(row) + 1] as number
    if (before === 0) this.index.setWord(key, HEAD, after)
    else {
      i32[this.#links(before) + 1] = after
      this.rows.markDirty(before)
    }
    if (after === 0) this.index.setWord(key, TAIL, before)
    else {
      i32[this.#links(after)] = before
      this.rows.markDirty(after)
    }
    const count = this.index.word(key, COUNT) - 1
    if (count === 0) this.index.remove(key)
    else this.index.setWord(key, COUNT, count)
    this.rows.giveBack(row)
  }

  /**
   * Removes every row with a time below `time`, the oldest first; answers how many. `visit` sees
   * each row before it goes and must not write to this state.
   */
  expireBefore(time: number, visit?: (row: RowRef) => void): number {
    let removed = 0
    for (let row = this.popBefore(time); row !== 0; row = this.popBefore(time)) {
      visit?.(row)
      this.remove(row)
      removed += 1
    }
    return removed
  }

  /**
   * The oldest row with a time below `time`, or 0: for callers that stop in between. The row leaves
   * the time queue: the caller removes it, or it never expires.
   */
  popBefore(time: number): RowRef {
    assert(this.#queue !== null, 'rows that expire were declared so')
    for (;;) {
      const row = this.#queue.popBelow(time)
      if (row < 0) return 0
      const inUse = this.rows.arena.i32[row * 2] !== 0
      if (inUse && this.time(row) === this.#queue.poppedTime) return row
    }
  }

  /** The smallest time of a row that may expire; +∞ when there is none. */
  get nextTime(): number {
    return this.#queue?.nextTime ?? Number.POSITIVE_INFINITY
  }

  /** All rows, in no particular order. Nothing may be written meanwhile. */
  *all(): Generator<RowRef> {
    const { entryWords } = this.rows.layout
    for (const page of this.rows.pages()) {
      const capacity = 1 << (this.rows.arena.i32[page * 2 + PAGE_CAPACITY_LOG2] as number)
      for (let slot = 0; slot < capacity; slot++) {
        const row = page + PAGE_HEADER_WORDS + slot * entryWords
        if (this.rows.arena.i32[row * 2] !== 0) yield row
      }
    }
  }

  clear(): void {
    this.index.clear()
    this.rows.clear()
    this.#queue?.clear()
  }

  /** The entry of the row's key in the index. */
  keyOf(row: RowRef): number {
    const group = this.rows.groupOf(row)
    const tag = this.rows.arena.i32[row * 2] as number
    const found = this.index.entryOfTag(group, tag, 0)
    assert(found !== 0, 'L3: a row has its key')
    if (this.index.entryOfTag(group, tag, found) === 0) return found
    return this.#keyOfHead(row, group, tag)
  }

  /** Two keys with one hash: the list says which. */
  #keyOfHead(row: RowRef, group: number, tag: number): number {
    let head = row
    for (let before = head; before !== 0; before = this.previous(before)) head = before
    let key = this.index.entryOfTag(group, tag, 0)
    while (key !== 0 && this.index.word(key, HEAD) !== head) {
      key = this.index.entryOfTag(group, tag, key)
    }
    assert(key !== 0, 'L3: a row has its key')
    return key
  }

  #links(row: RowRef): number {
    return (row + this.#wordsAt + LINKS) * 2
  }
}
