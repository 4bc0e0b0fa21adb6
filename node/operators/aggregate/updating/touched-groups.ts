/**
 * The groups that a batch touches, by their number in it, and what they were before.
 *
 * Owns: per group the row that touched it first, its entry, its former words; per row the number of
 * its group, where a second loop needs it.
 *
 * Invariants:
 *   G1. A touched group's entry holds `base` + its number; a stamp below `base` is of a batch before.
 *   G2. An entry in `refs` is right while the table has the shape it had when the batch began.
 */
export class TouchedGroups {
  /** Grows with every batch by more than its groups, so that stamps never repeat. */
  base = 1
  count = 0
  /** The next group to emit. */
  next = 0
  rows = new Int32Array(0)
  refs = new Int32Array(0)
  /** 1 where the group was there before the batch. */
  was = new Uint8Array(0)
  /** For distinct counts: the group's id and key group. */
  ids = new Float64Array(0)
  keyGroups = new Int32Array(0)
  /** Words of the calls before the batch, `savedWords` per group. */
  saved = new Float64Array(0)
  /** What the batch adds to distinct counts, `distinctCalls` per group. */
  deltas = new Int32Array(0)
  /** Per row the number of its group; −1 for a row that counts nothing. */
  numbers = new Int32Array(0)
  /** Per row the mix of its distinct value. */
  tags = new Int32Array(0)
  /** Rows before it were loaded ahead; what came of it. */
  ready = 0
  sum = 0
  /** Per text column of the key: lanes A of its dictionary's texts, and its stamp. */
  readonly lanes: Int32Array[] = []
  readonly stamps: number[] = []
  /** The entry of the row at which the loop stopped; 0 when it has none. */
  found = 0
  /** Groups written at or before `bound` are expired, NaN for none; those touched are written at `now`. */
  bound = Number.NaN
  now = 0
  readonly #savedWords: number
  readonly #distinctCalls: number

  constructor(savedWords: number, distinctCalls: number) {
    this.#savedWords = savedWords
    this.#distinctCalls = distinctCalls
  }

  /** Before a batch of `length` rows. */
  open(length: number): void {
    this.base += this.rows.length + 1
    this.count = 0
    this.next = 0
    if (length > this.rows.length) this.#grow(length)
  }

  /** After a batch: distinct counts of the next one begin at 0. */
  close(): void {
    this.deltas.fill(0, 0, this.count * this.#distinctCalls)
    this.count = 0
    this.next = 0
  }

  #grow(length: number): void {
    this.rows = new Int32Array(length)
    this.refs = new Int32Array(length)
    this.was = new Uint8Array(length)
    this.saved = new Float64Array(length * this.#savedWords)
    if (this.#distinctCalls === 0) return
    this.ids = new Float64Array(length)
    this.keyGroups = new Int32Array(length)
    this.deltas = new Int32Array(length * this.#distinctCalls)
    this.numbers = new Int32Array(length)
    this.tags = new Int32Array(length)
  }
}
