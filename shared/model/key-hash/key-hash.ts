/**
 * The key hash: two independent 32-bit lanes over the columns of a key (docs/key-hash.md).
 *
 * Data that outlives the process: key groups and pages of state are found by it, so that a change
 * of any constant or rule here makes every stored state unreadable. test/golden/key-hash.json holds
 * vectors that must never change.
 *
 * Lane A decides the key group, lane B the place in a page. Lane B is never 0, since 0 marks an
 * empty entry. A key is a sequence of 32-bit words: each word is mixed into both lanes by a
 * multiplication and a shift that differ per lane, and `finish` spreads every bit over the lane.
 */
import { KEY_GROUPS } from '../../base/limits.ts'

/** Of both lanes, before the first word. */
export const SEED_A = 0x51ed270b
export const SEED_B = 0x2f9be6cb | 0
/** Of the sub-hash of a string or of bytes. */
export const SEED_TEXT = 0x3c6ef35f
export const SEED_BYTES = 0x6a09e667

/** Odd multipliers and shifts of the word step; the shifts differ, so that no difference of two
 * words cancels in both lanes. */
export const STEP_A = 0x9e3779b1 | 0
export const STEP_B = 0xd1b54a35 | 0
export const SHIFT_A = 15
export const SHIFT_B = 13

export const FINISH_A = 0x85157af5 | 0
export const FINISH_B = 0xc2b2ae3d | 0

/** Words that stand for themselves. */
export const WORD_NULL = 0x4e000001
export const WORD_FALSE = 0x42000000
export const WORD_TRUE = 0x42000001
/** Added to a length or scale, so that kinds of values do not run into each other. */
export const TAG_DECIMAL = 0x44000000
export const TAG_BIGINT = 0x49000000
export const TAG_LIST = 0x4c000000
export const TAG_MAP = 0x4d000000
export const TAG_KEY = 0x4b000000

/** The only NaN that is hashed: quiet, without payload. */
export const NAN_HIGH = 0x7ff80000

export function stepA(lane: number, word: number): number {
  const mixed = Math.imul(lane ^ word, STEP_A)
  return mixed ^ (mixed >>> SHIFT_A)
}

export function stepB(lane: number, word: number): number {
  const mixed = Math.imul(lane ^ word, STEP_B)
  return mixed ^ (mixed >>> SHIFT_B)
}

export function finishA(lane: number): number {
  const mixed = Math.imul(lane ^ (lane >>> 16), FINISH_A)
  return mixed ^ (mixed >>> 14)
}

export function finishB(lane: number): number {
  const mixed = Math.imul(lane ^ (lane >>> 17), FINISH_B)
  const spread = mixed ^ (mixed >>> 15)
  return spread === 0 ? 1 : spread
}

/**
 * floor(A × 720 / 2^32), in whole numbers of 32 bits: the high half of A and the carry of the low
 * half. GROUP_TEXT is the same for generated code.
 */
export function keyGroupOf(laneA: number): number {
  const carry = Math.imul(laneA & 0xffff, KEY_GROUPS) >>> 16
  return (Math.imul(laneA >>> 16, KEY_GROUPS) + carry) >>> 16
}

export const GROUP_TEXT = `(Math.imul(a >>> 16, ${KEY_GROUPS}) + (Math.imul(a & 0xffff, ${KEY_GROUPS}) >>> 16)) >>> 16`

/** Both lanes while a key is hashed value by value; the generated loops keep them in locals. */
export class Lanes {
  a = SEED_A
  b = SEED_B

  word(word: number): void {
    this.a = stepA(this.a, word)
    this.b = stepB(this.b, word)
  }

  /** Any number by its f64 bits, with one zero and one NaN. */
  number(value: number): void {
    FLOAT[0] = value + 0
    const isNumber = value === value
    this.word(isNumber ? (HALVES[0] ?? 0) : 0)
    this.word(isNumber ? (HALVES[1] ?? 0) : NAN_HIGH)
  }

  /** A string or bytes: each lane takes its own sub-hash, which a dictionary can remember. */
  bytes(seed: number, bytes: Uint8Array, start: number, end: number): void {
    hashBytes(seed, bytes, start, end)
    this.a = stepA(this.a, textHash.a)
    this.b = stepB(this.b, textHash.b)
  }
}

const FLOAT = new Float64Array(1)
/** Low half, high half: every platform that Node.js runs on is little-endian. */
const HALVES = new Int32Array(FLOAT.buffer)

/** The answer of the last `hashBytes`, read at once by its caller. */
export const textHash = { a: 0, b: 0 }

/**
 * Words of four bytes, little-endian, the last one filled with zeros; then the length.
 * The answer lies in `textHash`: two numbers without an allocation.
 */
export function hashBytes(seed: number, bytes: Uint8Array, start: number, end: number): void {
  let a = SEED_A ^ seed
  let b = SEED_B ^ seed
  let at = start
  for (; at + 4 <= end; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    a = stepA(a, word)
    b = stepB(b, word)
  }
  if (at < end) {
    let word = 0
    for (let shift = 0; at < end; at++, shift += 8) word |= (bytes[at] as number) << shift
    a = stepA(a, word)
    b = stepB(b, word)
  }
  textHash.a = finishA(stepA(a, end - start))
  textHash.b = finishB(stepB(b, end - start))
}
