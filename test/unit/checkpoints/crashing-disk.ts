/**
 * The Disk port with its changing operations numbered from 1 on: the process "ends" before or after
 * one of them, and nothing that it would have done afterwards happens.
 */
import type { DiskFile } from '../../../shared/base/disk.ts'
import { NodeDisk } from '../../../shared/base/node-disk.ts'

class ProcessEnd extends Error {}

export class CrashingDisk extends NodeDisk {
  readonly #at: number
  readonly #timing: 'before' | 'after'
  #count = 0
  #isEnded = false
  readonly #opened: DiskFile[] = []

  constructor(at: number, timing: 'before' | 'after') {
    super()
    this.#at = at
    this.#timing = timing
  }

  override async open(path: string, mode: 'read' | 'create' | 'append'): Promise<DiskFile> {
    if (mode === 'read') return this.#alive(() => super.open(path, mode))
    const file = await this.#counted(async () => {
      const opened = await super.open(path, mode)
      this.#opened.push(opened)
      return opened
    })
    return {
      read: (target, position) => this.#alive(() => file.read(target, position)),
      write: (bytes) => this.#counted(() => file.write(bytes)),
      sync: () => this.#counted(() => file.sync()),
      close: () => Promise.resolve(),
    }
  }

  /** What the end of a process does. */
  async closeAll(): Promise<void> {
    for (const file of this.#opened) await file.close()
  }

  override makeDirectory(path: string): Promise<void> {
    return this.#counted(() => super.makeDirectory(path))
  }

  override rename(from: string, to: string): Promise<void> {
    return this.#counted(() => super.rename(from, to))
  }

  override link(from: string, to: string): Promise<boolean> {
    return this.#counted(() => super.link(from, to))
  }

  override remove(path: string): Promise<void> {
    return this.#counted(() => super.remove(path))
  }

  override syncDirectory(path: string): Promise<void> {
    return this.#counted(() => super.syncDirectory(path))
  }

  async #counted<Result>(run: () => Promise<Result>): Promise<Result> {
    this.#count += 1
    if (this.#count === this.#at && this.#timing === 'before') this.#isEnded = true
    const result = await this.#alive(run)
    if (this.#count === this.#at) this.#isEnded = true
    return this.#alive(() => Promise.resolve(result))
  }

  #alive<Result>(run: () => Promise<Result>): Promise<Result> {
    return this.#isEnded ? Promise.reject(new ProcessEnd('the process has ended')) : run()
  }
}
