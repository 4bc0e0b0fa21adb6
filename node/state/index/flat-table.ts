/**
 * A keyed table that is not cut into key groups: a pane of a window, which is short-lived and freed
 * whole, or what is computed from panes at any time. Entries lie one behind the other in blocks, found
 * by the index alone. Inserting writes where the last one was written, and walking sees hardly a free
 * slot, so that neither waits for memory; a small table is one block.
 *
 * A snapshot writes such a pane whole and tells each entry's key group from its key.
 *
 * Owns: its blocks, which are pages as far as headers and slots go but belong to no key group.
 *
 * Invariants (beside P1–P4, I1–I2):
 *   F1. All blocks but the last are full, and the last one holds its entries in its first slots.
 */
import { assert } from '../../../shared/base/assert.ts'
import { PAGE_COUNT, PAGE_HEADER_WORDS } from '../page.ts'
import type { Arena } from '../arena.ts'
import { KeyedTable } from '../keyed-table.ts'
import type { CompiledTable } from '../keyed-table-code.ts'

const BLOCK_LOG2_FIRST = 6
/** Slot numbers have 12 bits. */
const BLOCK_LOG2_MAX = 12

export class FlatTable extends KeyedTable {
  readonly #blocks: number[] = []
  /** Capacities of the blocks: each twice the one before, up to the largest. */
  readonly #log2s: number[] = []
  readonly #log2First: number

  constructor(compiled: CompiledTable, arena: Arena, expectedSize = 0) {
    super(compiled, arena, expectedSize)
    const needed = Math.ceil(Math.log2(expectedSize + 1))
    this.#log2First = Math.max(BLOCK_LOG2_FIRST, Math.min(needed, BLOCK_LOG2_MAX))
  }

  override pages(): number[] {
    return [...this.#blocks]
  }

  override insertBare(_group: number, b: number): number {
    assert(b !== 0, 'lane B is never 0')
    let last = this.#blocks.length - 1
    if (last < 0 || this.#countOf(last) === 1 << (this.#log2s[last] as number)) last = this.#open()
    const block = this.#blocks[last] as number
    const slot = this.#countOf(last)
    const entry = this.#entryAt(block, slot)
    const { i32 } = this.arena
    i32[entry * 2] = b
    i32[entry * 2 + 1] = slot
    i32[block * 2 + PAGE_COUNT] = slot + 1
    this.size += 1
    return entry
  }

  /** The last entry takes its place (F1). */
  override remove(entry: number): void {
    assert(!this.layout.hasStrings, 'entries of a flat table that hold texts go all at once')
    this.index?.remove(entry)
    this.dropContents(entry)
    const last = this.#blocks.length - 1
    const block = this.#blocks[last] as number
    const count = this.#countOf(last) - 1
    const from = this.#entryAt(block, count)
    if (from !== entry) {
      this.moveEntry(from, entry, this.slotOf(entry))
      this.index?.move(from, entry)
    }
    this.arena.f64.fill(0, from, from + this.layout.entryWords)
    this.arena.i32[block * 2 + PAGE_COUNT] = count
    this.size -= 1
    if (count > 0) return
    this.freePage(block)
    this.#blocks.pop()
    this.#log2s.pop()
    this.shape += 1
  }

  override clear(): void {
    for (const block of this.#blocks) this.freePage(block)
    this.#blocks.length = 0
    this.#log2s.length = 0
    super.clear()
  }

  #open(): number {
    const before = this.#log2s.at(-1)
    const log2 = before === undefined ? this.#log2First : Math.min(before + 1, BLOCK_LOG2_MAX)
    this.#log2s.push(log2)
    this.shape += 1
    return this.#blocks.push(this.makePage(0, log2)) - 1
  }

  #countOf(index: number): number {
    return this.arena.i32[(this.#blocks[index] as number) * 2 + PAGE_COUNT] as number
  }

  #entryAt(block: number, slot: number): number {
    return block + PAGE_HEADER_WORDS + slot * this.layout.entryWords
  }
}
