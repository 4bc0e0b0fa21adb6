/**
 * The bytes of a file, plain or decompressed, as a reader takes them.
 *
 * A compressed file that expands more than a thousandfold is refused beyond its first 256 MiB: no
 * data of records does that, a bomb does.
 */
import { Readable } from 'node:stream'
import { ZstdDecompress, createGunzip, createZstdDecompress, type Gunzip } from 'node:zlib'
import type { DiskFile } from '../../shared/base/disk.ts'
import { StreamError } from '../../shared/base/errors.ts'
import { EXPANDED_BYTES_FREE, EXPANSION_MAX, READ_BLOCK_BYTES } from '../../shared/base/limits.ts'
import type { ByteSource } from '../../shared/spi/formats/byte-source.ts'
import type { CompressionName } from './file-format.ts'

const COMPRESSED_READ_BYTES = 256 * 1024

export interface FileBytes extends ByteSource {
  /** Bytes of the file read so far, for progress. */
  readonly position: number
}

export function fileBytes(file: DiskFile, name: string, compression: CompressionName): FileBytes {
  if (compression === 'gzip') return new ExpandedBytes(file, name, createGunzip(expandOptions))
  if (compression === 'zstd')
    return new ExpandedBytes(file, name, createZstdDecompress(expandOptions))
  return new PlainBytes(file)
}

type Decompressor = Gunzip | ZstdDecompress

const expandOptions = { chunkSize: 256 * 1024 }

class PlainBytes implements FileBytes {
  position = 0
  readonly #file: DiskFile

  constructor(file: DiskFile) {
    this.#file = file
  }

  async read(target: Uint8Array): Promise<number> {
    const count = await this.#file.read(target.subarray(0, READ_BLOCK_BYTES), this.position)
    this.position += count
    return count
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

/** Owns the decompressor and what of its last output was not taken yet. */
class ExpandedBytes implements FileBytes {
  position = 0
  readonly #file: DiskFile
  readonly #name: string
  readonly #transform: Decompressor
  readonly #input: Readable
  readonly #output: AsyncIterator<Uint8Array>
  #left: Uint8Array = new Uint8Array(0)
  #expanded = 0

  constructor(file: DiskFile, name: string, transform: Decompressor) {
    this.#file = file
    this.#name = name
    this.#transform = transform
    this.#input = Readable.from(this.#compressed())
    this.#input.on('error', (cause) => transform.destroy(cause))
    this.#input.pipe(transform)
    this.#output = transform[Symbol.asyncIterator]()
  }

  async read(target: Uint8Array): Promise<number> {
    if (this.#left.length === 0) {
      const next = await this.#next()
      if (next === null) return 0
      this.#left = next
      this.#expanded += next.length
      this.#refuseBomb()
    }
    const count = Math.min(this.#left.length, target.length)
    target.set(this.#left.subarray(0, count))
    this.#left = this.#left.subarray(count)
    return count
  }

  async close(): Promise<void> {
    this.#input.destroy()
    this.#transform.destroy()
    await this.#file.close()
  }

  async *#compressed(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const bytes = Buffer.allocUnsafe(COMPRESSED_READ_BYTES)
      const count = await this.#file.read(bytes, this.position)
      if (count === 0) return
      this.position += count
      yield bytes.subarray(0, count)
    }
  }

  async #next(): Promise<Uint8Array | null> {
    try {
      const step = await this.#output.next()
      if (step.done !== true) return step.value
    } catch (cause) {
      if (cause instanceof StreamError) throw cause
      throw this.#broken(cause instanceof Error ? cause.message : String(cause), cause)
    }
    this.#refuseTail()
    return null
  }

  /** What follows the last frame is passed over in silence; zeros behind gzip are mere padding. */
  #refuseTail(): void {
    const tailBytes = this.position - this.#transform.bytesWritten
    if (tailBytes === 0 || !(this.#transform instanceof ZstdDecompress)) return
    throw this.#broken(`${tailBytes} bytes follow that are no zstd`)
  }

  #broken(what: string, cause?: unknown): StreamError {
    return new StreamError(
      'FILE_COMPRESSION_BROKEN',
      `${this.#name} cannot be decompressed after ${this.#expanded} bytes: ${what}`,
      { cause, fix: 'the file is damaged, cut off or not compressed so: make it again' },
    )
  }

  #refuseBomb(): void {
    if (this.#expanded <= EXPANDED_BYTES_FREE) return
    if (this.#expanded <= this.position * EXPANSION_MAX) return
    throw new StreamError(
      'FILE_EXPANDS_TOO_FAR',
      `${this.#name} expands from ${this.position} to more than ${this.#expanded} bytes`,
      { fix: 'decompress it yourself if you trust it' },
    )
  }
}
