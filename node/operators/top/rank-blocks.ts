/**
 * The blocks of BestRows: per key the numbers of its best rows and the doubles they are compared by
 * (best-rows-code.ts says how they lie).
 *
 * Owns: the blocks, in the arena of the table of keys; they double as a key gets more rows, up to n.
 */
import type { EntryRef, KeyedTable } from '../../state/keyed-table.ts'
import { BLOCK_WORDS } from '../../state/arena.ts'

export interface RankBlocksOptions {
  readonly n: number
  /** Doubles beside a row. */
  readonly inlineCount: number
  /** The double of a place that is not taken; of the first inline term. */
  readonly worst: number
}

export class RankBlocks {
  readonly #table: KeyedTable
  readonly #options: RankBlocksOptions
  /** Word of an entry that names its block. */
  readonly #blockWord: number

  constructor(table: KeyedTable, options: RankBlocksOptions) {
    this.#table = table
    this.#options = options
    this.#blockWord = table.layout.wordsAt + Math.min(1, options.inlineCount)
  }

  blockOf(entry: EntryRef): number {
    return this.#table.arena.i32[(entry + this.#blockWord) * 2] as number
  }

  countOf(entry: EntryRef): number {
    return this.#table.arena.i32[(entry + this.#blockWord) * 2 + 1] as number
  }

  /** Index of a block's first row number in the arena's i32. */
  rowsAt(block: number): number {
    const { i32 } = this.#table.arena
    return (block + 1 + this.#options.inlineCount * (i32[block * 2] as number)) * 2
  }

  /** A block for a fresh entry. */
  open(entry: EntryRef): void {
    const { inlineCount, worst } = this.#options
    const { layout } = this.#table
    const block = this.#allocate(BLOCK_WORDS)
    const { f64, i32 } = this.#table.arena
    if (inlineCount > 0) f64[entry + layout.wordsAt] = worst
    i32[(entry + this.#blockWord) * 2] = block
  }

  /** A larger block for the rows of an entry; answers it. */
  grow(entry: EntryRef): number {
    const { arena } = this.#table
    const before = this.blockOf(entry)
    const words = this.#wordsOf(arena.i32[before * 2] as number)
    const block = this.#allocate(words * 2)
    this.#copy(before, block)
    arena.free(before, words)
    arena.i32[(entry + this.#blockWord) * 2] = block
    this.#table.markDirty(entry)
    return block
  }

  free(entry: EntryRef): void {
    const { arena } = this.#table
    const block = this.blockOf(entry)
    arena.free(block, this.#wordsOf(arena.i32[block * 2] as number))
  }

  #allocate(words: number): number {
    const { n, inlineCount } = this.#options
    let size = words
    while (capacityOf(size, inlineCount) < 1) size *= 2
    const block = this.#table.arena.allocate(size)
    this.#table.arena.i32[block * 2] = Math.min(n, capacityOf(size, inlineCount))
    return block
  }

  /** The words that a block of this capacity was given. */
  #wordsOf(capacity: number): number {
    let words = BLOCK_WORDS
    while (Math.min(this.#options.n, capacityOf(words, this.#options.inlineCount)) < capacity)
      words *= 2
    return words
  }

  #copy(from: number, to: number): void {
    const { f64, i32 } = this.#table.arena
    const count = i32[from * 2] as number
    const capacity = i32[to * 2] as number
    i32[to * 2 + 1] = i32[from * 2 + 1] as number
    for (let term = 0; term < this.#options.inlineCount; term++) {
      const source = from + 1 + term * count
      f64.copyWithin(to + 1 + term * capacity, source, source + count)
    }
    const source = this.rowsAt(from)
    i32.copyWithin(this.rowsAt(to), source, source + count)
  }
}

/** A word for the header, and per place a double per term and half a word for the row. */
function capacityOf(words: number, inlineCount: number): number {
  return Math.floor(((words - 1) * 2) / (inlineCount * 2 + 1))
}
