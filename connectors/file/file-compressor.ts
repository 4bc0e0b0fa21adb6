/**
 * Compresses what is written and hands it on, in order. A failure of the receiver is thrown by the
 * next `write` or by `end`.
 */
import { once } from 'node:events'
import type { Transform } from 'node:stream'
import { createGzip, createZstdCompress } from 'node:zlib'

export class FileCompressor {
  readonly #transform: Transform
  readonly #done: Promise<void>
  #failure: unknown = null

  constructor(compression: 'gzip' | 'zstd', store: (bytes: Uint8Array) => Promise<void>) {
    this.#transform = compression === 'gzip' ? createGzip() : createZstdCompress()
    this.#done = this.#pump(store).catch((cause: unknown) => {
      this.#failure = cause
      this.#transform.destroy()
    })
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    if (this.#transform.write(bytes)) return
    await Promise.race([once(this.#transform, 'drain'), this.#done])
    if (this.#failure !== null) throw this.#failure
  }

  async end(): Promise<void> {
    this.#transform.end()
    await this.#done
    if (this.#failure !== null) throw this.#failure
  }

  destroy(): void {
    this.#transform.destroy()
  }

  async #pump(store: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    for await (const bytes of this.#transform) await store(bytes as Uint8Array)
  }
}
