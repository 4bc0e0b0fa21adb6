/**
 * An index over due rows by the hash of their key, made anew for every firing. It finds candidates:
 * both lanes are the same; whether the keys are is for the caller to see.
 *
 * Owns: the table and the lists of rows of one hash, in order of arrival.
 */
import type { DueRows } from './due-rows.ts'

const SLOTS_FIRST = 1024

export class DueIndex {
  /** Position + 1 of the first row of a list, by lane B from its home slot on; 0: empty. */
  #slots = new Int32Array(SLOTS_FIRST)
  /** By position: position + 1 of the next row of the same hash; 0: none. */
  #next = new Int32Array(SLOTS_FIRST)
  #due: DueRows | null = null

  get next(): Int32Array {
    return this.#next
  }

  /** From the last row to the first, so that a list begins with the row that came first. */
  build(due: DueRows): void {
    this.#due = due
    const { laneA, laneB, count } = due
    this.#makeRoom(count)
    const slots = this.#slots
    const next = this.#next
    const mask = slots.length - 1
    for (let at = count - 1; at >= 0; at--) {
      const b = laneB[at] as number
      if (b === 0) continue
      const a = laneA[at] as number
      let slot = b & mask
      let head = slots[slot] as number
      while (head !== 0 && (laneB[head - 1] !== b || laneA[head - 1] !== a)) {
        slot = (slot + 1) & mask
        head = slots[slot] as number
      }
      next[at] = head
      slots[slot] = at + 1
    }
  }

  /** Position + 1 of the first row with this hash; 0: none. */
  first(a: number, b: number): number {
    const due = this.#due
    if (due === null || b === 0) return 0
    const { laneA, laneB } = due
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = b & mask
    for (;;) {
      const head = slots[slot] as number
      if (head === 0 || (laneB[head - 1] === b && laneA[head - 1] === a)) return head
      slot = (slot + 1) & mask
    }
  }

  #makeRoom(count: number): void {
    let size = SLOTS_FIRST
    while (size < count * 2) size *= 2
    // A larger table than needed would be cleared for nothing.
    if (size === this.#slots.length) this.#slots.fill(0)
    else this.#slots = new Int32Array(size)
    if (count > this.#next.length)
      this.#next = new Int32Array(Math.max(count, this.#next.length * 2))
  }
}
