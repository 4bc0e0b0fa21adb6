/** A checkpoint store in memory whose every operation waits for its turn: for orders of steps. */
import type {
  ByteRange,
  CheckpointStore,
  StoredObject,
} from '../../../shared/checkpoints/checkpoint-store.ts'

export class StoredInMemory implements CheckpointStore {
  readonly objects: Map<string, Uint8Array>
  /** What was first created under each path, whatever happened to it since. */
  readonly created: Map<string, Uint8Array>
  readonly #step: () => Promise<void>

  constructor(
    objects: Map<string, Uint8Array>,
    step: () => Promise<void> = () => Promise.resolve(),
    created = new Map<string, Uint8Array>(),
  ) {
    this.objects = objects
    this.created = created
    this.#step = step
  }

  async read(path: string): Promise<Uint8Array | null> {
    await this.#step()
    return this.objects.get(path) ?? null
  }

  async readRange(path: string, { start, length }: ByteRange): Promise<Uint8Array | null> {
    await this.#step()
    return this.objects.get(path)?.subarray(start, start + length) ?? null
  }

  async write(path: string, parts: readonly Uint8Array[]): Promise<void> {
    await this.#step()
    this.objects.set(path, Buffer.concat(parts))
  }

  async createIfAbsent(path: string, bytes: Uint8Array): Promise<Uint8Array | null> {
    await this.#step()
    const existing = this.objects.get(path)
    if (existing === undefined) {
      this.objects.set(path, bytes)
      if (!this.created.has(path)) this.created.set(path, bytes)
    }
    return existing ?? null
  }

  async list(folder: string): Promise<StoredObject[]> {
    await this.#step()
    return [...this.objects]
      .filter(([path]) => path.startsWith(`${folder}/`))
      .map(([path, bytes]) => ({ path, bytes: bytes.length }))
      .toSorted((one, other) => (one.path < other.path ? -1 : 1))
  }

  async remove(path: string): Promise<void> {
    await this.#step()
    this.objects.delete(path)
  }
}
