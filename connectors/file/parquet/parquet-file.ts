/** The bytes of a Parquet file for hyparquet and for our own decoder. Owns the handle. */
import type { AsyncBuffer } from 'hyparquet'
import type { DiskFile } from '../../../shared/base/disk.ts'
import { broken } from './parquet-errors.ts'

export class ParquetBytes implements AsyncBuffer {
  readonly byteLength: number
  readonly #file: DiskFile
  /** Largest place that was read, for progress. */
  position = 0

  constructor(file: DiskFile, byteLength: number) {
    this.#file = file
    this.byteLength = byteLength
  }

  async slice(start: number, end: number = this.byteLength): Promise<ArrayBuffer> {
    const bytes = await this.bytes(start, end)
    return bytes.buffer
  }

  /** In an array buffer of its own. */
  async bytes(start: number, end: number): Promise<Buffer<ArrayBuffer>> {
    const from = start < 0 ? Math.max(this.byteLength + start, 0) : start
    const to = Math.min(end, this.byteLength)
    if (to < from) throw broken(`it says that data lies at byte ${from}, behind its end`)
    const bytes = Buffer.from(new ArrayBuffer(to - from))
    let done = 0
    while (done < bytes.length) {
      const count = await this.#file.read(bytes.subarray(done), from + done)
      if (count === 0) throw broken(`it ends at byte ${from + done}, before the data it names`)
      done += count
    }
    return bytes
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}
