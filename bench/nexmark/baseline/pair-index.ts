/** As NumberIndex, for keys of two whole numbers. */

const BITS_FIRST = 10

export class PairIndex {
  size = 0
  /** Two per key, by its number. */
  keys = new Int32Array(1 << BITS_FIRST)
  #shift = 32 - BITS_FIRST
  #mask = (1 << BITS_FIRST) - 1
  #places = new Int32Array(1 << BITS_FIRST)

  /** Its number; a new key takes `size` as it was. */
  add(first: number, second: number): number {
    const places = this.#places
    const { keys } = this
    const mask = this.#mask
    let at = hashOf(first, second) >>> this.#shift
    for (;;) {
      const number = (places[at] as number) - 1
      if (number < 0) break
      if (keys[number * 2] === first && keys[number * 2 + 1] === second) return number
      at = (at + 1) & mask
    }
    const number = this.size++
    keys[number * 2] = first
    keys[number * 2 + 1] = second
    places[at] = number + 1
    if (this.size * 2 === keys.length) this.#grow()
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
    this.#mask = keys.length - 1
    const places = new Int32Array(keys.length)
    for (let number = 0; number < this.size; number++) {
      const hash = hashOf(keys[number * 2] as number, keys[number * 2 + 1] as number)
      let at = hash >>> this.#shift
      while (places[at] !== 0) at = (at + 1) & this.#mask
      places[at] = number + 1
    }
    this.#places = places
  }
}

function hashOf(first: number, second: number): number {
  const mixed = Math.imul(first, 0x85ebca6b) ^ second
  return Math.imul(mixed ^ (mixed >>> 15), 0x9e3779b1)
}
