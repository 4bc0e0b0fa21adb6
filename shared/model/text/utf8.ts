/**
 * UTF-8 text in byte arrays: JavaScript strings in and out. Most values are short ASCII, where a
 * loop over characters beats a call into the runtime; the rest goes through Buffer. A lone
 * surrogate is written as U+FFFD.
 */
import { isAscii as isAsciiBytes } from 'node:buffer'

/** Longer strings are encoded by Buffer: its call costs as much as a loop over this many. */
const LOOP_CHARACTERS_MAX = 24
const LOOP_BYTES_MAX = 8

/** A Buffer over the same memory. */
export function bufferOf(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * Writes `text` at `at` and returns the end. The target must have 3 bytes of room per character.
 */
export function writeUtf8(target: Buffer, at: number, text: string): number {
  const length = text.length
  if (length > LOOP_CHARACTERS_MAX) return at + target.write(text, at)
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code > 0x7f) return at + target.write(text, at)
    target[at + index] = code
  }
  return at + length
}

export function readUtf8(source: Buffer, start: number, end: number): string {
  if (end - start > LOOP_BYTES_MAX) return source.toString('utf8', start, end)
  let text = ''
  for (let at = start; at < end; at++) {
    const code = source[at] ?? 0
    if (code > 0x7f) return source.toString('utf8', start, end)
    text += String.fromCharCode(code)
  }
  return text
}

/** Whether every byte is below 128, so that bytes and characters are the same positions. */
export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  return isAsciiBytes(bytes.subarray(start, end))
}
