/**
 * A growing array of bytes that texts are written into.
 *
 * Owns: the array, until `take`. Callers reserve room before they write to `bytes` themselves.
 */
import { bufferOf, writeUtf8 } from '../../model/text/utf8.ts'

const BYTES_DEFAULT = 64 * 1024
/** Longer pieces are copied by the runtime: its call costs as much as a loop over this many. */
const LOOP_BYTES_MAX = 32
const ZERO = 48
const MINUS = 45
/** Below it digits are split off by arithmetic that stays exact and in 32 bits. */
const SMALL_MAX = 1_000_000_000

export class ByteOutput {
  bytes: Buffer = Buffer.allocUnsafeSlow(BYTES_DEFAULT)
  at = 0

  reserve(more: number): void {
    const needed = this.at + more
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, needed))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.at++] = value
  }

  text(value: string): void {
    this.reserve(value.length * 3)
    this.at = writeUtf8(this.bytes, this.at, value)
  }

  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start
    this.reserve(length)
    if (length > LOOP_BYTES_MAX) {
      bufferOf(source).copy(this.bytes, this.at, start, end)
      this.at += length
      return
    }
    const { bytes } = this
    let at = this.at
    for (let from = start; from < end; from++) bytes[at++] = source[from] ?? 0
    this.at = at
  }

  /** A finite number as JavaScript prints it; -0 is 0. */
  number(value: number): void {
    if (Number.isInteger(value) && value < SMALL_MAX && value > -SMALL_MAX) this.#small(value)
    else this.text(`${value}`)
  }

  #small(value: number): void {
    this.reserve(11)
    const { bytes } = this
    let rest = value | 0
    if (rest < 0) {
      bytes[this.at++] = MINUS
      rest = -rest
    }
    let digits = 1
    for (let limit = 10; rest >= limit; limit *= 10) digits++
    let at = this.at + digits
    this.at = at
    do {
      const next = (rest / 10) | 0
      bytes[--at] = ZERO + (rest - next * 10)
      rest = next
    } while (rest > 0)
  }

  /** What was written; the output is then empty and starts on a new array. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.at)
    this.bytes = Buffer.allocUnsafeSlow(this.bytes.length)
    this.at = 0
    return taken
  }
}
