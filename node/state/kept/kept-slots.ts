/** Arrays by slot, and the nulls of kept columns: what all layouts of them share. */
import type { Nulls } from '../../../shared/model/batch.ts'

/** A row number is the number of its batch and its place there. */
export const KEPT_ROW_BITS = 12
export const KEPT_BATCH_ROWS = 1 << KEPT_ROW_BITS
export const KEPT_PLACE_MASK = KEPT_BATCH_ROWS - 1
export const KEPT_SLOTS_FIRST = 16

/** Where the batches of a state move when there are more slots. */
export interface SlotMoves {
  readonly slots: number
  readonly count: number
  readonly from: Int32Array
  readonly to: Int32Array
}

export function slotsOf<T>(nothing: T): T[] {
  return Array.from({ length: KEPT_SLOTS_FIRST }, () => nothing)
}

export function movedSlots<T>(values: readonly T[], nothing: T, moves: SlotMoves): T[] {
  const moved = Array.from({ length: moves.slots }, () => nothing)
  for (let index = 0; index < moves.count; index++) {
    moved[moves.to[index] as number] = values[moves.from[index] as number] as T
  }
  return moved
}

/** As movedSlots, for numbers, into an array of the new size. */
export function movedNumbers<T extends Float64Array | Int32Array | Uint8Array>(
  values: T,
  into: T,
  moves: SlotMoves,
): T {
  for (let index = 0; index < moves.count; index++) {
    into[moves.to[index] as number] = values[moves.from[index] as number] as number
  }
  return into
}

/** As movedSlots, for what stands beside rows. */
export function movedRows<T extends Float64Array | Int32Array>(
  values: T,
  into: T,
  moves: SlotMoves,
): T {
  for (let index = 0; index < moves.count; index++) {
    const from = (moves.from[index] as number) * KEPT_BATCH_ROWS
    const to = (moves.to[index] as number) * KEPT_BATCH_ROWS
    into.set(values.subarray(from, from + KEPT_BATCH_ROWS), to)
  }
  return into
}

/** An open slot's array, or a larger one with its values, that takes `needed` rows. */
export function withRoom<T extends Float64Array | Int32Array | Uint32Array | Uint8Array>(
  values: T,
  needed: number,
  make: (capacity: number) => T,
): T {
  const capacity = values.length
  if (needed <= capacity) return values
  const larger = make(Math.min(KEPT_BATCH_ROWS, Math.max(64, needed, capacity * 2)))
  larger.set(values)
  return larger
}

export class KeptNulls {
  #slots: Nulls[] = slotsOf<Nulls>(null)
  /** Slots that have nulls. */
  #count = 0

  put(slot: number, nulls: Nulls, start: number, end: number): void {
    if (nulls === null) return
    this.#slots[slot] = start === 0 ? nulls : nulls.subarray(start, end)
    this.#count += 1
  }

  append(slot: number, length: number, nulls: Nulls, count: number): void {
    if (nulls === null) return
    let own = this.#slots[slot] as Nulls
    if (own === null) {
      own = new Uint8Array(KEPT_BATCH_ROWS)
      this.#slots[slot] = own
      this.#count += 1
    }
    own.set(nulls.subarray(0, count), length)
  }

  drop(slot: number): void {
    if (this.#slots[slot] !== null) this.#count -= 1
    this.#slots[slot] = null
  }

  move(moves: SlotMoves): void {
    this.#slots = movedSlots<Nulls>(this.#slots, null, moves)
  }

  gather(rows: Int32Array, count: number, mask: number): Nulls {
    if (this.#count === 0) return null
    const out = new Uint8Array(count)
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number
      const nulls = this.#slots[(row >>> KEPT_ROW_BITS) & mask] as Nulls
      if (nulls !== null) out[at] = nulls[row & KEPT_PLACE_MASK] as number
    }
    return out
  }

  of(slot: number): Nulls {
    return this.#slots[slot] as Nulls
  }

  buffersOf(slot: number, into: ArrayBufferLike[]): void {
    const nulls = this.#slots[slot] as Nulls
    if (nulls !== null) into.push(nulls.buffer)
  }
}
