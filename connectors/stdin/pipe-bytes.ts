/**
 * The bytes of a pipe. `read` answers 0 when nothing came for a moment, so that rows that are there
 * need not wait for those that are not.
 *
 * Owns: the bytes that came and were not taken; the pipe is paused while they are too many.
 */
import type { Readable } from 'node:stream'
import type { Clock } from '../../shared/base/clock.ts'
import { StreamError } from '../../shared/base/errors.ts'
import { READ_BLOCK_BYTES } from '../../shared/base/limits.ts'
import type { ByteSource } from '../../shared/spi/formats/byte-source.ts'

/** A pipe that gives nothing for so long is taken to be waiting itself. */
export const PIPE_LINGER_MS = 20

export class PipeBytes implements ByteSource {
  hasEnded = false
  readonly #stream: Readable
  readonly #clock: Clock
  readonly #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #failure: Error | null = null
  #wake: (() => void) | null = null

  constructor(stream: Readable, clock: Clock) {
    this.#stream = stream
    this.#clock = clock
    stream.on('data', this.#onData)
    stream.on('end', this.#onEnd)
    stream.on('error', this.#onError)
  }

  async read(target: Uint8Array): Promise<number> {
    if (this.#waiting.length === 0 && !this.hasEnded) await this.#wait()
    if (this.#failure !== null) {
      throw new StreamError('FILE_FAILED', `standard input failed: ${this.#failure.message}`, {
        cause: this.#failure,
      })
    }
    const [first] = this.#waiting
    if (first === undefined) return 0
    const count = Math.min(first.length, target.length)
    target.set(first.subarray(0, count))
    if (count === first.length) this.#waiting.shift()
    else this.#waiting[0] = first.subarray(count)
    this.#waitingBytes -= count
    if (this.#waitingBytes < READ_BLOCK_BYTES && this.#stream.isPaused()) this.#stream.resume()
    return count
  }

  close(): Promise<void> {
    this.#stream.off('data', this.#onData)
    this.#stream.off('end', this.#onEnd)
    this.#stream.off('error', this.#onError)
    this.#stream.pause()
    return Promise.resolve()
  }

  async #wait(): Promise<void> {
    const stop = new AbortController()
    const arrival = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    await Promise.race([arrival, this.#clock.sleep(PIPE_LINGER_MS, stop.signal)])
    this.#wake = null
    stop.abort()
  }

  readonly #onData = (bytes: Uint8Array): void => {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes >= READ_BLOCK_BYTES) this.#stream.pause()
    this.#wake?.()
  }

  readonly #onEnd = (): void => {
    this.hasEnded = true
    this.#wake?.()
  }

  readonly #onError = (cause: Error): void => {
    this.#failure = cause
    this.hasEnded = true
    this.#wake?.()
  }
}
