/**
 * Rows by reference: keeps batches under numbers, appends rows of small ones to an open batch, and
 * gathers columns of kept rows. How long rows are kept is kept-batches.ts, which extends this and
 * says what a row number is.
 *
 * Owns: the values and the numbers; the arrays beside rows.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { KeptLedger, SETTLED } from './kept-ledger.ts'
import {
  KEPT_BATCH_ROWS,
  KEPT_PLACE_MASK,
  KEPT_ROW_BITS,
  KEPT_SLOTS_FIRST,
  movedRows,
} from './kept-slots.ts'
import { KeptF64 } from './kept-numbers.ts'
import { KeptRing } from './kept-ring.ts'
import { KeptValues } from './kept-values.ts'
import type { Memory } from '../memory.ts'

export interface KeptOptions {
  readonly order: 'counted' | 'timed'
  /** Whether rows have a link to another row beside them, and a time. */
  readonly links?: boolean
  readonly times?: boolean
  /** Whether doubles lie beside the rows as well (kept-ring.ts). */
  readonly rings?: boolean
  /** Batches of fewer rows are copied: many small ones cost more than their rows. */
  readonly copiedRowsMax?: number
}

/** Batches of fewer rows are copied, if nothing else is asked for. */
const COPIED_ROWS_MAX = KEPT_BATCH_ROWS / 4

export abstract class KeptLog {
  /** For loops: the slot of a batch number; the place of a row in `before` and `times`. */
  mask = KEPT_SLOTS_FIRST - 1
  rowMask = KEPT_SLOTS_FIRST * KEPT_BATCH_ROWS - 1
  /** By `row & rowMask`: whatever the owner puts there. May be others after every `keep`. */
  before: Int32Array
  times: Float64Array
  protected readonly values: KeptValues
  protected readonly isTimed: boolean
  protected readonly ledger: KeptLedger
  /** The number of the batch that is appended to; 0 for none. */
  protected open = 0
  /** Batches that were taken since they were last settled (counted). */
  protected fresh: number[] = []
  /** Of batches that have their columns. */
  protected batchCount = 0
  protected byteCount = 0
  protected keptSince = 0
  readonly #memory: Memory
  #rowCount = 0
  /** While rows are moved: those whose values are still to be copied into the open batch. */
  readonly #pending = new Int32Array(COPIED_ROWS_MAX)
  #pendingCount = 0
  readonly #copiedRowsMax: number

  constructor(specs: readonly ColumnSpec[], memory: Memory, options: KeptOptions) {
    this.#memory = memory
    this.values = new KeptValues(specs, memory, options.rings === true)
    this.isTimed = options.order === 'timed'
    this.#copiedRowsMax = options.copiedRowsMax ?? COPIED_ROWS_MAX
    this.ledger = new KeptLedger(this.isTimed)
    const rows = this.rowMask + 1
    this.before = new Int32Array(options.links === true ? rows : 0)
    this.times = new Float64Array(options.times === true ? rows : 0)
    memory.add(this.#besideBytes)
  }

  /** Rows of batches that have their columns, whether they matter or not. */
  get rowCount(): number {
    return this.#rowCount
  }

  /** All memory that this state holds. */
  get bytes(): number {
    return this.values.pinned.bytes + this.#besideBytes
  }

  /**
   * Keeps the first `length` rows of the columns; answers the number of the first, which the
   * others follow one by one. `times` become those beside the rows.
   */
  keep(columns: readonly Column[], length: number, times: Float64Array | null = null): number {
    assert(length > 0, 'rows are kept')
    assert(columns.length === this.values.columns.length, 'every column of a row is kept')
    this.keptSince += length
    const isCopied = length < this.#copiedRowsMax
    const row = isCopied ? this.#append(columns, length) : this.#reference(columns, length)
    if (times !== null) this.#setTimes(row, times, length)
    return row
  }

  /** The columns of a row's batch; of an open batch they are good until the next `keep`. */
  columnsOf(row: number): Column[] {
    return this.values.columnsOf((row >>> KEPT_ROW_BITS) & this.mask)
  }

  /** As columnsOf, column `index` alone. */
  columnAt(row: number, index: number): Column {
    const column = this.values.columns[index]
    assert(column !== undefined, `column ${index} is kept`)
    return column.columnOf((row >>> KEPT_ROW_BITS) & this.mask)
  }

  placeOf(row: number): number {
    return row & KEPT_PLACE_MASK
  }

  /** Column `index` of kept rows; good for as long as anyone needs it. */
  gather(rows: Int32Array, count: number, index: number): Column {
    return this.values.column(index).gather(rows, count, this.mask)
  }

  /**
   * As `gather`; a column of doubles lies in `scratch`, which the caller may write again.
   */
  // oxlint-disable-next-line max-params -- which rows, and whereto
  gatherScratch(rows: Int32Array, count: number, index: number, scratch: Float64Array): Column {
    const column = this.values.column(index)
    const isF64 = column instanceof KeptRing || column instanceof KeptF64
    if (isF64) return column.gatherInto(rows, count, this.mask, scratch)
    return column.gather(rows, count, this.mask)
  }

  /** The values of a column by `row & rowMask`; null where they do not lie so. */
  ringOf(index: number): Float64Array | null {
    const column = this.values.column(index)
    return column instanceof KeptRing ? column.values : null
  }

  /** Gives all memory back; nothing may be kept afterwards. */
  close(): void {
    this.#memory.add(-this.#besideBytes)
    this.values.close()
    this.before = new Int32Array(0)
    this.times = new Float64Array(0)
  }

  get #besideBytes(): number {
    return this.before.byteLength + this.times.byteLength + this.values.besideBytes
  }

  /** The number from now on of a row that moves to the open batch; its time goes along. */
  protected moveToOpen(row: number): number {
    const made = this.#place(1)
    this.#pending[this.#pendingCount++] = row
    if (this.times.length > 0) {
      const { timesMax, mask } = this.ledger
      const time = this.times[row & this.rowMask] as number
      const slot = (made >>> KEPT_ROW_BITS) & mask
      this.times[made & this.rowMask] = time
      if (time > (timesMax[slot] as number)) timesMax[slot] = time
    }
    if (this.#pendingCount === this.#pending.length) this.copyPending()
    return made
  }

  /** The values of moved rows follow their numbers into the open batch. */
  protected copyPending(): void {
    const count = this.#pendingCount
    if (count === 0) return
    this.#pendingCount = 0
    this.#write(this.values.gather(this.#pending, count, this.mask), count)
  }

  /** Nothing is appended any more. */
  protected closeOpen(): void {
    const number = this.open
    if (number === 0) return
    this.copyPending()
    this.open = 0
    const { live, mask, states } = this.ledger
    const isUnused = states[number & mask] === SETTLED && live[number & mask] === 0
    if (!this.isTimed && isUnused) this.drop(number)
  }

  protected drop(number: number): void {
    this.empty(number)
    this.ledger.free(number)
  }

  protected empty(number: number): void {
    const { lengths, bytes, mask } = this.ledger
    const slot = number & mask
    this.values.drop(slot)
    this.batchCount -= 1
    this.#rowCount -= lengths[slot] as number
    this.byteCount -= bytes[slot] as number
  }

  #append(columns: readonly Column[], length: number): number {
    const row = this.#place(length)
    this.#write(columns, length)
    return row
  }

  /** Room for rows at the end of the open batch: the number of the first. */
  #place(length: number): number {
    const ledger = this.ledger
    if (this.open !== 0) {
      const used = ledger.lengths[this.open & ledger.mask] as number
      if (used + this.#pendingCount + length > KEPT_BATCH_ROWS) this.closeOpen()
    }
    if (this.open === 0) this.open = this.#take(1)
    const used = ledger.lengths[this.open & ledger.mask] as number
    return (this.open << KEPT_ROW_BITS) | (used + this.#pendingCount)
  }

  #write(columns: readonly Column[], length: number): void {
    const slot = this.open & this.mask
    const used = this.ledger.lengths[slot] as number
    this.#count(slot, length, this.values.append(slot, used, columns, length))
  }

  #reference(columns: readonly Column[], length: number): number {
    if (this.isTimed) this.closeOpen()
    const first = this.#take(Math.ceil(length / KEPT_BATCH_ROWS))
    for (let start = 0; start < length; start += KEPT_BATCH_ROWS) {
      const slot = (first + start / KEPT_BATCH_ROWS) & this.mask
      const end = Math.min(start + KEPT_BATCH_ROWS, length)
      this.#count(slot, end - start, this.values.put(slot, columns, start, end))
    }
    return first << KEPT_ROW_BITS
  }

  /** A slot has more rows. */
  #count(slot: number, rows: number, size: number): void {
    const { lengths, bytes } = this.ledger
    lengths[slot] = (lengths[slot] as number) + rows
    bytes[slot] = (bytes[slot] as number) + size
    this.#rowCount += rows
    this.byteCount += size
  }

  #setTimes(row: number, times: Float64Array, length: number): void {
    const { timesMax, mask } = this.ledger
    for (let start = 0; start < length;) {
      const at = row + start
      const slot = (at >>> KEPT_ROW_BITS) & mask
      const end = Math.min(length, start + KEPT_BATCH_ROWS - (at & KEPT_PLACE_MASK))
      let max = timesMax[slot] as number
      for (let index = start; index < end; index++) {
        const time = times[index] as number
        if (time > max) max = time
      }
      timesMax[slot] = max
      this.times.set(times.subarray(start, end), at & this.rowMask)
      start = end
    }
  }

  /** So many batch numbers one after the other. */
  #take(count: number): number {
    let number = this.ledger.take(count)
    for (; number === null; number = this.ledger.take(count)) this.#makeSlots()
    this.batchCount += count
    if (!this.isTimed) for (let one = 0; one < count; one++) this.fresh.push(number + one)
    return number
  }

  #makeSlots(): void {
    const moves = this.ledger.double()
    const beside = this.#besideBytes
    this.mask = moves.slots - 1
    this.rowMask = moves.slots * KEPT_BATCH_ROWS - 1
    this.values.move(moves)
    const { before, times, rowMask } = this
    if (before.length > 0) this.before = movedRows(before, new Int32Array(rowMask + 1), moves)
    if (times.length > 0) this.times = movedRows(times, new Float64Array(rowMask + 1), moves)
    this.#memory.add(this.#besideBytes - beside)
  }
}
