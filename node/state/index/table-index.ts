/**
 * The index of a keyed table: what it does with an entry, or with all, is generated for the layout
 * (index-code.ts), and it grows by walking the pages as they lie in memory.
 */
import { assert } from '../../../shared/base/assert.ts'
import { EntryIndex, type Indexed } from './entry-index.ts'

/** What is generated per layout; there only for tables that have an index. */
export interface IndexOps<T> {
  /** The mix of an entry's key. */
  mix(table: T, entry: number): number
  place(table: T, entry: number): void
  placeAll(table: T, pages: readonly number[]): void
  unplace(table: T, entry: number): boolean
}

export interface IndexedTable extends Indexed {
  readonly ops: IndexOps<unknown>
  pages(): readonly number[]
}

export class TableIndex extends EntryIndex {
  readonly #table: IndexedTable

  constructor(table: IndexedTable, expectedSize: number) {
    super(table, expectedSize)
    this.#table = table
  }

  protected override place(entry: number): void {
    this.#table.ops.place(this.#table, entry)
  }

  protected override unplace(entry: number): void {
    const wasThere = this.#table.ops.unplace(this.#table, entry)
    assert(wasThere, 'I1: an entry is in the index')
  }

  /** The new entry lies in a page as well. */
  protected override refill(): void {
    this.#table.ops.placeAll(this.#table, this.#table.pages())
  }
}
