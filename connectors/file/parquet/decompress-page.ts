/** Decompresses one page; native where Node can, else by hyparquet's library. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { CompressionCodec } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { PARQUET_PAGE_BYTES_MAX } from '../../../shared/base/limits.ts'
import { broken } from './parquet-errors.ts'

export function decompressPage(
  bytes: Uint8Array,
  size: number,
  codec: CompressionCodec,
): Uint8Array {
  if (codec === 'UNCOMPRESSED') return bytes
  if (size > PARQUET_PAGE_BYTES_MAX)
    throw broken(`a page says that it expands to ${size} bytes, more than is allowed`)
  const expanded = expand(bytes, size, codec)
  if (expanded.length !== size)
    throw broken(`a page expands to ${expanded.length} bytes, not ${size}`)
  return expanded
}

function expand(bytes: Uint8Array, size: number, codec: CompressionCodec): Uint8Array {
  const bound = { maxOutputLength: Math.max(size, 1) }
  if (size === 0) return new Uint8Array(0)
  if (codec === 'ZSTD') return zstdDecompressSync(bytes, bound)
  if (codec === 'GZIP') return gunzipSync(bytes, bound)
  if (codec === 'BROTLI') return brotliDecompressSync(bytes, bound)
  const decompress = compressors[codec]
  if (decompress === undefined) throw broken(`pages are compressed by ${codec}, which is not known`)
  return decompress(bytes, size)
}
