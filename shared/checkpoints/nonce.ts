/** Names and marks that nobody else gives. */
import type { Random } from '../base/random.ts'

const WORDS = 4
const WORD_BOUND = 2 ** 32

/** 128 bits in hex: legal in the path of an object. */
export function newNonce(random: Random): string {
  const word = (): string => random.below(WORD_BOUND).toString(16).padStart(8, '0')
  return Array.from({ length: WORDS }, word).join('')
}
