/**
 * What generated code refers to: names of its own making, and constants passed by reference.
 *
 * Law: no text of a user becomes source. Strings, regular expressions, functions and big numbers
 * are constants (`k0`, `k1`, …); field names appear only in comments, escaped to printable ASCII.
 */
const NOTE_CHARACTERS_MAX = 60

export class Constants {
  readonly values: unknown[] = []
  readonly #names = new Map<unknown, string>()
  readonly #notes: string[] = []

  /** The name of a constant; the same value has the same name. `note` is shown in the code. */
  name(value: unknown, note: string): string {
    const known = this.#names.get(value)
    if (known !== undefined) return known
    const name = `k${this.values.length}`
    this.values.push(value)
    this.#names.set(value, name)
    this.#notes.push(note)
    return name
  }

  /** Declarations, for the top of the code; `constants` is in scope there. */
  declarations(): string[] {
    return this.#notes.map((note, index) => {
      const line = `const k${index} = constants[${index}]`
      return note === '' ? line : `${line} // ${commentText(note)}`
    })
  }
}

/** Makes names that are unique in one piece of code: `v0`, `v1`, `n2`. */
export class Names {
  #next = 0

  make(prefix: string): string {
    return `${prefix}${this.#next++}`
  }
}

/** Safe in a line comment: printable ASCII only, so that no line terminator can end it. */
export function commentText(text: string): string {
  const short =
    text.length > NOTE_CHARACTERS_MAX ? `${text.slice(0, NOTE_CHARACTERS_MAX)}...` : text
  return short.replaceAll(/[^ -~]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${code}`
  })
}
