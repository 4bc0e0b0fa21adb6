/**
 * Numbers whole numbers in the order in which they first come: open addressing over typed arrays.
 * What belongs to a key lies in arrays of the caller, by that number. Keys fit 32 bits, as ids do.
 */

const BITS_FIRST = 10

export class NumberIndex {
  size = 0
  /** By number; may be longer than `size`. */
  keys = new Int32Array(1 << (BITS_FIRST - 1))
  #shift = 32 - BITS_FIRST
  #mask = (1 << BITS_FIRST) - 1
  /** Number + 1 of the key at a place; 0 is free. */
  #places = new Int32Array(1 << BITS_FIRST)

  /** −1 when the key has not come. */
  find(key: number): number {
    const places = this.#places
    const { keys } = this
    const mask = this.#mask
    let at = Math.imul(key, 0x9e3779b1) >>> this.#shift
    for (;;) {
      const number = (places[at] as number) - 1
      if (number < 0 || keys[number] === key) return number
      at = (at + 1) & mask
    }
  }

  /** Its number; a new key takes `size` as it was. */
  add(key: number): number {
    const places = this.#places
    const { keys } = this
    const mask = this.#mask
    let at = Math.imul(key, 0x9e3779b1) >>> this.#shift
    for (;;) {
      const number = (places[at] as number) - 1
      if (number < 0) break
      if (keys[number] === key) return number
      at = (at + 1) & mask
    }
    const number = this.size++
    keys[number] = key
    places[at] = number + 1
    if (this.size === keys.length) this.#grow()
    return number
  }

  clear(): void {
    this.#places.fill(0)
    this.size = 0
  }

  #grow(): void {
    const keys = new Int32Array(this.keys.length * 2)
    keys.set(this.keys)
    this.keys = keys
    this.#shift -= 1
    this.#mask = keys.length * 2 - 1
    const places = new Int32Array(keys.length * 2)
    for (let number = 0; number < this.size; number++) {
      let at = Math.imul(keys[number] as number, 0x9e3779b1) >>> this.#shift
      while (places[at] !== 0) at = (at + 1) & this.#mask
      places[at] = number + 1
    }
    this.#places = places
  }
}
