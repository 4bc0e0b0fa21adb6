/**
 * The Random port from a seed: the same seed gives the same numbers on every machine.
 *
 * xorshift128 over four 32-bit words, filled from the seed by a multiplicative mix; the numbers are
 * good enough for jitter and test data and are no secret. Owns its four words of state.
 */
import { assert } from './assert.ts'
import type { Random } from './random.ts'

const UINT32 = 4_294_967_296

export class SeededRandom implements Random {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: number) {
    let state = seed >>> 0
    const word = (): number => {
      state = (state + 0x9e3779b9) >>> 0
      let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
      return (mixed ^ (mixed >>> 16)) >>> 0
    }
    this.#a = word()
    this.#b = word()
    this.#c = word()
    this.#d = word() | 1 // never all zero, which xorshift cannot leave
  }

  next(): number {
    return this.#word() / UINT32
  }

  below(bound: number): number {
    assert(bound > 0 && bound <= UINT32, 'the bound is between 1 and 2^32')
    return Math.floor((this.#word() / UINT32) * bound)
  }

  #word(): number {
    let mixed = this.#d
    const first = this.#a
    this.#d = this.#c
    this.#c = this.#b
    this.#b = first
    mixed ^= mixed << 11
    mixed ^= mixed >>> 8
    this.#a = (mixed ^ first ^ (first >>> 19)) >>> 0
    return this.#a
  }
}
