/**
 * Rows of one side of a window join whose window fires: where they are kept, and the hashes of
 * their keys. Arrays that grow and are used again for the next firing.
 *
 * A row with lane B 0 has a null in its key and meets nobody (lane B of a key is never 0).
 */
const ROWS_FIRST = 1024

export class DueRows {
  rows = new Int32Array(ROWS_FIRST)
  laneA = new Int32Array(ROWS_FIRST)
  laneB = new Int32Array(ROWS_FIRST)
  times = new Float64Array(ROWS_FIRST)
  /** 1 for rows that met a partner; only where the join asks. */
  met = new Uint8Array(ROWS_FIRST)
  count = 0

  /** Room for this many more. */
  reserve(count: number): void {
    const needed = this.count + count
    if (needed <= this.rows.length) return
    const size = Math.max(needed, this.rows.length * 2)
    this.rows = grown(this.rows, new Int32Array(size))
    this.laneA = grown(this.laneA, new Int32Array(size))
    this.laneB = grown(this.laneB, new Int32Array(size))
    this.times = grown(this.times, new Float64Array(size))
    this.met = new Uint8Array(size)
  }

  clear(): void {
    this.met.fill(0, 0, this.count)
    this.count = 0
  }
}

function grown<T extends Float64Array | Int32Array>(from: T, into: T): T {
  into.set(from)
  return into
}
