/**
 * By slot, something that the batches of many slots often share: a dictionary, the bytes of a
 * reader's buffer. Says cheaply whether rows share one.
 *
 * Owns: the references. Invariant: where `#common` is not null, every slot in use has it.
 */
import { KEPT_ROW_BITS, movedSlots, type SlotMoves, slotsOf } from './kept-slots.ts'

export class SharedSlots<T> {
  readonly #nothing: T
  #slots: T[]
  /** Slots in use. */
  #count = 0
  #common: T | null = null

  /** `nothing`: of slots that are not in use. */
  constructor(nothing: T) {
    this.#nothing = nothing
    this.#slots = slotsOf(nothing)
  }

  at(slot: number): T {
    return this.#slots[slot] as T
  }

  set(slot: number, value: T): void {
    if (this.#slots[slot] === this.#nothing) {
      this.#common = this.#count === 0 || this.#common === value ? value : null
      this.#count += 1
    } else this.#common = this.#count === 1 ? value : null
    this.#slots[slot] = value
  }

  drop(slot: number): void {
    if (this.#slots[slot] !== this.#nothing) this.#count -= 1
    this.#slots[slot] = this.#nothing
  }

  move(moves: SlotMoves): void {
    this.#slots = movedSlots(this.#slots, this.#nothing, moves)
  }

  /** What all of the rows have; null where they differ. */
  sharedBy(rows: Int32Array, count: number, mask: number): T | null {
    if (this.#common !== null) return this.#common
    if (count === 0) return this.#nothing
    const slots = this.#slots
    const first = slots[((rows[0] as number) >>> KEPT_ROW_BITS) & mask] as T
    for (let at = 1; at < count; at++) {
      if (slots[((rows[at] as number) >>> KEPT_ROW_BITS) & mask] !== first) return null
    }
    return first
  }
}
