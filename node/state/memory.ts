/** The Memory port: everything that holds state says how many bytes it took and gave back. */

export interface Memory {
  /** Called with a positive number on allocation and a negative one on release. */
  add(bytes: number): void
  readonly usedBytes: number
}

/** Counts and does no more. */
export class CountingMemory implements Memory {
  usedBytes = 0
  /** The most that was in use at one time. */
  peakBytes = 0

  add(bytes: number): void {
    this.usedBytes += bytes
    if (this.usedBytes > this.peakBytes) this.peakBytes = this.usedBytes
  }
}
