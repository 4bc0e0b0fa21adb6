/**
 * Writes the result rows of all entries of a table, page by page; stops when the writer is full and
 * goes on from there.
 *
 * Owns: the place of the walk. The table must keep its shape meanwhile.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import { PAGE_CAPACITY_LOG2, PAGE_HEADER_WORDS } from '../../state/page.ts'
import type { AggregateLoops, FillPlace } from './compile-aggregate.ts'
import type { ResultWriter } from './result-writer.ts'

export class TableRows {
  readonly #table: KeyedTable
  readonly #loops: AggregateLoops
  readonly #fail: (entry: number, cause: unknown) => void
  readonly #pages: readonly number[]
  readonly #shape: number
  readonly #place: FillPlace = { entry: 0, end: 0, row: 0, limit: 0, cause: -1 }
  #pageIndex = 0

  constructor(
    table: KeyedTable,
    loops: AggregateLoops,
    fail: (entry: number, cause: unknown) => void,
  ) {
    this.#table = table
    this.#loops = loops
    this.#fail = fail
    this.#pages = table.pages()
    this.#shape = table.shape
  }

  /** True when every entry has its row; false when the writer is full. */
  write(out: ResultWriter): boolean {
    assert(this.#table.shape === this.#shape, 'a table keeps its shape while it is walked')
    const place = this.#place
    place.row = out.length
    place.limit = out.capacity
    for (;;) {
      if (place.entry >= place.end && !this.#nextPage()) break
      this.#fillPage(out)
      if (place.row >= place.limit) break
    }
    out.length = place.row
    return place.row < place.limit
  }

  #nextPage(): boolean {
    const page = this.#pages[this.#pageIndex]
    if (page === undefined) return false
    this.#pageIndex += 1
    const { arena, layout } = this.#table
    const capacity = 1 << (arena.i32[page * 2 + PAGE_CAPACITY_LOG2] as number)
    this.#place.entry = page + PAGE_HEADER_WORDS
    this.#place.end = this.#place.entry + capacity * layout.entryWords
    return true
  }

  #fillPage(out: ResultWriter): void {
    const place = this.#place
    place.cause = -1
    try {
      this.#loops.fill(this.#table, place, out.keys, out.results)
    } catch (error) {
      place.cause = error
    }
    if (place.cause === -1) return
    this.#fail(place.entry, place.cause)
    place.entry += this.#table.layout.entryWords
    out.length = place.row
    out.clearRow()
  }
}
