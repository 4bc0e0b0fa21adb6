/**
 * Codes of texts by their bytes: what a dictionary column is written with from state, where texts
 * lie as UTF-8. No string is made but for a text that is new.
 *
 * Owns: the bytes of the texts seen and an open-addressing index over them. Code 0 is the empty text.
 *
 * Invariants:
 *   C1. `values[code]`, decoded from the bytes from starts[code] to starts[code + 1], never changes.
 *   C2. A slot of the index holds code + 1 of a text, or 0; at most half of the slots are in use.
 */
import { copyBytes, equalBytes, viewOf } from './copy-bytes.ts'

const SLOTS_FIRST = 256
const BYTES_FIRST = 4096
const MIX = 0x9e3779b1

export class TextCodes {
  readonly values: string[] = ['']
  #bytes = Buffer.alloc(BYTES_FIRST)
  #view = viewOf(this.#bytes)
  #starts = new Uint32Array(SLOTS_FIRST)
  #hashes = new Int32Array(SLOTS_FIRST)
  #slots = new Int32Array(SLOTS_FIRST)
  #scratch = Buffer.alloc(64)
  #scratchView = viewOf(this.#scratch)

  get size(): number {
    return this.values.length
  }

  codeOf(source: DataView, start: number, length: number): number {
    if (length === 0) return 0
    const hash = hashBytes(source, start, length)
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = (this.#slots[slot] as number) - 1
      if (code < 0) return this.#add(source, start, length, hash)
      if (this.#hashes[code] === hash && this.#isText(code, source, start, length)) return code
    }
  }

  codeOfString(text: string): number {
    if (text.length * 3 > this.#scratch.length) {
      this.#scratch = Buffer.alloc(text.length * 3)
      this.#scratchView = viewOf(this.#scratch)
    }
    return this.codeOf(this.#scratchView, 0, this.#scratch.write(text))
  }

  /** The code here of a text of another dictionary. */
  codeFrom(other: TextCodes, code: number): number {
    const start = other.#starts[code] as number
    return this.codeOf(other.#view, start, (other.#starts[code + 1] as number) - start)
  }

  // oxlint-disable-next-line max-params -- called per row: an object would be allocated
  #isText(code: number, source: DataView, start: number, length: number): boolean {
    const own = this.#starts[code] as number
    if ((this.#starts[code + 1] as number) - own !== length) return false
    return equalBytes(this.#view, own, source, start, length)
  }

  // oxlint-disable-next-line max-params -- as codeOf
  #add(source: DataView, start: number, length: number, hash: number): number {
    const code = this.values.length
    if (code + 2 > this.#starts.length) this.#makeRoom()
    const from = this.#starts[code] as number
    if (from + length > this.#bytes.length) this.#growBytes(from + length)
    copyBytes(this.#view, from, source, start, length)
    this.#starts[code + 1] = from + length
    this.#hashes[code] = hash
    this.values.push(this.#bytes.toString('utf8', from, from + length))
    if (code * 2 >= this.#slots.length) this.#rebuild()
    else this.#place(code, hash)
    return code
  }

  #place(code: number, hash: number): void {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = code + 1
  }

  /** Every code finds its place in an index of twice the size (C2). */
  #rebuild(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let code = 1; code < this.values.length; code++) {
      this.#place(code, this.#hashes[code] as number)
    }
  }

  #makeRoom(): void {
    const starts = new Uint32Array(this.#starts.length * 2)
    const hashes = new Int32Array(starts.length)
    starts.set(this.#starts)
    hashes.set(this.#hashes)
    this.#starts = starts
    this.#hashes = hashes
  }

  #growBytes(needed: number): void {
    const larger = Buffer.alloc(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes)
    this.#bytes = larger
    this.#view = viewOf(larger)
  }
}

/** Four bytes at a time; lives no longer than the process. */
function hashBytes(source: DataView, start: number, length: number): number {
  const words = length & -4
  let hash = length
  let at = 0
  for (; at < words; at += 4) {
    hash = Math.imul(hash ^ source.getInt32(start + at, true), MIX)
    hash ^= hash >>> 15
  }
  for (; at < length; at++) hash = Math.imul(hash ^ source.getUint8(start + at), MIX)
  return hash ^ (hash >>> 13)
}
