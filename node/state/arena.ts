/**
 * One growable piece of memory in which the pages of a state and of its panes lie (D5).
 *
 * Pages are slices of one ArrayBuffer, never ArrayBuffers of their own: loops then see one
 * Float64Array and one Int32Array and stay monomorphic. A small arena grows by copying, a large one
 * in place (growing-memory.ts); either way the views change on `allocate`: who keeps them in locals
 * reads them again after every call that may allocate. Offsets (in words of 8 bytes) stay valid.
 *
 * Owns: the buffer, the end of its used part, lists of free blocks by size.
 * Invariants:
 *   A1. Blocks start and end at multiples of BLOCK_WORDS; block 0 is never given out, so that 0
 *       means "none" everywhere.
 *   A2. A block is in use or in exactly one free list.
 *   A3. A block is all zeros when it is given out.
 */
import { assert } from '../../shared/base/assert.ts'
import { GrowingMemory } from './growing-memory.ts'
import type { Memory } from './memory.ts'

/** Offsets are multiples of it, so that directories pack 4 bits beside an offset. */
export const BLOCK_WORDS = 16
const WORD_BYTES = 8
const WORDS_FIRST = 1024
/** From here on the arena grows in place, by an eighth: what is not yet used costs no memory. */
const COPIED_WORDS_MAX = 128 * 1024
const STEP_WORDS_MIN = 128 * 1024

export class Arena {
  f64 = new Float64Array(WORDS_FIRST)
  i32 = new Int32Array(this.f64.buffer)
  u8 = new Uint8Array(this.f64.buffer)
  /** Of all bytes, for copies of texts. */
  view = new DataView(this.f64.buffer)
  #growing: GrowingMemory | null = null
  #end = BLOCK_WORDS
  /** Words in blocks that are in use. */
  #usedWords = 0
  readonly #free = new Map<number, number[]>()
  readonly #memory: Memory

  constructor(memory: Memory) {
    this.#memory = memory
    memory.add(WORDS_FIRST * WORD_BYTES)
  }

  get bytes(): number {
    return this.f64.length * WORD_BYTES
  }

  get usedBytes(): number {
    return this.#usedWords * WORD_BYTES
  }

  /** A zeroed block; `words` is rounded up to whole blocks. Views may have changed afterwards. */
  allocate(words: number): number {
    const size = blockWords(words)
    this.#usedWords += size
    const reused = this.#free.get(size)?.pop()
    if (reused !== undefined) {
      this.f64.fill(0, reused, reused + size)
      return reused
    }
    const block = this.#end
    if (block + size > this.f64.length) this.#grow(block + size)
    this.#end = block + size
    return block
  }

  free(block: number, words: number): void {
    const size = blockWords(words)
    assert(block >= BLOCK_WORDS && block + size <= this.#end, 'a block lies in its arena')
    this.#usedWords -= size
    if (block + size === this.#end) {
      this.f64.fill(0, block, this.#end)
      this.#end = block
      return
    }
    const list = this.#free.get(size)
    if (list === undefined) this.#free.set(size, [block])
    else list.push(block)
  }

  /** Gives all memory back; the arena must not be used afterwards. */
  close(): void {
    this.#memory.add(-this.bytes)
    this.#growing = null
    this.#setViews(new ArrayBuffer(0))
    this.#free.clear()
  }

  #grow(needed: number): void {
    const { length } = this.f64
    if (length < COPIED_WORDS_MAX) this.#copyInto(new ArrayBuffer(wordBytes(length * 2, needed)))
    else this.#growInPlace(wordBytes(length + Math.max(length >> 3, STEP_WORDS_MIN), needed))
    this.#memory.add((this.f64.length - length) * WORD_BYTES)
  }

  #growInPlace(bytes: number): void {
    if (this.#growing?.growTo(bytes) === true) {
      this.#setViews(this.#growing.buffer)
      return
    }
    // The first time, or there is no more of such memory.
    this.#growing = this.#growing === null ? GrowingMemory.ofBytes(bytes) : null
    this.#copyInto(this.#growing?.buffer ?? new ArrayBuffer(bytes))
  }

  #copyInto(larger: ArrayBuffer): void {
    const before = this.f64
    this.#setViews(larger)
    this.f64.set(before)
  }

  #setViews(buffer: ArrayBuffer): void {
    this.f64 = new Float64Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.u8 = new Uint8Array(buffer)
    this.view = new DataView(buffer)
  }
}

function wordBytes(step: number, needed: number): number {
  return blockWords(Math.max(step, needed)) * WORD_BYTES
}

function blockWords(words: number): number {
  return Math.ceil(words / BLOCK_WORDS) * BLOCK_WORDS
}
