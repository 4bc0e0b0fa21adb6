/**
 * Walks every entry of a keyed table, and stops and goes on wherever its caller likes: for firings
 * that are pushed back.
 *
 * Words and values of entries may change between two steps. Inserting and removing may not: the
 * cursor asserts that no page was made, moved or freed; a removal may let it miss an entry.
 */
import { assert } from '../../shared/base/assert.ts'
import { PAGE_CAPACITY_LOG2, PAGE_HEADER_WORDS } from './page.ts'
import type { GroupPages } from './group-pages.ts'

export class TableCursor {
  readonly #table: GroupPages
  readonly #pages: readonly number[]
  readonly #shape: number
  #pageIndex = -1
  #entry = 0
  #end = 0

  constructor(table: GroupPages) {
    this.#table = table
    this.#pages = table.pages()
    this.#shape = table.shape
  }

  /** The next entry; 0 when all were seen. */
  next(): number {
    assert(this.#table.shape === this.#shape, 'a table keeps its shape while it is walked')
    const { entryWords } = this.#table.layout
    const { i32 } = this.#table.arena
    for (;;) {
      while (this.#entry < this.#end) {
        const entry = this.#entry
        this.#entry += entryWords
        if (i32[entry * 2] !== 0) return entry
      }
      this.#pageIndex += 1
      const page = this.#pages[this.#pageIndex]
      if (page === undefined) return 0
      this.#entry = page + PAGE_HEADER_WORDS
      this.#end = this.#entry + (entryWords << (i32[page * 2 + PAGE_CAPACITY_LOG2] as number))
    }
  }
}
