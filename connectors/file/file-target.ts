/**
 * A file that is being written: under a name of its own until it is whole, then under its final
 * name, durably. Whatever goes wrong before the rename leaves nothing under the final name.
 *
 * Owns: the temporary file and its handle.
 */
import type { Disk, DiskFile } from '../../shared/base/disk.ts'
import type { Random } from '../../shared/base/random.ts'
import { FileCompressor } from './file-compressor.ts'
import type { CompressionName } from './file-format.ts'

export interface FileTargetOptions {
  readonly disk: Disk
  readonly random: Random
  readonly path: string
  readonly compression: CompressionName
}

export class FileTarget {
  /** Bytes in the file, compressed. */
  bytes = 0
  readonly #disk: Disk
  readonly #path: string
  readonly #directory: string
  readonly #temporary: string
  readonly #file: DiskFile
  readonly #compressor: FileCompressor | null
  #isOpen = true

  static async create(options: FileTargetOptions): Promise<FileTarget> {
    const { disk, path } = options
    const cut = path.lastIndexOf('/')
    const directory = cut <= 0 ? (cut === 0 ? '/' : '.') : path.slice(0, cut)
    await disk.makeDirectory(directory)
    const mark = options.random.below(0x7fff_ffff).toString(36)
    const temporary = `${directory}/.${path.slice(cut + 1)}.${mark}.part`
    const file = await disk.open(temporary, 'create')
    return new FileTarget(options, { directory, temporary, file })
  }

  private constructor(
    options: FileTargetOptions,
    made: { readonly directory: string; readonly temporary: string; readonly file: DiskFile },
  ) {
    this.#disk = options.disk
    this.#path = options.path
    this.#directory = made.directory
    this.#temporary = made.temporary
    this.#file = made.file
    this.#compressor =
      options.compression === 'gzip' || options.compression === 'zstd'
        ? new FileCompressor(options.compression, (bytes) => this.#store(bytes))
        : null
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#compressor === null) await this.#store(bytes)
    else await this.#compressor.write(bytes)
  }

  /** Durable and visible under the final name. */
  async publish(): Promise<void> {
    await this.#compressor?.end()
    await this.#file.sync()
    await this.#close()
    await this.#disk.rename(this.#temporary, this.#path)
    // DECISION: from here on the file is there. Only a power cut before the next line undoes it.
    await this.#disk.syncDirectory(this.#directory)
  }

  async discard(): Promise<void> {
    this.#compressor?.destroy()
    await this.#close()
    await this.#disk.remove(this.#temporary)
  }

  async #store(bytes: Uint8Array): Promise<void> {
    await this.#file.write(bytes)
    this.bytes += bytes.length
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#file.close()
  }
}
