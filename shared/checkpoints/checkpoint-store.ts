/**
 * The CheckpointStore port: where segments, manifests and decisions live, the truth about a job. A
 * directory implements it, and an object store can; one conformance suite is for all
 * (`test/conformance/kit/checkpoint-store-cases.ts`).
 *
 * Paths are those of `object-path.ts`. What a call answered stays so after a crash of any process or
 * machine: it is durable before the call returns. Failures are StreamErrors.
 */

export interface StoredObject {
  readonly path: string
  readonly bytes: number
}

export interface ByteRange {
  readonly start: number
  readonly length: number
}

export interface CheckpointStore {
  /** The whole object, or null when it does not exist. */
  read(path: string): Promise<Uint8Array | null>
  /** The part of an object that exists; shorter where the object ends before. Null when it does not. */
  readRange(path: string, range: ByteRange): Promise<Uint8Array | null>
  /**
   * Writes or overwrites; the object appears whole or not at all. For files of subtasks, which no one
   * reads before a manifest names them. Parts are written one behind the other.
   */
  write(path: string, parts: readonly Uint8Array[]): Promise<void>
  /**
   * Of any number of concurrent calls for one path, exactly one creates the object and answers null.
   * The others change nothing and answer the bytes that are there. The object appears whole or not at
   * all; every record carries a nonce, so that equal bytes mean "mine" where an answer was lost. No
   * bytes are answered where the object was removed meanwhile.
   */
  createIfAbsent(path: string, bytes: Uint8Array): Promise<Uint8Array | null>
  /**
   * Objects whose path begins with `folder/`, in the order of their paths. An object that is listed
   * stays visible after a crash, and one that was created before the call is listed.
   */
  list(folder: string): Promise<StoredObject[]>
  /** Nothing there is no failure; a folder is no object, and stays. */
  remove(path: string): Promise<void>
}
