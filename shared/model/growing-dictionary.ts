/**
 * A dictionary that grows as texts come, so that codes stay the same from batch to batch.
 *
 * Owns: the dictionary, and which code each text has. A batch whose column is finished keeps the
 * dictionary it was given: entries are only added.
 *
 * Invariant: code 0 is the empty text, so that rows without a text have a code too.
 */
import type { Dictionary } from './batch.ts'

/** Beyond so many entries a dictionary ends with its column, so that it cannot grow for ever. */
const DICTIONARY_ENTRIES_MAX = 65_536

export class GrowingDictionary {
  /** The text that came last, with its code: texts mostly stay the same for a while. */
  last = ''
  lastCode = 0
  #dictionary: Dictionary & { readonly values: string[] } = { values: [''] }
  #codeOf = new Map<string, number>([['', 0]])

  code(text: string): number {
    if (text === this.last) return this.lastCode
    this.lastCode = this.#find(text)
    this.last = text
    return this.lastCode
  }

  /** At the end of a column: the dictionary of its codes. */
  take(): Dictionary {
    const dictionary = this.#dictionary
    if (dictionary.values.length > DICTIONARY_ENTRIES_MAX) this.#startOver()
    return dictionary
  }

  #startOver(): void {
    this.#dictionary = { values: [''] }
    this.#codeOf = new Map([['', 0]])
    this.last = ''
    this.lastCode = 0
  }

  #find(text: string): number {
    const known = this.#codeOf.get(text)
    if (known !== undefined) return known
    const code = this.#dictionary.values.length
    this.#dictionary.values.push(text)
    this.#codeOf.set(text, code)
    return code
  }
}
