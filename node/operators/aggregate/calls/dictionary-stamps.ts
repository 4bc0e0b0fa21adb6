/**
 * Numbers of texts of dictionaries: `of(dictionary) + code` names a text for as long as the process
 * lives, so that entries remember which text they hold and need not compare its bytes. Equal numbers
 * mean equal texts; unequal ones mean nothing.
 *
 * Owns: the number of every dictionary it has seen. Numbers in entries are worth nothing to another
 * process: whoever restores entries sets them to 0, which no text has.
 */
import type { Dictionary } from '../../../../shared/model/batch.ts'

/** Room for the codes of a dictionary. */
const CODES = 2 ** 32
/** Beyond it sums with codes are no longer exact. */
const DICTIONARIES_MAX = 2 ** 20

export class DictionaryStamps {
  readonly #known = new WeakMap<Dictionary, number>()
  #count = 0
  #last: Dictionary | null = null
  #lastStamp = Number.NaN

  /** The number of the text with code 0; NaN, which equals nothing, when there were too many. */
  of(dictionary: Dictionary): number {
    if (dictionary === this.#last) return this.#lastStamp
    this.#last = dictionary
    this.#lastStamp = this.#find(dictionary)
    return this.#lastStamp
  }

  #find(dictionary: Dictionary): number {
    const known = this.#known.get(dictionary)
    if (known !== undefined) return known
    this.#count += 1
    const stamp = this.#count < DICTIONARIES_MAX ? this.#count * CODES : Number.NaN
    this.#known.set(dictionary, stamp)
    return stamp
  }
}
