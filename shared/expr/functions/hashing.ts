/** Digests of texts and bytes, in hexadecimal or as numbers; for masking, sampling and ids. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { FunctionDef } from '../overload.ts'
import { BYTES, defineFixed, INTEGER, STRING } from './define.ts'

const HASHING = { group: 'hashing' } as const

function digest(
  name: 'sha256' | 'sha512' | 'sha1' | 'md5',
  example: readonly [string, string],
): FunctionDef {
  const run = (value: string | Uint8Array): string => createHash(name).update(value).digest('hex')
  return defineFixed(
    { ...HASHING, name, summary: `${name.toUpperCase()} of a text in UTF-8, in hexadecimal.` },
    [example],
    { id: `${name}.string`, params: { text: STRING }, result: STRING, run },
    { id: `${name}.bytes`, params: { bytes: BYTES }, result: STRING, run },
  )
}

export const HASHING_FUNCTIONS: readonly FunctionDef[] = [
  digest('md5', ['md5("a")', '"0cc175b9c0f1b6a831c399e269772661"']),
  digest('sha1', ['sha1("a")', '"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"']),
  digest('sha256', ['left(sha256("a"), 16)', '"ca978112ca1bbdca"']),
  digest('sha512', ['left(sha512("a"), 16)', '"1f40fc92da241694"']),
  defineFixed(
    { ...HASHING, name: 'crc32', summary: 'CRC-32 as a number from 0 to 2^32 − 1.' },
    [['crc32("a")', '3904355907']],
    {
      id: 'crc32.string',
      params: { text: STRING },
      result: INTEGER,
      run: (text: string) => crc32(text),
    },
    {
      id: 'crc32.bytes',
      params: { bytes: BYTES },
      result: INTEGER,
      run: (bytes: Uint8Array) => crc32(bytes),
    },
  ),
  defineFixed(
    { ...HASHING, name: 'to_hex', summary: 'Bytes in hexadecimal.' },
    [['to_hex(b"az")', '"617a"']],
    {
      id: 'to_hex',
      params: { bytes: BYTES },
      result: STRING,
      run: (bytes: Uint8Array) => Buffer.from(bytes).toString('hex'),
    },
  ),
  defineFixed(
    { ...HASHING, name: 'to_base64', summary: 'Bytes in Base64.' },
    [['to_base64(to_bytes("az"))', '"YXo="']],
    {
      id: 'to_base64',
      params: { bytes: BYTES },
      result: STRING,
      run: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64'),
    },
  ),
  defineFixed(
    { ...HASHING, name: 'to_bytes', summary: 'A text in UTF-8.' },
    [['to_hex(to_bytes("ä"))', '"c3a4"']],
    {
      id: 'to_bytes',
      params: { text: STRING },
      result: BYTES,
      run: (text: string) => new TextEncoder().encode(text),
    },
  ),
  defineFixed(
    { ...HASHING, name: 'from_utf8', summary: 'Bytes in UTF-8 as text; null where they are none.' },
    [['from_utf8(b"az")', '"az"']],
    { id: 'from_utf8', params: { bytes: BYTES }, result: STRING, nullable: true, run: fromUtf8 },
  ),
  defineFixed(
    { ...HASHING, name: 'from_base64', summary: 'Bytes of Base64 text.' },
    [['to_hex(from_base64("YXo="))', '"617a"']],
    {
      id: 'from_base64',
      params: { text: STRING },
      result: BYTES,
      run: (text: string) => Uint8Array.from(Buffer.from(text, 'base64')),
    },
  ),
]

function fromUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
