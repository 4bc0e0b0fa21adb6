/**
 * The UTF-8 bytes and sub-hashes of a dictionary's strings, made once per entry.
 *
 * Owns: nothing of the dictionary; one image per dictionary, dropped with it. A dictionary is
 * append-only, so that an image only ever grows.
 */
import type { Dictionary } from '../batch.ts'
import { hashBytes, SEED_TEXT, textHash } from './key-hash.ts'

const ENCODER = new TextEncoder()

export class DictionaryImage {
  readonly #dictionary: Dictionary
  bytes = new Uint8Array(256)
  /** String i is `bytes[offsets[i] .. offsets[i + 1])`. */
  offsets = new Int32Array(17)
  hashA = new Int32Array(16)
  hashB = new Int32Array(16)
  /** Entries the image covers. */
  known = 0

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary
  }

  /** Makes the image cover every entry the dictionary has now. */
  refresh(): this {
    const { values } = this.#dictionary
    if (values.length > this.known) this.#extend(values)
    return this
  }

  #extend(values: readonly string[]): void {
    this.#reserve(values.length)
    for (let code = this.known; code < values.length; code++) {
      const text = values[code] ?? ''
      const start = this.offsets[code] ?? 0
      this.#reserveBytes(start + text.length * 3)
      const end = start + ENCODER.encodeInto(text, this.bytes.subarray(start)).written
      hashBytes(SEED_TEXT, this.bytes, start, end)
      this.offsets[code + 1] = end
      this.hashA[code] = textHash.a
      this.hashB[code] = textHash.b
    }
    this.known = values.length
  }

  #reserve(count: number): void {
    if (count <= this.hashA.length) return
    const size = Math.max(count, this.hashA.length * 2)
    this.offsets = copyInto(new Int32Array(size + 1), this.offsets)
    this.hashA = copyInto(new Int32Array(size), this.hashA)
    this.hashB = copyInto(new Int32Array(size), this.hashB)
  }

  #reserveBytes(size: number): void {
    if (size <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(size, this.bytes.length * 2))
    larger.set(this.bytes)
    this.bytes = larger
  }
}

function copyInto(target: Int32Array<ArrayBuffer>, source: Int32Array): Int32Array<ArrayBuffer> {
  target.set(source)
  return target
}

/** One image per dictionary, for as long as both live. A cache: it holds no state of a pipeline. */
const IMAGES = new WeakMap<Dictionary, DictionaryImage>()

export function dictionaryImage(dictionary: Dictionary): DictionaryImage {
  let image = IMAGES.get(dictionary)
  if (image === undefined) {
    image = new DictionaryImage(dictionary)
    IMAGES.set(dictionary, image)
  }
  return image.refresh()
}
