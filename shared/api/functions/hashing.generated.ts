/** Functions of the group "hashing" on columns. Made from shared/expr by `npm run reference`. */
import type { Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/**
 * MD5 of a text in UTF-8, in hexadecimal.
 *
 * In text: `md5("a")` is `"0cc175b9c0f1b6a831c399e269772661"`.
 */
export function md5<A extends Arg<'string'>>(text: A): Result<'string', A>
export function md5<A extends Arg<'bytes'>>(bytes: A): Result<'string', A>
export function md5(...args: readonly unknown[]): unknown {
  return callColumn('md5', args)
}

/**
 * SHA1 of a text in UTF-8, in hexadecimal.
 *
 * In text: `sha1("a")` is `"86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"`.
 */
export function sha1<A extends Arg<'string'>>(text: A): Result<'string', A>
export function sha1<A extends Arg<'bytes'>>(bytes: A): Result<'string', A>
export function sha1(...args: readonly unknown[]): unknown {
  return callColumn('sha1', args)
}

/**
 * SHA256 of a text in UTF-8, in hexadecimal.
 *
 * In text: `left(sha256("a"), 16)` is `"ca978112ca1bbdca"`.
 */
export function sha256<A extends Arg<'string'>>(text: A): Result<'string', A>
export function sha256<A extends Arg<'bytes'>>(bytes: A): Result<'string', A>
export function sha256(...args: readonly unknown[]): unknown {
  return callColumn('sha256', args)
}

/**
 * SHA512 of a text in UTF-8, in hexadecimal.
 *
 * In text: `left(sha512("a"), 16)` is `"1f40fc92da241694"`.
 */
export function sha512<A extends Arg<'string'>>(text: A): Result<'string', A>
export function sha512<A extends Arg<'bytes'>>(bytes: A): Result<'string', A>
export function sha512(...args: readonly unknown[]): unknown {
  return callColumn('sha512', args)
}

/**
 * CRC-32 as a number from 0 to 2^32 − 1.
 *
 * In text: `crc32("a")` is `3904355907`.
 */
export function crc32<A extends Arg<'string'>>(text: A): Result<'integer', A>
export function crc32<A extends Arg<'bytes'>>(bytes: A): Result<'integer', A>
export function crc32(...args: readonly unknown[]): unknown {
  return callColumn('crc32', args)
}

/**
 * Bytes in hexadecimal.
 *
 * In text: `to_hex(b"az")` is `"617a"`.
 */
export function toHex<A extends Arg<'bytes'>>(bytes: A): Result<'string', A>
export function toHex(...args: readonly unknown[]): unknown {
  return callColumn('to_hex', args)
}

/**
 * Bytes in Base64.
 *
 * In text: `to_base64(to_bytes("az"))` is `"YXo="`.
 */
export function toBase64<A extends Arg<'bytes'>>(bytes: A): Result<'string', A>
export function toBase64(...args: readonly unknown[]): unknown {
  return callColumn('to_base64', args)
}

/**
 * A text in UTF-8.
 *
 * In text: `to_hex(to_bytes("ä"))` is `"c3a4"`.
 */
export function toBytes<A extends Arg<'string'>>(text: A): Result<'bytes', A>
export function toBytes(...args: readonly unknown[]): unknown {
  return callColumn('to_bytes', args)
}

/**
 * Bytes in UTF-8 as text; null where they are none.
 *
 * In text: `from_utf8(b"az")` is `"az"`.
 */
export function fromUtf8<A extends Arg<'bytes'>>(bytes: A): Result<'string?', A>
export function fromUtf8(...args: readonly unknown[]): unknown {
  return callColumn('from_utf8', args)
}

/**
 * Bytes of Base64 text.
 *
 * In text: `to_hex(from_base64("YXo="))` is `"617a"`.
 */
export function fromBase64<A extends Arg<'string'>>(text: A): Result<'bytes', A>
export function fromBase64(...args: readonly unknown[]): unknown {
  return callColumn('from_base64', args)
}
