/**
 * Chance by counting: every draw is a function of (seed, id, draw) alone, so that any event can be
 * made by itself, in any order, by any subtask. Files and benchmarks rest on these numbers: a change
 * makes other events of the same seed.
 *
 * `scramble` is a bijection of 32 bits, so ids below 2^32 of one seed never share their state.
 */
const UINT = 2 ** 32
const SEED_STEP = 0x9e37_79b9
const HIGH_STEP = 0x85eb_ca6b
const DRAW_STEP = 0xc2b2_ae35

export function scramble(value: number): number {
  let mixed = value ^ (value >>> 16)
  mixed = Math.imul(mixed, 0x7feb_352d)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x846c_a68b)
  return mixed ^ (mixed >>> 16)
}

export function seedState(seed: number): number {
  return scramble((seed | 0) + SEED_STEP)
}

/** State of one id (whole, from 0): draws are taken from it. */
export function idState(id: number, seed: number): number {
  const high = (id / UINT) | 0
  return scramble((id | 0) ^ seed ^ Math.imul(high, HIGH_STEP))
}

/** 32 bits, from 0; the `draw`-th of this state. */
export function drawBits(state: number, draw: number): number {
  return scramble(state + Math.imul(draw + 1, DRAW_STEP)) >>> 0
}

/** Uniform whole number below `bound` (at most 2^20) from 32 bits. */
export function below(bits: number, bound: number): number {
  return Math.floor((bits * bound) / UINT)
}
