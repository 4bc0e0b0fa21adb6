/**
 * A log of rows that outlive their batch, by reference: batches are immutable, so a row is a number
 * that names its batch and its place in it, and nothing is copied. Rows of small batches are copied
 * behind each other. What state says of a row (the list it stands in, its rank) lies with whoever
 * keeps the number, or beside the row in `before` and `times`.
 *
 * Who calls: one operator, from its turn.
 *
 * Two ways to let go of rows:
 *   counted  The owner retains and releases rows one by one; a batch goes when none of its rows is
 *            retained. `keep` retains nothing: call `settle` when those rows of the batches kept
 *            since the last time that matter are retained; only then may any of them go.
 *   timed    The owner says from which time on rows matter (`dropBefore`). The columns of a batch
 *            go when all of its rows are too old. Numbers follow each other in the order of keeping
 *            and are let go of in that order, so that `isKept` tells a row that has gone; a list
 *            that leads from newer to older rows ends at the first such.
 *
 * Owns: the references, the memory they pin, the arrays beside rows.
 *
 * Invariants (beside N1, N2):
 *   B1. A row number is `batch number << KEPT_ROW_BITS | place`, and never 0.
 *   B2. At most one batch is open: rows are only appended to it. Where rows are timed it is the
 *       newest one.
 *   B3. Counted: a settled batch has a retained row, or it is open.
 */
import { assert } from '../../../shared/base/assert.ts'
import { following, FREE, FRESH, HOLLOW, SETTLED } from './kept-ledger.ts'
import { KeptLog } from './kept-log.ts'
import { KEPT_BATCH_ROWS, KEPT_PLACE_MASK, KEPT_ROW_BITS } from './kept-slots.ts'

export type { KeptOptions } from './kept-log.ts'
export { KEPT_BATCH_ROWS, KEPT_PLACE_MASK, KEPT_ROW_BITS } from './kept-slots.ts'

/** Stands for no row. */
export const NO_KEPT_ROW = 0

/** Below these, nothing is worth moving. */
const SPARSE_ROWS_MIN = 16 * KEPT_BATCH_ROWS
/** Moving a row costs many times what a row that matters to nobody does in memory. */
const SPARSE_SHARE_MAX = 4
const PINNED_BYTES_MIN = 16 * 1024 * 1024
const PINNED_SHARE_MAX = 4
/** Timed batches behind the oldest that are looked at per call. */
const SCANNED_BATCHES = 64

export class KeptBatches extends KeptLog {
  /** Timed: the oldest number that names a row. */
  first = KEPT_BATCH_ROWS
  /** Counted: rows retained. */
  liveCount = 0
  /** How many rows mattered after the last compaction. */
  #compacted = 0
  /** Timed: the number that is looked at next for being too old. */
  #scan = 1

  /** Of the values of rows that matter. */
  get usedBytes(): number {
    if (this.isTimed || this.rowCount === 0) return this.byteCount
    return Math.ceil((this.byteCount * this.liveCount) / this.rowCount)
  }

  retain(row: number): void {
    const { live, mask } = this.ledger
    const slot = (row >>> KEPT_ROW_BITS) & mask
    live[slot] = (live[slot] as number) + 1
    this.liveCount += 1
  }

  /** All rows that were kept together. */
  retainAll(first: number, count: number): void {
    const { live, mask } = this.ledger
    for (let row = first; row < first + count;) {
      const slot = (row >>> KEPT_ROW_BITS) & mask
      const rows = Math.min(first + count - row, KEPT_BATCH_ROWS - (row & KEPT_PLACE_MASK))
      live[slot] = (live[slot] as number) + rows
      row += rows
    }
    this.liveCount += count
  }

  release(row: number): void {
    const { live, mask, states } = this.ledger
    const number = row >>> KEPT_ROW_BITS
    const slot = number & mask
    const left = (live[slot] as number) - 1
    assert(left >= 0, 'a row that is released was retained')
    live[slot] = left
    this.liveCount -= 1
    if (left === 0 && states[slot] === SETTLED && number !== this.open) this.drop(number)
  }

  /** Each of these rows once. */
  releaseAll(rows: Int32Array, count: number): void {
    const { live, mask, states } = this.ledger
    for (let at = 0; at < count;) {
      const number = (rows[at] as number) >>> KEPT_ROW_BITS
      const start = at
      while (at < count && (rows[at] as number) >>> KEPT_ROW_BITS === number) at += 1
      const slot = number & mask
      const left = (live[slot] as number) - (at - start)
      assert(left >= 0, 'rows that are released were retained')
      live[slot] = left
      if (left === 0 && states[slot] === SETTLED && number !== this.open) this.drop(number)
    }
    this.liveCount -= count
  }

  /** Batches kept since the last call that have no retained row go (B3). */
  settle(): void {
    if (this.fresh.length === 0) return
    const { live, mask, states } = this.ledger
    for (const number of this.fresh) {
      states[number & mask] = SETTLED
      if (number !== this.open && live[number & mask] === 0) this.drop(number)
    }
    this.fresh = []
  }

  /** Timed: whether a number that was given still names a row. */
  isKept(row: number): boolean {
    return row !== NO_KEPT_ROW && ((row - this.first) | 0) >= 0
  }

  /** Timed: rows below `time` no longer matter. */
  dropBefore(time: number): void {
    const ledger = this.ledger
    for (let number = ledger.first; number !== ledger.next; number = following(number)) {
      if (!this.#hollowBelow(number, time)) break
    }
    // Behind the oldest that stays, those that are too old are found bit by bit.
    for (let step = 0; step < SCANNED_BATCHES; step++) {
      if (this.#scan === ledger.next) this.#scan = ledger.first
      if (this.#scan === ledger.next) break
      this.#hollowBelow(this.#scan, time)
      this.#scan = following(this.#scan)
    }
    this.#advance()
  }

  /**
   * Whether moving is worth it: most kept rows matter to nobody, or much more memory is pinned than
   * the rows need. Moving costs as much as keeping as many rows does, and comes as seldom.
   */
  get needsCompaction(): boolean {
    if (this.isTimed) {
      if (this.ledger.span > this.batchCount * 4 + SCANNED_BATCHES) return true
    } else if (this.rowCount > this.liveCount * SPARSE_SHARE_MAX + SPARSE_ROWS_MIN) return true
    return this.#pinsTooMuch && this.keptSince >= this.#compacted
  }

  /**
   * Moves rows together. `walk` asks for the number from now on of every row that the owner keeps,
   * once, and puts it where the old one was; times go along, links are the owner's to carry over.
   * Timed: every row that still matters, of a list the older before the newer.
   */
  compact(walk: (move: (row: number) => number) => void): void {
    this.closeOpen()
    const end = this.ledger.next
    const sparse = this.isTimed ? null : this.#sparse()
    walk((row) => {
      if (sparse !== null && sparse[row >>> KEPT_ROW_BITS] !== 1) return row
      return this.#move(row)
    })
    this.copyPending()
    if (this.isTimed) this.#hollowUntil(end)
    else this.settle()
    this.keptSince = 0
    this.#compacted = this.isTimed ? this.rowCount : this.liveCount
  }

  get #pinsTooMuch(): boolean {
    return this.values.pinned.bytes > this.usedBytes * PINNED_SHARE_MAX + PINNED_BYTES_MIN
  }

  /** Counted: by number, 1 where the rows of a batch move. None of these goes until they settle. */
  #sparse(): Uint8Array {
    const { live, lengths, bytes, mask, states } = this.ledger
    const isPinned = this.#pinsTooMuch
    const sparse = new Uint8Array(mask + 1)
    for (const number of this.ledger.kept()) {
      const length = lengths[number] as number
      const used = ((bytes[number] as number) * (live[number] as number)) / length
      const isSparse = (live[number] as number) * SPARSE_SHARE_MAX < length
      if (!isSparse && !(isPinned && this.values.pinnedBy(number) > used * PINNED_SHARE_MAX))
        continue
      sparse[number] = 1
      if (states[number] !== FRESH) this.fresh.push(number)
      states[number] = FRESH
    }
    return sparse
  }

  #move(row: number): number {
    const made = this.moveToOpen(row)
    if (this.isTimed) return made
    this.release(row)
    this.retain(made)
    return made
  }

  /** Timed: whether the batch has gone, because its rows are too old. */
  #hollowBelow(number: number, time: number): boolean {
    const { states, timesMax, mask } = this.ledger
    const slot = number & mask
    if (states[slot] === FREE || states[slot] === HOLLOW) return true
    if ((timesMax[slot] as number) >= time) return false
    this.#hollow(number)
    return true
  }

  #hollow(number: number): void {
    if (number === this.open) this.open = 0
    this.empty(number)
    this.ledger.states[number & this.mask] = HOLLOW
  }

  /** Timed: all batches before this number. */
  #hollowUntil(end: number): void {
    const { states, mask, next } = this.ledger
    for (let number = this.ledger.first; number !== end && number !== next;) {
      if (states[number & mask] === FRESH) this.#hollow(number)
      number = following(number)
    }
    this.#advance()
  }

  #advance(): void {
    const { first } = this.ledger
    this.ledger.advance()
    this.first = this.ledger.first << KEPT_ROW_BITS
    // What was scanned next may be gone.
    if (this.ledger.first !== first) this.#scan = this.ledger.first
  }
}
