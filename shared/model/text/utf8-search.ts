/**
 * Searching UTF-8 in place: no string is made. A character never starts inside another one in
 * UTF-8, so what bytes find is what characters would.
 */

/** The bytes four at a time, for `countByte`; none where they do not lie at a word's start. */
export function wordsOf(bytes: Uint8Array): Int32Array {
  const { buffer, byteOffset, length } = bytes
  return byteOffset % 4 === 0 ? new Int32Array(buffer, byteOffset, length >> 2) : new Int32Array(0)
}

/** How often one byte below 128 occurs between `start` and `end`; `words` are the same bytes. */
// oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
export function countByte(
  bytes: Uint8Array,
  words: Int32Array,
  start: number,
  end: number,
  byte: number,
): number {
  let count = 0
  let at = start
  for (; at < end && (at & 3) !== 0; at++) if (bytes[at] === byte) count++
  const four = Math.imul(byte, 0x01010101)
  const wordEnd = Math.min(end >> 2, words.length)
  for (let word = at >> 2; word < wordEnd; word++) {
    // The high bit of each byte of `rest` that is not 0, and so of those that differ.
    const rest = (words[word] as number) ^ four
    const differs = ((rest & 0x7f7f7f7f) + 0x7f7f7f7f) | rest
    count += Math.imul((~differs & 0x80808080) >>> 7, 0x01010101) >>> 24
  }
  for (at = Math.max(at, wordEnd << 2); at < end; at++) if (bytes[at] === byte) count++
  return count
}

/** How often `part` occurs, without overlaps; it has a byte or more. */
// oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
export function countBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  part: Uint8Array,
): number {
  let count = 0
  for (let at = find(bytes, start, end, part); at >= 0; at = find(bytes, at, end, part)) {
    count++
    at += part.length
  }
  return count
}

// oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
export function containsBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  part: Uint8Array,
): boolean {
  return find(bytes, start, end, part) >= 0
}

// oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
export function startsWithBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  part: Uint8Array,
): boolean {
  return end - start >= part.length && isAt(bytes, start, part)
}

// oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
export function endsWithBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  part: Uint8Array,
): boolean {
  return end - start >= part.length && isAt(bytes, end - part.length, part)
}

/** The first place from `start` on, or −1. */
// oxlint-disable-next-line max-params -- the inner loop of all of the above
function find(bytes: Uint8Array, start: number, end: number, part: Uint8Array): number {
  const first = part[0]
  const last = end - part.length
  for (let at = start; at <= last; at++) {
    if (bytes[at] === first && isAt(bytes, at, part)) return at
  }
  return -1
}

function isAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  for (let index = 0; index < part.length; index++) {
    if (bytes[at + index] !== part[index]) return false
  }
  return true
}
