/** The Clock port: the only way to learn or to wait for processing time. */

export interface Clock {
  /** Wall-clock milliseconds since 1970, whole. */
  now(): number
  /** Milliseconds from an arbitrary start that never go back; for measuring. */
  monotonic(): number
  /** Resolves once `now()` has reached now + `ms`, or when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Resolves after pending I/O callbacks had their turn. */
  yield(): Promise<void>
}
