/**
 * Which batch numbers are in use, in which slot each lies, and what is known of each: the
 * bookkeeping of kept-batches.ts, without the values.
 *
 * Numbers of counted batches are used again and are their slot. Those of timed batches follow each
 * other and go round after 2^20, without 0; they are let go of in that order.
 *
 * Invariants:
 *   N1. A number in use lies in slot `number & mask`, and no other one in use does.
 *   N2. Timed: every number in use is from `first` on and before `next`, going round.
 */
import { assert } from '../../../shared/base/assert.ts'
import { KEPT_ROW_BITS, KEPT_SLOTS_FIRST, movedNumbers, type SlotMoves } from './kept-slots.ts'

const NUMBERS = 1 << (32 - KEPT_ROW_BITS)

export const FREE = 0
export const FRESH = 1
export const SETTLED = 2
/** Timed: the columns have gone, the number not yet. */
export const HOLLOW = 3

export class KeptLedger {
  mask = KEPT_SLOTS_FIRST - 1
  /** By slot. */
  states = new Uint8Array(KEPT_SLOTS_FIRST)
  lengths = new Int32Array(KEPT_SLOTS_FIRST)
  live = new Int32Array(KEPT_SLOTS_FIRST)
  bytes = new Float64Array(KEPT_SLOTS_FIRST)
  timesMax = new Float64Array(KEPT_SLOTS_FIRST)
  /** Timed: the oldest number in use. The next one to be given. */
  first = 1
  next = 1
  readonly #isTimed: boolean
  readonly #free: number[] = []

  constructor(isTimed: boolean) {
    this.#isTimed = isTimed
  }

  /** So many numbers one after the other; null when there must be more slots first. */
  take(count: number): number | null {
    const given = count === 1 ? this.#free.pop() : undefined
    if (given !== undefined) {
      this.#start(given)
      return given
    }
    // Numbers that follow each other neither go round nor are 0.
    const isRound = this.next === 0 || this.next + count > NUMBERS
    const number = isRound ? (this.next === 0 ? 1 : NUMBERS + 1) : this.next
    const end = number + count
    if (this.#isTimed ? spanOf(this.first, end) > this.mask : end > this.mask + 1) return null
    assert(this.#isTimed || end <= NUMBERS, 'there are numbers for all batches')
    for (let one = number; one < end; one++) this.#start(one)
    this.next = end & (NUMBERS - 1)
    return number & (NUMBERS - 1)
  }

  /** The slot of a number is empty. */
  free(number: number): void {
    this.states[number & this.mask] = FREE
    if (!this.#isTimed) this.#free.push(number)
  }

  /** Timed: lets go of the oldest numbers while their columns have gone. */
  advance(): void {
    const { states, mask } = this
    while (this.first !== this.next) {
      const slot = this.first & mask
      if (states[slot] !== FREE && states[slot] !== HOLLOW) return
      states[slot] = FREE
      this.first = following(this.first)
    }
  }

  /** Timed: numbers between the oldest and the next. */
  get span(): number {
    return spanOf(this.first, this.next)
  }

  /** Twice the slots; answers where batches lie from now on. */
  double(): SlotMoves {
    const slots = (this.mask + 1) * 2
    const numbers = this.#inUse()
    const from = Int32Array.from(numbers, (number) => number & this.mask)
    const to = Int32Array.from(numbers, (number) => number & (slots - 1))
    const moves = { slots, count: numbers.length, from, to }
    this.mask = slots - 1
    this.states = movedNumbers(this.states, new Uint8Array(slots), moves)
    this.lengths = movedNumbers(this.lengths, new Int32Array(slots), moves)
    this.live = movedNumbers(this.live, new Int32Array(slots), moves)
    this.bytes = movedNumbers(this.bytes, new Float64Array(slots), moves)
    this.timesMax = movedNumbers(this.timesMax, new Float64Array(slots), moves)
    return moves
  }

  /** Every number whose batch has its columns. */
  kept(): number[] {
    return this.#inUse().filter((number) => this.states[number & this.mask] !== HOLLOW)
  }

  #inUse(): number[] {
    const numbers: number[] = []
    let number = this.#isTimed ? this.first : 1
    for (; number !== this.next; number = following(number)) {
      if (this.states[number & this.mask] !== FREE) numbers.push(number)
    }
    return numbers
  }

  #start(number: number): void {
    const slot = number & this.mask
    this.states[slot] = FRESH
    this.lengths[slot] = 0
    this.live[slot] = 0
    this.bytes[slot] = 0
    this.timesMax[slot] = Number.NEGATIVE_INFINITY
  }
}

export function following(number: number): number {
  return (number + 1) & (NUMBERS - 1)
}

function spanOf(first: number, next: number): number {
  return (next - first) & (NUMBERS - 1)
}
