/** From the bytes of a pipeline file to its text, or the reason why it is none. */
import { PIPELINE_FILE_BYTES_MAX } from '../../base/limits.ts'

export type Decoded =
  | { readonly text: string }
  | { readonly problem: 'too-large' | 'binary' | 'not-utf8'; readonly detail: string }

export function decodeText(bytes: Uint8Array | string): Decoded {
  const size = typeof bytes === 'string' ? utf8Bytes(bytes) : bytes.byteLength
  if (size > PIPELINE_FILE_BYTES_MAX) return { problem: 'too-large', detail: `${size} bytes` }
  if (typeof bytes === 'string') return checkBinary(bytes)
  const wide = wideEncoding(bytes)
  if (wide !== null) return { problem: 'not-utf8', detail: `it looks like ${wide}` }
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return checkBinary(decoder.decode(bytes))
  } catch {
    if (bytes.includes(0)) return { problem: 'binary', detail: 'byte 0' }
    return { problem: 'not-utf8', detail: `byte ${firstBadByte(bytes)} is no UTF-8` }
  }
}

function utf8Bytes(text: string): number {
  return text.length > PIPELINE_FILE_BYTES_MAX ? text.length : new TextEncoder().encode(text).length
}

/** Control characters that no editor writes into a text file. */
function checkBinary(text: string): Decoded {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const isControl = code < 32 && code !== 9 && code !== 10 && code !== 13
    if (isControl) return { problem: 'binary', detail: `character ${code} at offset ${index}` }
  }
  // Old Mac line ends: the parser does not know them, editors do. No offset moves.
  return { text: text.replaceAll(/\r(?!\n)/g, '\n') }
}

/** UTF-16 files start with its own mark, or have a zero in every other byte. */
function wideEncoding(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16 (little endian)'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16 (big endian)'
  const isWide = bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0 && bytes[0] !== 0
  return isWide ? 'UTF-16 (little endian)' : null
}

/** Position of the first byte that breaks UTF-8, by halving. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (isPrefixValid(bytes.subarray(0, middle))) good = middle
    else bad = middle
  }
  return good
}

function isPrefixValid(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}
