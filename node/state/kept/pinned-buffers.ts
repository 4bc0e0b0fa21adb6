/**
 * Counts the memory of buffers that are held by reference: each once, however many hold it, since
 * batches of one reader often share theirs.
 *
 * Owns: how often each buffer is held, and what the Memory port was told.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Memory } from '../memory.ts'

export class PinnedBuffers {
  bytes = 0
  readonly #memory: Memory
  readonly #held = new Map<ArrayBufferLike, number>()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  hold(buffers: readonly ArrayBufferLike[]): void {
    for (const buffer of buffers) {
      const count = this.#held.get(buffer) ?? 0
      this.#held.set(buffer, count + 1)
      if (count === 0) this.#add(buffer.byteLength)
    }
  }

  release(buffers: readonly ArrayBufferLike[]): void {
    for (const buffer of buffers) {
      const count = this.#held.get(buffer)
      assert(count !== undefined, 'only a held buffer is given back')
      if (count > 1) {
        this.#held.set(buffer, count - 1)
        continue
      }
      this.#held.delete(buffer)
      this.#add(-buffer.byteLength)
    }
  }

  /** Of each buffer the part that falls to one of those that hold it. */
  shareOf(buffers: readonly ArrayBufferLike[]): number {
    return buffers.reduce((sum, one) => sum + one.byteLength / (this.#held.get(one) ?? 1), 0)
  }

  clear(): void {
    this.#held.clear()
    this.#add(-this.bytes)
  }

  #add(bytes: number): void {
    this.bytes += bytes
    this.#memory.add(bytes)
  }
}
